"""`gongji stock` on a real database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import asyncpg
import pytest
from click.testing import CliRunner, Result

from gongji.project.cli.stock import stock
from tests.pg import world
from tests.stock.rows import NOW, entry, posted, trace
from tests.stock.test_traces_registry import free, use, want
from tests.vaults import ENVIRONMENT

Run = Callable[..., Result]
CODE = trace()
PERIOD = ("--from", "2024-08-01", "--until", "2024-08-31")


@pytest.fixture(scope="module")
def filled(pg_url: str) -> str:
    """A pharmacy with a batch, a count that found less, and a trace code that was sold and settled twice, once refunded."""

    async def fill() -> None:
        conn = await asyncpg.connect(pg_url)
        await world.build(conn, [])
        await posted(conn, world.PHARMACY, entry("purchase", 50, traces=(CODE,), local_name="某片"))
        await posted(
            conn, world.PHARMACY, entry("sale", 2, traces=(CODE,)), entry("inventory", 47.5, occurred_at=NOW)
        )
        await posted(conn, world.PHARMACY, entry("purchase", 3, batch="B2"))
        first, second = want(CODE, settlement_id=7 << 40), want(CODE, settlement_id=8 << 40)
        await use(conn, first)
        await free(conn, first)
        await use(conn, second)
        await conn.close()

    asyncio.run(fill())
    return pg_url


@pytest.fixture
def run(filled: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", filled)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(stock, [str(argument) for argument in arguments])


def said(result: Result, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.clause("NHSA2023-4.s3.4.d")
def test_the_balance_names_what_does_not_agree(run: Run) -> None:
    text = said(run("balance", world.PHARMACY, *PERIOD))
    assert "进销存 2 个批次，1 个有问题。" in text
    assert "期初 0  采购 50  销售 -2  盘存差 -0.5  期末 47.5  〔盘存数与账面数不符〕" in text
    assert "批次 B2" not in text
    assert "批次 B2" in said(run("balance", world.PHARMACY, *PERIOD, "--all"))


def test_the_balance_as_json(run: Run) -> None:
    found = json.loads(said(run("balance", world.PHARMACY, *PERIOD, "--json")))
    assert {row["batch"]: row["closing_e4"] for row in found["balance"]} == {"B1": 475_000, "B2": 30_000}
    assert [row["sold_e4"] for row in found["sales"]] == [20_000]


def test_the_balance_as_it_was_known(run: Run) -> None:
    assert "进销存 0 个批次" in said(run("balance", world.PHARMACY, *PERIOD, "--known-on", "2024-08-19"))


def test_running_stock_and_the_movements_of_a_batch(run: Run) -> None:
    assert "批次 B1  47.5  有效期至 2026-01-01" in said(run("show", world.PHARMACY))
    text = said(run("show", world.PHARMACY, "--batch", "B1"))
    assert "盘存 -0.5（盘得 47.5）" in text
    assert text.count("\n") == 3
    assert "没有进销存数据" in said(run("show", world.PHARMACY, "--item", "没有"))


def test_where_a_code_went(run: Run) -> None:
    text = said(run("trace", CODE))
    assert [line.split("  ")[1] for line in text.splitlines()[:2]] == ["采购", "销售"]
    assert "整盒  已退费" in text
    assert "整盒  有效" in text
    assert "没有这个追溯码的记录" in said(run("trace", "12345678"))


@pytest.mark.parametrize(
    "arguments", [("show", "P99999999999"), ("balance", "P99999999999", *PERIOD)], ids=["show", "balance"]
)
def test_an_institution_that_does_not_exist_is_said(run: Run, arguments: tuple[str, ...]) -> None:
    assert "UNKNOWN_INSTITUTION" in said(run(*arguments), 1)


def test_a_period_that_ends_before_it_begins_is_said(run: Run) -> None:
    assert "最后一天早于第一天" in said(
        run("balance", world.PHARMACY, "--from", "2024-08-31", "--until", "2024-08-01"), 2
    )


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [("0001-01-01", "9999-12-31", 2), ("9999-12-31", "9999-12-31", 2), ("0001-01-01", "0001-01-01", 0)],
)
def test_the_first_and_last_days_of_the_calendar_are_answered(
    run: Run, first: str, last: str, found: int
) -> None:
    text = said(run("balance", world.PHARMACY, "--from", first, "--until", last))
    assert f"进销存 {found} 个批次" in text
