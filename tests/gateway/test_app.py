"""What the server shows beside the interface: life, readiness, figures, the page."""

import asyncio
import json

import pytest
from prometheus_client import REGISTRY

from gongji.gateway.app import Gateway
from gongji.gateway.dispatch import MAX_OPEN
from gongji.gateway.platform import Platform
from gongji.project.status_page import page
from tests.gateway import messages, world
from tests.gateway.client import Caller

QUERY = {"medinsinfo": {"fixmedins_type": "1", "fixmedins_code": world.HOSPITAL}}


async def get(app: Gateway, path: str) -> tuple[int, str, dict[str, str]]:
    caller = Caller(app)
    body = await caller.raw(b"", path=path, method="GET")
    return caller.status, body.decode(), caller.headers


async def test_a_server_that_is_starting_lives_and_is_not_ready() -> None:
    app = Gateway(page)
    assert (await get(app, "/health"))[0] == 200
    assert (await get(app, "/ready"))[0] == 503
    caller = Caller(app)
    await caller.raw(b"{}")
    assert caller.status == 503


async def test_a_working_server_is_ready(caller: Caller) -> None:
    status, body, _ = await get(caller.app, "/ready")
    assert status == 200
    assert json.loads(body) == {"ready": True, "problems": []}


async def test_a_draining_server_is_not_ready(caller: Caller) -> None:
    caller.app.draining = True
    assert (await get(caller.app, "/ready"))[0] == 503


async def test_a_server_whose_database_is_closed_is_not_ready(caller: Caller, platform: Platform) -> None:
    await platform.pool.close()
    assert (await get(caller.app, "/ready"))[0] == 503


async def test_a_server_whose_tables_are_older_is_not_ready(caller: Caller, platform: Platform) -> None:
    async with platform.pool.acquire() as connection:
        await connection.execute("DELETE FROM django_migrations WHERE app = 'gateway'")
    status, body, _ = await get(caller.app, "/ready")
    async with platform.pool.acquire() as connection:
        await connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('gateway', '0001_initial', now())"
        )
    assert status == 503
    assert "gateway.0001_initial" in body


async def test_figures_count_trades_by_number_and_result(caller: Caller) -> None:
    labels = {"infno": "1201", "infcode": "0"}
    before = REGISTRY.get_sample_value("gongji_trades_total", labels) or 0
    await caller.output("1201", QUERY)
    assert REGISTRY.get_sample_value("gongji_trades_total", labels) == before + 1
    status, body, headers = await get(caller.app, "/metrics")
    assert status == 200
    assert "gongji_trade_seconds_bucket" in body
    assert headers["content-type"].startswith("text/plain")


async def test_figures_show_how_large_the_batches_of_the_engine_are(caller: Caller) -> None:
    def batches(upper: str) -> float:
        return REGISTRY.get_sample_value("gongji_batch_commands_bucket", {"le": upper}) or 0

    before = (batches("1.0"), batches("128.0"))
    mdtrt_id, batch = await messages.charged(caller)
    await caller.output("2207", messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00"))
    assert (batches("1.0"), batches("128.0")) == (before[0] + 1, before[1] + 1)


async def test_made_up_trade_numbers_do_not_fill_the_figures(caller: Caller) -> None:
    await caller.call("7654", {})
    _, body, _ = await get(caller.app, "/metrics")
    assert 'infno="7654"' not in body


async def test_the_page_says_what_runs_and_how_to_try_it(platform: Platform) -> None:
    app = Gateway(page)
    app.platform = platform
    status, body, headers = await get(app, "/status")
    assert status == 200
    assert '<html lang="zh-CN">' in body
    assert "gongji demo" in body
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "<script" not in body
    assert "http" not in body.replace("http-equiv", "").lower().split("</style>")[1]


async def test_unknown_pages_are_not_found(caller: Caller) -> None:
    assert (await get(caller.app, "/nothing"))[0] == 404


async def test_a_worker_that_is_full_says_busy(caller: Caller, platform: Platform) -> None:
    platform.open = MAX_OPEN
    assert "BUSY" in await caller.refused("1201", QUERY)
    platform.open = 0


async def test_two_workers_of_one_database_never_share_a_number(
    world_url: str, platform: Platform, law: object
) -> None:
    import asyncpg

    from gongji.gateway.workers import NoWorkerNumber, claim

    connection = await asyncpg.connect(world_url)
    with pytest.raises(NoWorkerNumber):
        await claim(connection, platform.worker)
    assert await claim(connection) != platform.worker
    await connection.close()


async def test_the_keeper_notices_new_institutions(caller: Caller, platform: Platform) -> None:
    async with platform.pool.acquire() as connection:
        await world.add_institution(connection, "H14083000077", "新开医院", "hospital", "3")
    for _ in range(60):
        await asyncio.sleep(0.1)
        if platform.provider("H14083000077") is not None:
            break
    assert await caller.output("1201", QUERY, caller="H14083000077")
