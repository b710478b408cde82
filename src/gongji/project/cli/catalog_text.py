"""How `gongji catalog` shows items, batches and differences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from gongji.base.money import PRICE_UNIT
from gongji.project.cli.desk import actor_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gongji.catalog.batches import Batch
    from gongji.catalog.differences import Change
    from gongji.catalog.restrictions import Restriction
    from gongji.catalog.values import CeilingSpell, Item, ItemSpell, PriceSpell

__all__ = ["batch_line", "batch_lines", "change_lines", "item_line", "item_lines", "yuan"]

STATES: Final = {"open": "待批准", "approved": "已批准", "refused": "未批准", "superseded": "已被代替"}
TOLD: Final = frozenset({"code", "region", "fee_class", "name", "from_on"})
"""What the first line of a difference tells."""
BLANK: Final = (None, "", 0, False, ())
VERBS: Final = {"added": "新增", "changed": "变更", "ended": "停用"}
MARKS: Final = {
    "base_drug": "基本药物",
    "centralized": "集采中选",
    "negotiated": "谈判药品",
    "dual_channel": "双通道",
    "child_drug": "儿童用药",
    "prescription_only": "处方药",
    "antimicrobial": "抗微生物药",
    "special_storage": "特殊贮存",
    "long_excluded": "不适用长期处方",
    "circulation_excluded": "不得流转",
}


def yuan(micro: int) -> str:
    """A price in yuan with at least two decimals: 85000 → 0.085."""
    whole, rest = divmod(micro, PRICE_UNIT)
    return f"{whole}.{f'{rest:06d}'.rstrip('0'):0<2}"


def batch_line(batch: Batch) -> str:
    """A batch in one line."""
    from gongji.catalog.columns import PARTS

    version = f"  目录版本 {batch.version}" if batch.version is not None else ""
    counts = f"新增 {batch.added:,}  变更 {batch.changed:,}  停用 {batch.ended:,}"
    return (
        f"批次 {batch.batch_id}  {PARTS[batch.part].title}  自 {batch.effective_on}  {counts}  "
        f"{STATES[batch.state]}{version}"
    )


def batch_lines(batch: Batch) -> Iterator[str]:
    """A batch with where it comes from and what was decided."""
    yield batch_line(batch)
    whole = "完整目录" if batch.whole else "部分项目"
    yield f"{batch.file_name}（{batch.form}，{whole}）：{batch.row_count:,} 行，其中 {batch.unchanged:,} 行没有变化"
    if batch.reason:
        yield f"追溯生效的原因：{batch.reason}"
    yield f"提交 {actor_text(batch.proposed_by)}（第 {batch.diff_no} 次比对）"
    if batch.decided_by:
        yield f"{STATES[batch.state]} {actor_text(batch.decided_by)}" + (
            f"：{batch.note}" if batch.note else ""
        )


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """Differences, field by field."""
    from gongji.catalog.columns import label
    from gongji.catalog.differences import fields_of

    for change in changes:
        spell = change.after or change.before
        name = getattr(spell, "name", "")
        yield "  ".join(filter(None, (VERBS[change.verb], *change.key, name)))
        if change.before is not None and change.after is not None:
            for field, before, after in fields_of(change.before, change.after):
                yield f"    {label(field)}：{_shown(field, before)} → {_shown(field, after)}"
        elif change.after is not None and (said := "；".join(_said(change.after))):
            yield f"    {said}"


def _said(spell: ItemSpell | PriceSpell | CeilingSpell) -> Iterator[str]:
    """What something new is, as far as its file says it: what the second person answers for."""
    from gongji.catalog.columns import label

    for field in spell.__struct_fields__:
        value = getattr(spell, field)
        if field not in TOLD and value not in BLANK:
            yield f"{label(field)}：{_shown(field, value)}"


def item_line(item: Item) -> str:
    """An item in one line."""
    from gongji.catalog.rules import LEVELS

    level = LEVELS.get(item.chrgitm_lv, item.chrgitm_lv)
    price = "" if item.standard_micro is None else f"  支付标准 {yuan(item.standard_micro)}"
    return f"{item.code}  {item.name}  {item.spec}  {level}{price}".replace("    ", "  ")


def item_lines(item: Item) -> Iterator[str]:
    """Everything that is known of an item on the day."""
    from gongji.catalog.items import CONTROLS, KINDS
    from gongji.catalog.rules import CHARGE_TYPES, LEVELS, LIST_TYPES

    yield f"{item.code}  {item.name}"
    for title, text in (
        ("种类", KINDS.get(item.kind, item.kind)),
        ("目录类别", LIST_TYPES.get(item.list_type, item.list_type)),
        ("收费项目等级", LEVELS.get(item.chrgitm_lv, item.chrgitm_lv)),
        ("医疗收费项目类别", CHARGE_TYPES.get(item.charge_type, item.charge_type)),
        ("通用名", item.generic_name),
        ("规格", item.spec),
        ("剂型", item.dosform),
        ("包装", f"{item.pack_units} {item.min_unit}／{item.pack_unit}" if item.pack_units else ""),
        ("计价单位", item.unit),
        ("批准文号", item.approval_no),
        ("生产企业", item.maker),
        ("特殊管理类别", CONTROLS.get(item.control, "")),
        ("标记", "、".join(text for field, text in MARKS.items() if getattr(item, field))),
        ("支付标准", "按实际价格" if item.standard_micro is None else f"{yuan(item.standard_micro)} 元"),
        ("最高限价", "" if item.ceiling_micro is None else f"{yuan(item.ceiling_micro)} 元"),
        ("限定支付范围", item.restriction),
        ("限定条件", _limits(item.restrictions)),
        ("个人账户", "可用" if item.account_allowed else "不得使用"),
    ):
        if text:
            yield f"  {title}：{text}"


def _shown(field: str, value: Any) -> str:
    from gongji.catalog.items import CONTROLS, KINDS
    from gongji.catalog.rules import CHARGE_TYPES, LEVELS, LIST_TYPES

    names: dict[str, dict[str, str]] = {
        "chrgitm_lv": LEVELS,
        "charge_type": CHARGE_TYPES,
        "list_type": LIST_TYPES,
        "kind": KINDS,
        "control": CONTROLS,
    }
    if field in names:
        return names[field].get(value, value) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.endswith("_micro"):
        return "无" if value is None else yuan(value)
    if field == "restrictions":
        return _limits(value) or "无"
    if isinstance(value, date):
        return value.isoformat()
    return "无" if value in {None, ""} else str(value)


def _limits(limits: Sequence[Restriction]) -> str:
    from gongji.catalog.restrictions import CHOICES, KINDS

    texts = []
    for limit in limits:
        names = CHOICES.get(limit.kind, {})
        values = "、".join(names.get(value, value) for value in limit.values)
        ends = (
            f"≥{limit.low}" if limit.low is not None else "",
            f"≤{limit.high}" if limit.high is not None else "",
        )
        texts.append(f"{KINDS[limit.kind]} {values or limit.text or ' '.join(filter(None, ends))}")
    return "；".join(texts)
