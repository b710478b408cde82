"""`gongji providers`: designated institutions at the agency's counter."""

from __future__ import annotations

import click

from gongji.project.cli.providers_keys import keys
from gongji.project.cli.providers_places import circle, nearby, offers, place, residence
from gongji.project.cli.providers_staff import staff
from gongji.project.cli.root import ChineseGroup

__all__ = ["providers"]


@click.group(cls=ChineseGroup)
def providers() -> None:
    """定点医药机构：医务人员、位置、服务、密钥。"""


for _command in (staff, place, offers, nearby, circle, residence, keys):
    providers.add_command(_command)
