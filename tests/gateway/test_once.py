"""At most once: one number, one effect, one answer, and 2601 for an answer that never came."""

import asyncio
from typing import Any

import pytest

from gongji.gateway.platform import Platform
from tests.gateway import messages, rx_offered, stock_messages, world
from tests.gateway.client import Caller, envelope, fresh
from tests.gateway.offered import WITHDRAWN
from tests.gateway.test_outpatient import family, row_counts, yuan

FILING = {"2501": messages.referral, "2503": messages.chronic, "2505": messages.chosen}


async def filing(caller: Caller, infno: str, psn_no: str) -> dict[str, Any]:
    """Nodes of a trade that files something or takes it back."""
    if infno in FILING:
        return FILING[infno](psn_no)
    done = await caller.output(WITHDRAWN[infno], FILING[WITHDRAWN[infno]](psn_no))
    number = done["result"]["trt_dcla_detl_sn"]
    return {"data": {"psn_no": psn_no, "trt_dcla_detl_sn": number, "memo": "填错"}}


async def signing(caller: Caller, infno: str) -> dict[str, Any]:
    """Nodes of 9001 or 9002."""
    signed = {"signIn": {"opter_no": "1", "mac": "m", "ip": "i"}}
    if infno == "9001":
        return signed
    sign_no = (await caller.output("9001", signed))["signinoutb"]["sign_no"]
    return {"signOut": {"sign_no": sign_no, "opter_no": "1"}}


async def departing(caller: Caller, infno: str) -> dict[str, Any]:
    """Nodes of 3401-3403."""
    row = messages.department()
    if infno in ("3402", "3403"):
        await caller.output("3401", {"deptinfo": row})
    if infno == "3403":
        return {"data": messages.department_key(hosp_dept_codg=row["hosp_dept_codg"])}
    return {"deptinfo": row | {"hosp_dept_name": "内科门诊"}}


async def cataloguing(caller: Caller, infno: str) -> dict[str, Any]:
    """Nodes of 3301, 3302."""
    mapped = messages.item_mapping(own := fresh("I"))
    if infno == "3301":
        return mapped
    await caller.output("3301", mapped)
    return messages.mapping_withdrawal(own)


async def sending(_: Caller, infno: str) -> dict[str, Any]:
    """Nodes of 9101."""
    assert infno == "9101"
    return messages.file_upload()


async def stocking(caller: Caller, infno: str) -> dict[str, Any]:
    """Nodes of 3501-3507A, 3592B."""
    if infno == "3592B":
        return stock_messages.virtual()
    batch = fresh("PC")
    if infno.startswith("3507"):
        await caller.output("3503", stock_messages.nodes("3503", fixmedins_bchno=batch))
    return stock_messages.nodes(infno, fixmedins_bchno=batch)


ABOUT_NOBODY = {"33": cataloguing, "34": departing, "35": stocking, "90": signing, "91": sending}
"""Families of trades that do nothing with a member."""


async def writing(caller: Caller, infno: str, psn_no: str) -> tuple[dict[str, Any], str]:
    """Nodes of a writing trade that will succeed, and its caller."""
    if infno in rx_offered.TRADES:
        code, nodes = await rx_offered.filled(caller, infno, psn_no)
        return nodes, code
    return await settling(caller, infno, psn_no)


async def settling(caller: Caller, infno: str, psn_no: str) -> tuple[dict[str, Any], str]:
    """``writing`` of the trades around visits, settlements and filings."""
    about_nobody = ABOUT_NOBODY.get(infno[:2])
    if about_nobody is not None:
        return await about_nobody(caller, infno), world.HOSPITAL
    if infno == "2201":
        return messages.registration(psn_no), world.HOSPITAL
    if infno == "2202":
        asked = messages.registration(psn_no)
        mdtrt_id = (await caller.output("2201", asked))["data"]["mdtrt_id"]
        data = {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "ipt_otp_no": asked["data"]["ipt_otp_no"]}
        return {"data": data}, world.HOSPITAL
    if infno in ("2203", "2203A"):
        return messages.visit_info(psn_no, await messages.visit(caller, psn_no)), world.HOSPITAL
    if infno == "2204":
        mdtrt_id = await messages.visit(caller, psn_no)
        return {"feedetail": [messages.line(psn_no, mdtrt_id, fresh("B"))]}, world.HOSPITAL
    if infno == "2102":
        return messages.purchase(psn_no, "50.00", [messages.drug()]), world.PHARMACY
    if infno == "2103":
        sold = messages.purchase(psn_no, "50.00", [messages.drug()])
        done = (await caller.output("2102", sold, caller=world.PHARMACY))["setlinfo"]
        return {
            "data": {"psn_no": psn_no, "setl_id": done["setl_id"], "mdtrt_id": done["mdtrt_id"]}
        }, world.PHARMACY
    if infno.startswith("25"):
        return await filing(caller, infno, psn_no), world.HOSPITAL
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    if infno == "2205":
        return {"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "chrg_bchno": batch}}, world.HOSPITAL
    asked = messages.settlement(psn_no, mdtrt_id, batch, "100.00")
    if infno in ("2207", "2207A"):
        return asked, world.HOSPITAL
    omsgid = fresh("O")
    done = (await caller.output("2207", asked, msgid=omsgid))["setlinfo"]
    if infno == "2208":
        return {"data": {"psn_no": psn_no, "setl_id": done["setl_id"], "mdtrt_id": mdtrt_id}}, world.HOSPITAL
    assert infno == "2601"
    return {"data": {"psn_no": psn_no, "omsgid": omsgid, "oinfno": "2207"}}, world.HOSPITAL


WRITING = [
    "9001", "9002", "2201", "2202", "2203", "2203A", "2204", "2205", "2207", "2207A", "2208", "2102", "2103", "2601",
    "2501", "2502", "2503", "2504", "2505", "2506", "3301", "3302", "9101", "3401", "3401A", "3402", "3403",
    *stock_messages.WRITING, *rx_offered.HOSPITAL_WRITES, *rx_offered.PHARMACY_WRITES,
]  # fmt: skip


def test_every_writing_trade_is_tried() -> None:
    from gongji.gateway.trades import TRADES

    assert sorted(WRITING) == sorted(trade.infno for trade in TRADES.values() if trade.writes)


@pytest.mark.parametrize("infno", WRITING)
async def test_the_same_message_again_is_answered_the_same_and_does_nothing(
    caller: Caller, platform: Platform, infno: str
) -> None:
    nodes, code = await writing(caller, infno, await family(platform))
    message = envelope(infno, nodes, caller=code)
    first = await caller.send(message)
    assert first["infcode"] == 0, first["err_msg"]
    before = await row_counts(platform)
    again = await caller.send({**message, "inf_time": "2030-01-01 00:00:00"})
    assert again["infcode"] == 0, again["err_msg"]
    assert again["output"] == first["output"]
    assert await row_counts(platform) == before


@pytest.mark.parametrize("infno", WRITING)
async def test_a_number_used_for_another_content_is_refused(
    caller: Caller, platform: Platform, infno: str
) -> None:
    psn_no = await family(platform)
    nodes, code = await writing(caller, infno, psn_no)
    message = envelope(infno, nodes, caller=code)
    assert (await caller.send(message))["infcode"] == 0
    before = await row_counts(platform)
    node = next(iter(nodes))
    first = nodes[node]
    changed = {
        **nodes,
        node: [{**first[0], "memo": "x"}] if isinstance(first, list) else {**first, "memo": "x"},
    }
    refused = await caller.send({**message, "input": changed})
    assert refused["infcode"] == -1
    assert "MESSAGE_REUSED" in refused["err_msg"]
    assert await row_counts(platform) == before


async def test_a_refused_message_may_be_sent_again_when_the_reason_is_gone(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await family(platform)
    mdtrt_id, batch = await messages.visit(caller, psn_no), fresh("B")
    asked = envelope("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00"))
    assert "FEE_BATCH_UNKNOWN" in (await caller.send(asked))["err_msg"]
    await caller.output("2204", {"feedetail": messages.line(psn_no, mdtrt_id, batch)})
    assert (await caller.send(asked))["infcode"] == 0


@pytest.mark.parametrize("infno", ["2201", "2204", "2207", "2102"])
async def test_twenty_copies_at_once_have_one_effect(caller: Caller, platform: Platform, infno: str) -> None:
    nodes, code = await writing(caller, infno, await family(platform))
    message = envelope(infno, nodes, caller=code)
    answers = await asyncio.gather(*(caller.send(message) for _ in range(20)))
    assert {answer["infcode"] for answer in answers} == {0}
    assert all(answer["output"] == answers[0]["output"] for answer in answers)


@pytest.mark.parametrize("oinfno", ["2207", "2207A"])
async def test_a_lost_settlement_is_undone_by_the_callers_own_number(
    caller: Caller, platform: Platform, oinfno: str
) -> None:
    psn_no, omsgid = await family(platform), fresh("O")
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    await caller.call(oinfno, messages.settlement(psn_no, mdtrt_id, batch, "100.00"), msgid=omsgid)
    undo = {"data": {"psn_no": psn_no, "omsgid": omsgid, "oinfno": oinfno}}
    assert await caller.output("2601", undo) is None
    again = await caller.refused("2601", undo)
    assert "退费结算标志不为未退费" in again
    done = (await caller.output("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00")))["setlinfo"]
    assert yuan(done["act_pay_dedc"]) == 30


async def test_a_message_that_never_arrived_is_voided_before_not_found_is_said(
    caller: Caller, platform: Platform
) -> None:
    psn_no, omsgid = await family(platform), fresh("O")
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    undo = {"data": {"psn_no": psn_no, "omsgid": omsgid, "oinfno": "2207"}}
    assert "未查询到原交易" in await caller.refused("2601", undo)
    late = await caller.call("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00"), msgid=omsgid)
    assert late["infcode"] == -1
    assert "MESSAGE_REUSED" in late["err_msg"]
    assert (await caller.call("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00")))["infcode"] == 0


async def test_a_lost_sale_is_undone(caller: Caller, platform: Platform) -> None:
    psn_no, omsgid = await family(platform), fresh("O")
    sold = messages.purchase(psn_no, "50.00", [messages.drug()])
    await caller.output("2102", sold, caller=world.PHARMACY, msgid=omsgid)
    undo = {"data": {"psn_no": psn_no, "omsgid": omsgid, "oinfno": "2102"}}
    assert await caller.output("2601", undo, caller=world.PHARMACY) is None


@pytest.mark.parametrize("oinfno", ["2201", "2208", "2304", "1101"])
async def test_only_settlements_can_be_undone(caller: Caller, oinfno: str) -> None:
    undo = {"data": {"psn_no": world.ACTIVE, "omsgid": "X", "oinfno": oinfno}}
    assert "REVERSAL_NOT_ALLOWED" in await caller.refused("2601", undo)


async def test_a_lost_answer_can_be_read_by_the_visit(caller: Caller, platform: Platform) -> None:
    psn_no, omsgid = await family(platform), fresh("O")
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    done = await caller.output("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00"), msgid=omsgid)
    found = await caller.output("5203", {"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id}})
    assert found["setlinfo"]["setl_id"] == done["setlinfo"]["setl_id"]
    assert found["setlinfo"]["medins_setl_id"] == omsgid


async def test_an_undo_that_races_its_original_never_leaves_a_settlement_it_denied(
    caller: Caller, platform: Platform
) -> None:
    told = set()
    for round_no in range(40):
        psn_no, omsgid = await family(platform), fresh("O")
        mdtrt_id, batch = await messages.charged(caller, psn_no)
        original = envelope("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00"), msgid=omsgid)
        undo = envelope("2601", {"data": {"psn_no": psn_no, "omsgid": omsgid, "oinfno": "2207"}})

        async def late(message: dict[str, Any], turns: int) -> dict[str, Any]:
            for _ in range(turns):
                await asyncio.sleep(0)
            return await caller.send(message)

        settled, undone = await asyncio.gather(
            late(original, 3 * (round_no % 8)), late(undo, 3 * (round_no // 8))
        )
        rows = await caller.output("5206", {"data": {"psn_no": psn_no, "cum_ym": "202412"}})
        used = {row["cum_type_code"]: yuan(row["cum"]) for row in rows["cuminfo"]}
        assert used["HIFP"] == 0, (settled, undone)
        if undone["infcode"] == 0:
            assert settled["infcode"] == 0
            told.add("reversed")
        else:
            assert "未查询到原交易" in undone["err_msg"]
            assert "MESSAGE_REUSED" in settled["err_msg"]
            told.add("voided")
    assert told <= {"reversed", "voided"}
