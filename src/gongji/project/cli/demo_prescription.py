"""`gongji demo --story prescription`: prescriptions over a hospital and pharmacies, a printed receipt, whether the books agree."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from gongji.project.cli.demo_family import on_stage

if TYPE_CHECKING:
    from gongji.base.sealing import Vault
    from gongji.project.story.dispensary import Dispensary
    from gongji.project.verification import Verification

__all__ = ["tell"]

BEGIN = date(2025, 3, 3)


def tell() -> tuple[Dispensary, Verification]:
    """Tell the story on the project's database; what happened is printed as it happens. Raises ClickException."""
    return on_stage(_told)


async def _told(dsn: str, vault: Vault) -> tuple[Dispensary, Verification]:
    from gongji.demo_data import generate
    from gongji.explain.receipt import receipt_text
    from gongji.project.asgi import current_law
    from gongji.project.laws import known_laws
    from gongji.project.story.chapters_prescription import CHAPTERS
    from gongji.project.story.client import AnswerLost, CallFailed
    from gongji.project.story.dispensary import Dispensary
    from gongji.project.story.stage import open_stage
    from gongji.project.verification import verify
    from gongji.web.receipts import stored_receipt

    async with open_stage(dsn, current_law(), vault, BEGIN) as stage:
        play = Dispensary(
            stage=stage, world=generate(), tell=lambda tag, text: click.echo(f"  {tag:<12}{text}")
        )
        try:
            for title, chapter in CHAPTERS:
                click.secho(title, bold=True)
                await chapter(play)
        except CallFailed as failed:
            raise click.ClickException(f"【{failed.infno}】未成功：{failed.message}") from failed
        except AnswerLost as lost:
            raise click.ClickException(f"没有收到回答：{lost}") from lost
        laws = await known_laws(stage.conn)
        info = play.settled["proxy"]
        paper = await stored_receipt(stage.conn, vault, laws, info["psn_no"], int(info["setl_id"]))
        if paper is not None:
            click.secho("\n结算单（代购，机构留存联由代购人签字）", bold=True)
            click.echo("\n".join(f"  {line}" for line in receipt_text(paper).splitlines()))
        return play, await verify(stage.conn, laws)
