"""Visits and fee lines that tests upload."""

from datetime import UTC, date, datetime
from itertools import count

from gongji.base.money import line_fen
from gongji.encounters.services import register
from gongji.encounters.values import FeeLine, Registration

AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
CALLER = "H14010000001"
ids = count(1)


def registration(psn_no: str, number: str, **more) -> Registration:
    given = {
        "psn_no": psn_no,
        "caller": CALLER,
        "ipt_otp_no": number,
        "insutype": "310",
        "voucher_type": "03",
        "begun_at": AT,
        "service_on": date(2024, 8, 15),
    }
    return Registration(**(given | more))


async def registered(conn, psn_no: str) -> int:
    number = next(ids)
    answer = await register(conn, registration(psn_no, f"N{number}"), visit_id=number, at=AT)
    assert answer == number
    return number


def line(key: str, price: int = 1_500_000, quantity: int = 20_000, **more) -> FeeLine:
    given = {
        "key": key,
        "item": "XA1",
        "amount_fen": line_fen(price, quantity),
        "price_micro": price,
        "quantity_e4": quantity,
        "occurred_at": AT,
    }
    return FeeLine(**(given | more))
