"""A sheet looked at before it is checked says what the check would say, drug by drug, and leaves no trace."""

from __future__ import annotations

import asyncpg
import msgspec

from gongji.prescriptions import selectors, services
from gongji.prescriptions.examining import Examined, examine
from gongji.prescriptions.running import running
from tests.prescriptions import centre
from tests.prescriptions.centre import LIMITED, NARCOTIC, A, B, code_of, done, drug, office
from tests.prescriptions.sheets import sheet, taken_to

Conn = asyncpg.Connection


async def look(conn: Conn, psn_no: str, *drugs: object, **changes: object) -> Examined:
    visit_id = await centre.visit(conn, await centre.person(conn, psn_no))
    return done(await examine(conn, office(), centre.issue(psn_no, visit_id, *drugs, **changes)))  # type: ignore[arg-type]


async def test_what_passes_here_passes_the_check(conn: Conn) -> None:
    visit_id = await centre.visit(conn, await centre.person(conn, "EX1"))
    asked = centre.issue("EX1", visit_id)
    assert done(await examine(conn, office(), asked)).passes
    assert await selectors.of_person(conn, "EX1") == ()
    assert done(await services.check(conn, office(), asked)).state == "checked"


async def test_each_problem_stands_at_its_drug(conn: Conn) -> None:
    found = await look(conn, "EX2", drug(A, days=9), drug(B), drug(NARCOTIC))
    codes = [[problem.code for problem in one.problems] for one in found.drugs]
    assert codes == [["RX_QUANTITY_REASON_MISSING"], [], ["RX_EXCLUDED_DRUG"]]
    assert not found.passes


async def test_what_is_the_sheets_own_is_told_apart(conn: Conn) -> None:
    found = await look(conn, "EX3", drug(A), doctor_code=centre.SUSPENDED_DOCTOR)
    assert [problem.code for problem in found.problems] == ["DOCTOR_SUSPENDED"]
    assert found.drugs[0].problems == ()


async def test_a_restriction_is_confirmed_or_self_paid(conn: Conn) -> None:
    plain = (await look(conn, "EX4", drug(LIMITED))).drugs[0]
    assert (plain.self_paid, plain.confirmed, plain.confirmable) == (True, False, True)
    assert plain.restrictions != ()
    confirmed = (await look(conn, "EX5", drug(LIMITED, approval="1"))).drugs[0]
    assert (confirmed.self_paid, confirmed.confirmed) == (False, True)


async def test_nobody_is_examined_who_is_not_known(conn: Conn) -> None:
    assert code_of(await examine(conn, office(), centre.issue("NOBODY", 1))) == "UNKNOWN_MEMBER"


def test_a_drug_runs_for_its_days_and_not_after_its_prescription_is_withdrawn() -> None:
    case = taken_to("circulating", sheet(drug(A, days=7), drug(B, days=3)))
    on = case.prescription.issued_on
    assert [(one.item, one.days_left, one.taken) for one in running([case], on)] == [
        (A, 7, False),
        (B, 3, False),
    ]
    withdrawn = msgspec.structs.replace(case, state="withdrawn")
    assert running([withdrawn], on) == []
