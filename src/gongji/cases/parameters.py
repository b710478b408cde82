"""Where a case file's own ``parameters:`` block says something else than the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from gongji.base.money import format_percent, format_yuan, parse_decimal, parse_percent, parse_yuan
from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law, Row

_PREPAY = {
    "drug": layout.TREAT_B_DRUG,
    "consumable": layout.TREAT_B_CONSUMABLE,
    "service": layout.TREAT_B_SERVICE,
}
AREA = "area"
"""Written for a prepay ratio that the area fixes and no document states."""


def differences(law: Law, region: str | None, blocks: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Chinese sentences, one for each value that ``blocks`` states otherwise than ``law`` for ``region``;
    none when they agree.

    Values are compared on the first and the last day of each block. ``region`` None: a policy that the
    library does not know, which differs as a whole. Raises ValueError for dates, amounts or ratios that
    cannot be read.
    """
    if region is None:
        return ("政策库里没有这个政策，全部采用文件的规定",)
    found: dict[str, str] = {}
    for block in blocks:
        days = [_day(block.get("effective_from")) or date(2023, 1, 1)]
        last = _day(block.get("effective_to"))
        for on in (*days, *([last] if last else [])):
            for text in _on(law, region, on, block):
                found.setdefault(f"{days[0]} {text}", f"{on} {text}")
    return tuple(found.values())


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _on(law: Law, region: str, on: date, block: Mapping[str, Any]) -> Iterator[str]:
    for status in ("active", "retired"):
        for place in _places(block):
            row = law.row(region, on, {"status": status, "place": place})
            where = f"{status} {place}"
            if isinstance(row, Refusal):
                yield f"{where}：政策库没有规定（{row.code}）"
                continue
            for name, stated, known in _compared(block, row, status, place):
                if stated != known:
                    yield f"{where} {name}：文件 {_shown(name, stated)}，政策库 {_shown(name, known)}"


def _places(block: Mapping[str, Any]) -> list[str]:
    """Every place that the block speaks of."""
    places: dict[str, None] = {}
    for value in (block.get("deductible"), *_branches(block.get("ratio"))):
        if isinstance(value, Mapping):
            places.update(dict.fromkeys(str(key) for key in value))
    return list(places)


def _branches(value: Any) -> tuple[Any, ...]:
    return tuple(value.values()) if isinstance(value, Mapping) else ()


def _compared(
    block: Mapping[str, Any], row: Row, status: str, place: str
) -> Iterator[tuple[str, int | None, int | None]]:
    """(name, stated, known) of each value of the block for one kind of person and place."""
    cells = row.cells
    yearly = block.get("annual_deductible") is not None
    amount = block.get("annual_deductible") if yearly else block.get("deductible")
    kind = layout.DEDUCTIBLE_YEAR if yearly else layout.DEDUCTIBLE_VISIT
    known = cells[layout.ROW_DEDUCTIBLE_FEN] if cells[layout.ROW_DEDUCTIBLE_KIND] == kind else None
    yield "起付标准", _money(_pick(amount, status, place)), known
    if "annual_deductible_ceiling" in block or not yearly:
        stated = block.get("annual_deductible_ceiling")
        yield (
            "年度起付累计",
            layout.NONE if stated is None else _money(stated),
            cells[layout.ROW_DEDUCTIBLE_STOP_FEN],
        )
    if "ratio" in block:
        yield "支付比例", _ratio(_pick(block["ratio"], status, place)), cells[layout.ROW_BAND_BP]
    if "cap" in block:
        yield "年度限额", _money(_pick(block["cap"], status, place)), cells[layout.ROW_CEILING_YEAR_FEN]
    prepay = block.get("prepay")
    for name, stated in prepay.items() if isinstance(prepay, Mapping) else ():
        if name not in _PREPAY:
            raise ValueError(f"prepay 里没有 {name} 这个名称")
        at = layout.ROW_PREPAY_BP + _PREPAY[name]
        if stated != AREA or cells[at] == layout.UNSET:
            yield f"先行自付 {name}", layout.UNSET if stated == AREA else _ratio(stated), cells[at]


def _pick(value: Any, status: str, place: str) -> Any:
    """The value for one status and place, however deep it is nested by them."""
    while isinstance(value, Mapping):
        for key in (status, place, "*"):
            if key in value:
                value = value[key]
                break
        else:
            return None
    return value


def _money(value: Any) -> int | None:
    return None if value is None else parse_yuan(str(value))


def _ratio(value: Any) -> int | None:
    if value is None:
        return None
    text = str(value)
    return parse_percent(text) if text.endswith("%") else parse_decimal(text, 4)


def _shown(name: str, value: int | None) -> str:
    if value is None or value == layout.UNSET:
        return "未规定"
    if value == layout.NONE:
        return "不设"
    return format_percent(value) if "比例" in name or "先行自付" in name else format_yuan(value)
