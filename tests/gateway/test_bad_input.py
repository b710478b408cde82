"""Whatever comes in: a Chinese sentence with a reason code, nothing written, never another status than 200."""

import copy
import itertools
import json
import re
from typing import Any

import pytest

from gongji.base.reasons import REASONS
from gongji.gateway.platform import Platform
from gongji.gateway.trades import TRADES
from tests.gateway import offered, world
from tests.gateway.client import Caller, envelope
from tests.gateway.test_outpatient import row_counts

CODE = re.compile(r"〔([A-Z_0-9]+)〕")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
AMOUNTS = ("medfee_sumamt", "det_item_fee_sumamt", "pric", "cnt")
WRONG_NODES: tuple[Any, ...] = (None, "null", "", [], 5, "text", [5], [[]], {})
EVIL = (
    "'; DROP TABLE members_person; --",
    "<script>alert(1)</script>",
    "\\\\",
    '"}',
    "%s%s%n",
    "${jndi:ldap://x}",
    "😀" * 5,
)


def test_every_offered_trade_is_spoiled() -> None:
    assert sorted(offered.TRADES) == sorted(TRADES)


async def must_fail(caller: Caller, platform: Platform, message: dict[str, Any]) -> str:
    """The refusal of ``message``; it is in Chinese, has a known reason, and no row is new or gone."""
    before = await row_counts(platform)
    answer = await caller.send(message)
    assert caller.status == 200
    assert caller.headers["content-type"].startswith("application/json")
    assert answer["infcode"] == -1, answer
    text = str(answer["err_msg"])
    code = CODE.search(text)
    assert code is not None, text
    assert code[1] in REASONS
    assert CHINESE.search(text)
    assert answer["output"] is None
    assert await row_counts(platform) == before
    return text


@pytest.mark.parametrize("infno", offered.TRADES)
async def test_a_missing_node_is_named(caller: Caller, platform: Platform, infno: str) -> None:
    code, _ = offered.templates()[infno]
    text = await must_fail(caller, platform, envelope(infno, {}, caller=code))
    assert "MISSING_NODE" in text


@pytest.mark.parametrize("infno", offered.TRADES)
async def test_a_node_of_the_wrong_kind_is_refused(caller: Caller, platform: Platform, infno: str) -> None:
    code, nodes = offered.templates()[infno]
    for node in WRONG_NODES:
        await must_fail(caller, platform, envelope(infno, dict.fromkeys(nodes, node), caller=code))


def required_fields(infno: str) -> list[tuple[str, str]]:
    """(node, field) that the trade must refuse when it is empty."""
    always = {
        "psn_no",
        "mdtrt_id",
        "begntime",
        "mdtrt_cert_type",
        "med_list_codg",
        "cnt",
        "sign_no",
        "opter_no",
        "setl_id",
        "trt_dcla_detl_sn",
        "refl_date",
        "reflin_medins_no",
        "opsp_dise_code",
        "biz_appy_type",
        "fix_srt_no",
        "hiRxno",
        "hospRxno",
        "rxTraceCode",
        "medListCodg",
        "rxChkBizSn",
        "authRxno",
        "epcQrcd",
    }
    optional = {("7211", "medListCodg"), ("5203", "setl_id"), ("5204", "setl_id"), ("5201", "mdtrt_id")}
    _, nodes = offered.templates()[infno]
    found = []
    for name, node in nodes.items():
        row = node[0] if isinstance(node, list) else node
        found += [(name, field) for field in row if field in always and (infno, field) not in optional]
    return found


@pytest.mark.parametrize("infno", [infno for infno in offered.TRADES if required_fields(infno)])
async def test_an_empty_required_field_is_named(caller: Caller, platform: Platform, infno: str) -> None:
    for node, field in required_fields(infno):
        for empty in (None, "", "null", "NULL"):
            code, nodes = offered.templates()[infno]
            row = nodes[node][0] if isinstance(nodes[node], list) else nodes[node]
            row[field] = empty
            text = await must_fail(caller, platform, envelope(infno, nodes, caller=code))
            assert "MISSING_FIELD" in text
            assert field in text


STRANGE_AMOUNTS: tuple[Any, ...] = (
    "１００", "100。00", "100，00", "一百", "1,000", "1000000000", "-1", "-100.00", "100.001", "NaN", True, [], "1e99999", "∞",
)  # fmt: skip
MONEY_TRADES = ("2101", "2102", "2204", "2206", "2206A", "2207", "2207A")


@pytest.mark.parametrize("infno", MONEY_TRADES)
async def test_a_strange_amount_is_refused(caller: Caller, platform: Platform, infno: str) -> None:
    code, good = await offered.filled(caller, infno)
    for amount in STRANGE_AMOUNTS:
        nodes = copy.deepcopy(good)
        for row in offered.rows_of(nodes):
            row |= {name: amount for name in AMOUNTS if name in row}
        await must_fail(caller, platform, envelope(infno, nodes, caller=code))


@pytest.mark.parametrize("infno", MONEY_TRADES)
async def test_an_unknown_member_is_refused(caller: Caller, platform: Platform, infno: str) -> None:
    code, nodes = await offered.filled(caller, infno)
    for row in offered.rows_of(nodes):
        if "psn_no" in row:
            row["psn_no"] = "NOBODY"
    text = await must_fail(caller, platform, envelope(infno, nodes, caller=code))
    assert "NOBODY" not in text


@pytest.mark.parametrize("infno", ["1101", "2101", "2102", "2201", "2206", "2207"])
async def test_an_expired_card_is_refused(caller: Caller, platform: Platform, infno: str) -> None:
    code, nodes = await offered.filled(caller, infno)
    for row in offered.rows_of(nodes):
        if "mdtrt_cert_type" in row:
            row |= {"mdtrt_cert_type": "03", "mdtrt_cert_no": world.card_of(world.EXPIRED)}
    text = await must_fail(caller, platform, envelope(infno, nodes, caller=code))
    assert "CARD_EXPIRED" in text or "VOUCHER_MISMATCH" in text


@pytest.mark.parametrize("infno", offered.TRADES)
async def test_an_unknown_institution_is_refused(caller: Caller, platform: Platform, infno: str) -> None:
    _, nodes = offered.templates()[infno]
    for code in ("H99999999999", "", "null", "' OR 1=1 --", "x" * 31):
        await must_fail(caller, platform, envelope(infno, nodes, caller=code))


@pytest.mark.parametrize("infno", offered.TRADES)
async def test_a_truncated_message_is_refused(caller: Caller, platform: Platform, infno: str) -> None:
    code, nodes = offered.templates()[infno]
    body = json.dumps(envelope(infno, nodes, caller=code), ensure_ascii=False).encode()
    before = await row_counts(platform)
    for length in range(0, len(body), max(1, len(body) // 40)):
        answer = json.loads(await caller.raw(body[:length]))
        assert caller.status == 200
        assert answer["infcode"] == -1
        assert "BAD_JSON" in answer["err_msg"]
    assert await row_counts(platform) == before


@pytest.mark.parametrize("infno", offered.TRADES)
async def test_sql_and_html_in_every_text_field_do_no_harm(
    caller: Caller, platform: Platform, infno: str
) -> None:
    code, nodes = await offered.filled(caller, infno)
    names = {name for row in offered.rows_of(nodes) for name, value in row.items() if isinstance(value, str)}
    for name, evil in itertools.product(sorted(names), EVIL):
        spoiled = copy.deepcopy(nodes)
        for row in offered.rows_of(spoiled):
            if name in row:
                row[name] = evil
        answer = await caller.send(envelope(infno, spoiled, caller=code))
        assert caller.status == 200
        assert answer["infcode"] in (0, -1)
        assert "INTERNAL" not in str(answer["err_msg"])
    async with platform.pool.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM members_person") >= len(world.PSN_NOS)


@pytest.mark.parametrize("infno", offered.TRADES)
async def test_a_nul_byte_in_a_text_is_refused(caller: Caller, platform: Platform, infno: str) -> None:
    code, nodes = await offered.filled(caller, infno)
    for row in offered.rows_of(nodes):
        name = next(name for name, value in row.items() if isinstance(value, str))
        row[name] = "a\x00b"
    await must_fail(caller, platform, envelope(infno, nodes, caller=code))


async def test_a_body_over_the_limit_is_refused(caller: Caller, platform: Platform) -> None:
    body = json.dumps(envelope("1101", {"data": {"x": "0" * (9 * 1024 * 1024)}})).encode()
    answer = json.loads(await caller.raw(body))
    assert caller.status == 200
    assert "BODY_TOO_LARGE" in answer["err_msg"]


@pytest.mark.parametrize("infno", ["2204", "2101", "2102"])
async def test_a_thousand_and_one_lines_are_refused(caller: Caller, platform: Platform, infno: str) -> None:
    code, nodes = await offered.filled(caller, infno)
    name = "feedetail" if infno == "2204" else "drugdetail"
    nodes[name] = [{**nodes[name][0], "feedetl_sn": str(n)} for n in range(1001)]
    assert "TOO_MANY_LINES" in await must_fail(caller, platform, envelope(infno, nodes, caller=code))


@pytest.mark.parametrize("infno", ["2204", "2101", "2102"])
async def test_a_line_number_twice_is_refused(caller: Caller, platform: Platform, infno: str) -> None:
    code, nodes = await offered.filled(caller, infno)
    name = "feedetail" if infno == "2204" else "drugdetail"
    nodes[name] = [nodes[name][0]] * 2
    assert "FEE_DUPLICATE" in await must_fail(caller, platform, envelope(infno, nodes, caller=code))


async def test_numbers_as_strings_and_as_numbers_are_the_same(caller: Caller) -> None:
    outputs = []
    for form in (str, float):
        code, nodes = await offered.filled(caller, "2206")
        nodes["data"]["medfee_sumamt"] = form("100.00")
        outputs.append((await caller.output("2206", nodes, caller=code))["setlinfo"]["hifp_pay"])
    assert outputs[0] == outputs[1]
