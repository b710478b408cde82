"""How values of the law are written for people: yuan, percent, bands, yes and no in Chinese."""

from gongji.base.money import format_percent, format_yuan
from gongji.policy.model import Band, Leaf, Parameter


def leaf_text(leaf: Leaf, parameter: Parameter | None = None) -> str:
    """A value in words: ``300.00 元``, ``65%``, ``不设``, ``未规定``; choices by the names of
    ``parameter``.
    """
    names = dict(parameter.choices) if parameter else {}
    raw = leaf.raw
    if leaf.kind == "none":
        return "不设"
    if leaf.kind == "unspecified":
        return "未规定"
    if leaf.kind == "money" and isinstance(raw, int):
        return f"{format_yuan(raw)} 元"
    if leaf.kind == "rate" and isinstance(raw, int):
        return format_percent(raw)
    if leaf.kind == "switch":
        return "是" if raw else "否"
    if leaf.kind == "bands":
        return bands_text(leaf.bands)
    if isinstance(raw, tuple):
        return _names_text(raw, names)
    if leaf.kind == "count" and parameter:
        return f"{raw} {parameter.unit}".strip()
    return names.get(str(raw), str(raw))


def _names_text(raw: tuple[str, ...], names: dict[str, str]) -> str:
    return "、".join(names.get(item, item) for item in raw) or "无"


def bands_text(bands: tuple[Band, ...]) -> str:
    """Bands in words: ``至 5000.00 元 50%；以上 70%``."""
    parts = []
    for band in bands:
        edge = "以上" if band.up_to_fen is None else f"至 {format_yuan(band.up_to_fen)} 元"
        parts.append(f"{edge} {format_percent(band.rate_bp)}")
    return "；".join(parts)
