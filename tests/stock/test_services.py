"""Uploads of purchases, sales and counts on a real database; dispensing out of the stock and back."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.stock.selectors import Asked, holders, movements, on_hand
from gongji.stock.services import issue_virtual_code, sale_returned, sell
from gongji.stock.traces import forged, is_virtual
from gongji.stock.values import Paper, SaleLine
from tests.stock.rows import (
    AT,
    DRUG,
    IDS,
    LOCAL,
    NOW,
    entry,
    institution,
    later,
    posted,
    stock,
    trace,
    upload,
)
from tests.vaults import VAULT


async def dispense(
    conn: Connection, code: str, *lines: SaleLine, document: str = "R1", enforce: bool = True, **more: Any
) -> Refusal | None:
    told: dict[str, Any] = {"at": later(60), "psn_no": "PSN1", "rx_no": "RX1"} | more
    async with conn.transaction():
        return await sell(conn, code, lines, document=document, ids=IDS, enforce=enforce, **told)


def line(quantity: float, **changes: Any) -> SaleLine:
    values: dict[str, Any] = {"item": DRUG, "local_item": LOCAL, "quantity_e4": round(quantity * 10_000)}
    return SaleLine(**(values | changes))


def reason(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


@pytest.mark.clause("NHSA2023-4.s3.4.d")
async def test_purchases_less_returns_less_sales_are_the_stock(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(
        conn, code, entry("purchase", 50), entry("purchase_return", 3), entry("sale", 12), entry("sale_return", 1),
        entry("adjust", 2, change_type="103"),
        entry("adjust", change_type="104", quantity_e4=-5_000),
    )  # fmt: skip
    assert await stock(conn, code) == {"B1": 37.5}


@pytest.mark.clause("NHSA2023-4.s3.4.d")
async def test_a_count_posts_the_visible_difference(conn: asyncpg.Connection[Any]) -> None:
    """The clause's example: 10 in stock, 50 in, 45 out should leave 15; 12 are counted."""
    code = institution()
    await posted(conn, code, entry("inventory", 10), entry("purchase", 50), entry("sale", 45), at=NOW)
    done = await posted(conn, code, entry("inventory", 12, occurred_at=NOW), at=NOW)
    assert done[0].marks == ("difference",)
    assert await stock(conn, code) == {"B1": 12}
    counted = (await movements(conn, code, Asked(kinds=("inventory",))))[-1]
    assert (counted.quantity_e4, counted.counted_e4) == (-30_000, 120_000)


async def test_a_count_of_a_past_day_is_compared_with_that_day(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 10), entry("sale", 4, occurred_at=AT + timedelta(days=2)))
    await posted(conn, code, entry("inventory", 10))
    assert await stock(conn, code) == {"B1": 6}


async def test_the_same_row_under_another_number_is_not_counted_again(conn: asyncpg.Connection[Any]) -> None:
    code, bought = institution(), entry("purchase", 10)
    first = await posted(conn, code, bought)
    again = await posted(conn, code, bought)
    assert again[0].repeated
    assert again[0].movement_id == first[0].movement_id
    assert await stock(conn, code) == {"B1": 10}


async def test_two_equal_rows_of_one_paper_are_two(conn: asyncpg.Connection[Any]) -> None:
    code, bought = institution(), entry("purchase", 10)
    await posted(conn, code, bought, bought)
    assert await stock(conn, code) == {"B1": 20}
    await posted(conn, code, bought, bought)
    assert await stock(conn, code) == {"B1": 20}


async def test_a_sale_without_stock_is_recorded_and_marked(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 1))
    done = await posted(conn, code, entry("sale", 2), entry("sale", 1, batch="B9"))
    assert [one.marks for one in done] == [("negative",), ("negative", "unknown_batch")]
    assert await stock(conn, code) == {"B1": -1, "B9": -1}


async def test_a_sale_of_an_expired_batch_is_recorded_and_marked(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5, expires_on=date(2024, 8, 14)))
    assert (await posted(conn, code, entry("sale", 1)))[0].marks == ("expired",)


async def test_a_batch_may_be_sold_on_its_last_day(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5, expires_on=date(2024, 8, 15)))
    assert (await posted(conn, code, entry("sale", 1)))[0].marks == ()
    assert await dispense(conn, code, line(1)) is None


async def test_another_drug_out_of_the_batch_is_marked(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    assert (await posted(conn, code, entry("sale", 1, item="XB01")))[0].marks == ("item_differs",)


async def test_a_return_brings_back_no_more_than_was_sold(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    sold = (await posted(conn, code, entry("purchase", 5), entry("sale", 2)))[1]
    await posted(conn, code, entry("sale_return", 1, stated=sold.movement_id))
    done = await posted(conn, code, entry("sale_return", 2, stated=sold.movement_id))
    assert reason(done[0].refusal) == "STOCK_RETURN_EXCEEDED"
    assert await stock(conn, code) == {"B1": 4}


async def test_a_return_of_another_institutions_sale_is_unknown(conn: asyncpg.Connection[Any]) -> None:
    here, there = institution(), institution()
    sold = (await posted(conn, there, entry("purchase", 5), entry("sale", 2)))[1]
    done = await posted(conn, here, entry("sale_return", 1, stated=sold.movement_id))
    assert reason(done[0].refusal) == "STOCK_DOCUMENT_UNKNOWN"


async def test_a_return_without_a_sale_is_recorded_and_marked(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    assert (await posted(conn, code, entry("sale_return", 1, visit_no="V")))[0].marks == ("no_original",)


async def test_a_code_sold_twice_is_marked_and_one_sold_elsewhere_too(conn: asyncpg.Connection[Any]) -> None:
    here, there, code = institution(), institution(), trace()
    await posted(conn, here, entry("purchase", 5, traces=(code, trace())), entry("sale", 1, traces=(code,)))
    again = await posted(conn, here, entry("sale", 1, traces=(code,)))
    assert again[0].marks == ("code_again",)
    assert (await posted(conn, there, entry("purchase", 1, traces=(code,))))[0].marks == ("code_elsewhere",)
    assert (await posted(conn, here, entry("sale", 1, traces=(trace(),))))[0].marks == ("code_unknown",)


async def test_a_returned_pack_may_be_sold_again(conn: asyncpg.Connection[Any]) -> None:
    here, code = institution(), trace()
    done = await posted(
        conn, here, entry("purchase", 5, traces=(code,)), entry("sale", 1, traces=(code,)),
        entry("sale_return", 1, visit_no="", traces=(code,)), entry("sale", 1, traces=(code,)),
    )  # fmt: skip
    assert done[3].marks == ()


async def test_dispensing_takes_what_expires_first(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(
        conn, code,
        entry("purchase", 5, batch="LATE", expires_on=date(2027, 1, 1)),
        entry("purchase", 2, batch="SOON", expires_on=date(2024, 9, 1)),
        entry("purchase", 9, batch="GONE", expires_on=date(2024, 8, 1)),
    )  # fmt: skip
    assert await dispense(conn, code, line(3)) is None
    assert await stock(conn, code) == {"LATE": 4, "SOON": 0, "GONE": 9}


async def test_dispensing_takes_the_batch_whose_code_was_scanned(conn: asyncpg.Connection[Any]) -> None:
    code, pack = institution(), trace()
    await posted(
        conn, code, entry("purchase", 2, batch="SOON", expires_on=date(2024, 9, 1)),
        entry("purchase", 5, batch="LATE", expires_on=date(2027, 1, 1), traces=(pack,)),
    )  # fmt: skip
    assert await dispense(conn, code, line(1, traces=(pack,))) is None
    assert await stock(conn, code) == {"SOON": 2, "LATE": 4}


async def test_dispensing_more_than_there_is_names_what_there_is(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 2))
    answer = await dispense(conn, code, line(2.5))
    assert reason(answer) == "OUT_OF_STOCK"
    assert "库存 2，需要 2.5" in str(answer)
    assert await stock(conn, code) == {"B1": 2}


async def test_two_lines_of_one_sale_share_the_stock(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 3))
    assert reason(await dispense(conn, code, line(2), line(2))) == "OUT_OF_STOCK"


async def test_dispensing_an_expired_batch_is_refused(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 2, expires_on=date(2024, 8, 14)))
    assert reason(await dispense(conn, code, line(1, batch="B1"))) == "BATCH_EXPIRED"


async def test_dispensing_another_drug_from_the_shelf_is_refused(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 2))
    assert reason(await dispense(conn, code, line(1, item="XB01"))) == "OUT_OF_STOCK"


async def test_dispensing_without_enforcing_records_what_happened(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 2))
    assert await dispense(conn, code, line(3), enforce=False) is None
    assert await stock(conn, code) == {"B1": -1}


async def test_a_code_that_never_came_in_is_refused_where_the_batch_came_in_with_codes(
    conn: asyncpg.Connection[Any],
) -> None:
    code, pack = institution(), trace()
    await posted(conn, code, entry("purchase", 5, traces=(pack,)))
    assert reason(await dispense(conn, code, line(1, traces=(trace(),)))) == "TRACE_CODE_UNKNOWN"
    assert reason(await dispense(conn, code, line(1, traces=("!" * 20,)))) == "TRACE_CODE_INVALID"
    plain = institution()
    await posted(conn, plain, entry("purchase", 5))
    assert await dispense(conn, plain, line(1, traces=(trace(),))) is None


async def test_a_pack_that_was_sold_is_not_dispensed_again(conn: asyncpg.Connection[Any]) -> None:
    code, pack, there = institution(), trace(), institution()
    await posted(conn, code, entry("purchase", 5, traces=(pack,)))
    assert await dispense(conn, code, line(1, traces=(pack,))) is None
    assert reason(await dispense(conn, code, line(1, traces=(pack,)), document="R2")) == "TRACE_CODE_SOLD"
    await posted(conn, there, entry("purchase", 5))
    assert reason(await dispense(conn, there, line(1, traces=(pack,)))) == "TRACE_CODE_SOLD"


async def test_the_sale_reported_after_dispensing_is_the_same_sale(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    await dispense(conn, code, line(2))
    reported = entry("sale", 2, document="R1", occurred_at=later(61))
    assert (await posted(conn, code, reported))[0].repeated
    by_prescription = entry("sale", 2, document="other", rx_no="RX1", occurred_at=later(61))
    assert (await posted(conn, code, by_prescription))[0].repeated
    assert await stock(conn, code) == {"B1": 3}


async def test_more_than_was_dispensed_is_another_sale(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    await dispense(conn, code, line(2))
    rows = [entry("sale", 1, document="R1", occurred_at=later(61)) for _ in range(3)]
    assert [one.repeated for one in await posted(conn, code, *rows)] == [True, True, False]
    assert await stock(conn, code) == {"B1": 2}


async def test_the_receipt_number_of_another_week_is_another_sale(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    await dispense(conn, code, line(2), at=AT - timedelta(days=7))
    assert not (await posted(conn, code, entry("sale", 2, document="R1")))[0].repeated


async def test_two_prescriptions_on_one_receipt_are_two_sales(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    assert await dispense(conn, code, line(1)) is None
    assert await dispense(conn, code, line(1), rx_no="RX2", psn_no="PSN2") is None
    assert await stock(conn, code) == {"B1": 3}
    reported = [
        entry("sale", 1, document="R1", rx_no=rx_no, occurred_at=later(61)) for rx_no in ("RX1", "RX2", "RX3")
    ]
    assert [one.repeated for one in await posted(conn, code, *reported)] == [True, True, False]


async def test_more_than_any_shelf_holds_is_refused(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    most = [entry("purchase", quantity_e4=10**13 - 1) for _ in range(101)]
    done = await posted(conn, code, *most)
    assert [one.refusal.code for one in done if one.refusal] == ["AMOUNT_OUT_OF_RANGE"]


async def test_dispensing_what_was_reported_before_is_the_same_sale(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 2), entry("sale", 2, document="R1"))
    assert await dispense(conn, code, line(2)) is None
    assert await stock(conn, code) == {"B1": 0}


async def test_dispensing_the_same_receipt_again_writes_nothing(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 3))
    for _ in range(2):
        assert await dispense(conn, code, line(2)) is None
    assert await stock(conn, code) == {"B1": 1}


async def give_back(conn: Connection, code: str, document: str = "R1") -> Refusal | None:
    async with conn.transaction():
        return await sale_returned(
            conn, code, Paper(document), at=later(90), ids=IDS, rx_no="RX1", reason="退药"
        )


async def test_what_is_undispensed_is_back_in_its_batches_and_may_be_dispensed_again(
    conn: asyncpg.Connection[Any],
) -> None:
    code, pack = institution(), trace()
    await posted(conn, code, entry("purchase", 3, traces=(pack,)), entry("purchase", 3, batch="B2"))
    await dispense(conn, code, line(4, traces=(pack,)))
    assert await give_back(conn, code) is None
    assert await stock(conn, code) == {"B1": 3, "B2": 3}
    assert await dispense(conn, code, line(4, traces=(pack,)), at=later(95)) is None
    assert await stock(conn, code) == {"B1": 0, "B2": 2}


async def test_a_receipts_number_of_another_day_is_another_receipt(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    assert await dispense(conn, code, line(1)) is None
    month = timedelta(days=30)
    assert await dispense(conn, code, line(1), at=later(60) + month) is None
    assert await stock(conn, code) == {"B1": 3}
    async with conn.transaction():
        second = Paper("R1", later(60) + month)
        assert await sale_returned(conn, code, second, at=later(90) + month, ids=IDS, rx_no="RX1") is None
    assert await stock(conn, code) == {"B1": 4}


async def test_undispensing_twice_brings_back_once(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 3))
    await dispense(conn, code, line(2))
    for _ in range(2):
        assert await give_back(conn, code) is None
    assert await stock(conn, code) == {"B1": 3}
    assert reason(await give_back(conn, code, "R9")) == "STOCK_DOCUMENT_UNKNOWN"


async def test_the_return_reported_after_undispensing_is_the_same_return(
    conn: asyncpg.Connection[Any],
) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 3))
    await dispense(conn, code, line(2))
    await give_back(conn, code)
    reported = entry("sale_return", 2, psn_no="PSN1", visit_no="V1", occurred_at=later(100))
    assert (await posted(conn, code, reported))[0].repeated
    assert await stock(conn, code) == {"B1": 3}


async def test_undispensing_after_the_return_was_reported_brings_back_the_rest(
    conn: asyncpg.Connection[Any],
) -> None:
    code, first, second = institution(), trace(), trace()
    await posted(conn, code, entry("purchase", 3, traces=(first, second)))
    await dispense(conn, code, line(2, traces=(first, second)))
    reported = entry("sale_return", 1, psn_no="PSN1", visit_no="V1", occurred_at=later(70), traces=(first,))
    assert (await posted(conn, code, reported))[0].marks == ()
    assert await give_back(conn, code) is None
    assert await stock(conn, code) == {"B1": 3}
    returned = await movements(conn, code, Asked(kinds=("sale_return",)))
    assert [one.traces for one in returned] == [(first,), (second,)]


async def test_only_one_of_many_at_once_gets_the_last_pack(
    conn: asyncpg.Connection[Any], pg_url: str
) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 1))
    tills = [await asyncpg.connect(pg_url) for _ in range(8)]
    try:
        answers = await asyncio.gather(
            *(dispense(till, code, line(1), document=f"R{number}") for number, till in enumerate(tills))
        )
    finally:
        for till in tills:
            await till.close()
    assert sum(answer is None for answer in answers) == 1
    assert await stock(conn, code) == {"B1": 0}


async def test_stock_that_may_be_sold_leaves_out_what_has_expired(conn: asyncpg.Connection[Any]) -> None:
    here, there = institution(), institution()
    await posted(
        conn, here, entry("purchase", 2), entry("purchase", 3, batch="X", expires_on=date(2024, 8, 1))
    )
    await posted(conn, there, entry("sale", 3))
    assert await on_hand(conn, here, [DRUG, "XB01"], date(2024, 8, 15)) == {DRUG: 20_000, "XB01": 0}
    assert await holders(conn, [DRUG], [here, there], date(2024, 8, 15)) == {here: {DRUG: 20_000}}


async def test_virtual_codes_are_the_institutions_own_and_cannot_be_guessed(
    conn: asyncpg.Connection[Any],
) -> None:
    here = institution()
    codes = [
        await issue_virtual_code(conn, upload(here), item=DRUG, local_item=LOCAL, local_name="药", batch="B1")
        for _ in range(2)
    ]
    assert len(set(codes)) == 2
    assert all(is_virtual(code) for code in codes)
    assert not forged(VAULT, here, codes[0])
    assert forged(VAULT, institution(), codes[0])
    assert forged(VAULT, here, codes[0][:22] + codes[1][22:])


async def test_movements_are_facts(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 1, traces=(trace(),)))
    for statement in (
        "UPDATE stock_movement SET item = ''",
        "DELETE FROM stock_movement",
        "DELETE FROM stock_movement_code",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await conn.execute(statement)
