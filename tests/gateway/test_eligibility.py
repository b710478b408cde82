"""Each refusal of 第二十六条 has its own reason over 2206 and leaves the account; 1101 and 2001 say the same beforehand."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from gongji.base.sqlfiles import Connection
from gongji.gateway.platform import Platform
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import yuan

UNDESIGNATED = "H14083000021"
INTERNET = "H14083000022"
AWAY_UNPOOLED = "H14010500021"
FAR_UNDESIGNATED = "H11010100021"


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    """The small world with places of every kind that the law refuses."""

    async def fill() -> None:
        conn = await asyncpg.connect(pg_url)
        await world.build(conn)
        await world.add_institution(conn, UNDESIGNATED, "测试非定点医院", "hospital", "3", designated=False)
        await world.add_institution(conn, INTERNET, "测试互联网医院", "internet", "3")
        await world.add_institution(
            conn, AWAY_UNPOOLED, "测试省会未开通医院", "hospital", "1", pooled=False, region="140105"
        )
        await world.add_institution(
            conn, FAR_UNDESIGNATED, "测试外省非定点医院", "hospital", "1", designated=False, region="110101"
        )
        await conn.close()

    asyncio.run(fill())
    return pg_url


Make = Callable[[Connection, str], Awaitable[Any]]


def relation(change: str) -> Make:
    async def make(conn: Connection, psn_no: str) -> None:
        await conn.execute(f"UPDATE members_relation SET {change} WHERE psn_no = $1", psn_no)

    return make


def nonbenefit(kind: str) -> Make:
    async def make(conn: Connection, psn_no: str) -> None:
        await conn.execute(
            "INSERT INTO members_nonbenefit (psn_no, spell_no, from_on, until_on, kind)"
            " VALUES ($1, 1, '2024-08-01', '2024-09-30', $2)",
            psn_no,
            kind,
        )

    return make


def filing(kind: str, region: str) -> Make:
    async def make(conn: Connection, psn_no: str) -> None:
        await conn.execute(
            "INSERT INTO members_filing (psn_no, spell_no, kind, subtype, region, filed_on, from_on)"
            " VALUES ($1, 1, $2, '', $3, '2024-01-01', '2024-01-01')",
            psn_no,
            kind,
            region,
        )

    return make


async def nothing(conn: Connection, psn_no: str) -> None:
    """An ordinary member."""


async def member(caller: Caller, platform: Platform, make: Make) -> str:
    psn_no = await messages.somebody(caller, own_fen=60_00)
    async with platform.pool.acquire() as connection:
        await make(connection, psn_no)
    return psn_no


async def presettled(caller: Caller, psn_no: str, code: str, voucher: str) -> dict[str, Any]:
    """What 2206 says of 100.00 at a hospital, 2101 of 50.00 at a pharmacy."""
    if code == world.PHARMACY:
        asked = messages.purchase(psn_no, "50.00", [messages.drug()], **messages.voucher(psn_no, voucher))
        return dict(await caller.output("2101", asked, caller=code))
    registered = await caller.output(
        "2201", messages.registration(psn_no, **messages.voucher(psn_no, voucher)), caller=code
    )
    mdtrt_id, batch = registered["data"]["mdtrt_id"], fresh("B")
    await caller.output("2203", messages.visit_info(psn_no, mdtrt_id), caller=code)
    await caller.output("2204", {"feedetail": [messages.line(psn_no, mdtrt_id, batch)]}, caller=code)
    asked = messages.settlement(psn_no, mdtrt_id, batch, "100.00", **messages.voucher(psn_no, voucher))
    return dict(await caller.output("2206", asked, caller=code))


async def checked(caller: Caller, psn_no: str, code: str, **fields: Any) -> dict[str, dict[str, Any]]:
    """Rows of 2001 by fund."""
    data = {"psn_no": psn_no, "insutype": "310", "med_type": "11", "begntime": "2024-08-15", **fields}
    rows = (await caller.output("2001", {"data": data}, caller=code))["trtinfo"]
    return {row["fund_pay_type"]: row for row in rows}


REFUSED: list[Any] = [
    pytest.param(relation("has_account = false"), world.HOSPITAL, "01", "NO_PERSONAL_ACCOUNT",
                 marks=pytest.mark.clause("SX2022-27.art2.a")),
    pytest.param(nothing, UNDESIGNATED, "01", "NOT_DESIGNATED", marks=pytest.mark.clause("SX2022-27.art26.1a")),
    pytest.param(nothing, world.UNPOOLED_HOSPITAL, "01", "NOT_POOLED_PROVIDER",
                 marks=pytest.mark.clause("SX2022-27.art26.1a")),
    pytest.param(nothing, world.HOSPITAL, "02", "NO_VALID_VOUCHER", marks=pytest.mark.clause("SX2022-27.art26.1b")),
    pytest.param(nothing, world.PHARMACY, "01", "NO_PRESCRIPTION", marks=pytest.mark.clause("SX2022-27.art26.2")),
    pytest.param(filing("LONG_TERM_OUT_OF_PROVINCE", "1101"), FAR_UNDESIGNATED, "01", "NOT_DESIGNATED",
                 marks=pytest.mark.clause("SX2022-27.art26.3")),
    pytest.param(nothing, world.AWAY_HOSPITAL, "01", "OFFSITE_TEMPORARY",
                 marks=pytest.mark.clause("SX2022-27.art26.4")),
    pytest.param(filing("LONG_TERM_IN_PROVINCE", "1401"), AWAY_UNPOOLED, "01", "OFFSITE_NOT_OPEN",
                 marks=pytest.mark.clause("SX2022-27.art24.a")),
    pytest.param(nonbenefit("arrears"), world.HOSPITAL, "01", "ARREARS",
                 marks=pytest.mark.clause("SX2022-27.art26.5a")),
    pytest.param(nonbenefit("waiting"), world.HOSPITAL, "01", "WAITING_PERIOD",
                 marks=pytest.mark.clause("SX2022-27.art26.5b")),
    pytest.param(nothing, INTERNET, "01", "INTERNET_NOT_OPEN",
                 marks=pytest.mark.clause("SX2022-27.art5.a", "SX2021-103.s2.2.h")),
]  # fmt: skip


@pytest.mark.clause("SX2022-27.art26.0")
@pytest.mark.parametrize(("make", "code", "voucher", "reason"), REFUSED)
async def test_each_refusal_has_its_own_reason_and_the_account_pays(
    caller: Caller, platform: Platform, make: Make, code: str, voucher: str, reason: str
) -> None:
    psn_no = await member(caller, platform, make)
    told = await presettled(caller, psn_no, code, voucher)
    info, process = told["setlinfo"], told["setldetail"][0]["setl_proc_info"]
    assert f"〔{reason}〕" in process
    assert "第" in process
    assert yuan(info["hifp_pay"]) == yuan(info["act_pay_dedc"]) == 0
    assert yuan(info["fulamt_ownpay_amt"]) == yuan(info["medfee_sumamt"])
    assert yuan(info["acct_pay"]) == min(60, yuan(info["medfee_sumamt"]))


BEFOREHAND = [
    one
    for one in REFUSED
    if one.values[2] == "01" and one.values[1] not in (world.PHARMACY, world.HOSPITAL, UNDESIGNATED)
] + [one for one in REFUSED if one.values[3] in ("NO_PERSONAL_ACCOUNT", "ARREARS", "WAITING_PERIOD")]


@pytest.mark.parametrize(("make", "code", "voucher", "reason"), BEFOREHAND)
async def test_a_check_beforehand_gives_the_same_reason(
    caller: Caller, platform: Platform, make: Make, code: str, voucher: str, reason: str
) -> None:
    funds = await checked(caller, await member(caller, platform, make), code)
    assert funds["310102"]["trt_enjymnt_flag"] == "0"
    assert f"〔{reason}〕" in funds["310102"]["trt_chk_rslt"]
    assert "依据" in funds["310102"]["trt_chk_rslt"]
    assert funds["310200"]["trt_enjymnt_flag"] == "1"


async def test_the_days_of_an_answer_are_told(caller: Caller, platform: Platform) -> None:
    waiting = await member(caller, platform, nonbenefit("waiting"))
    row = (await checked(caller, waiting, world.HOSPITAL))["310102"]
    assert (row["begndate"], row["enddate"]) == ("2024-08-01", "2024-09-30")


async def test_a_time_is_answered_stretch_by_stretch(caller: Caller, platform: Platform) -> None:
    waiting = await member(caller, platform, nonbenefit("waiting"))
    data = {
        "psn_no": waiting,
        "insutype": "310",
        "med_type": "11",
        "begntime": "2024-07-15",
        "endtime": "2024-10-15",
    }
    rows = (await caller.output("2001", {"data": data}))["trtinfo"]
    pool = [
        (row["trt_enjymnt_flag"], row["begndate"], row["enddate"])
        for row in rows
        if row["fund_pay_type"] == "310102"
    ]
    assert pool == [
        ("1", "2023-01-01", "2024-07-31"),
        ("0", "2024-08-01", "2024-09-30"),
        ("1", "2024-10-01", "2029-06-30"),
    ]


async def test_an_end_before_the_beginning_is_refused(caller: Caller) -> None:
    data = {"psn_no": world.ACTIVE, "med_type": "11", "begntime": "2024-08-15", "endtime": "2024-08-14"}
    assert "endtime" in await caller.refused("2001", {"data": data})


async def test_a_family_account_is_answered_with_the_days_for_which_it_is_lent(caller: Caller) -> None:
    row = (await checked(caller, world.FAMILY, world.HOSPITAL))["310201"]
    assert (row["trt_enjymnt_flag"], row["enddate"]) == ("1", "2029-06-30")
    alone = (await checked(caller, world.ACTIVE, world.HOSPITAL))["310201"]
    assert alone["trt_enjymnt_flag"] == "0"
    assert "FAMILY_NOT_BOUND" in alone["trt_chk_rslt"]


async def test_an_empty_account_is_nothing_to_enjoy(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    row = (await checked(caller, psn_no, world.HOSPITAL))["310200"]
    assert row["trt_enjymnt_flag"] == "0"
    assert "BALANCE_INSUFFICIENT" in row["trt_chk_rslt"]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ("until_on = NULL", "1"),
        ("until_on = '2024-06-30'", "2"),
        ("until_on = '2024-06-30', end_reason = 'suspended'", "2"),
        ("until_on = '2024-06-30', end_reason = 'leaving'", "4"),
        ("until_on = '2024-06-30', end_reason = 'transfer_out'", "4"),
        ("from_on = '2199-01-01'", None),
    ],
)
async def test_the_state_of_the_insurance_is_told(
    caller: Caller, platform: Platform, change: str, state: str | None
) -> None:
    psn_no = await member(caller, platform, relation(change))
    rows = (await caller.output("1101", {"data": messages.voucher(psn_no)}))["insuinfo"]
    assert [row["psn_insu_stas"] for row in rows] == ([state] if state else [])


async def test_a_pause_is_told_instead_of_being_uninsured(caller: Caller, platform: Platform) -> None:
    psn_no = await member(caller, platform, relation("until_on = '2024-06-30'"))
    row = (await checked(caller, psn_no, world.HOSPITAL))["310102"]
    assert "〔INSURANCE_PAUSED〕" in row["trt_chk_rslt"]
    assert (row["begndate"], row["enddate"]) == ("2024-07-01", None)


async def test_a_special_identity_is_told_with_its_days(caller: Caller, platform: Platform) -> None:
    psn_no = await member(
        caller, platform, relation("category = 'bankrupt_retiree', status = 'retired', payer = 'finance'")
    )
    rows = (await caller.output("1101", {"data": messages.voucher(psn_no)}))["idetinfo"]
    assert rows == [
        {
            "psn_idet_type": "60",
            "psn_type_lv": None,
            "memo": "关闭破产企业退休人员",
            "begntime": "2020-01-01 00:00:00",
            "endtime": None,
        }
    ]


async def entitle(conn: Connection, psn_no: str) -> None:
    """Two diseases and a treatment."""
    for number, (code, name, treatment) in enumerate(
        [("M03900", "高血压", ""), ("M01600", "糖尿病", ""), ("M07800", "透析", "dialysis")], start=1
    ):
        await conn.execute(
            "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, treatment)"
            " VALUES ($1, $2, '2024-01-01', $3, $4, $5)",
            psn_no,
            number,
            code,
            name,
            treatment,
        )


async def test_each_chronic_disease_has_a_row_that_names_it(caller: Caller, platform: Platform) -> None:
    psn_no = await member(caller, platform, entitle)
    data = {"psn_no": psn_no, "insutype": "310", "med_type": "14", "begntime": "2024-08-15"}
    rows = (await caller.output("2001", {"data": data}))["trtinfo"]
    named = {
        json.loads(row["exp_content"])["DISE_CODG"]: row["trt_enjymnt_flag"]
        for row in rows
        if row["fund_pay_type"] == "310100"
    }
    assert named == {"M03900": "1", "M01600": "1", "M07800": "0"}


async def test_only_the_disease_asked_for_is_answered(caller: Caller, platform: Platform) -> None:
    psn_no = await member(caller, platform, entitle)
    data = {"psn_no": psn_no, "med_type": "14", "begntime": "2024-08-15", "dise_codg": "M01600"}
    rows = (await caller.output("2001", {"data": data}))["trtinfo"]
    assert [json.loads(row["exp_content"]) for row in rows if row["exp_content"]] == [
        {"DISE_CODG": "M01600", "DISE_NAME": "糖尿病"}
    ]


async def test_negotiated_drugs_are_answered_in_place_of_the_ordinary_benefit(caller: Caller) -> None:
    data = {"psn_no": world.ACTIVE, "med_type": "18", "begntime": "2024-08-15"}
    rows = (await caller.output("2001", {"data": data}))["trtinfo"]
    assert [row["fund_pay_type"] for row in rows] == ["310102", "310200", "310201"]


async def test_a_member_without_any_chronic_disease_is_told_so(caller: Caller) -> None:
    rows = await checked(caller, world.ACTIVE, world.HOSPITAL, med_type="14")
    assert "NOT_QUALIFIED_CHRONIC" in rows["310100"]["trt_chk_rslt"]
