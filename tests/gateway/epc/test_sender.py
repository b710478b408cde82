"""Sending over real HTTP to a hospital on this machine: sealed and signed, once, and without holding up anybody."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import asyncpg
import msgspec
import pytest

from gongji.gateway import metrics, opening
from gongji.gateway.epc import sender as sending
from gongji.gateway.epc.envelope import Opened, Signing, open_answer
from gongji.gateway.epc.notices import Notice, derive
from gongji.gateway.epc.sender import Sender, Tally, threads
from gongji.gateway.epc.signer import centre_signing
from gongji.gateway.platform import Platform
from gongji.gateway.settings import GatewaySettings
from gongji.policy import Law
from gongji.prescriptions import selectors
from tests.gateway import world
from tests.gateway.epc.hospital import Hospital, hospital
from tests.gateway.epc.keys import CENTRE, add_certificate, add_channel, channel_of
from tests.gateway.epc.sheets import happen, reviewed, sheet, write
from tests.vaults import VAULT

CODE = world.HOSPITAL


@pytest.fixture(scope="module")
def here() -> Iterator[Hospital]:
    with hospital() as opened:
        yield opened


@pytest.fixture(scope="module")
def keyed_url(world_url: str, here: Hospital) -> str:
    """The world with the centre's certificate and one hospital that wants to be told."""

    async def fill() -> None:
        connection = await asyncpg.connect(world_url)
        await add_channel(connection, channel_of(CODE, here.url))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        await add_channel(connection, channel_of(world.OTHER_HOSPITAL, f"http://127.0.0.1:{port}/"))
        await add_certificate(connection)
        await connection.close()

    asyncio.run(fill())
    return world_url


@pytest.fixture
async def platform(
    keyed_url: str, law: Law, settings: GatewaySettings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Platform]:
    """A platform whose own sender sleeps."""
    monkeypatch.setattr(opening, "NOTICE_S", 3_600)
    async with opening.open_platform(keyed_url, settings, law, VAULT) as opened:
        yield opened


@pytest.fixture
async def executor() -> AsyncIterator[ThreadPoolExecutor]:
    async with threads() as opened:
        yield opened


@pytest.fixture
async def sender(platform: Platform, executor: ThreadPoolExecutor, here: Hospital) -> Sender:
    """A sender for which everything that happened before the test is told."""
    made = new_sender(platform, executor)
    async with platform.pool.acquire() as conn:
        at = platform.now()
        await derive(conn, made._told(), at - timedelta(days=9), at)
        await conn.execute("UPDATE gateway_notice SET due_at = NULL, sent_at = now()")
    here.got.clear()
    here.answer, here.status = b'{"success":true}', 200
    return made


def signing_of(platform: Platform) -> Signing | None:
    return centre_signing(platform.providers, platform.signer, platform.now())


def new_sender(platform: Platform, executor: ThreadPoolExecutor) -> Sender:
    return Sender(
        platform.pool.acquire,
        lambda: platform.providers,
        lambda: signing_of(platform),
        platform.ids,
        platform.now,
        executor,
    )


async def review(platform: Platform, issuer: str = CODE, at: datetime | None = None) -> int:
    """A pharmacy reviews a new prescription of ``issuer``."""
    at = at or datetime.now(UTC)
    rx = sheet(issuer, at)
    async with platform.pool.acquire() as conn:
        await write(conn, rx)
        await happen(conn, rx, 1, "review_pass", "approved", at, world.PHARMACY, reviewed(at))
    return rx.rx_id


async def test_a_hospital_is_told_sealed_and_signed_by_the_centre(
    sender: Sender, platform: Platform, here: Hospital
) -> None:
    rx_id = await review(platform)
    assert await sender.round() == Tally(made=1, sent=1)
    ((path, body),) = here.got
    assert path == "/his/back/rxChkInfoCallback"
    opened = open_answer(channel_of(CODE), CENTRE.public, body)
    assert isinstance(opened, Opened)
    assert opened.data["hiRxno"] == str(rx_id)
    assert b"hiRxno" not in body


async def test_a_notice_is_sent_once(sender: Sender, platform: Platform, here: Hospital) -> None:
    await review(platform)
    await sender.round()
    assert await sender.round() == Tally()
    assert len(here.got) == 1


async def test_two_senders_tell_one_event_once(
    sender: Sender, platform: Platform, executor: ThreadPoolExecutor, here: Hospital
) -> None:
    for _ in range(4):
        await review(platform)
    second = new_sender(platform, executor)
    tallies = await asyncio.gather(sender.round(), second.round(), sender.round(), second.round())
    assert sum(tally.sent for tally in tallies) == 4
    assert len(here.got) == 4


async def test_what_the_hospital_was_shown_is_recorded(sender: Sender, platform: Platform) -> None:
    rx_id = await review(platform)
    await sender.round()
    async with platform.pool.acquire() as conn:
        row = await conn.fetchrow(
            "SELECT actor, purpose FROM members_access WHERE psn_no = $1", f"7{rx_id:025d}"
        )
    assert dict(row) == {"actor": f"institution:{CODE}", "purpose": "7108"}


async def test_a_no_is_tried_again_later_and_leaves_no_record_of_access(
    sender: Sender, platform: Platform, here: Hospital
) -> None:
    here.answer = b'{"success":false}'
    rx_id = await review(platform)
    assert await sender.round() == Tally(made=1, failed=1)
    assert await sender.round() == Tally()
    async with platform.pool.acquire() as conn:
        row = await conn.fetchrow("SELECT * FROM gateway_notice WHERE rx_id = $1", rx_id)
        shown = await conn.fetchval("SELECT count(*) FROM members_access WHERE psn_no = $1", f"7{rx_id:025d}")
    assert (row["tries"], row["remark"], row["sent_at"]) == (1, "答复不是 success", None)
    assert timedelta(seconds=50) < row["due_at"] - platform.now() < timedelta(seconds=70)
    assert shown == 0


async def test_a_hospital_that_does_not_answer_does_not_hold_up_another(
    sender: Sender, platform: Platform, here: Hospital
) -> None:
    await review(platform, world.OTHER_HOSPITAL)
    assert (await sender.round()).failed == 1
    await review(platform, world.OTHER_HOSPITAL)
    await review(platform)
    assert await sender.round() == Tally(made=2, sent=1)
    assert len(here.got) == 1


async def test_without_the_platforms_key_nothing_is_lost(
    sender: Sender, platform: Platform, here: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    await review(platform)
    with monkeypatch.context() as broken:
        broken.setattr(platform.signer, "_load", lambda _: None)
        assert await sender.round() == Tally(made=1)
    assert await sender.round() == Tally(sent=1)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"until_on": world.START}, "机构没有可用的渠道"),
        ({"callback_url": "ftp://x/"}, "登记的回调地址不可用"),
    ],
)
async def test_a_channel_that_cannot_be_used_is_said(
    platform: Platform, here: Hospital, more: dict[str, Any], problem: str
) -> None:
    rx_id = await review(platform)
    at, signing = platform.now(), signing_of(platform)
    assert signing is not None
    async with platform.pool.acquire() as conn:
        case = await selectors.case(conn, str(rx_id))
    notice = Notice(f"7{rx_id:025d}", rx_id, 1, "7108", CODE, at, at, 1)
    channel = msgspec.structs.replace(channel_of(CODE, here.url), **more)
    found = sending._send(notice, case, channel, signing, at)
    assert found is not None
    assert found.text == problem


async def test_the_log_names_no_person(sender: Sender, platform: Platform, log_lines: BytesIO) -> None:
    rx_id = await review(platform)
    await sender.round()
    line = json.loads(log_lines.getvalue().splitlines()[-1])
    assert (line["event"], line["infno"], line["sent"]) == ("notice", "7108", True)
    assert "7108" in metrics.exposition().decode().partition("gongji_notices_total{")[2]
    assert f"7{rx_id:025d}" not in log_lines.getvalue().decode()


async def test_a_working_server_tells_by_itself(
    sender: Sender, platform: Platform, here: Hospital, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    await review(platform)
    monkeypatch.setattr(opening, "NOTICE_S", 0.05)
    async with opening.open_platform(platform.dsn, platform.settings, law, VAULT):
        for _ in range(200):
            await asyncio.sleep(0.05)
            if here.got:
                break
    assert len(here.got) == 1


async def test_a_read_only_server_tells_nobody(
    sender: Sender, platform: Platform, here: Hospital, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    rx_id = await review(platform)
    monkeypatch.setattr(opening, "NOTICE_S", 0.0)
    reading = GatewaySettings(signature="off", read_only=True)
    async with opening.open_platform(platform.dsn, reading, law, VAULT):
        await asyncio.sleep(0.1)
    async with platform.pool.acquire() as conn:
        assert await conn.fetchval("SELECT count(*) FROM gateway_notice WHERE rx_id = $1", rx_id) == 0
