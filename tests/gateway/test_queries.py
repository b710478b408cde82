"""1101, 1201, 1901, 2001, 5201-5206, 9001, 9002: what institutions ask."""

from decimal import Decimal

import pytest

from gongji.gateway.platform import Platform
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import family, yuan


@pytest.mark.parametrize("kind", ["01", "02", "03"])
async def test_a_member_is_identified_by_each_kind_of_voucher(caller: Caller, kind: str) -> None:
    output = await caller.output("1101", {"data": messages.voucher(world.RETIRED, kind)})
    assert output["baseinfo"]["psn_no"] == world.RETIRED
    assert output["insuinfo"][0]["insutype"] == "310"
    assert output["insuinfo"][0]["psn_insu_stas"] == "1"
    assert output["idetinfo"] == []


async def test_a_certificate_alone_identifies_too(caller: Caller) -> None:
    output = await caller.output(
        "1101", {"data": {"psn_cert_type": "01", "certno": world.certno_of(world.RETIRED)}}
    )
    assert output["baseinfo"]["psn_no"] == world.RETIRED


async def test_the_balance_is_shown(caller: Caller) -> None:
    output = await caller.output("1101", {"data": messages.voucher(world.SPOUSE)})
    assert yuan(output["insuinfo"][0]["balc"]) == 30


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"mdtrt_cert_type": "02", "mdtrt_cert_no": "110101199001011237"}, "UNKNOWN_MEMBER"),
        ({**messages.voucher(world.EXPIRED, "03")}, "CARD_EXPIRED"),
        ({**messages.voucher(world.ACTIVE), "psn_name": "别人"}, "VOUCHER_MISMATCH"),
        ({**messages.voucher(world.ACTIVE), "certno": "110101199001011237"}, "VOUCHER_MISMATCH"),
        ({**messages.voucher(world.ACTIVE, "03"), "card_sn": "OTHER"}, "UNKNOWN_MEMBER"),
        ({"mdtrt_cert_type": "09", "mdtrt_cert_no": "1"}, "UNKNOWN_CODE"),
        ({"mdtrt_cert_type": "01", "mdtrt_cert_no": ""}, "MISSING_FIELD"),
    ],
)
async def test_somebody_who_cannot_be_identified_is_refused(
    caller: Caller, fields: dict[str, str], reason: str
) -> None:
    refused = await caller.refused("1101", {"data": fields})
    assert reason in refused
    assert "110101199001011237" not in refused


async def test_an_institution_is_found_by_code_or_by_words(caller: Caller) -> None:
    by_code = await caller.output(
        "1201", {"medinsInfo": {"fixmedins_type": "1", "fixmedins_code": world.HOSPITAL}}
    )
    assert by_code["medinsinfo"][0]["fixmedins_name"] == "测试县医院"
    by_words = await caller.output(
        "1201", {"medinsinfo": {"fixmedins_type": "2", "fixmedins_name": "大药房"}}
    )
    assert [row["fixmedins_code"] for row in by_words["medinsinfo"]] == [world.PHARMACY]
    none = await caller.output(
        "1201", {"medinsinfo": {"fixmedins_type": "2", "fixmedins_code": world.HOSPITAL}}
    )
    assert none["medinsinfo"] == []


async def test_an_institution_query_needs_code_or_name(caller: Caller) -> None:
    assert "至少填写一项" in await caller.refused("1201", {"medinsinfo": {"fixmedins_type": "1"}})


async def test_a_dictionary_is_read(caller: Caller) -> None:
    asked = {
        "data": {
            "type": "gend",
            "parent_value": "",
            "admdvs": "140830",
            "date": "2024-01-01",
            "vali_flag": "1",
        }
    }
    rows = (await caller.output("1901", asked))["list"]
    assert {row["value"]: row["label"] for row in rows}["1"] == "男"
    assert set(rows[0]) == {
        "type", "label", "value", "parentValue", "sort", "valiFlag", "createUser", "createDate", "version",
    }  # fmt: skip
    assert "UNKNOWN_CODE" in await caller.refused("1901", {"data": {"type": "nosuch"}})


async def test_benefits_are_checked_fund_by_fund_with_reasons(caller: Caller) -> None:
    def asked(psn_no: str) -> dict[str, object]:
        return {"data": {"psn_no": psn_no, "insutype": "310", "med_type": "11", "begntime": "2024-08-15"}}

    good = {
        row["fund_pay_type"]: row for row in (await caller.output("2001", asked(world.ACTIVE)))["trtinfo"]
    }
    assert good["310102"]["trt_enjymnt_flag"] == "1"
    bad = {
        row["fund_pay_type"]: row for row in (await caller.output("2001", asked(world.ARREARS)))["trtinfo"]
    }
    assert bad["310102"]["trt_enjymnt_flag"] == "0"
    assert "ARREARS" in bad["310102"]["trt_chk_rslt"]
    clinic = await caller.output("2001", asked(world.ACTIVE), caller=world.CLINIC)
    assert clinic["trtinfo"][0]["trt_enjymnt_flag"] == "0"


async def test_what_was_done_here_is_found_again(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    done = (await caller.output("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00")))["setlinfo"]
    period = {
        "psn_no": psn_no,
        "begntime": "2024-08-15 00:00:00",
        "endtime": "2024-08-15 23:59:59",
        "med_type": "11",
    }
    visits = (await caller.output("5201", {"data": period}))["mdtrtinfo"]
    assert [row["mdtrt_id"] for row in visits] == [mdtrt_id]
    key = {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "setl_id": done["setl_id"]}
    diagnoses = (await caller.output("5202", {"data": key}))["diseinfo"]
    assert diagnoses[0]["diag_code"] == "I10.x00"
    assert diagnoses[0]["maindiag_flag"] == "1"
    settlement = await caller.output("5203", {"data": key})
    assert settlement["setlinfo"]["hifp_pay"] == done["hifp_pay"]
    assert settlement["setlinfo"]["cash_payamt"] == done["psn_cash_pay"]
    assert settlement["setlinfo"]["refd_setl_flag"] == "0"
    lines = await caller.output("5204", {"data": key})
    assert lines[0]["inscp_scp_amt"] == 100
    assert lines[0]["hilist_name"] == "测试甲类片"


async def test_a_refund_shows_in_the_query(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    done = (await caller.output("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00")))["setlinfo"]
    key = {"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "setl_id": done["setl_id"]}}
    await caller.output("2208", key)
    assert (await caller.output("5203", key))["setlinfo"]["refd_setl_flag"] == "1"


async def test_the_years_sums_are_told(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    await caller.output("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00"))
    rows = (await caller.output("5206", {"data": {"psn_no": psn_no, "cum_ym": "202408"}}))["cuminfo"]
    sums = {row["cum_type_code"]: yuan(row["cum"]) for row in rows}
    assert sums == {"DEDC": 30, "INSCP": 100, "HIFP": Decimal("45.50"), "OPSP": 0}
    assert "cum_ym" in await caller.refused("5206", {"data": {"psn_no": psn_no, "cum_ym": "2024年"}})


async def test_chronic_medication_of_nobody_is_an_empty_list(caller: Caller) -> None:
    asked = {"data": {"psn_no": world.ACTIVE, "begntime": "2024-01-01 00:00:00"}}
    assert (await caller.output("5205", asked))["feedetail"] == []


async def test_an_operator_signs_in_and_out_once_a_day(caller: Caller) -> None:
    signed = (await caller.output("9001", {"signIn": {"opter_no": "1", "mac": "m", "ip": "i"}}))["signinoutb"]
    out = {"signOut": {"sign_no": signed["sign_no"], "opter_no": "1"}}
    assert (await caller.output("9002", out))["signoutoutb"]["sign_time"]
    assert "NOT_SIGNED_IN" in await caller.refused("9002", out)


async def test_nobody_signs_out_for_another_institution(caller: Caller) -> None:
    signed = (await caller.output("9001", {"signIn": {"opter_no": "1", "mac": "m", "ip": "i"}}))["signinoutb"]
    out = {"signOut": {"sign_no": signed["sign_no"], "opter_no": "1"}}
    assert "NOT_SIGNED_IN" in await caller.refused("9002", out, caller=world.OTHER_HOSPITAL)


@pytest.mark.parametrize("infno", ["2304", "3201", "4101"])
async def test_a_known_trade_that_is_not_offered_says_so(caller: Caller, infno: str) -> None:
    refused = await caller.refused(infno, {})
    assert "TRADE_NOT_OFFERED" in refused
    assert "未开放" in refused


async def test_an_unknown_trade_is_refused_in_the_platforms_words(caller: Caller) -> None:
    answer = await caller.call(fresh("7")[:4], {})
    assert answer["type"] == "error"
    assert answer["err_msg"].startswith("FSI-交易报文不正确：未知交易编号！")
