"""From a case with a ``person`` to its values: everything known is read, everything unknown is an error that names it."""

from __future__ import annotations

import re
from typing import Any, Final

from gongji.cases import form
from gongji.cases.expecting import expected
from gongji.cases.feeline import read_line
from gongji.cases.fields import FIRST_YEAR, LAST_YEAR, Place
from gongji.cases.form import Step
from gongji.cases.insured.form import SELF, InsuredCase, InsuredStep
from gongji.cases.insured.op import MONTH, WORD, Field, Op
from gongji.cases.insured.ops import OPS
from gongji.cases.insured.people import read_area, read_month, read_people
from gongji.cases.tree import Map
from gongji.cases.visitfacts import visit_facts

SHARE: Final = re.compile(r"-?\d{1,9}(?:/[1-9]\d{0,8})?")
CASE: Final = (
    *("id", "title", "policy", "clauses", "decisions", "uses_unconfirmed", "note"),
    *("fixtures", "switches", "person", "relatives", "start", "steps"),
)
HOME: Final = {"SX": "140800", "QY": "621000"}
"""Where people are insured whose relation names no region."""
RECORDED: Final = {
    "insured": "relations",
    "has_account": "relations",
    "arrears": "contributions 或 arrears",
    "waiting": "waiting",
    "offsite": "filings 和 area",
    "chronic": "disease",
}
"""Flags of a visit that here are facts of the person, and where they are stated."""
VISIT: Final = ("place", "institution", "encounter", "flags", "attributes", "lines")
STATED: Final = {"": (), "lines": VISIT, "place": VISIT[:-1], "bill": ("encounter", "lines")}
"""What a step says of its visit, by ``Op.visit``."""
START: Final = ("ytd_deductible", "ytd_pool", "ytd_in_scope", "ytd_inpatient_deductible", "ytd_inpatient_pay")


def read_case(place: Place, item: Map) -> InsuredCase:
    """One case. Raises CaseError."""
    item = place.mapping(item, "案例", CASE)
    identity = place.text(item.get("id"), "案例编号 id")
    policy = place.text(item.get("policy"), "政策 policy")
    start = place.mapping(item.get("start"), "start", START)
    people = read_people(place, item, HOME.get(policy, policy))
    names = tuple(one.name for one in people)
    steps = [
        _step(place.of_step(index), index, value, names)
        for index, value in enumerate(place.items(item.get("steps"), "steps"))
    ]
    if not steps:
        place.fail("没有步骤（steps）")
    return InsuredCase(
        id=identity,
        title=place.text(item.get("title"), "标题 title", identity),
        policy=policy,
        clauses=place.texts(item.get("clauses"), "clauses"),
        decisions=place.texts(item.get("decisions"), "decisions"),
        fixtures=_parameters(place, item, "fixtures"),
        switches=_parameters(place, item, "switches"),
        people=people,
        start={name: place.money(value, f"start 的 {name}") for name, value in start.items()},
        steps=tuple(steps),
    )


def _parameters(place: Place, item: Map, name: str) -> dict[str, Any]:
    """Parameter → value as written; what they may be is the policy library's to say."""
    return dict(place.mapping(item.get(name), name))


def _step(place: Place, index: int, value: Any, names: tuple[str, ...]) -> InsuredStep:
    if not isinstance(value, Map):
        place.fail("步骤 应是键值对")
    op_name = place.word(value.get("op"), "op", OPS)
    op = OPS[op_name]
    visit = STATED[op.visit]
    ref = ("ref",) if op_name in REFERRING else ()
    item = place.mapping(
        value, "步骤", ("op", "date", "who", *ref, *visit, *op.fields, "expect", "working", "note")
    )
    on = place.day(item.get("date"), "日期 date") if op.dated or "date" in item else None
    given = {name: _given(place, field, name, item[name]) for name, field in _present(place, op, item)}
    _check_shares(place, given)
    _check_words(place, op_name, given, names)
    return InsuredStep(
        index=index,
        op=op_name,
        on=on,
        who=place.word(item.get("who", SELF), "who", names),
        given=given,
        visit=_visit(place, index, item, op) if op.visit else None,
        ref=_ref(place, index, item) if ref else None,
        expect=expected(place, op.expect, item.get("expect")),
        working=place.text(item.get("working"), "working", ""),
    )


def _check_words(place: Place, op_name: str, given: dict[str, Any], names: tuple[str, ...]) -> None:
    """People, places and years that the operation takes as they are."""
    if op_name in ("unbind", "premium") and "user" in given:
        place.word(given["user"], "user", names)
    if "area" in given:
        read_area(place, given["area"], "area")
    if "year" in given and not FIRST_YEAR <= given["year"] <= LAST_YEAR:
        place.fail(f"year 应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间：{given['year']}")


def _check_shares(place: Place, given: dict[str, Any]) -> None:
    """Shares and documents of payees are one each, a share is a fraction."""
    number = len(given.get("payees", ("本人",)))
    for name in ("shares", "certs"):
        if name in given and len(given[name]) != number:
            place.fail(f"{name} 有 {len(given[name])} 项，收款人 payees 有 {number} 位")
    for share in given.get("shares", ()):
        if not SHARE.fullmatch(share):
            place.fail(f"shares 的每份应写成 1/2 的形式，现在是“{share}”")


REFERRING: Final = frozenset({"refund", "claim_step"})
"""Operations that take back an earlier step."""


def _ref(place: Place, index: int, item: Map) -> int:
    ref = place.number(item.get("ref"), "ref")
    if ref >= index:
        place.fail(f"ref 应指向前面的步骤，现在是 {ref}")
    return ref


def _present(place: Place, op: Op, item: Map) -> list[tuple[str, Field]]:
    """The names that the step states; an empty one counts as not stated, but for those that may be empty."""
    stated = []
    for name, field in op.fields.items():
        if item.get(name) is not None or (name in item and field.empty):
            stated.append((name, field))
        elif field.required:
            place.fail(f"{op.title}缺少 {name}", item)
    return stated


def _given(place: Place, field: Field, name: str, value: Any) -> Any:
    if value is None:
        return None
    if field.kind == WORD:
        return place.word(value, name, field.words)
    if field.kind == MONTH:
        return read_month(place, value, name)
    if field.kind == form.WORDS:
        return place.texts(value, name)
    read = {
        form.MONEY: place.money,
        form.DAY: place.day,
        form.SWITCH: place.yes_no,
        form.NUMBER: place.number,
        form.RATIO: place.ratio,
        form.TEXT: place.text,
    }[field.kind]
    return read(value, name)


def _visit(place: Place, index: int, item: Map, op: Op) -> Step:
    """Place, facts and fee lines of a visit; what the person's records say may not be stated again."""
    flags = place.mapping(item.get("flags"), "flags")
    for name in flags:
        if name in RECORDED:
            place.fail(f"flags 的 {name} 由人员的事实决定，请写在 {RECORDED[name]} 里", flags)
    attributes, marks = visit_facts(place, item)
    lines = place.items(item.get("lines"), "lines")
    nowhere = op.visit == "bill" or "kind" in attributes
    where = place.text(item.get("place"), "就医地点 place", "" if nowhere else None)
    return Step(
        index=index,
        op=form.SETTLE,
        on=place.day(item.get("date"), "日期 date"),
        status="",
        place=where,
        encounter=place.text(item.get("encounter"), "encounter", f"步骤{index}"),
        institution=place.text(item.get("institution"), "institution", where),
        lines=tuple(read_line(place, number, line) for number, line in enumerate(lines, start=1)),
        attributes=attributes,
        marks=marks,
        ref=None,
        expect={},
        working="",
    )
