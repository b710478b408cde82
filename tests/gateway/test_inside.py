"""Trades from inside the process: the same handlers, numbers and records as over the wire."""

import asyncio
from decimal import Decimal
from io import BytesIO
from typing import Any

from gongji.gateway.inside import Done, Operator, Refused, trade
from gongji.gateway.platform import Platform
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh

COUNTER = Operator(world.HOSPITAL, "0001", "窗口收费员", world.REGION)


def done(answer: Done | Refused) -> dict[str, Any]:
    assert isinstance(answer, Done), answer
    return answer.output


async def charged(platform: Platform, psn_no: str) -> tuple[str, str]:
    """A visit with one line of 100 yuan, made from inside; mdtrt_id and the batch."""
    registered = done(await trade(platform, COUNTER, "2201", messages.registration(psn_no), fresh()))
    mdtrt_id, batch = str(registered["data"]["mdtrt_id"]), fresh("B")
    done(await trade(platform, COUNTER, "2203", messages.visit_info(psn_no, mdtrt_id), fresh()))
    lines = {"feedetail": [messages.line(psn_no, mdtrt_id, batch)]}
    done(await trade(platform, COUNTER, "2204", lines, fresh()))
    return mdtrt_id, batch


async def test_a_settlement_from_inside_is_the_one_that_the_wire_answers(
    platform: Platform, caller: Caller
) -> None:
    mdtrt_id, batch = await charged(platform, world.ACTIVE)
    nodes = messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00")
    msgid = fresh()
    inside = done(await trade(platform, COUNTER, "2207", nodes, msgid))["setlinfo"]
    wire = (await caller.output("2207", nodes, msgid=msgid))["setlinfo"]
    assert inside["setl_id"] == wire["setl_id"]
    assert isinstance(inside["hifp_pay"], Decimal)
    assert inside["hifp_pay"] == Decimal(str(wire["hifp_pay"]))


async def test_a_number_sent_many_times_at_once_settles_once(platform: Platform) -> None:
    mdtrt_id, batch = await charged(platform, world.RETIRED)
    nodes = messages.settlement(world.RETIRED, mdtrt_id, batch, "100.00")
    msgid = fresh()
    answers = await asyncio.gather(*(trade(platform, COUNTER, "2207", nodes, msgid) for _ in range(20)))
    assert len({done(answer)["setlinfo"]["setl_id"] for answer in answers}) == 1


async def test_what_is_refused_has_its_reason_and_chinese_text(platform: Platform) -> None:
    nodes = messages.registration(world.EXPIRED, **messages.voucher(world.EXPIRED, "03"))
    answer = await trade(platform, COUNTER, "2201", nodes, fresh())
    assert isinstance(answer, Refused)
    assert answer.code == "CARD_EXPIRED"
    assert "〔CARD_EXPIRED〕" in answer.text


async def test_an_institution_that_is_not_in_the_register_is_refused(platform: Platform) -> None:
    nobody = Operator("H99999999999", "1", "某人")
    answer = await trade(platform, nobody, "2201", messages.registration(), fresh())
    assert isinstance(answer, Refused)
    assert answer.code == "UNKNOWN_INSTITUTION"


async def test_a_number_that_is_too_long_is_refused_like_a_message(platform: Platform) -> None:
    answer = await trade(platform, COUNTER, "2201", messages.registration(), "M" * 31)
    assert isinstance(answer, Refused)
    assert "msgid" in answer.text


async def test_a_trade_from_inside_is_logged_as_the_webs_without_anybodys_name(
    platform: Platform, log_lines: BytesIO
) -> None:
    await trade(platform, COUNTER, "2201", messages.registration(), fresh())
    text = log_lines.getvalue().decode()
    assert '"channel":"web"' in text
    assert world.name_of(world.ACTIVE) not in text
    assert "窗口收费员" not in text
