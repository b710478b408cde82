"""The option ``--overlay`` of quote and cases: an operator's file of values that no document fixes, or the demo's."""

from __future__ import annotations

from pathlib import Path

import click

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
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"读不了文件 {overlay}：{error}", param_hint="--overlay") from None
