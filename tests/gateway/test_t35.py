"""3501-3507: purchases, sales and counts as institutions upload them, and what of it may be taken back."""

import asyncio
from typing import Any

import pytest

from gongji.gateway.platform import Platform
from gongji.gateway.stockrows import number_of
from gongji.stock.selectors import Asked, Recorded, movements
from tests.gateway import world
from tests.gateway.client import Caller, envelope, fresh
from tests.gateway.stock_messages import nodes, row, trace
from tests.gateway.test_outpatient import row_counts

CODE = world.PHARMACY


async def stock(platform: Platform, batch: str, code: str = CODE) -> int | None:
    """Running stock of a batch in ten-thousandths."""
    async with platform.pool.acquire() as connection:
        quantity: int | None = await connection.fetchval(
            "SELECT quantity_e4 FROM stock_on_hand WHERE institution = $1 AND batch = $2", code, batch
        )
    return quantity


async def recorded(platform: Platform, batch: str, kind: str) -> list[Recorded]:
    async with platform.pool.acquire() as connection:
        return await movements(connection, CODE, Asked(kinds=(kind,), batch=batch))


async def send(caller: Caller, infno: str, /, *rows: dict[str, Any], **changes: Any) -> Any:
    return await caller.output(infno, nodes(infno, *rows, **changes), caller=CODE)


@pytest.mark.clause("NHSA2023-4.s3.4.d")
async def test_the_whole_life_of_a_batch_adds_up(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    for infno, quantity in (
        ("3503", {"purc_retn_cnt": "50"}), ("3504", {"purc_retn_cnt": "5.5"}), ("3505", {"sel_retn_cnt": 12}),
        ("3506", {"sel_retn_cnt": "2"}), ("3502", {"cnt": "1", "inv_chg_type": "104"}),
    ):  # fmt: skip
        assert await send(caller, infno, fixmedins_bchno=batch, **quantity) is None
    assert await stock(platform, batch) == 335_000


async def test_a_count_is_posted_as_the_difference_and_said(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    await send(caller, "3503", fixmedins_bchno=batch)
    answer = await caller.call("3501", nodes("3501", fixmedins_bchno=batch, inv_cnt="47"), caller=CODE)
    assert answer["infcode"] == 0
    assert "盘存数与账面数不符" in answer["warn_msg"]
    assert await stock(platform, batch) == 470_000
    assert [one.quantity_e4 for one in await recorded(platform, batch, "inventory")] == [-30_000]


async def test_the_same_paper_under_a_new_number_is_not_counted_twice(
    caller: Caller, platform: Platform
) -> None:
    batch = fresh("PC")
    sold = row("3505", fixmedins_bchno=batch)
    await send(caller, "3503", fixmedins_bchno=batch)
    first = (await send(caller, "3505A", sold))["selinfoDetail"][0]
    again = (await send(caller, "3505A", sold))["selinfoDetail"][0]
    assert again["medins_prod_sel_no"] == first["medins_prod_sel_no"]
    assert "不重复计入" in again["msgRslt"]
    assert await send(caller, "3505", sold) is None
    assert await stock(platform, batch) == 490_000


async def test_an_a_form_keeps_the_good_rows_and_tells_the_bad(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    rows = [
        row("3503", fixmedins_bchno=batch),
        row("3503", fixmedins_bchno=batch, purc_retn_cnt="0"),
        row("3503", fixmedins_bchno=batch, purc_retn_cnt="x"),
        row("3503", fixmedins_bchno=batch, purc_retn_stoin_time="2999-01-01 00:00:00"),
    ]
    answer = await send(caller, "3503A", *rows)
    assert [one["retRslt"] for one in answer["result"]] == ["1", "0", "0", "0"]
    assert [
        "QUANTITY_INVALID" in answer["result"][1]["msgRslt"],
        "BAD_FIELD" in answer["result"][2]["msgRslt"],
    ] == [True] * 2
    assert [one["fixmedins_bchno"] for one in answer["purcinfoDetail"]] == [batch] * 4
    assert await stock(platform, batch) == 500_000


async def test_an_a_form_without_a_good_row_is_refused(caller: Caller, platform: Platform) -> None:
    rows = [row("3505", sel_retn_cnt="0"), row("3505", sel_retn_cnt="-1")]
    before = await row_counts(platform)
    text = await caller.refused("3505A", nodes("3505A", *rows), caller=CODE)
    assert "QUANTITY_INVALID" in text
    assert "第 2 行" in text
    assert await row_counts(platform) == before


async def test_a_plain_form_is_all_or_nothing(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    rows = [row("3503", fixmedins_bchno=batch), row("3503", fixmedins_bchno=batch, purc_retn_cnt="-3")]
    assert "QUANTITY_INVALID" in await caller.refused("3503", nodes("3503", *rows), caller=CODE)
    assert await stock(platform, batch) is None


@pytest.mark.parametrize("infno", ["3501", "3501A", "3505", "3505A"])
async def test_one_object_and_an_array_of_one_are_the_same(
    caller: Caller, platform: Platform, infno: str
) -> None:
    for wrap in (lambda one: one, lambda one: [one]):
        batch = fresh("PC")
        ((name, node),) = nodes(infno, fixmedins_bchno=batch).items()
        one = node[0] if isinstance(node, list) else node
        await caller.output(infno, {name: wrap(one)}, caller=CODE)
        assert await stock(platform, batch) is not None


@pytest.mark.parametrize("name", ["prodentp_name", "prodentpName", "prdr_name"])
async def test_the_makers_name_in_every_spelling(caller: Caller, platform: Platform, name: str) -> None:
    batch = fresh("PC")
    bought = row("3503", fixmedins_bchno=batch)
    del bought["prodentp_name"]
    bought["purc_retn_stointime"] = bought.pop("purc_retn_stoin_time")
    await send(caller, "3503", {**bought, name: "某厂"})
    assert (await recorded(platform, batch, "purchase"))[0].detail["prodentp_name"] == "某厂"


@pytest.mark.clause("SX2021-103.s2.2.g")
@pytest.mark.parametrize("shape", ["rows", "one", "flat", "beside", "texts"])
async def test_trace_codes_wherever_they_stand(caller: Caller, platform: Platform, shape: str) -> None:
    batch, codes = fresh("PC"), [trace(), trace()]
    sold = row("3505", fixmedins_bchno=batch)
    listed = [{"drug_trac_codg": code} for code in codes]
    asked: dict[str, Any] = {"selinfo": sold}
    match shape:
        case "rows":
            sold["drugtracinfo"] = listed
        case "one":
            sold["drugTracInfo"] = None
            sold["drugtracinfo"], codes = listed[0], codes[:1]
        case "flat":
            sold["drug_trac_codg"] = ",".join(codes)
        case "beside":
            asked["drugtracinfo"] = listed
        case "texts":
            sold["drugtracinfo"] = codes
    await caller.output("3505", asked, caller=CODE)
    assert sorted((await recorded(platform, batch, "sale"))[0].traces) == sorted(codes)


@pytest.mark.parametrize("code", ["短", "1234567", "x" * 101, "84-000-000-000", {"a": 1}, 5])
async def test_a_trace_code_that_is_none_is_refused(caller: Caller, platform: Platform, code: Any) -> None:
    before = await row_counts(platform)
    await caller.refused("3505", nodes("3505", drugtracinfo=[{"drug_trac_codg": code}]), caller=CODE)
    assert await row_counts(platform) == before


async def test_a_code_sold_at_two_pharmacies_is_marked(caller: Caller, platform: Platform) -> None:
    code, batch = trace(), fresh("PC")
    sold = {"drugtracinfo": {"drug_trac_codg": code}, "fixmedins_bchno": batch}
    await caller.output("3505", nodes("3505", **sold), caller=world.HOSPITAL)
    answer = await caller.call("3505", nodes("3505", **sold), caller=CODE)
    assert answer["infcode"] == 0
    assert "追溯码在其他定点医药机构出现过" in answer["warn_msg"]
    assert "code_elsewhere" in (await recorded(platform, batch, "sale"))[0].marks


async def test_a_return_names_the_sale_and_brings_back_no_more(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    await send(caller, "3503", fixmedins_bchno=batch)
    number = (await send(caller, "3505A", fixmedins_bchno=batch, sel_retn_cnt="2"))["selinfoDetail"][0][
        "medins_prod_sel_no"
    ]
    back = {"fixmedins_bchno": batch, "medins_prod_sel_no": number}
    assert await send(caller, "3506", sel_retn_cnt="2", **back) is None
    text = await caller.refused("3506", nodes("3506", sel_retn_cnt="1", **back), caller=CODE)
    assert "STOCK_RETURN_EXCEEDED" in text
    assert await stock(platform, batch) == 500_000


@pytest.mark.parametrize("number", ["1", "abc", "9" * 50, "１２"])
async def test_a_return_of_a_sale_that_does_not_exist_is_refused(caller: Caller, number: str) -> None:
    text = await caller.refused("3506", nodes("3506", medins_prod_sel_no=number), caller=CODE)
    assert "STOCK_DOCUMENT_UNKNOWN" in text


async def test_a_deletion_takes_back_what_nothing_stands_on(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    await send(caller, "3503", fixmedins_bchno=batch)
    assert await send(caller, "3507", fixmedins_bchno=batch, inv_data_type="3", memo="录错批次") is None
    assert await stock(platform, batch) == 0
    assert not (await recorded(platform, batch, "purchase"))[0].valid
    (gone,) = await recorded(platform, batch, "delete")
    assert (gone.quantity_e4, gone.reason) == (-500_000, "录错批次")
    again = await caller.refused("3507", nodes("3507", fixmedins_bchno=batch), caller=CODE)
    assert "STOCK_ROW_NOT_FOUND" in again


async def test_a_purchase_that_was_sold_from_stays(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    await send(caller, "3503", fixmedins_bchno=batch)
    await send(caller, "3505", fixmedins_bchno=batch)
    assert "STOCK_ROW_IN_USE" in await caller.refused(
        "3507", nodes("3507", fixmedins_bchno=batch), caller=CODE
    )
    assert await send(caller, "3507", fixmedins_bchno=batch, inv_data_type="4") is None
    assert await send(caller, "3507", fixmedins_bchno=batch) is None
    assert await stock(platform, batch) == 0


async def test_what_was_deleted_may_be_uploaded_again(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    bought = row("3503", fixmedins_bchno=batch)
    await send(caller, "3503", bought)
    await send(caller, "3507", fixmedins_bchno=batch)
    await send(caller, "3503", bought)
    assert await stock(platform, batch) == 500_000


async def test_deletions_of_an_a_form_are_told_one_by_one(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    await send(caller, "3503", fixmedins_bchno=batch)
    rows = [{"fixmedins_bchno": one, "inv_data_type": "3"} for one in (batch, "没有")]
    answer = await caller.output("3507A", {"goodDetail": rows}, caller=CODE)
    assert [one["retRslt"] for one in answer["goodErrDetail"]] == ["1", "0"]
    assert "STOCK_ROW_NOT_FOUND" in answer["goodErrDetail"][1]["msgRslt"]


async def test_another_institutions_batch_is_out_of_reach(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    await send(caller, "3503", fixmedins_bchno=batch)
    text = await caller.refused("3507", nodes("3507", fixmedins_bchno=batch), caller=world.HOSPITAL)
    assert "STOCK_ROW_NOT_FOUND" in text
    assert await stock(platform, batch) == 500_000


@pytest.mark.parametrize(
    ("infno", "changes", "reason"),
    [
        ("3501", {"inv_cnt": "-1"}, "QUANTITY_INVALID"),
        ("3501", {"invdate": "2999-01-01"}, "BAD_FIELD"),
        ("3501", {"invdate": "2199-01-01"}, "DATE_IN_FUTURE"),
        ("3501", {"expy_end": "2020-01-01"}, "BAD_FIELD"),
        ("3501", {"manu_date": "2199-01-01", "expy_end": "2199-12-31"}, "DATE_IN_FUTURE"),
        ("3502", {"inv_chg_type": "112"}, "UNKNOWN_CODE"),
        ("3502", {"cnt": "0"}, "QUANTITY_INVALID"),
        ("3502", {"cnt": "1.00001"}, "BAD_FIELD"),
        ("3503", {"purc_retn_cnt": "99999999999"}, "AMOUNT_OUT_OF_RANGE"),
        ("3505", {"trdn_flag": "2"}, "UNKNOWN_CODE"),
        ("3505", {"fixmedins_bchno": "x" * 31}, "BAD_FIELD"),
        ("3505", {"rtal_docno": ""}, "MISSING_FIELD"),
        ("3507", {"inv_data_type": "5"}, "UNKNOWN_CODE"),
    ],
)
async def test_what_cannot_be_is_refused(
    caller: Caller, platform: Platform, infno: str, changes: dict[str, Any], reason: str
) -> None:
    before = await row_counts(platform)
    assert reason in await caller.refused(infno, nodes(infno, **changes), caller=CODE)
    assert await row_counts(platform) == before


async def test_a_thousand_and_one_rows_are_refused(caller: Caller) -> None:
    rows = [row("3505") for _ in range(1001)]
    assert "TOO_MANY_LINES" in await caller.refused("3505A", {"selinfoDetail": rows}, caller=CODE)


async def test_who_bought_is_not_readable_in_the_tables(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    certno = world.certno_of(world.ACTIVE)
    personal = {"certno": certno, "psn_name": "某甲", "prsc_dr_certno": certno, "psn_no": world.ACTIVE}
    await send(caller, "3505A", fixmedins_bchno=batch, **personal)
    async with platform.pool.acquire() as connection:
        stored = await connection.fetch("SELECT m::text AS row FROM stock_movement m WHERE batch = $1", batch)
        answered = await connection.fetch("SELECT m::text AS row FROM gateway_message m")
    text = "".join(one["row"] for one in (*stored, *answered))
    assert batch in text
    assert certno not in text
    assert "某甲" not in text


async def test_the_same_upload_of_two_copies_at_once_counts_once(caller: Caller, platform: Platform) -> None:
    batch = fresh("PC")
    bought = nodes("3503", fixmedins_bchno=batch)
    messages = [envelope("3503", bought, caller=CODE) for _ in range(10)]
    answers = await asyncio.gather(*(caller.send(message) for message in messages))
    assert {answer["infcode"] for answer in answers} == {0}
    assert await stock(platform, batch) == 500_000


async def test_more_codes_than_a_row_can_have_are_refused(caller: Caller) -> None:
    codes = [{"drug_trac_codg": trace()} for _ in range(1001)]
    assert "TOO_MANY_LINES" in await caller.refused("3503", nodes("3503", drugtracinfo=codes), caller=CODE)


def test_a_movements_number_may_have_as_many_digits_as_our_numbers_ever_will() -> None:
    largest = str(2**63 - 1)
    assert number_of(largest) == int(largest)
    assert number_of("9" * 19) is None
    assert number_of("") == 0
