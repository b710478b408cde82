"""`gongji demo --story family`: thirteen months of a family's account, its statements, and whether the books agree."""

from __future__ import annotations

import asyncio
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from gongji.base.sealing import Vault
    from gongji.project.story.family import Household
    from gongji.project.verification import Verification

__all__ = ["Outcome", "on_stage", "tell"]

T = TypeVar("T")

BEGIN = date(2025, 1, 2)
STATEMENTS = (date(2025, 7, 1), date(2026, 1, 1))
"""Months whose statements are shown: the one in which the family pays, and the last."""

Outcome = tuple["Household", "Verification"]


def tell() -> Outcome:
    """Tell the story on the project's database; what happened is printed as it happens. Raises ClickException."""
    return on_stage(_told)


def on_stage(told: Callable[[str, Vault], Coroutine[Any, Any, T]]) -> T:
    """What ``told`` answers on the project's database, prepared for a story with a clock of its own. Raises ClickException."""
    from gongji.project.cli.serve import prepare
    from gongji.project.embedded import ensure
    from gongji.project.vault import KeysMissing, data_vault, vault_environment

    with ensure() as server:
        try:
            os.environ.update(vault_environment(os.environ, Path.cwd()))
        except KeysMissing as error:
            raise click.ClickException(str(error)) from error
        os.environ.setdefault("GONGJI_OVERLAY", "demo")
        prepare(server.dsn, True, lambda text: click.echo(text, err=True))
        return asyncio.run(told(server.dsn, data_vault(os.environ, Path.cwd())))


async def _told(dsn: str, vault: Vault) -> Outcome:
    from gongji.demo_data import generate
    from gongji.project.asgi import current_law
    from gongji.project.laws import known_laws
    from gongji.project.story.chapters import CHAPTERS
    from gongji.project.story.client import AnswerLost, CallFailed
    from gongji.project.story.family import Household
    from gongji.project.story.household import places_of
    from gongji.project.story.stage import open_stage
    from gongji.project.verification import verify

    async with open_stage(dsn, current_law(), vault, BEGIN) as stage:
        home = Household(
            stage=stage,
            places=places_of(generate()),
            tell=lambda tag, text: click.echo(f"  {tag:<12}{text}"),
        )
        try:
            for title, chapter in CHAPTERS:
                click.secho(title, bold=True)
                await chapter(home)
        except CallFailed as failed:
            raise click.ClickException(f"【{failed.infno}】未成功：{failed.message}") from failed
        except AnswerLost as lost:
            raise click.ClickException(f"没有收到回答：{lost}") from lost
        await _print_statements(home)
        return home, await verify(stage.conn, await known_laws(stage.conn))


async def _print_statements(home: Household) -> None:
    from gongji.accounts.printing import family_table, statement_table
    from gongji.accounts.statement import family_statement, month_statement
    from gongji.project.story.telling import stated
    from gongji.sheets import as_text

    conn, psn_no = home.stage.conn, home.people["husband"].psn_no
    months = [statement_table(stated(await month_statement(conn, psn_no, month))) for month in STATEMENTS]
    used = stated(await family_statement(conn, psn_no, date(2025, 1, 1), date(2025, 12, 31)))
    for table in (*months, family_table(used)):
        click.echo(f"\n{as_text(table)}")
