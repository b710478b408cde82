"""`gongji prescriptions notify` on a database, to a hospital on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from click.testing import CliRunner, Result

from gongji.project.cli.prescriptions_notify import notify
from tests.gateway import world
from tests.gateway.epc.hospital import Hospital, hospital
from tests.gateway.epc.keys import add_certificate, add_channel, channel_of
from tests.gateway.epc.sheets import happen, reviewed, sheet, write
from tests.vaults import ENVIRONMENT

Run = Callable[..., Result]
AT = datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture(scope="module")
def here() -> Iterator[Hospital]:
    with hospital() as opened:
        yield opened


@pytest.fixture(scope="module")
def filled_url(pg_url: str, here: Hospital) -> str:
    """A hospital that wants to be told, and the centre's certificate."""

    async def fill() -> None:
        connection = await asyncpg.connect(pg_url)
        await world.add_institution(connection, world.HOSPITAL, "测试县医院", "hospital", "3")
        await add_channel(connection, channel_of(world.HOSPITAL, here.url))
        await connection.close()

    asyncio.run(fill())
    return pg_url


@pytest.fixture
def run(filled_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", filled_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(notify, [*words])


def reviewed_one(url: str) -> int:
    async def fill() -> int:
        connection = await asyncpg.connect(url)
        rx = sheet(world.HOSPITAL, AT)
        await write(connection, rx)
        await happen(connection, rx, 1, "review_pass", "approved", AT, world.PHARMACY, reviewed(AT))
        await connection.close()
        return rx.rx_id

    return asyncio.run(fill())


def certify(url: str) -> None:
    async def fill() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute("DELETE FROM providers_certificate")
        await add_certificate(connection)
        await connection.close()

    asyncio.run(fill())


def test_without_the_platforms_certificate_nothing_is_sent(run: Run, here: Hospital) -> None:
    answer = run()
    assert answer.exit_code == 1
    assert "没有可用的平台证书" in answer.output
    assert here.got == []


def test_what_is_due_is_sent_and_counted(run: Run, filled_url: str, here: Hospital) -> None:
    certify(filled_url)
    reviewed_one(filled_url)
    answer = run()
    assert answer.output == "新通知 1 条，送达 1 条，未送达 0 条。\n"
    assert len(here.got) == 1


def test_what_did_not_get_through_is_listed_and_can_be_tried_again(
    run: Run, filled_url: str, here: Hospital
) -> None:
    certify(filled_url)
    here.status = 500
    rx_id = reviewed_one(filled_url)
    answer = run()
    assert "未送达 1 条" in answer.output
    assert f"7108 处方 {rx_id} → {world.HOSPITAL}" in answer.output
    assert "重试（HTTP 状态 500）" in answer.output
    here.status = 200
    assert "重新发送 0 条" in run("--again", "--list").output
    assert f"处方 {rx_id}" in run("--list").output
