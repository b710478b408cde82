"""Vouchers are looked at together and remembered for a moment, never longer."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gongji.gateway import vouchers
from gongji.gateway.messages.t22 import Settlement
from gongji.gateway.nodes import read
from gongji.gateway.platform import Platform
from gongji.gateway.vouchers import NOTHING, POOL_VOUCHER, REMEMBERED, Seen, Vouchers
from gongji.members.selectors import voucher_holders
from tests.gateway import messages, world

AT = datetime(2024, 8, 15, tzinfo=UTC)
ON = date(2024, 8, 15)


def asked(**fields: Any) -> Settlement:
    found = read(Settlement, messages.settlement(world.ACTIVE, "1", "B", "100", **fields)["data"], "data")
    assert isinstance(found, Settlement)
    return found


def test_a_voucher_is_remembered_until_its_time_is_over() -> None:
    seen = Vouchers()
    digest = seen.digest(asked())
    seen.put(digest, Seen(AT + REMEMBERED, POOL_VOUCHER))
    assert seen.get(digest, AT) == POOL_VOUCHER
    assert seen.get(digest, AT + REMEMBERED) is None


@pytest.mark.parametrize(
    "other", [{"psn_no": "2"}, {"mdtrt_cert_no": "X"}, {"mdtrt_cert_type": "03"}, {"psn_name": "别人"}]
)
def test_anything_else_about_the_person_is_another_look(other: dict[str, str]) -> None:
    seen = Vouchers()
    seen.put(seen.digest(asked()), Seen(AT + REMEMBERED, NOTHING))
    assert seen.get(seen.digest(asked(**other)), AT) is None


async def test_many_counters_are_answered_by_few_reads(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    real = voucher_holders

    async def counted(connection: Any, questions: Any) -> Any:
        reads.append(len(questions))
        return await real(connection, questions)

    monkeypatch.setattr(vouchers, "voucher_holders", counted)
    questions = [("01", world.token_of(psn_no), ON, "") for psn_no in world.PSN_NOS] * 10
    holders = await asyncio.gather(*(platform.desk.holder(question) for question in questions))
    assert holders == [(psn_no, "valid") for psn_no in world.PSN_NOS] * 10
    assert len(reads) <= 2
    assert sum(reads) == len(questions)


@pytest.mark.parametrize(
    ("question", "holder"),
    [
        (("03", world.card_of(world.ACTIVE), ON, "SN1"), (world.ACTIVE, "valid")),
        (("03", world.card_of(world.ACTIVE), ON, "OTHER"), None),
        (("03", world.card_of(world.EXPIRED), ON, ""), (world.EXPIRED, "expired")),
        (("01", "NOBODY", ON, ""), None),
        (("02", world.certno_of(world.ACTIVE), ON, ""), None),
    ],
)
async def test_a_voucher_has_one_holder_in_one_state(platform: Platform, question: Any, holder: Any) -> None:
    assert await platform.desk.holder(question) == holder


async def test_everyone_who_waits_hears_of_a_failure(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: Any) -> Any:
        raise ConnectionError("gone")

    monkeypatch.setattr(vouchers, "voucher_holders", gone)
    results = await asyncio.gather(
        *(platform.desk.holder(("01", str(n), ON, "")) for n in range(5)), return_exceptions=True
    )
    assert all(isinstance(result, ConnectionError) for result in results)
