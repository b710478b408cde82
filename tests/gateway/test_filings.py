"""2501-2506 and 5301, 5302, 5304: what an institution files for a member, what comes of it, and taking it back."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gongji.base.actors import Actor
from gongji.gateway.platform import Platform
from gongji.members.declarations import decide
from gongji.members.rows import FilingRow
from gongji.members.services import cancel_filing, file_offsite
from gongji.members.writing import Act, Written
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import yuan

OFFICER = Actor("agency", "zhang")


def act(platform: Platform, at: datetime | None = None, reason: str = "材料齐全") -> Act:
    return Act(OFFICER, at or datetime.now(UTC), reason, platform.ids)


async def settled(
    caller: Caller, psn_no: str, code: str, on: str = messages.DAY, **fields: Any
) -> dict[str, Any]:
    """Setlinfo of a visit of 100.00 at ``code``, with ``reason``: why the pool paid what it paid."""
    registered = await caller.output("2201", messages.registration(psn_no, begntime=on), caller=code)
    mdtrt_id, batch = registered["data"]["mdtrt_id"], fresh("B")
    await caller.output("2203", messages.visit_info(psn_no, mdtrt_id, begntime=on, **fields), caller=code)
    line = messages.line(psn_no, mdtrt_id, batch, fee_ocur_time=on)
    await caller.output("2204", {"feedetail": [line]}, caller=code)
    asked = messages.settlement(
        psn_no, mdtrt_id, batch, "100.00", **{k: v for k, v in fields.items() if k == "med_type"}
    )
    done = await caller.output("2207", asked, caller=code)
    return {**done["setlinfo"], "details": done["setldetail"]}


def why(info: dict[str, Any]) -> str:
    return str(info["details"][0]["setl_proc_info"])


async def filed(caller: Caller, infno: str, nodes: dict[str, Any], **options: Any) -> str:
    return str((await caller.output(infno, nodes, **options))["result"]["trt_dcla_detl_sn"])


def withdrawal(psn_no: str, number: str, memo: str = "填错") -> dict[str, Any]:
    return {"data": {"psn_no": psn_no, "trt_dcla_detl_sn": number, "memo": memo}}


async def filings(platform: Platform, psn_no: str) -> list[tuple[Any, ...]]:
    async with platform.pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT kind, subtype, region, from_on, until_on, declaration_id FROM members_filing WHERE psn_no = $1",
            psn_no,
        )
    return [tuple(row) for row in rows]


# ── 转院 ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_referral_is_a_temporary_filing_for_the_place_at_once(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2501", messages.referral(psn_no))
    assert await filings(platform, psn_no) == [
        ("TEMPORARY", "referral", "140105", date(2024, 8, 15), date(2025, 2, 15), int(number))
    ]


async def test_a_referral_taken_back_leaves_no_filing_but_its_history(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2501", messages.referral(psn_no))
    await caller.output("2502", withdrawal(psn_no, number))
    assert await filings(platform, psn_no) == []
    assert "DECLARATION_DECIDED" in await caller.refused("2502", withdrawal(psn_no, number))
    async with platform.pool.acquire() as connection:
        lines = await connection.fetch(
            "SELECT content IS NULL AS gone, actor, reason FROM members_change"
            " WHERE psn_no = $1 AND part = 'filing' ORDER BY revision",
            psn_no,
        )
    assert [tuple(line) for line in lines] == [
        (False, f"institution:{world.HOSPITAL}", "本院条件所限"),
        (True, f"institution:{world.HOSPITAL}", "填错"),
    ]


@pytest.mark.clause("SX2022-27.art26.4")
async def test_a_referred_member_is_refused_the_pool_in_shanxi_and_pays_from_the_account(
    caller: Caller,
) -> None:
    psn_no = await messages.somebody(caller, own_fen=60_00)
    number = await filed(caller, "2501", messages.referral(psn_no))
    info = await settled(caller, psn_no, world.AWAY_HOSPITAL)
    assert "OFFSITE_TEMPORARY" in why(info)
    assert (yuan(info["hifp_pay"]), yuan(info["acct_pay"])) == (0, 60)
    assert "FILING_USED" in await caller.refused("2502", withdrawal(psn_no, number))


async def test_a_referral_whose_only_settlement_was_reversed_can_be_taken_back(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2501", messages.referral(psn_no))
    info = await settled(caller, psn_no, world.AWAY_HOSPITAL)
    key = {"psn_no": psn_no, "setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"]}
    await caller.output("2208", {"data": key}, caller=world.AWAY_HOSPITAL)
    await caller.output("2502", withdrawal(psn_no, number))


async def test_a_settlement_at_home_does_not_use_a_referral(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2501", messages.referral(psn_no))
    await settled(caller, psn_no, world.HOSPITAL)
    await caller.output("2502", withdrawal(psn_no, number))


@pytest.mark.clause("SX2022-27.art24.a", "SX2022-27.art24.b")
async def test_a_long_term_filing_settles_like_at_home_until_it_is_cancelled(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await messages.somebody(caller, status="retired")
    row = FilingRow(
        date(2024, 1, 1), None, "LONG_TERM_IN_PROVINCE", "resettled_retiree", "140100", date(2024, 1, 1)
    )
    begun = act(platform, datetime(2024, 1, 1, 8, tzinfo=UTC))
    ended = act(platform, datetime(2024, 8, 1, 8, tzinfo=UTC))
    async with platform.pool.acquire() as connection:
        done = await file_offsite(connection, begun, platform.law, psn_no, row)
        assert isinstance(done, Written)
        spell_no = done.changes[0].spell_no
    paid = await settled(caller, psn_no, world.AWAY_HOSPITAL, "2024-07-15 09:00:00")
    assert yuan(paid["hifp_pay"]) > 0
    async with platform.pool.acquire() as connection:
        cancelled = await cancel_filing(connection, ended, platform.law, psn_no, spell_no, date(2024, 8, 1))
        assert isinstance(cancelled, Written)
    refused = await settled(caller, psn_no, world.AWAY_HOSPITAL)
    assert "OFFSITE_TEMPORARY" in why(refused)
    assert yuan(refused["hifp_pay"]) == 0


@pytest.mark.clause("SX2022-27.art24.c")
async def test_a_filing_out_of_the_province_pays_by_the_level_of_the_place(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await messages.somebody(caller)
    row = FilingRow(
        date(2024, 1, 1), None, "LONG_TERM_OUT_OF_PROVINCE", "stationed_worker", "110100", date(2024, 1, 1)
    )
    async with platform.pool.acquire() as connection:
        begun = act(platform, datetime(2024, 1, 1, 8, tzinfo=UTC))
        assert isinstance(await file_offsite(connection, begun, platform.law, psn_no, row), Written)
    assert yuan((await settled(caller, psn_no, world.FAR_HOSPITAL))["hifp_pay"]) > 0


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"reflin_medins_no": "H99999999999"}, "UNKNOWN_INSTITUTION"),
        ({"mdtrtarea_admdvs": "140200"}, "BAD_FIELD"),
        ({"mdtrtarea_admdvs": "北京"}, "BAD_FIELD"),
        ({"reflin_medins_no": world.OTHER_HOSPITAL, "mdtrtarea_admdvs": world.REGION}, "FILING_AT_HOME"),
        ({"hosp_agre_refl_flag": "0"}, "BAD_FIELD"),
        ({"refl_type": "9"}, "UNKNOWN_CODE"),
        ({"insutype": "390"}, "NOT_EMPLOYEE_SCHEME"),
        ({"insu_optins": "110101"}, "BAD_FIELD"),
        ({"begndate": "2024-08-16", "enddate": "2024-08-15"}, "DATE_ORDER"),
        ({"refl_date": "2019-01-01"}, "NOT_INSURED"),
        ({"refl_old_mdtrt_id": "900000000000000001"}, "UNKNOWN_VISIT"),
        ({"psn_no": "NOBODY"}, "UNKNOWN_MEMBER"),
    ],
)
async def test_a_referral_that_cannot_be_is_refused(
    caller: Caller, platform: Platform, fields: dict[str, str], reason: str
) -> None:
    psn_no = await messages.somebody(caller)
    refused = await caller.refused("2501", messages.referral(psn_no, **fields))
    assert reason in refused
    assert await filings(platform, psn_no) == []


async def test_a_pharmacy_refers_nobody(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    assert "FORBIDDEN" in await caller.refused("2501", messages.referral(psn_no), caller=world.PHARMACY)


async def test_of_two_referrals_for_the_same_days_the_second_is_refused(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    await filed(caller, "2501", messages.referral(psn_no))
    assert "FILING_OVERLAP" in await caller.refused("2501", messages.referral(psn_no))


async def test_a_referral_is_found_again_by_who_filed_it_and_by_nobody_else(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2501", messages.referral(psn_no))
    period = {"data": {"psn_no": psn_no, "begntime": "2024-08-15 00:00:00", "endtime": "2024-08-15 23:59:59"}}
    rows = (await caller.output("5304", period))["refmedin"]
    assert [(row["reflin_medins_no"], row["tel"], row["out_flag"]) for row in rows] == [
        (world.AWAY_HOSPITAL, "13900000000", "1")
    ]
    assert rows[0]["dise_cond_dscr"] == "病情 描述"
    other = await caller.output("5304", period, caller=world.OTHER_HOSPITAL)
    assert other["refmedin"] == []
    later = {"data": {**period["data"], "begntime": "2024-08-16 00:00:00", "endtime": ""}}
    assert (await caller.output("5304", later))["refmedin"] == []
    await caller.output("2502", withdrawal(psn_no, number))
    assert (await caller.output("5304", period))["refmedin"] == []


async def test_contact_data_of_a_filing_are_not_in_clear_on_disk(caller: Caller, platform: Platform) -> None:
    psn_no = await messages.somebody(caller)
    await filed(caller, "2501", messages.referral(psn_no))
    async with platform.pool.acquire() as connection:
        row = await connection.fetchrow(
            "SELECT content::text AS content, sealed FROM members_declaration WHERE psn_no = $1", psn_no
        )
    assert row["sealed"] is not None
    assert "13900000000" not in row["content"]
    assert b"13900000000" not in row["sealed"]


async def test_of_many_referrals_at_once_one_is_filed(caller: Caller, platform: Platform) -> None:
    psn_no = await messages.somebody(caller)
    answers = await asyncio.gather(
        *(Caller(caller.app).call("2501", messages.referral(psn_no)) for _ in range(8))
    )
    assert sorted(answer["infcode"] for answer in answers) == [-1] * 7 + [0]
    assert all("FILING_OVERLAP" in answer["err_msg"] for answer in answers if answer["infcode"])
    assert len(await filings(platform, psn_no)) == 1


# ── 慢特病 ──────────────────────────────────────────────────────────────────────────────────────────────────


CHRONIC_VISIT = {"med_type": "14", "dise_codg": "M03900", "dise_name": "高血压"}


async def test_an_approved_chronic_disease_is_checked_found_and_paid(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2503", messages.chronic(psn_no))
    check = {
        "data": {
            "psn_no": psn_no,
            "med_type": "14",
            "begntime": "2024-08-15",
            "dise_codg": "M03900",
            "insutype": "310",
        }
    }

    async def enjoyed() -> tuple[str, str | None]:
        rows = (await caller.output("2001", check))["trtinfo"]
        row = next(row for row in rows if row["fund_pay_type"] == "310100")
        return row["trt_enjymnt_flag"], row["trt_chk_rslt"]

    flag, reason = await enjoyed()
    assert flag == "0"
    assert "NOT_QUALIFIED_CHRONIC" in str(reason)
    assert (await caller.output("5301", {"data": {"psn_no": psn_no}}))["feedetail"] == []

    async with platform.pool.acquire() as connection:
        done = await decide(connection, act(platform), platform.law, psn_no, int(number), approve=True)
    assert isinstance(done, Written)
    assert await enjoyed() == ("1", None)
    found = (await caller.output("5301", {"data": {"psn_no": psn_no}}))["feedetail"]
    assert found == [
        {
            "opsp_dise_code": "M03900",
            "opsp_dise_name": "高血压",
            "begndate": "2024-08-01",
            "enddate": None,
        }
    ]
    info = await settled(caller, psn_no, world.HOSPITAL, **CHRONIC_VISIT)
    assert yuan(info["hifp_pay"]) == 80
    assert "DECLARATION_DECIDED" in await caller.refused("2504", withdrawal(psn_no, number))


async def test_an_application_taken_back_is_never_decided(caller: Caller, platform: Platform) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2503", messages.chronic(psn_no))
    await caller.output("2504", withdrawal(psn_no, number))
    async with platform.pool.acquire() as connection:
        done = await decide(connection, act(platform), platform.law, psn_no, int(number), approve=True)
    assert getattr(done, "code", "") == "DECLARATION_DECIDED"
    await filed(caller, "2503", messages.chronic(psn_no))


async def test_of_a_withdrawal_and_a_decision_at_once_one_stands(caller: Caller, platform: Platform) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2503", messages.chronic(psn_no))

    async def approve() -> Any:
        async with platform.pool.acquire() as connection:
            return await decide(connection, act(platform), platform.law, psn_no, int(number), approve=True)

    withdrawn, approved = await asyncio.gather(caller.call("2504", withdrawal(psn_no, number)), approve())
    assert (withdrawn["infcode"] == 0) != isinstance(approved, Written)
    found = (await caller.output("5301", {"data": {"psn_no": psn_no}}))["feedetail"]
    assert len(found) == int(isinstance(approved, Written))


async def test_one_disease_waits_once(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    await filed(caller, "2503", messages.chronic(psn_no))
    assert "DECLARATION_PENDING" in await caller.refused("2503", messages.chronic(psn_no))
    await filed(caller, "2503", messages.chronic(psn_no, opsp_dise_code="M01600", opsp_dise_name="糖尿病"))


async def test_another_institutions_application_does_not_exist_here(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2503", messages.chronic(psn_no))
    referral = await filed(caller, "2501", messages.referral(psn_no))
    for infno, filing in (("2504", number), ("2502", referral)):
        refused = await caller.refused(infno, withdrawal(psn_no, filing), caller=world.OTHER_HOSPITAL)
        assert "DECLARATION_NOT_FOUND" in refused
    assert "DECLARATION_NOT_FOUND" in await caller.refused("2506", withdrawal(psn_no, number))
    assert "DECLARATION_NOT_FOUND" in await caller.refused("2504", withdrawal(world.ACTIVE, number))
    assert "DECLARATION_NOT_FOUND" in await caller.refused("2504", withdrawal(psn_no, "没有"))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"ide_fixmedins_no": "H99999999999"}, "UNKNOWN_INSTITUTION"),
        ({"hosp_ide_date": "2199-01-01"}, "DATE_IN_FUTURE"),
        ({"begndate": "2024-08-16", "enddate": "2024-08-15"}, "DATE_ORDER"),
        ({"insu_optins": "110101"}, "BAD_FIELD"),
        ({"insutype": "390"}, "NOT_EMPLOYEE_SCHEME"),
        ({"psn_no": "NOBODY"}, "UNKNOWN_MEMBER"),
    ],
)
async def test_a_chronic_application_that_cannot_be_is_refused(
    caller: Caller, fields: dict[str, str], reason: str
) -> None:
    psn_no = await messages.somebody(caller)
    assert reason in await caller.refused("2503", messages.chronic(psn_no, **fields))


async def test_the_day_of_an_operation_is_kept_however_it_is_written(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await messages.somebody(caller)
    await filed(caller, "2503", messages.chronic(psn_no, exp_content="24-08-01"))
    nodes = messages.chronic(psn_no, opsp_dise_code="M01600", exp_content={"OPRN": "24-08-01"})
    await filed(caller, "2503", nodes)
    async with platform.pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT content->>'operated_on' FROM members_declaration WHERE psn_no = $1 ORDER BY declaration_id",
            psn_no,
        )
    assert [row[0] for row in rows] == ["24-08-01", '{"OPRN":"24-08-01"}']


# ── 定点 ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_chosen_institution_is_listed_once_the_agency_approved(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2505", messages.chosen(psn_no))
    asked = {"data": {"psn_no": psn_no, "biz_appy_type": "03"}}
    assert (await caller.output("5302", asked))["psnfixmedin"] == []
    async with platform.pool.acquire() as connection:
        done = await decide(connection, act(platform), platform.law, psn_no, int(number), approve=True)
    assert isinstance(done, Written)
    (row,) = (await caller.output("5302", asked))["psnfixmedin"]
    assert (row["fixmedins_code"], row["fix_srt_no"], row["begndate"]) == (world.HOSPITAL, "1", "2024-08-01")
    other = {"data": {"psn_no": psn_no, "biz_appy_type": "01"}}
    assert (await caller.output("5302", other))["psnfixmedin"] == []
    assert "DECLARATION_DECIDED" in await caller.refused("2506", withdrawal(psn_no, number))


async def test_a_choice_is_taken_back_before_it_is_decided(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    number = await filed(caller, "2505", messages.chosen(psn_no))
    await caller.output("2506", withdrawal(psn_no, number))
    await filed(caller, "2505", messages.chosen(psn_no))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"biz_appy_type": "77"}, "UNKNOWN_CODE"),
        ({"agnter_rlts": "77"}, "UNKNOWN_CODE"),
        ({"fixmedins_code": world.OTHER_HOSPITAL}, "FORBIDDEN"),
        ({"fix_srt_no": "一"}, "BAD_FIELD"),
        ({"psn_no": "NOBODY"}, "UNKNOWN_MEMBER"),
    ],
)
async def test_a_choice_that_cannot_be_is_refused(
    caller: Caller, fields: dict[str, str], reason: str
) -> None:
    psn_no = await messages.somebody(caller)
    assert reason in await caller.refused("2505", messages.chosen(psn_no, **fields))


@pytest.mark.parametrize("infno", ["5301", "5302", "5304"])
async def test_a_query_about_nobody_is_refused(caller: Caller, infno: str) -> None:
    asked = {"psn_no": "NOBODY", "biz_appy_type": "03", "begntime": "2024-08-15"}
    refused = await caller.refused(infno, {"data": asked})
    assert "UNKNOWN_MEMBER" in refused
    assert "NOBODY" not in refused
