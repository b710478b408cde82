"""A visit from registration to reversal through the interface, on a real database."""

from decimal import Decimal
from typing import Any

import pytest

from gongji.gateway.platform import Platform
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh


def yuan(value: Any) -> Decimal:
    return Decimal(str(value))


UNALIKE = ("setl_id", "setl_time", "medins_setl_id")
"""What pre-settlement cannot know, and the number of its own message."""


@pytest.mark.clause("SX2022-27.art23.a")
async def test_a_whole_visit_is_settled_as_the_law_says(caller: Caller) -> None:
    mdtrt_id, batch = await messages.charged(caller)
    info = (await caller.output("2207", messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00")))[
        "setlinfo"
    ]
    assert yuan(info["act_pay_dedc"]) == 30
    assert yuan(info["hifp_pay"]) == Decimal("45.50")
    assert yuan(info["pool_prop_selfpay"]) == Decimal("0.65")


async def test_presettlement_equals_the_settlement_that_follows(caller: Caller) -> None:
    mdtrt_id, batch = await messages.charged(caller, world.RETIRED)
    asked = messages.settlement(world.RETIRED, mdtrt_id, batch, "100.00")
    before = await caller.output("2206", asked)
    after = await caller.output("2207", asked)
    assert {k: v for k, v in before["setlinfo"].items() if k not in UNALIKE} == {
        k: v for k, v in after["setlinfo"].items() if k not in UNALIKE
    }
    assert before["setldetail"] == after["setldetail"]
    assert before["setlinfo"]["setl_id"] is None


@pytest.mark.parametrize("infno", ["2206", "2206A"])
async def test_presettlement_writes_nothing_but_that_the_member_was_shown(
    caller: Caller, platform: Platform, infno: str
) -> None:
    mdtrt_id, batch = await messages.charged(caller)
    before = await row_counts(platform)
    await caller.output(infno, messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00"))
    assert await row_counts(platform) == looked_at(before)


def looked_at(before: dict[str, int]) -> dict[str, int]:
    """The rows after one more look at somebody's data."""
    return {**before, "members_access": before["members_access"] + 1}


async def row_counts(platform: Platform) -> dict[str, int]:
    """Rows of every table."""
    async with platform.pool.acquire() as connection:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return {row[0]: await connection.fetchval(f'SELECT count(*) FROM "{row[0]}"') for row in tables}


async def test_amounts_obey_the_identities_of_the_field_table(caller: Caller) -> None:
    lines: list[dict[str, Any]] = [
        {},
        {"med_list_codg": world.DRUG_B, "cnt": 2, "pric": "12.50", "det_item_fee_sumamt": "25.00"},
        {"med_list_codg": world.SELF_PAY, "pric": "7.77", "det_item_fee_sumamt": "7.77"},
    ]
    mdtrt_id, batch = await messages.charged(caller, lines=lines)
    output = await caller.output("2207", messages.settlement(world.ACTIVE, mdtrt_id, batch, "132.77"))
    info = {name: yuan(value) for name, value in output["setlinfo"].items() if isinstance(value, int | float)}
    parts = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
    assert info["medfee_sumamt"] == sum(info[name] for name in parts)
    assert info["medfee_sumamt"] == info["fund_pay_sumamt"] + info["psn_part_amt"] + info["hosp_part_amt"]
    assert info["psn_part_amt"] == info["acct_pay"] + info["psn_cash_pay"]
    assert info["overlmt_selfpay"] == 5
    assert info["preselfpay_amt"] == 1


@pytest.mark.clause("SX2022-27.art23.b")
async def test_each_fund_has_a_row_with_its_sum_in_words(caller: Caller) -> None:
    mdtrt_id, batch = await messages.charged(caller, world.FAMILY)
    output = await caller.output("2207", messages.settlement(world.FAMILY, mdtrt_id, batch, "100.00"))
    rows = {row["fund_pay_type"]: row for row in output["setldetail"]}
    assert set(rows) == {"310102", "310200", "310201"}
    assert yuan(rows["310102"]["fund_payamt"]) == Decimal("45.50")
    assert yuan(rows["310200"]["fund_payamt"]) == 10
    assert yuan(rows["310201"]["fund_payamt"]) == 30
    words = rows["310102"]["setl_proc_info"]
    assert "起付标准 30.00 元" in words
    assert "65%" in words
    assert "晋医保发" in words
    assert world.SPOUSE not in rows["310201"]["setl_proc_info"]
    info = output["setlinfo"]
    assert yuan(info["acct_pay"]) == 40
    assert yuan(info["acct_mulaid_pay"]) == 30
    assert yuan(info["psn_cash_pay"]) == Decimal("14.50")


@pytest.mark.parametrize(
    ("fields", "acct_pay", "mutual"),
    [
        ({"acct_used_flag": "0"}, "0", "0"),
        ({"acct_used_flag": "1", "exp_content": '{"ACCT_MULAID_FLAG":"0"}'}, "10", "0"),
        ({"acct_used_flag": "1"}, "40", "30"),
        ({"acct_used_flag": "2"}, "30", "30"),
    ],
)
async def test_the_member_chooses_which_accounts_pay(
    caller: Caller, platform: Platform, fields: dict[str, str], acct_pay: str, mutual: str
) -> None:
    psn_no = await family(platform)
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    asked = messages.settlement(psn_no, mdtrt_id, batch, "100.00", **fields)
    info = (await caller.output("2206", asked))["setlinfo"]
    assert yuan(info["acct_pay"]) == Decimal(acct_pay)
    assert yuan(info["acct_mulaid_pay"]) == Decimal(mutual)


_family_number = [0]


async def family(platform: Platform) -> str:
    """A new member with 10 yuan, and a spouse with 30 whose account he may use."""
    _family_number[0] += 10
    psn_no = f"140830{_family_number[0]:020d}"
    spouse = f"140830{_family_number[0] + 1:020d}"
    async with platform.pool.acquire() as connection:
        await world.add_person(connection, psn_no, own_fen=10_00)
        await world.add_person(connection, spouse, own_fen=30_00)
        await connection.execute(
            "INSERT INTO members_family (psn_no, spell_no, from_on, until_on, owner, relation)"
            " VALUES ($1, 1, '2020-01-01', NULL, $2, 'spouse')",
            psn_no,
            spouse,
        )
        await world.record_history(connection)
    return psn_no


async def test_a_refused_pool_says_why_and_lets_the_account_pay(caller: Caller) -> None:
    mdtrt_id, batch = await messages.charged(caller, world.ARREARS)
    output = await caller.output("2207", messages.settlement(world.ARREARS, mdtrt_id, batch, "100.00"))
    assert yuan(output["setlinfo"]["hifp_pay"]) == 0
    assert yuan(output["setlinfo"]["fulamt_ownpay_amt"]) == 100
    assert yuan(output["setlinfo"]["acct_pay"]) == 50
    assert "ARREARS" in output["setldetail"][0]["setl_proc_info"]


@pytest.mark.clause("SX2024-11.s3.e")
async def test_a_settlement_is_reversed_with_negative_amounts_and_both_spellings(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await family(platform)
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    done = (await caller.output("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00")))["setlinfo"]
    asked = {"data": {"psn_no": psn_no, "setl_id": done["setl_id"], "mdtrt_id": mdtrt_id}}
    back = (await caller.output("2208", asked))["setlinfo"]
    for name in (
        "medfee_sumamt",
        "hifp_pay",
        "acct_pay",
        "acct_mulaid_pay",
        "psn_part_amt",
        "psn_cash_pay",
        "act_pay_dedc",
    ):
        assert yuan(back[name]) == -yuan(done[name]), name
    assert back["pdn_cash_pay"] == back["psn_cash_pay"]
    assert back["setl_id"] != done["setl_id"]
    assert back["psn_name"] == done["psn_name"]
    assert yuan(back["balc"]) == 10


async def test_a_settlement_is_reversed_once(caller: Caller) -> None:
    mdtrt_id, batch = await messages.charged(caller, world.RETIRED)
    done = (await caller.output("2207", messages.settlement(world.RETIRED, mdtrt_id, batch, "100.00")))[
        "setlinfo"
    ]
    asked = {"data": {"psn_no": world.RETIRED, "setl_id": done["setl_id"], "mdtrt_id": mdtrt_id}}
    await caller.output("2208", asked)
    assert "ALREADY_REVERSED" in await caller.refused("2208", asked)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"fulamt_ownpay_amt": "1.00", "inscp_scp_amt": "99.00"}, "PRESETTLE_CHANGED"),
        ({"medfee_sumamt": "100.01"}, "TOTAL_MISMATCH"),
        ({"med_type": "14"}, "med_type"),
        ({"insutype": "390"}, "NOT_EMPLOYEE_SCHEME"),
        ({"chrg_bchno": "nosuch"}, "FEE_BATCH_UNKNOWN"),
        ({"mdtrt_id": "123"}, "UNKNOWN_VISIT"),
        ({"mdtrt_id": "abc"}, "UNKNOWN_VISIT"),
        ({"mdtrt_cert_no": "TOKEN000002AAAA"}, "VOUCHER_MISMATCH"),
        ({"mdtrt_cert_no": "TOKENNOBODY"}, "UNKNOWN_MEMBER"),
        ({"exp_content": '{"TRUM_FLAG":"1"}'}, "REL_TTP_FLAG"),
    ],
)
@pytest.mark.parametrize("infno", ["2206", "2207"])
async def test_what_does_not_fit_is_refused_and_nothing_written(
    caller: Caller, platform: Platform, infno: str, fields: dict[str, str], reason: str
) -> None:
    mdtrt_id, batch = await messages.charged(caller)
    before = await row_counts(platform)
    assert reason in await caller.refused(
        infno, messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00", **fields)
    )
    assert await row_counts(platform) == before


async def test_echoes_of_the_presettlement_are_accepted(caller: Caller) -> None:
    mdtrt_id, batch = await messages.charged(caller)
    asked = messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00")
    seen = (await caller.output("2206", asked))["setlinfo"]
    names = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
    asked["data"] |= {name: str(seen[name]) for name in names}
    assert (await caller.output("2207", asked))["setlinfo"]["setl_id"]


async def test_a_third_party_pays_before_the_fund(caller: Caller) -> None:
    mdtrt_id, batch = await messages.charged(caller)
    exp = '{"TRUM_FLAG":"1","REL_TTP_FLAG":"1"}'
    output = await caller.output(
        "2206", messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00", exp_content=exp)
    )
    assert yuan(output["setlinfo"]["hifp_pay"]) == 0
    assert "THIRD_PARTY" in output["setldetail"][0]["setl_proc_info"]


async def test_a_visit_is_cancelled_until_it_is_settled(caller: Caller) -> None:
    asked = messages.registration(world.RETIRED)
    mdtrt_id = (await caller.output("2201", asked))["data"]["mdtrt_id"]
    cancel = {
        "data": {"psn_no": world.RETIRED, "mdtrt_id": mdtrt_id, "ipt_otp_no": asked["data"]["ipt_otp_no"]}
    }
    assert await caller.output("2202", cancel) is None
    assert "VISIT_CLOSED" in await caller.refused("2202", cancel)


async def test_a_settled_visit_cannot_be_cancelled(caller: Caller) -> None:
    asked = messages.registration(world.RETIRED)
    mdtrt_id = (await caller.output("2201", asked))["data"]["mdtrt_id"]
    batch = fresh("B")
    await caller.output("2204", {"feedetail": messages.line(world.RETIRED, mdtrt_id, batch)})
    await caller.output("2207", messages.settlement(world.RETIRED, mdtrt_id, batch, "100.00"))
    cancel = {
        "data": {"psn_no": world.RETIRED, "mdtrt_id": mdtrt_id, "ipt_otp_no": asked["data"]["ipt_otp_no"]}
    }
    assert "VISIT_SETTLED" in await caller.refused("2202", cancel)


async def test_a_registration_number_names_one_visit(caller: Caller) -> None:
    asked = messages.registration()
    mdtrt_id = (await caller.output("2201", asked))["data"]["mdtrt_id"]
    refused = await caller.refused("2201", asked)
    assert "VISIT_DUPLICATE" in refused
    assert mdtrt_id in refused


async def test_diagnoses_are_voided_by_sending_them_again(caller: Caller) -> None:
    mdtrt_id = await messages.visit(caller)
    info = messages.visit_info(world.ACTIVE, mdtrt_id)
    info["diseinfo"] = {**info["diseinfo"][0], "vali_flag": "0"}
    await caller.output("2203A", info)
    shown = await caller.output("5202", {"data": {"psn_no": world.ACTIVE, "mdtrt_id": mdtrt_id}})
    assert shown["diseinfo"] == []


async def test_uploaded_lines_are_taken_back_by_batch_or_all_at_once(caller: Caller) -> None:
    mdtrt_id, batch = await messages.charged(caller)
    asked = {"data": {"psn_no": world.ACTIVE, "mdtrt_id": mdtrt_id, "chrg_bchno": batch}}
    assert await caller.output("2205", asked) is None
    assert "FEE_BATCH_UNKNOWN" in await caller.refused("2205", asked)
    await caller.output("2204", {"feedetail": messages.line(world.ACTIVE, mdtrt_id, batch)})
    await caller.output("2205", {"data": {**asked["data"], "chrg_bchno": "0000"}})
    assert "FEE_BATCH_UNKNOWN" in await caller.refused(
        "2206", messages.settlement(world.ACTIVE, mdtrt_id, batch, "100")
    )
