"""One message serves one function, as long as its time would be taken; how a channel signs is remembered."""

from __future__ import annotations

import pytest

from gongji.gateway.epc import uses
from gongji.gateway.epc.envelope import MANNERS
from gongji.gateway.epc.uses import Uses
from gongji.gateway.signature import WINDOW_MS

NOW = 1_700_000_000_000


def test_a_message_may_come_again_for_its_function_and_for_no_other() -> None:
    seen = Uses()
    assert seen.note(b"a", "7104", NOW)
    assert seen.note(b"a", "7104", NOW + 1)
    assert not seen.note(b"a", "7105", NOW + 2)
    assert seen.note(b"b", "7105", NOW + 3)


def test_a_message_is_forgotten_when_its_time_is_over_on_both_sides() -> None:
    seen = Uses()
    seen.note(b"a", "7104", NOW)
    assert not seen.note(b"a", "7105", NOW + 2 * WINDOW_MS)
    assert seen.note(b"a", "7105", NOW + 2 * WINDOW_MS + 1)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "REMEMBERED", 2)
    seen = Uses()
    for name in (b"a", b"b", b"c", b"d"):
        seen.note(name, "7104", NOW)
    assert not seen.note(b"d", "7105", NOW)
    assert len(seen._seen) <= 3


def test_the_last_manner_of_a_channel_is_tried_first() -> None:
    seen = Uses()
    assert seen.manner("APP") == MANNERS[0]
    seen.signed("APP", MANNERS[3])
    assert seen.manner("APP") == MANNERS[3]
    assert seen.manner("OTHER") == MANNERS[0]
