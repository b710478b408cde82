"""2204 answers each line with how it is treated, by the rules that settle it."""

from decimal import Decimal
from typing import Any

import pytest

from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh


async def uploaded(
    caller: Caller, *rows: dict[str, Any], psn_no: str = world.ACTIVE, code: str = world.HOSPITAL
) -> list[Any]:
    mdtrt_id, batch = await messages.visit(caller, psn_no, code=code), fresh("B")
    lines = [messages.line(psn_no, mdtrt_id, batch, **row) for row in rows]
    return list((await caller.output("2204", {"feedetail": lines}, caller=code))["result"])


async def test_a_drug_of_class_a_is_wholly_in_scope(caller: Caller) -> None:
    (row,) = await uploaded(caller, {})
    assert (row["inscp_scp_amt"], row["selfpay_prop"], row["chrgitm_lv"]) == (100, 0, "01")
    assert row["pric_uplmt_amt"] == 999999


async def test_what_is_over_the_payment_standard_and_the_prepay_are_shown(caller: Caller) -> None:
    line = {"med_list_codg": world.DRUG_B, "cnt": 2, "pric": "12.50", "det_item_fee_sumamt": "25.00"}
    (row,) = await uploaded(caller, line)
    assert row["pric_uplmt_amt"] == 10
    assert row["overlmt_amt"] == 5
    assert Decimal(str(row["preselfpay_amt"])) == 1
    assert Decimal(str(row["inscp_scp_amt"])) == 19
    assert Decimal(str(row["selfpay_prop"])) == Decimal("0.05")


async def test_a_self_pay_item_is_full_self_pay(caller: Caller) -> None:
    (row,) = await uploaded(caller, {"med_list_codg": world.SELF_PAY})
    assert (row["fulamt_ownpay_amt"], row["selfpay_prop"], row["chrgitm_lv"]) == (100, 1, "03")


async def test_an_item_that_the_catalogue_lacks_is_full_self_pay_and_says_so(caller: Caller) -> None:
    (row,) = await uploaded(caller, {"med_list_codg": world.UNKNOWN_ITEM})
    assert row["fulamt_ownpay_amt"] == 100
    assert "目录" in row["memo"]


@pytest.mark.parametrize(
    ("item", "approval", "payable"),
    [
        (world.RESTRICTED, "0", False),
        (world.RESTRICTED, "2", False),
        (world.RESTRICTED, "1", True),
        (world.DRUG_A, "0", True),
        (world.DRUG_A, "1", True),
        (world.DRUG_A, "2", False),
    ],
)
async def test_approval_and_restriction_decide_together(
    caller: Caller, item: str, approval: str, payable: bool
) -> None:
    (row,) = await uploaded(caller, {"med_list_codg": item, "hosp_appr_flag": approval})
    assert (row["fulamt_ownpay_amt"] == 0) is payable
    assert row["lmt_used_flag"] == ("1" if item == world.RESTRICTED else "0")


async def test_several_batches_may_come_in_one_upload(caller: Caller) -> None:
    rows = await uploaded(
        caller, {"chrg_bchno": fresh("B")}, {"chrg_bchno": fresh("B"), "med_list_codg": world.DRUG_B}
    )
    assert len(rows) == 2


async def test_lines_sent_as_json_numbers_are_exact(caller: Caller) -> None:
    (row,) = await uploaded(caller, {"det_item_fee_sumamt": 4.52, "cnt": 1, "pric": 4.52})
    assert row["det_item_fee_sumamt"] == 4.52


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"cnt": "-1", "det_item_fee_sumamt": "-100"}], "QUANTITY_INVALID"),
        ([{"cnt": 0}], "QUANTITY_INVALID"),
        ([{"det_item_fee_sumamt": "100.02"}], "AMOUNT_MISMATCH"),
        ([{"det_item_fee_sumamt": "1000000000", "pric": "1000000000"}], "AMOUNT_OUT_OF_RANGE"),
        ([{"feedetl_sn": "same"}, {"feedetl_sn": "same"}], "FEE_DUPLICATE"),
        ([{"chrg_bchno": "0000"}], "0000"),
        ([{"psn_no": world.RETIRED}, {}], "psn_no"),
        ([{"fee_ocur_time": "昨天"}], "fee_ocur_time"),
    ],
)
async def test_bad_lines_are_refused_as_a_whole(
    caller: Caller, rows: list[dict[str, Any]], reason: str
) -> None:
    mdtrt_id, batch = await messages.visit(caller), fresh("B")
    lines = [messages.line(world.ACTIVE, mdtrt_id, batch, **row) for row in rows]
    assert reason in await caller.refused("2204", {"feedetail": lines})


async def test_a_line_number_is_used_once_in_a_visit(caller: Caller) -> None:
    mdtrt_id = await messages.visit(caller)
    first = messages.line(world.ACTIVE, mdtrt_id, fresh("B"))
    await caller.output("2204", {"feedetail": [first]})
    again = messages.line(world.ACTIVE, mdtrt_id, fresh("B"), feedetl_sn=first["feedetl_sn"])
    assert "FEE_DUPLICATE" in await caller.refused("2204", {"feedetail": [again]})


async def test_lines_of_a_member_in_arrears_say_why_they_are_self_pay(caller: Caller) -> None:
    (row,) = await uploaded(caller, {}, psn_no=world.ARREARS)
    assert row["fulamt_ownpay_amt"] == 100
    assert "欠费" in row["memo"]


async def test_a_thousand_lines_are_taken_and_one_more_is_not(caller: Caller) -> None:
    mdtrt_id, batch = await messages.visit(caller), fresh("B")
    lines = [
        messages.line(world.ACTIVE, mdtrt_id, batch, pric="1.00", det_item_fee_sumamt="1.00")
        for _ in range(1001)
    ]
    assert "TOO_MANY_LINES" in await caller.refused("2204", {"feedetail": lines})
    assert len((await caller.output("2204", {"feedetail": lines[:1000]}))["result"]) == 1000
