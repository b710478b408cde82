"""docs/screens/README.md: the pictures of every main screen, by who sees it. Written by ``make screenshots``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.web.chromium import DESK as WIDE
from tests.web.chromium import PHONE
from tests.web.screens import CONSOLE, DESK, PORTAL, PUBLIC, Screen

__all__ = ["PARTS", "README", "page_of"]

README: Final = Path(__file__).parents[2] / "docs" / "screens" / "README.md"
PARTS: Final[tuple[tuple[str, str, tuple[Screen, ...]], ...]] = (
    ("参保人", "在手机上看自己的账户、结算、处方，办理报销、备案、家庭共济和投诉。", PORTAL),
    ("医院和药店", "医生站、收费台、药店收银台和机构管理，可以只用键盘。", DESK),
    ("经办机构和三员", "复核、投诉办理、账号管理和审计。", CONSOLE),
    ("所有人", "首页、政策问答、登录、匿名举报，以及不能显示时的页面。", PUBLIC),
)
HEAD: Final = """# 界面图册

全部主要页面，手机（390 像素）和电脑（1440 像素）两种宽度。
图由 `make screenshots` 在演示数据上生成，请勿手工修改；人名、机构和金额都是编造的。
"""


def page_of(screens: Sequence[Screen]) -> str:
    """The page: a part of the web each under its heading, its screens with their captions."""
    text = [HEAD]
    for title, about, part in PARTS:
        text += [f"## {title}", "", about, "", "| 页面 | 手机 | 电脑 |", "|---|---|---|"]
        text += [_row(screen) for screen in part if screen in screens]
        text.append("")
    return "\n".join(text)


def _row(screen: Screen) -> str:
    phone, wide = (f"{screen.name}-{width}.webp" for width in (PHONE, WIDE))
    caption = screen.caption
    return (
        f'| {caption} | <a href="{phone}"><img src="{phone}" width="150" alt="{caption}，手机"></a>'
        f' | <a href="{wide}"><img src="{wide}" width="480" alt="{caption}，电脑"></a> |'
    )
