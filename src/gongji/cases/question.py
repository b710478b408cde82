"""One question: what would this visit cost? From flags or a file to the input of the one decision.

The short form of a line is ``class:amount`` or ``class:price x quantity [@ standard]``, then optionally its
type and marks: ``A:100.00``, ``B:200.00:drug``, ``B:12.00x10@10.00:drug``,
``A:90.00:drug:restriction_met=false``, ``A:50.00:chronic``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from gongji.base.os_errors import os_error_text
from gongji.base.reasons import Refusal
from gongji.cases.facts import strange_attribute, usual_facts
from gongji.cases.feeline import read_line
from gongji.cases.fields import Place
from gongji.cases.form import CaseError, Line
from gongji.cases.runner import line_ground, line_input
from gongji.cases.tree import Map, parse
from gongji.kernel import layout
from gongji.policy import Law, normalise_region
from gongji.policy.cases import CASE_REGIONS
from gongji.settlement.lines import KINDS
from gongji.settlement.rules import Outcome, PersonState, VisitInput, decide

USED = {
    "used_deductible": "今年已付起付",
    "used_pool": "今年统筹已付",
    "used_in_scope": "今年政策范围内费用",
    "visit_deductible": "本次就诊（及其处方）已付起付",
    "day_deductible": "当日已付起付",
    "month_deductible": "当月已付起付",
    "visit_pool": "本次就诊统筹已付",
    "day_pool": "当日统筹已付",
    "month_pool": "当月统筹已付",
    "quarter_pool": "当季统筹已付",
    "own": "本人账户余额",
    "chronic_quota": "慢特病剩余限额",
}
"""Amounts of a question and what they mean; each defaults to 0 (a quota: to none)."""
KEYS = ("region", "date", "status", "place", "benefit", "lines", "family", "facts", "allow_draft", *USED)

_MARKS = ("chronic",)
_OPTIONS = (
    "name",
    "prepay",
    "restriction_met",
    "in_house",
    "in_catalogue",
    "on_prescription",
    "account_allowed",
)


class Question(msgspec.Struct, frozen=True):
    """One visit to be calculated. ``used``: fen by the names of ``USED``; ``family``: fen of relatives in
    binding order."""

    region: str
    on: date
    status: str
    place: str
    benefit: str
    lines: tuple[Line, ...]
    used: Mapping[str, int]
    family: tuple[int, ...]
    facts: Mapping[str, str]
    allow_draft: bool


def read_file(path: Path) -> dict[str, Any]:
    """The fields of a question's file (YAML or JSON). Raises CaseError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CaseError(f"{path}：文件不是 UTF-8 编码") from None
    except OSError as error:
        raise CaseError(f"{path}：打不开文件（{os_error_text(error)}）") from None
    return dict(Place(str(path)).mapping(parse(text, str(path)), "问题", KEYS))


def question(fields: Mapping[str, Any], source: str) -> Question:
    """The question of ``fields`` (names of ``KEYS``, texts as in a file). Raises CaseError, which names
    ``source``."""
    place = Place(source)
    lines = place.items(fields.get("lines"), "lines")
    if not lines:
        place.fail("至少要有一条费用（--line 或 lines）")
    facts = place.mapping(fields.get("facts"), "facts")
    where = place.text(fields.get("place"), "place", "")
    if not where and "kind" not in facts:
        place.fail("缺少就医地点 place（如 class1、class2、class3、pharmacy、level2），或事实 kind")
    family = fields.get("family")
    used = {
        name: place.money(fields[name], title) for name, title in USED.items() if fields.get(name) is not None
    }
    for name, fen in used.items():
        if fen < 0:
            place.fail(f"{USED[name]}不能是负数")
    return Question(
        region=_region(place, fields.get("region")),
        on=place.day(fields.get("date"), "日期 date"),
        status=place.text(fields.get("status"), "参保状态 status（active 在职 或 retired 退休）"),
        place=where,
        benefit=place.text(fields.get("benefit"), "benefit", "ordinary"),
        lines=tuple(_line(place, number, value) for number, value in enumerate(lines, start=1)),
        used=used,
        family=tuple(
            place.money(item, "家庭账户余额 family")
            for item in (family if isinstance(family, list) else [family] if family else [])
        ),
        facts={name: place.text(value, name) for name, value in facts.items()},
        allow_draft="allow_draft" in fields and place.yes_no(fields["allow_draft"], "allow_draft"),
    )


def _region(place: Place, value: Any) -> str:
    text = place.text(value, "参保地 region（如 14）")
    try:
        return CASE_REGIONS.get(text) or normalise_region(text)
    except ValueError as error:
        place.fail(str(error))


def _line(place: Place, number: int, value: Any) -> Line:
    return read_line(place, number, _short_line(place, number, value) if isinstance(value, str) else value)


def _short_line(place: Place, number: int, text: str) -> Map:
    """The fields of a line in short form."""
    what = f"第 {number} 条费用“{text}”"
    category, _, rest = text.replace("：", ":").partition(":")
    amount, *options = rest.split(":")
    if not amount:
        place.fail(f"{what}应写成 类别:金额，如 A:100.00 或 B:12.00x10@10.00:drug")
    item = Map(cat=category.strip().upper())
    price, times, quantity = amount.replace("×", "x").partition("x")
    if times:
        quantity, at, standard = quantity.partition("@")
        item |= {"price": price, "qty": quantity} | ({"std": standard} if at else {})
    else:
        item["amount"] = price
    for option in options:
        name, equals, given = option.partition("=")
        if equals and name in _OPTIONS:
            item[name] = given
        elif option in _MARKS:
            item[option] = "true"
        elif option in KINDS:
            item["type"] = option
        else:
            known = "、".join([*sorted(KINDS), *_MARKS, *(f"{name}=…" for name in _OPTIONS)])
            place.fail(f"{what}里的“{option}”不认识；可用的有：{known}")
    return item


def answer(law: Law, asked: Question) -> Outcome | Refusal:
    """Decide the visit of a question. Raises CaseError for a fact that the law does not know."""
    attributes = {
        **usual_facts(asked.place, asked.facts.get("kind", "")),
        "status": asked.status,
        **asked.facts,
    }
    for name, value in attributes.items():
        strange = strange_attribute(law, name, value)
        if strange is not None:
            raise CaseError(strange)
    ground = line_ground(law, asked.region, asked.on)
    treats = ground.treats
    for line in asked.lines:
        if line.prepay and line.prepay not in treats:
            raise CaseError(f"没有先行自付类别“{line.prepay}”；可用的有：{'、'.join(treats)}")
    at_pharmacy = attributes["kind"] == "pharmacy"
    visit = VisitInput(
        region=asked.region,
        service_on=asked.on,
        benefit=asked.benefit,
        attributes=attributes,
        lines=tuple(
            line_input(line, str(number), ground, chronic=False, at_pharmacy=at_pharmacy)
            for number, line in enumerate(asked.lines, start=1)
        ),
        allow_draft=asked.allow_draft,
    )
    return decide(law, visit, _state(asked.used, asked.family))


def _state(used: Mapping[str, int], family: Sequence[int]) -> PersonState:
    acc = [0] * layout.ACC_SIZE
    for name, position in (
        ("used_deductible", layout.ACC_DEDUCTIBLE_YEAR_FEN),
        ("used_in_scope", layout.ACC_IN_SCOPE_YEAR_FEN),
        ("visit_pool", layout.ACC_FUND_VISIT_FEN),
        ("day_pool", layout.ACC_FUND_DAY_FEN),
        ("month_pool", layout.ACC_FUND_MONTH_FEN),
        ("quarter_pool", layout.ACC_FUND_QUARTER_FEN),
        ("used_pool", layout.ACC_FUND_YEAR_FEN),
    ):
        acc[position] = used.get(name, 0)
    return PersonState(
        acc=tuple(acc),
        own_fen=used.get("own", 0),
        family=tuple((f"家庭账户{number}", fen) for number, fen in enumerate(family, start=1)),
        quota_fen=used.get("chronic_quota", layout.NONE),
        charged=(
            used.get("visit_deductible", 0),
            used.get("day_deductible", 0),
            used.get("month_deductible", 0),
        ),
    )
