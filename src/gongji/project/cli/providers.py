"""`gongji providers`: designated institutions from application to exit, their public list, their register, places and keys."""

from __future__ import annotations

import click

from gongji.project.cli.providers_apply import COMMANDS as APPLICATION
from gongji.project.cli.providers_decide import COMMANDS as DECISIONS
from gongji.project.cli.providers_keys import keys
from gongji.project.cli.providers_lists import COMMANDS as LISTS
from gongji.project.cli.providers_places import circle, nearby, offers, place, residence
from gongji.project.cli.providers_staff import staff
from gongji.project.cli.root import ChineseGroup

__all__ = ["providers"]


@click.group(cls=ChineseGroup)
def providers() -> None:
    """定点医药机构：申请、评估、协议、变更、中止、解除、公示，医务人员、位置和密钥。

    给予或收回定点资格的决定由一人提出、另一人复核（confirm），复核以前不生效。
    """


for command in (*APPLICATION, *DECISIONS, *LISTS, staff, place, offers, nearby, circle, residence, keys):
    providers.add_command(command)
