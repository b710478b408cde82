"""The names of the functions are one table, and docs/interface.md shows it."""

from __future__ import annotations

import re
from pathlib import Path

from gongji.gateway.epc.envelope import sm4_key
from gongji.gateway.epc.names import BY_ANY_NAME, CANONICAL, FUNCTIONS
from gongji.gateway.trades.known import NAMES
from tests.gateway.epc.test_envelope import VECTOR_CIPHER, VECTOR_DATA, VectorKeys

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "interface.md").read_text("utf-8")


def test_no_two_functions_share_a_name() -> None:
    names = [name.lower() for f in FUNCTIONS for name in (f.infno, f.path, *f.aliases)]
    assert len(set(names)) == len(names) == len(BY_ANY_NAME)
    assert set(CANONICAL.values()) == {f.infno for f in FUNCTIONS}


def test_functions_are_called_what_the_list_of_trades_calls_them() -> None:
    assert {f.infno: f.name for f in FUNCTIONS} == {f.infno: NAMES[f.infno] for f in FUNCTIONS}


def test_the_page_shows_every_function_with_its_numbers_and_address() -> None:
    rows = re.findall(r"(?m)^\| (\d{4}) \| ([^|]+) \| ([^|]+) \| `/fixmedins/(\w+)` \|$", PAGE)
    assert rows == [(f.infno, "、".join(f.aliases) or "–", f.name, f.path) for f in FUNCTIONS]


def test_the_page_shows_the_check_vector() -> None:
    for part in (VectorKeys.app_id, VectorKeys.app_secret, sm4_key(VectorKeys()).decode(), VECTOR_CIPHER):
        assert part in PAGE
    assert VECTOR_DATA.decode() in PAGE
