"""Contribution months one by one: recorded, paid, corrected, and which of them are in arrears."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

import asyncpg
import msgspec
import pytest

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.members.contributions import (
    Contribution,
    arrears_months,
    correct_contribution,
    months_of,
    pay_contribution,
    record_contribution,
)
from gongji.members.history import known_records
from gongji.members.import_rules import Figures
from gongji.members.rules import standing_on
from gongji.members.selectors import records
from tests.members.people import add_person, add_relation, cert_no, put

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)
AT = datetime(2024, 7, 20, 1, tzinfo=UTC)
OFFICER = Actor("agency", "zhang")
UNPAID = Figures(500_000, 10_000, 32_500, date(2024, 5, 31), None, "normal")
PAID = msgspec.structs.replace(UNPAID, paid_on=date(2024, 5, 20))
_numbers = itertools.count(1)

Conn: TypeAlias = "asyncpg.Connection[Any]"


async def member(conn: Conn, **relation: Any) -> str:
    psn_no = f"con{next(_numbers):09d}"
    await add_person(conn, psn_no, number=cert_no(next(_numbers), "19550101"))
    await add_relation(conn, psn_no, **relation)
    return psn_no


async def record(conn: Conn, psn_no: str, figures: Figures = UNPAID, month: date = MAY) -> Contribution:
    found = await record_contribution(conn, psn_no, month, "甲公司", figures, at=AT, actor=OFFICER)
    assert isinstance(found, Contribution), found
    return found


async def pay(conn: Conn, psn_no: str, on: date) -> Contribution | Refusal:
    return await pay_contribution(conn, psn_no, MAY, "甲公司", on, at=AT, actor=OFFICER)


async def correct(conn: Conn, psn_no: str, **changed: Any) -> Contribution | Refusal:
    return await correct_contribution(conn, psn_no, MAY, "甲公司", at=AT, actor=OFFICER, **changed)


def code(found: object) -> str:
    assert isinstance(found, Refusal), found
    return found.code


@pytest.fixture
async def second(pg_url: str) -> AsyncIterator[Conn]:
    connection = await asyncpg.connect(pg_url)
    yield connection
    await connection.close()


async def test_a_month_is_recorded_and_read_back(conn: Conn) -> None:
    psn_no = await member(conn)
    added = await record(conn, psn_no)
    assert added == Contribution(psn_no, MAY, "甲公司", 1, UNPAID, None, None, AT, "agency:zhang")
    assert await months_of(conn, psn_no) == (added,)


async def test_a_month_recorded_twice_is_recorded_once(conn: Conn) -> None:
    psn_no = await member(conn)
    assert await record(conn, psn_no) == await record(conn, psn_no)
    assert len(await months_of(conn, psn_no)) == 1


@pytest.mark.parametrize(
    ("relation", "figures", "month", "expected"),
    [
        ({"status": "retired"}, UNPAID, MAY, "CONTRIBUTION_OF_RETIRED"),
        ({"employer": "乙公司"}, UNPAID, MAY, "CONTRIBUTION_OTHER_EMPLOYER"),
        ({"until_on": date(2024, 4, 30)}, UNPAID, MAY, "CONTRIBUTION_NO_RELATION"),
        ({}, msgspec.structs.replace(UNPAID, base_fen=-1), MAY, "AMOUNT_OUT_OF_RANGE"),
        ({}, msgspec.structs.replace(UNPAID, kind="correction"), MAY, "CONTRIBUTION_NOTHING_TO_CORRECT"),
        (
            {},
            msgspec.structs.replace(UNPAID, due_on=date(2024, 8, 31)),
            date(2024, 8, 1),
            "ROW_MONTH_FUTURE",
        ),
    ],
)
async def test_an_officer_is_bound_by_the_rules_of_files(
    conn: Conn, relation: dict[str, Any], figures: Figures, month: date, expected: str
) -> None:
    psn_no = await member(conn, **relation)
    found = await record_contribution(conn, psn_no, month, "甲公司", figures, at=AT, actor=OFFICER)
    assert code(found) == expected
    assert await months_of(conn, psn_no) == ()


async def test_nothing_is_recorded_for_somebody_unknown(conn: Conn) -> None:
    found = await record_contribution(conn, "nobody", MAY, "甲公司", UNPAID, at=AT, actor=OFFICER)
    assert code(found) == "UNKNOWN_MEMBER"
    assert code(await pay(conn, "nobody", MAY)) == "CONTRIBUTION_UNKNOWN"
    assert code(await correct(conn, "nobody", base_fen=1)) == "CONTRIBUTION_UNKNOWN"


async def test_a_payment_is_a_revision_and_said_twice_it_is_one(conn: Conn) -> None:
    psn_no = await member(conn)
    await record(conn, psn_no)
    paid = await pay(conn, psn_no, date(2024, 6, 3))
    assert isinstance(paid, Contribution)
    assert (paid.revision, paid.figures.paid_on, paid.figures.base_fen) == (2, date(2024, 6, 3), 500_000)
    assert await pay(conn, psn_no, date(2024, 6, 3)) == paid
    assert code(await pay(conn, psn_no, date(2024, 6, 4))) == "CONTRIBUTION_PAID"
    assert await months_of(conn, psn_no) == (paid,)


async def test_a_payment_does_not_come_from_the_future(conn: Conn) -> None:
    psn_no = await member(conn)
    await record(conn, psn_no)
    assert code(await pay(conn, psn_no, date(2024, 7, 21))) == "ROW_PAID_FUTURE"


async def test_a_correction_changes_what_is_said_and_leaves_the_rest(conn: Conn) -> None:
    psn_no = await member(conn)
    await record(conn, psn_no, PAID)
    corrected = await correct(conn, psn_no, base_fen=600_000, personal_fen=12_000)
    assert isinstance(corrected, Contribution)
    assert corrected.revision == 2
    assert corrected.figures == msgspec.structs.replace(
        PAID, base_fen=600_000, personal_fen=12_000, kind="correction"
    )
    assert await correct(conn, psn_no, base_fen=600_000) == corrected
    assert code(await correct(conn, psn_no, employer_fen=600_001)) == "ROW_AMOUNT_ABOVE_BASE"


async def test_every_revision_is_kept(conn: Conn) -> None:
    psn_no = await member(conn)
    await record(conn, psn_no)
    await pay(conn, psn_no, date(2024, 5, 20))
    await correct(conn, psn_no, base_fen=600_000)
    kept = await conn.fetch(
        "SELECT revision, base_fen FROM members_contribution WHERE psn_no = $1 ORDER BY revision", psn_no
    )
    assert [tuple(row) for row in kept] == [(1, 500_000), (2, 500_000), (3, 600_000)]
    with pytest.raises(asyncpg.PostgresError):
        await conn.execute("UPDATE members_contribution SET base_fen = 0 WHERE psn_no = $1", psn_no)


async def test_officers_who_correct_at_the_same_time_take_turns(conn: Conn, second: Conn) -> None:
    psn_no = await member(conn)
    await record(conn, psn_no, PAID)
    both = await asyncio.gather(
        correct(conn, psn_no, base_fen=600_000), correct(second, psn_no, personal_fen=12_000)
    )
    assert sorted(found.revision for found in both if isinstance(found, Contribution)) == [2, 3]
    (standing,) = await months_of(conn, psn_no)
    assert (standing.figures.base_fen, standing.figures.personal_fen) == (600_000, 12_000)


async def test_two_payments_at_the_same_time_are_one(conn: Conn, second: Conn) -> None:
    psn_no = await member(conn)
    await record(conn, psn_no)
    both = await asyncio.gather(pay(conn, psn_no, date(2024, 6, 3)), pay(second, psn_no, date(2024, 6, 4)))
    assert sorted(type(found).__name__ for found in both) == ["Contribution", "Refusal"]


async def test_months_of_several_employers_stand_beside_each_other(conn: Conn) -> None:
    psn_no = await member(conn)
    await add_relation(conn, psn_no, 2, employer="乙公司")
    await record(conn, psn_no)
    other = await record_contribution(conn, psn_no, MAY, "乙公司", PAID, at=AT, actor=OFFICER)
    assert isinstance(other, Contribution)
    assert {m.employer for m in await months_of(conn, psn_no)} == {"甲公司", "乙公司"}


@pytest.mark.clause("SX2022-27.art26.5a")
@pytest.mark.parametrize(
    ("figures", "known_on", "late"),
    [
        (PAID, date(2024, 7, 20), False),
        (UNPAID, date(2024, 5, 31), False),
        (UNPAID, date(2024, 6, 1), True),
        (msgspec.structs.replace(UNPAID, paid_on=date(2024, 5, 31)), date(2024, 7, 20), False),
        (msgspec.structs.replace(UNPAID, paid_on=date(2024, 6, 1)), date(2024, 7, 20), True),
    ],
)
async def test_a_month_is_in_arrears_when_it_came_late_or_not_at_all(
    conn: Conn, figures: Figures, known_on: date, late: bool
) -> None:
    psn_no = await member(conn)
    await record(conn, psn_no, figures)
    assert [m.month for m in await arrears_months(conn, psn_no, known_on)] == ([MAY] if late else [])
    standing = standing_on((await records(conn, [psn_no]))[psn_no], date(2024, 5, 10), known_on)
    assert standing.arrears is late


async def test_a_flexible_worker_pays_for_himself_and_an_agent_for_his_own(conn: Conn) -> None:
    own = {"category": "flexible", "payer": "self"}
    alone, served = await member(conn, employer="", **own), await member(conn, employer="代办所", **own)
    outcomes = [
        await record_contribution(conn, psn_no, MAY, payer, PAID, at=AT, actor=OFFICER)
        for psn_no in (alone, served)
        for payer in ("灵活就业人员", "代办所", "")
    ]
    assert [code(one) if isinstance(one, Refusal) else one.employer for one in outcomes] == [
        "灵活就业人员",
        "CONTRIBUTION_OTHER_EMPLOYER",
        "CONTRIBUTION_OTHER_EMPLOYER",
        "CONTRIBUTION_OTHER_EMPLOYER",
        "代办所",
        "CONTRIBUTION_OTHER_EMPLOYER",
    ]


async def test_a_declaration_corrected_to_nothing_leaves_no_arrears(conn: Conn) -> None:
    psn_no = await member(conn)
    await record(conn, psn_no)
    before = (await records(conn, [psn_no]))[psn_no]
    assert standing_on(before, date(2024, 5, 20), date(2024, 7, 20)).arrears
    await correct(conn, psn_no, base_fen=0, personal_fen=0, employer_fen=0)
    found = (await records(conn, [psn_no]))[psn_no]
    known = await known_records(conn, psn_no, datetime(2024, 7, 21, tzinfo=UTC))
    assert known is not None
    assert found.late_months == known.late_months == ()
    assert not standing_on(found, date(2024, 5, 20), date(2024, 7, 20)).arrears
    assert await arrears_months(conn, psn_no, date(2024, 7, 20)) == ()


@pytest.mark.parametrize(
    ("retired_from", "late"), [(MAY, False), (date(2024, 4, 1), False), (date(2024, 5, 31), True)]
)
async def test_whom_a_retirement_frees_from_a_month_is_not_in_arrears_for_it(
    conn: Conn, retired_from: date, late: bool
) -> None:
    psn_no = await member(conn, until_on=date(2024, 5, 31))
    await record(conn, psn_no)
    first = {"from_on": date(2023, 1, 1), "until_on": retired_from - timedelta(days=1), "status": "active"}
    line = await conn.fetchval(
        "SELECT content FROM members_change WHERE psn_no = $1 AND part = 'relation'", psn_no
    )
    await put(conn, psn_no, "relation", 1, msgspec.json.decode(line) | first, revision=1)
    await add_relation(conn, psn_no, 2, from_on=retired_from, status="retired")
    found = (await records(conn, [psn_no]))[psn_no]
    assert standing_on(found, date(2024, 5, 31), date(2024, 7, 20)).arrears is late
