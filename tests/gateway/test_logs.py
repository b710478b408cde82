"""Logs are JSON lines and hold no personal data, whatever happens."""

import json
import logging
import re
from io import BytesIO
from typing import Any

import asyncpg
import pytest

from gongji.gateway.calls import Trade
from gongji.gateway.journal import JsonLines, log
from gongji.gateway.platform import Platform
from gongji.gateway.trades import TRADES
from tests.gateway import messages, offered, world
from tests.gateway.client import Caller, envelope, fresh

SECRETS = [
    text
    for psn_no in world.PSN_NOS
    for text in (
        psn_no,
        world.name_of(psn_no),
        world.certno_of(psn_no),
        world.token_of(psn_no),
        world.card_of(psn_no),
    )
]


def assert_clean(logged: BytesIO) -> list[dict[str, Any]]:
    """The lines, after looking for every personal datum of the world in them."""
    text = logged.getvalue().decode()
    for secret in SECRETS:
        assert secret not in text, secret
    return [json.loads(line) for line in text.splitlines()]


async def test_a_full_run_logs_no_personal_data(caller: Caller, log_lines: BytesIO) -> None:
    mdtrt_id, batch = await messages.charged(caller, world.FAMILY)
    await caller.call("1101", {"data": messages.voucher(world.FAMILY, "02")})
    await caller.call("2206", messages.settlement(world.FAMILY, mdtrt_id, batch, "100.00"))
    done = await caller.output(
        "2207", messages.settlement(world.FAMILY, mdtrt_id, batch, "100.00"), msgid=world.FAMILY
    )
    key = {"psn_no": world.FAMILY, "mdtrt_id": mdtrt_id, "setl_id": done["setlinfo"]["setl_id"]}
    for infno in ("5201", "5202", "5203", "5204", "5206", "2208"):
        await caller.call(infno, {"data": {**key, "begntime": "2024-01-01"}})
    lines = assert_clean(log_lines)
    trades = [line for line in lines if line["event"] == "trade"]
    assert len(trades) >= 12
    assert {"infno", "infcode", "reason", "ms", "refmsgid", "caller", "msgid", "at", "level"} <= set(
        trades[0]
    )


@pytest.mark.clause("YC2024-16.s2.b")
@pytest.mark.parametrize("infno", offered.TRADES)
async def test_refusals_log_a_code_and_no_content(caller: Caller, infno: str, log_lines: BytesIO) -> None:
    code, nodes = offered.templates()[infno]
    for row in offered.rows_of(nodes):
        row |= {
            name: f"{value}{world.name_of(world.ACTIVE)}"
            for name, value in row.items()
            if isinstance(value, str)
        }
    await caller.send(envelope(infno, nodes, caller=code))
    (line,) = assert_clean(log_lines)
    assert line["infcode"] in (0, -1)


async def broken(*_: Any) -> Any:
    raise KeyError(world.name_of(world.ACTIVE), world.certno_of(world.ACTIVE))


async def violating(call: Any) -> Any:
    async with call.platform.pool.acquire() as connection:
        await connection.execute(
            "INSERT INTO members_person SELECT * FROM members_person WHERE psn_no = $1", world.ACTIVE
        )


@pytest.mark.parametrize(("infno", "writes"), [("1101", False), ("2207", True)])
@pytest.mark.parametrize("handler", [broken, violating])
async def test_a_bug_is_answered_with_its_incident_and_logged_without_data(
    caller: Caller,
    log_lines: BytesIO,
    monkeypatch: pytest.MonkeyPatch,
    infno: str,
    writes: bool,
    handler: Any,
) -> None:
    monkeypatch.setitem(TRADES, infno, Trade(infno, "测试", handler, writes))
    answer = await caller.call(infno, offered.templates()[infno][1])
    assert caller.status == 200
    assert answer["infcode"] == -1
    assert ("是否生效未知" in answer["err_msg"]) is writes
    incident = answer["err_msg"].rpartition("异常流水号:")[2]
    lines = assert_clean(log_lines)
    logged = next(line for line in lines if line["event"] == "incident")
    assert logged["incident"] == incident
    assert any("running.py" in place for place in logged["path"])


async def test_a_database_that_is_gone_is_told_apart(
    caller: Caller, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: Any) -> Any:
        raise asyncpg.PostgresConnectionError("gone")

    monkeypatch.setitem(TRADES, "2207", Trade("2207", "测试", gone, True))
    refused = await caller.refused("2207", offered.templates()["2207"][1], msgid=fresh())
    assert "DATABASE_UNAVAILABLE" in refused
    assert "【2601】" in refused


def test_an_exception_logged_by_a_library_is_reduced_to_its_anatomy() -> None:
    try:
        raise ValueError(world.name_of(world.ACTIVE))
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "p", 1, "batch failed", (), (type(error), error, error.__traceback__)
        )
    line = JsonLines().format(record)
    assert world.name_of(world.ACTIVE) not in line
    assert json.loads(line)["error"] == "ValueError"


def test_what_django_says_of_a_request_is_logged_without_its_address() -> None:
    said = ("Internal Server Error", "/portal/claims/1401990000000001")
    plain = logging.LogRecord("django.request", logging.ERROR, "p", 1, "%s: %s", said, None)
    broken = logging.LogRecord(
        "django.request", logging.ERROR, "p", 1, "%s: %s", said, (ValueError, ValueError("x"), None)
    )
    for record in (plain, broken):
        line = JsonLines().format(record)
        assert json.loads(line)["text"] == "Internal Server Error"
        assert "1401990000000001" not in line


def test_every_line_has_its_time_in_one_form(log_lines: BytesIO) -> None:
    record = logging.LogRecord("uvicorn.error", logging.INFO, "p", 1, "started", (), None)
    record.created = 1_790_000_000.25
    assert json.loads(JsonLines().format(record))["at"] == "2026-09-21T14:13:20.250000Z"
    log().info("started")
    own = json.loads(log_lines.getvalue())["at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", own)


def test_what_a_library_refuses_is_named_by_its_kind_and_not_repeated() -> None:
    said = f"Invalid HTTP_HOST header: '{world.certno_of(world.ACTIVE)}.example'."
    for name in ("django.security.DisallowedHost", "django.security.SuspiciousOperation"):
        line = json.loads(JsonLines().format(logging.LogRecord(name, logging.ERROR, "p", 1, said, (), None)))
        assert line["text"] == name.rpartition(".")[2]
    given = (world.name_of(world.ACTIVE),)
    other = logging.LogRecord("asyncpg", logging.WARNING, "p", 1, "not understood: %s", given, None)
    assert json.loads(JsonLines().format(other))["text"] == "not understood: %s"
