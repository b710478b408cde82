"""Notices come from events: one an event, with the prescription as it stood then, until the hospital says yes or a day is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
import pytest

from gongji.base.sqlfiles import Connection
from gongji.gateway.epc import notices
from gongji.gateway.epc.notices import Notice, next_try
from gongji.prescriptions import selectors
from gongji.prescriptions.details import Nothing, Refunded
from gongji.prescriptions.values import Prescription
from gongji.providers.register import Channel
from tests.gateway.epc.keys import channel_of
from tests.gateway.epc.sheets import happen, reviewed, settled, sheet, sold, write

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
OTHER, PHARMACY = "H00000000002", "P00000000001"
MINUTE = timedelta(minutes=1)
_codes = count(100)


@pytest.fixture
def code() -> str:
    """A hospital of the test's own."""
    return f"H{next(_codes):011d}"


def told(code: str, **more: object) -> Channel:
    return msgspec.structs.replace(channel_of(code, "http://127.0.0.1:9/"), **more)


@pytest.fixture(autouse=True)
async def nothing_waits(conn: Connection) -> None:
    await conn.execute("DELETE FROM gateway_notice")


@pytest.fixture
async def rx(conn: Connection, code: str) -> Prescription:
    """A prescription that a pharmacy has reviewed and sold, and that was settled."""
    made = sheet(code, AT)
    await write(conn, made)
    await happen(conn, made, 1, "review_pass", "approved", AT, PHARMACY, reviewed(AT))
    await happen(conn, made, 2, "dispense", "approved", AT + MINUTE, PHARMACY, sold(insured=True))
    await happen(conn, made, 3, "settle", "filled", AT + 2 * MINUTE, PHARMACY, settled())
    return made


async def kinds(conn: Connection, rx: Prescription) -> list[tuple[int, str]]:
    rows = await conn.fetch(
        "SELECT event_no, infno FROM gateway_notice WHERE rx_id = $1 ORDER BY event_no", rx.rx_id
    )
    return [(row["event_no"], row["infno"]) for row in rows]


async def test_a_review_and_a_settlement_are_told_and_an_insured_sale_is_not(
    conn: Connection, code: str, rx: Prescription
) -> None:
    await notices.derive(conn, [told(code)], AT, AT + 3 * MINUTE)
    assert await kinds(conn, rx) == [(1, "7108"), (3, "7109")]


async def test_a_sale_without_insurance_a_refund_and_a_refused_review_are_told(
    conn: Connection, code: str
) -> None:
    rx = sheet(code, AT)
    await write(conn, rx)
    await happen(conn, rx, 1, "review_refuse", "returned", AT, PHARMACY, reviewed(AT))
    await happen(conn, rx, 2, "dispense", "filled", AT, PHARMACY, sold(insured=False))
    await happen(conn, rx, 3, "refund", "circulating", AT, PHARMACY, Refunded(77))
    await happen(conn, rx, 4, "release", "circulating", AT, PHARMACY, Nothing())
    await notices.derive(conn, [told(code)], AT, AT)
    assert await kinds(conn, rx) == [(1, "7108"), (2, "7109"), (3, "7109")]


async def test_an_event_has_one_notice_however_often_it_is_looked_for(
    conn: Connection, code: str, rx: Prescription
) -> None:
    made = [await notices.derive(conn, [told(code)], AT, AT + n * MINUTE) for n in range(3)]
    assert made[1:] == [0, 0]
    assert len(await kinds(conn, rx)) == 2


async def test_who_has_no_address_or_registered_it_later_is_told_nothing(
    conn: Connection, code: str, rx: Prescription
) -> None:
    later = told(code, from_on=AT.date() + timedelta(days=1))
    assert await notices.derive(conn, [channel_of(code), told(OTHER), later], AT, AT) == 0
    assert await kinds(conn, rx) == []


async def test_what_a_hospital_did_at_its_own_counter_it_is_not_told(conn: Connection, code: str) -> None:
    rx = sheet(code, AT)
    await write(conn, rx)
    await happen(conn, rx, 1, "settle", "filled", AT, code, settled())
    await notices.derive(conn, [told(code)], AT, AT)
    assert await kinds(conn, rx) == []


async def test_events_before_the_look_are_not_looked_at(
    conn: Connection, code: str, rx: Prescription
) -> None:
    await notices.derive(conn, [told(code)], AT + 2 * MINUTE, AT)
    assert await kinds(conn, rx) == [(3, "7109")]


async def test_a_review_is_told_as_the_field_table_has_it(
    conn: Connection, code: str, rx: Prescription
) -> None:
    await notices.derive(conn, [told(code)], AT, AT + 3 * MINUTE)
    review, _ = await notices.take(conn, AT + 3 * MINUTE, 10)
    case = await selectors.case(conn, rx.rx_no)
    assert case is not None
    data = msgspec.json.decode(msgspec.json.encode(notices.content(review, case)))
    assert data["hiRxno"] == rx.rx_no
    assert (data["pharName"], data["pharCode"], data["rxChkOpnn"]) == ("药师甲", "Y1", "同意")
    assert (data["rxChkStasCodg"], data["rxStasCodg"]) == ("1", "1")
    assert data["rxChkTime"] == "2026-03-02 18:00:00"


async def test_a_settlement_is_told_with_what_was_taken_as_it_stood_then(
    conn: Connection, code: str, rx: Prescription
) -> None:
    await notices.derive(conn, [told(code)], AT, AT + 3 * MINUTE)
    _, settlement = await notices.take(conn, AT + 3 * MINUTE, 10)
    await happen(conn, rx, 4, "refund", "circulating", AT + 9 * MINUTE, PHARMACY, Refunded(77, (5,)))
    case = await selectors.case(conn, rx.rx_no)
    assert case is not None
    data = msgspec.json.decode(msgspec.json.encode(notices.content(settlement, case)))
    assert (data["hiRxno"], data["rxUsedStasCodg"], data["setlTime"]) == (
        rx.rx_no,
        "2",
        "2026-03-02 18:02:00",
    )
    assert [row["cnt"] for row in data["seltdelts"]] == [2]


async def test_a_notice_is_lent_to_one_sender(
    conn: Connection, code: str, rx: Prescription, pg_url: str
) -> None:
    import asyncpg

    now = AT + 3 * MINUTE
    await notices.derive(conn, [told(code)], AT, now)
    other = await asyncpg.connect(pg_url)
    async with conn.transaction():
        mine = await notices.take(conn, now, 1)
        theirs = await notices.take(other, now, 10)
    await other.close()
    assert len(mine) == len(theirs) == 1
    assert mine[0].key != theirs[0].key
    assert await notices.take(conn, now, 10) == ()
    assert len(await notices.take(conn, now + notices.LEASE, 10)) == 2


async def test_institutions_that_are_left_alone_lose_no_try(
    conn: Connection, code: str, rx: Prescription
) -> None:
    await notices.derive(conn, [told(code)], AT, AT)
    assert await notices.take(conn, AT, 10, [code]) == ()
    assert {notice.tries for notice in await notices.take(conn, AT, 10)} == {1}


async def test_what_was_sent_is_not_sent_again_nor_listed(
    conn: Connection, code: str, rx: Prescription
) -> None:
    await notices.derive(conn, [told(code)], AT, AT)
    for notice in await notices.take(conn, AT, 10):
        await notices.sent(conn, notice, AT)
    assert await notices.take(conn, AT + timedelta(days=9), 10) == ()
    assert await notices.waiting(conn) == ()


async def test_what_failed_is_due_later_and_after_a_day_listed_as_given_up(
    conn: Connection, code: str, rx: Prescription
) -> None:
    await notices.derive(conn, [told(code)], AT, AT)
    for notice in await notices.take(conn, AT, 10):
        await notices.failed(conn, notice, AT, "连接失败")
    assert await notices.take(conn, AT + timedelta(seconds=59), 10) == ()
    late = AT + timedelta(days=1)
    for notice in await notices.take(conn, late, 10):
        assert notice.tries == 2
        await notices.failed(conn, notice, late, "连接失败")
    assert await notices.take(conn, late + timedelta(days=9), 10) == ()
    listed = await notices.waiting(conn)
    assert [(one.given_up_at, one.remark) for one in listed] == [(late, "连接失败")] * 2


async def test_what_was_given_up_can_be_tried_for_another_day(
    conn: Connection, code: str, rx: Prescription
) -> None:
    await notices.derive(conn, [told(code)], AT, AT)
    late = AT + timedelta(days=2)
    for notice in await notices.take(conn, AT, 10):
        await notices.failed(conn, notice, late, "x")
    assert await notices.again(conn, late, OTHER) == 0
    assert await notices.again(conn, late, code) == 2
    assert {notice.tries for notice in await notices.take(conn, late, 10)} == {1}


def notice(tries: int, made_at: datetime = AT) -> Notice:
    return Notice("1", 1, 1, "7108", OTHER, AT, made_at, tries)


def test_tries_grow_rarer_up_to_two_hours_and_end_after_a_day() -> None:
    minutes = [(next_try(notice(tries), AT) or AT) - AT for tries in range(1, 12)]
    assert minutes[:8] == [timedelta(minutes=m) for m in (1, 2, 4, 8, 16, 32, 64, 120)]
    assert set(minutes[7:]) == {timedelta(hours=2)}
    assert next_try(notice(1), AT + timedelta(days=1)) is None
    assert next_try(notice(99), AT + timedelta(hours=23)) == AT + timedelta(hours=25)
