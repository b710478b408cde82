"""The option ``--overlay``: an operator's file of values that no document fixes, or the demonstration's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from gongji.base.os_errors import os_error_text
from gongji.policy import DEMO_OVERLAY

OVERLAY_HELP = "补充参数文件（政策未规定的数值），或 demo：演示用的编造数值。"
DEMO = "demo"


def overlay_path(overlay: str | None) -> Path | None:
    """The file that ``--overlay`` names, or None. Raises click.BadParameter when it cannot be read."""
    if overlay is None:
        return None
    path = DEMO_OVERLAY if overlay == DEMO else Path(overlay)
    if not path.is_file():
        raise click.BadParameter(f"没有文件 {overlay}", param_hint="--overlay")
    return path


def overlay_texts(overlay: str | None) -> dict[str, str]:
    """The overlay as a law document by name; nothing when there is none."""
    path = overlay_path(overlay)
    if path is None:
        return {}
    try:
        return {path.name: path.read_text(encoding="utf-8-sig")}
    except OSError as error:
        raise click.BadParameter(
            f"读不了文件 {overlay}：{os_error_text(error)}", param_hint="--overlay"
        ) from None
    except UnicodeDecodeError:
        raise click.BadParameter(f"文件 {overlay} 不是 UTF-8 编码", param_hint="--overlay") from None


class OverlayFile(click.ParamType):  # type: ignore[type-arg]
    """An overlay's file, or ``demo``; its value is a path that exists."""

    name = "文件|demo"
    envvar_list_splitter = os.pathsep

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = DEMO_OVERLAY if value == DEMO else Path(value)
        if not path.is_file():
            self.fail(f"没有文件 {value}", param, ctx)
        return path

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return self.name
