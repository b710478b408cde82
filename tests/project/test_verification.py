"""`gongji verify` looks at every room: what members' history and claims do not account for is told beside the books."""

from typing import Any

import pytest

from gongji.project.laws import known_laws
from gongji.project.verification import verify
from tests.members.people import add_person, add_relation


async def test_rows_that_the_history_accounts_for_are_no_difference(conn: Any) -> None:
    await add_person(conn, "V1")
    await add_relation(conn, "V1")
    report = await verify(conn, await known_laws(conn))
    assert report.clean, report.listed


async def test_a_relation_changed_past_its_history_is_named(conn: Any) -> None:
    await add_person(conn, "V2")
    await add_relation(conn, "V2")
    await conn.execute("UPDATE members_relation SET status = 'retired' WHERE psn_no = 'V2'")
    report = await verify(conn, await known_laws(conn))
    assert not report.clean
    assert [(found.psn_no, found.field) for found in report.listed] == [("V2", "members_relation 1")]


@pytest.mark.clause("SX2021-103.s2.5.g")
async def test_a_balance_that_no_entry_accounts_for_is_named(conn: Any) -> None:
    await add_person(conn, "V3")
    await conn.execute("INSERT INTO accounts_balance (psn_no, balance_fen, version) VALUES ('V3', 500, 1)")
    report = await verify(conn, await known_laws(conn))
    assert "V3" in {found.psn_no for found in report.listed}
