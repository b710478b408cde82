"""A prescription from issue to the last box, on a real database."""

from __future__ import annotations

import asyncpg
import pytest

from gongji.prescriptions import selectors, services
from tests.prescriptions import centre
from tests.prescriptions.centre import PHARMACY, A, B, C, done, office

Conn = asyncpg.Connection


@pytest.mark.clause("SX2022-27.art10.a")
async def test_a_prescription_goes_from_issue_to_the_last_box(conn: Conn) -> None:
    case = await centre.circulating(conn, "L1")
    held = await centre.approved(conn, case)
    await centre.stock(conn, PHARMACY)
    sold = done(
        await services.dispense(
            conn, office(who=PHARMACY), PHARMACY, case.rx_no, held.review_sn, centre.sale(A, B, C)
        )
    )
    assert sold.case.state == "filled"
    found = await selectors.case(conn, case.rx_no)
    assert found == sold.case
    assert [event.verb for event in found.events] == [
        "check", "sign", "circulate", "accept", "verify", "review_pass", "dispense",
    ]  # fmt: skip
