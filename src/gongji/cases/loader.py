"""From a case file to its values: everything known is read, everything unknown is an error that names it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gongji.base.os_errors import os_error_text
from gongji.cases import form
from gongji.cases.expecting import expectations
from gongji.cases.feeline import read_line
from gongji.cases.fields import Place
from gongji.cases.form import Case, CaseError, CaseFile, Step
from gongji.cases.tree import Map, parse
from gongji.cases.visitfacts import visit_facts

if TYPE_CHECKING:
    from gongji.cases.insured.form import InsuredCase

_FILE = ("parameters", "schemes", "scheme", "regions", "cases", "note")
_CASE = (
    "id",
    "title",
    "policy",
    "clauses",
    "decisions",
    "uses_unconfirmed",
    "fixtures",
    "start",
    "steps",
    "note",
)
_STEP = (
    "op",
    "date",
    "status",
    "place",
    "encounter",
    "institution",
    "lines",
    "flags",
    "attributes",
    "age",
    "ref",
    "expect",
    "working",
)
_START = (*form.START_MONEY, "family_accounts", "chronic_quota_left")


def load(path: Path, wanted: frozenset[str] = frozenset()) -> CaseFile:
    """Read one case file; only the cases ``wanted`` when any are named. Raises CaseError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CaseError(f"{path}：文件不是 UTF-8 编码") from None
    except OSError as error:
        raise CaseError(f"{path}：打不开文件（{os_error_text(error)}）") from None
    file = read(text, str(path))
    if not wanted:
        return file
    return msgspec.structs.replace(
        file,
        cases=tuple(case for case in file.cases if case.id in wanted),
        insured=tuple(case for case in file.insured if case.id in wanted),
    )


def read(text: str, path: str) -> CaseFile:
    """Case file of ``text``; ``path`` is for messages and for finding schemes beside it. Raises CaseError."""
    place = Place(path)
    root = place.mapping(parse(text, path), "案例文件", _FILE)
    cases, insured = _cases(place, place.items(root.get("cases"), "cases"))
    if not cases and not insured:
        place.fail("没有案例（cases）")
    seen: set[str] = set()
    for identity in (*(case.id for case in cases), *(case.id for case in insured)):
        if identity in seen:
            place.fail(f"案例编号 {identity} 重复")
        seen.add(identity)
    schemes = root.get("schemes", root.get("scheme"))
    regions = place.mapping(root.get("regions"), "regions")
    return CaseFile(
        path=path,
        parameters=dict(place.mapping(root.get("parameters"), "parameters")),
        schemes=(schemes,) if isinstance(schemes, str) else place.texts(schemes, "schemes"),
        regions={name: place.text(code, f"regions 里的 {name}") for name, code in regions.items()},
        cases=tuple(cases),
        insured=tuple(insured),
    )


def _cases(place: Place, items: list[Any]) -> tuple[list[Case], list[InsuredCase]]:
    """Cases of settlements, and of the insured side: those that have a person."""
    cases: list[Case] = []
    insured: list[InsuredCase] = []
    for item in items:
        if not isinstance(item, Map):
            place.fail("案例应是键值对")
        where = place.of_case(str(item.get("id") or f"（第 {item.line} 行）"))
        if "person" in item:
            from gongji.cases.insured.reading import read_case

            insured.append(read_case(where, item))
        else:
            cases.append(_case(where, item))
    return cases, insured


def _case(place: Place, item: Map) -> Case:
    item = place.mapping(item, "案例", _CASE)
    identity = place.text(item.get("id"), "案例编号 id")
    fixtures = place.mapping(item.get("fixtures"), "fixtures", form.FIXTURES)
    start = place.mapping(item.get("start"), "start", _START)
    money = {name: place.money(start[name], f"start 的 {name}") for name in form.START_MONEY if name in start}
    for name, fen in money.items():
        if fen < 0:
            place.fail(f"start 的 {name} 不能是负数")
    read_fixtures = {name: _fixture(place, name, value) for name, value in fixtures.items()}
    if "chronic_quota_left" in start:
        read_fixtures["chronic_quota_left"] = place.money(
            start["chronic_quota_left"], "start 的 chronic_quota_left"
        )
    steps = [
        _step(place.of_step(index), index, value)
        for index, value in enumerate(place.items(item.get("steps"), "steps"))
    ]
    if not steps:
        place.fail("没有步骤（steps）")
    return Case(
        id=identity,
        title=place.text(item.get("title"), "标题 title", identity),
        policy=place.text(item.get("policy"), "政策 policy"),
        clauses=place.texts(item.get("clauses"), "clauses"),
        decisions=place.texts(item.get("decisions"), "decisions"),
        uses_unconfirmed=place.texts(item.get("uses_unconfirmed"), "uses_unconfirmed"),
        fixtures=read_fixtures,
        start=money,
        family=_family(place, start, money.get("family_account")),
        steps=tuple(steps),
    )


def _fixture(place: Place, name: str, value: Any) -> int:
    read = place.ratio if form.FIXTURES[name] == form.RATIO else place.money
    number = read(value, f"fixtures 的 {name}")
    if number < 0:
        place.fail(f"fixtures 的 {name} 不能是负数")
    return number


def _family(place: Place, start: Map, single: int | None) -> tuple[tuple[str, int], ...]:
    """Relatives' balances in binding order: ``family_account`` is one nameless relative,
    ``family_accounts`` several."""
    accounts = place.items(start.get("family_accounts"), "family_accounts")
    if not accounts:
        return (("family", single),) if single else ()
    if single is not None:
        place.fail("family_account 和 family_accounts 只能写一个")
    family = []
    for item in accounts:
        account = place.mapping(item, "family_accounts", ("owner", "balance"))
        family.append(
            (place.text(account.get("owner"), "owner"), place.money(account.get("balance"), "balance"))
        )
    if len({owner for owner, _ in family}) != len(family):
        place.fail("family_accounts 的 owner 重复")
    return tuple(family)


def _step(place: Place, index: int, value: Any) -> Step:
    item = place.mapping(value, "步骤", _STEP)
    op = place.word(item.get("op", form.SETTLE), "op", form.OPS)
    expect = expectations(place, op, item.get("expect"))
    working = place.text(item.get("working"), "working", "")
    if op == form.REFUND:
        return _refund_step(place, index, item, expect, working)
    if "ref" in item:
        place.fail("ref 只用于退费步骤", item)
    attributes, marks = visit_facts(place, item)
    where = place.text(item.get("place"), "就医地点 place", "" if "kind" in attributes else None)
    lines = place.items(item.get("lines"), "lines")
    return Step(
        index=index,
        op=op,
        on=place.day(item.get("date"), "日期 date"),
        status=place.text(item.get("status"), "参保状态 status"),
        place=where,
        encounter=place.text(item.get("encounter"), "encounter", f"步骤{index}"),
        institution=place.text(item.get("institution"), "institution", where),
        lines=tuple(read_line(place, number, line) for number, line in enumerate(lines, start=1)),
        attributes=attributes,
        marks=marks,
        ref=None,
        expect=expect,
        working=working,
    )


def _refund_step(place: Place, index: int, item: Map, expect: dict[str, Any], working: str) -> Step:
    """A refund names the step it takes back and nothing of the visit."""
    ref = place.number(item.get("ref"), "ref")
    if ref >= index:
        place.fail(f"ref 应指向前面的步骤，现在是 {ref}")
    for name in ("status", "place", "encounter", "lines", "flags", "attributes", "age", "institution"):
        if name in item:
            place.fail(f"退费步骤不需要 {name}", item)
    return Step(
        index=index,
        op=form.REFUND,
        on=place.day(item["date"], "日期 date") if "date" in item else None,
        status="",
        place="",
        encounter="",
        institution="",
        lines=(),
        attributes={},
        marks=frozenset(),
        ref=ref,
        expect=expect,
        working=working,
    )
