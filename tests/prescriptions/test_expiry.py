"""The sweep writes down what the clock has done; what does not add up is found."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from gongji.prescriptions import selectors, services
from gongji.prescriptions.verify import differences
from tests.prescriptions import centre
from tests.prescriptions.centre import AT, PHARMACY, A, B, C, code_of, done, later, office

Conn = asyncpg.Connection
FORGED_EVENT = """
INSERT INTO prescriptions_event
SELECT psn_no, rx_id, 9, 'confirm', 'circulating', at, actor, institution, reason, '{"doctor_code": "D"}'
FROM prescriptions_event WHERE psn_no = $1 AND event_no = 3
"""
"""A step that the table does not allow, with a gap before it."""


async def state(conn: Conn, rx_no: str) -> str:
    found = await selectors.case(conn, rx_no)
    assert found is not None
    return found.state


@pytest.mark.clause("SX2022-27.art11")
async def test_a_prescription_expires_after_its_last_instant_and_not_before(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    last = case.prescription.valid_until
    await services.expire(conn, office(last))
    assert await state(conn, case.rx_no) == "circulating"
    await services.expire(conn, office(last + timedelta(microseconds=1)))
    assert await state(conn, case.rx_no) == "expired"
    assert code_of(await services.show_code(conn, office(last), case.psn_no, case.rx_no)) == "RX_EXPIRED"


@pytest.mark.parametrize("made", ["checked", "signed"])
async def test_what_never_circulated_expires_too(conn: Conn, made: str) -> None:
    case = await centre.checked(conn, centre.name())
    if made == "signed":
        await centre.signed(conn, case)
    await services.expire(conn, office(later(days=4)))
    assert await state(conn, case.rx_no) == "expired"


async def test_a_hold_that_has_run_out_is_over(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    await centre.accept(conn, case)
    await services.expire(conn, office(later(hours=2)))
    assert await state(conn, case.rx_no) == "held"
    await services.expire(conn, office(later(hours=2, seconds=1)))
    assert await state(conn, case.rx_no) == "circulating"


async def test_a_sweep_that_comes_late_writes_the_lapse_and_the_expiry(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    await centre.approved(conn, case)
    await services.expire(conn, office(later(days=5)))
    found = await selectors.case(conn, case.rx_no)
    assert found is not None
    assert [event.verb for event in found.events][-2:] == ["lapse", "expire"]


async def test_what_is_taken_wholly_does_not_expire(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    await centre.stock(conn, PHARMACY)
    done(
        await services.dispense(
            conn, office(who=PHARMACY), PHARMACY, held.case.rx_no, held.review_sn, centre.sale(A, B, C)
        )
    )
    await services.expire(conn, office(later(days=5)))
    assert await state(conn, held.case.rx_no) == "filled"


async def test_a_sweep_takes_no_more_than_its_limit_and_a_second_one_finds_nothing(conn: Conn) -> None:
    for _ in range(3):
        await centre.circulating(conn, centre.name())
    at = office(later(days=30))
    assert await services.expire(conn, at, 2) == 2
    while await services.expire(conn, at):
        pass
    assert await services.expire(conn, at) == 0


async def test_old_codes_are_forgotten(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    code = done(await services.show_code(conn, office(), case.psn_no, case.rx_no))
    await services.expire(conn, office(later(days=2)))
    assert (
        code_of(await services.decode(conn, office(AT, PHARMACY), PHARMACY, code.text)) == "RX_CODE_UNKNOWN"
    )


async def test_everything_adds_up(conn: Conn) -> None:
    assert await differences(conn) == ()


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE prescriptions_current SET state = 'filled' WHERE psn_no = $1", "rx_state"),
        ("UPDATE prescriptions_current SET holder = 'P9' WHERE psn_no = $1", "rx_holder"),
        ("UPDATE prescriptions_current SET due_at = NULL WHERE psn_no = $1", "rx_due_at"),
        ("UPDATE prescriptions_current SET version = 9 WHERE psn_no = $1", "rx_version"),
        ("DELETE FROM prescriptions_current WHERE psn_no = $1", "rx_state"),
        ("DELETE FROM prescriptions_number WHERE psn_no = $1", "rx_number"),
        (
            FORGED_EVENT,
            "rx_event",
        ),
    ],
)
async def test_what_does_not_follow_from_the_events_is_found(conn: Conn, statement: str, field: str) -> None:
    case = await centre.circulating(conn, centre.name())
    work = conn.transaction()
    await work.start()
    await conn.execute(statement, case.psn_no)
    found = {one.field for one in await differences(conn) if one.psn_no == case.psn_no}
    await work.rollback()
    assert field in found
