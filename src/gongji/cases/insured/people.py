"""Reading the people of a case: birth, relations, contributions, filings, vouchers, chronic diseases, family, account."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from gongji.accounts.values import Limit
from gongji.base.regions import normalise_region
from gongji.cases.fields import Place
from gongji.cases.insured.form import SELF, Contribution, Insured
from gongji.cases.tree import Map
from gongji.members.import_rules import Figures
from gongji.members.rows import (
    ChronicRow,
    CredentialRow,
    FamilyRow,
    FilingRow,
    NonbenefitRow,
    PersonRow,
    RelationRow,
    Row,
)
from gongji.members.terms import CREDENTIAL_KIND, FAMILY_RELATION, FILING_KIND, PAYER, STATUS_OF, TREATMENT
from gongji.members.verbs_relation import new_relation

PERSON: Final = (
    "name",
    "born",
    "died",
    "gender",
    "relations",
    "contributions",
    "waiting",
    "arrears",
    "filings",
    "vouchers",
    "chronic",
    "family",
    "limits",
    "account",
    "account_on",
)
MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
LONG_AGO: Final = date(2000, 1, 1)
BORN: Final = date(1970, 1, 1)
FIRST: Final = date(2023, 1, 1)


def read_people(place: Place, item: Map, region: str) -> tuple[Insured, ...]:
    """The person of a case and the relatives, each name once. Raises CaseError."""
    people = [_human(place, item.get("person"), "person", SELF, region)]
    for number, relative in enumerate(place.items(item.get("relatives"), "relatives"), start=1):
        people.append(_human(place, relative, f"第 {number} 位 relatives", None, region))
    names = [one.name for one in people]
    if len(set(names)) != len(names):
        place.fail(f"人员的名称重复：{'、'.join(names)}")
    for one in people:
        for row in one.rows:
            if isinstance(row, FamilyRow) and row.owner not in set(names) - {one.name}:
                place.fail(f"{one.name} 的 family 的 owner“{row.owner}”应是另一个人")
    return tuple(people)


def _human(place: Place, value: Any, what: str, name: str | None, region: str) -> Insured:
    item = place.mapping(value, what, PERSON)
    called = name or place.text(item.get("name"), f"{what}的 name")
    account = item.get("account", "0.00") if name or "account" in item else None
    fen = None if account is None else place.money(account, f"{called} 的 account")
    if fen is not None and fen < 0:
        place.fail(f"{called} 的 account 不能是负数", item)
    return Insured(
        name=called,
        rows=(_person(place, item, called), *_rows(place, item, called, region)),
        contributions=tuple(
            one
            for given in place.items(item.get("contributions"), "contributions")
            for one in read_contributions(place, given)
        ),
        limits=tuple(_limit(place, given, called) for given in place.items(item.get("limits"), "limits")),
        account_fen=fen,
        account_on=day(place, item, "account_on", "account_on", FIRST),
    )


def _person(place: Place, item: Map, called: str) -> PersonRow:
    return PersonRow(
        name=called,
        cert_type="99",
        cert_sealed="\\x",
        cert_index="\\x",
        phone_sealed=None,
        phone_index=None,
        gender=place.text(item.get("gender"), "gender", "1"),
        ethnicity="01",
        born_on=day(place, item, "born", "born", BORN),
        died_on=place.day(item["died"], "died") if item.get("died") else None,
    )


def _rows(place: Place, item: Map, called: str, region: str) -> Iterator[Row]:
    relations = place.items(item.get("relations", [Map()]), "relations")
    for given in relations:
        yield _relation(place, given, region)
    for kind in ("waiting", "arrears"):
        for given in place.items(item.get(kind), kind):
            spell = place.mapping(given, kind, ("from", "until"))
            yield NonbenefitRow(
                from_on=place.day(spell.get("from"), "from"), until_on=last(place, spell), kind=kind
            )
    for given in place.items(item.get("filings"), "filings"):
        yield _filing(place, given)
    for number, given in enumerate(place.items(item.get("vouchers"), "vouchers"), start=1):
        yield _voucher(place, given, called, number)
    for given in place.items(item.get("chronic"), "chronic"):
        yield _chronic(place, given)
    for given in place.items(item.get("family"), "family"):
        bound = place.mapping(given, "family", ("owner", "relation", "from", "until"))
        yield FamilyRow(
            from_on=day(place, bound, "from", "family 的 from", FIRST),
            until_on=last(place, bound),
            owner=place.text(bound.get("owner"), "family 的 owner"),
            relation=place.word(bound.get("relation", "spouse"), "family 的 relation", FAMILY_RELATION),
        )


def _relation(place: Place, value: Any, region: str) -> RelationRow:
    """A relation with what follows from its category, as the members room fills it in."""
    known = ("from", "until", "category", "insutype", "region", "employer", "payer", "has_account")
    item = place.mapping(value, "relations", known)
    category = place.word(item.get("category", "employee"), "relations 的 category", STATUS_OF)
    return new_relation(
        from_on=day(place, item, "from", "relations 的 from", LONG_AGO),
        until_on=last(place, item),
        category=category,
        region=read_area(place, item.get("region", region), "relations 的 region"),
        employer=place.text(item.get("employer"), "employer", "" if category == "flexible" else "甲单位"),
        payer=place.word(item["payer"], "relations 的 payer", PAYER) if "payer" in item else None,
        psn_type=None,
        civil_servant=False,
        has_account=place.yes_no(item.get("has_account", "true"), "has_account"),
        insutype=place.text(item.get("insutype"), "insutype", "310"),
    )


def _filing(place: Place, value: Any) -> FilingRow:
    item = place.mapping(value, "filings", ("kind", "subtype", "region", "filed", "from", "until"))
    from_on = place.day(item.get("from"), "filings 的 from")
    return FilingRow(
        from_on=from_on,
        until_on=last(place, item),
        kind=place.word(item.get("kind"), "filings 的 kind", FILING_KIND),
        subtype=place.text(item.get("subtype"), "subtype", ""),
        region=read_area(place, item.get("region"), "filings 的 region"),
        filed_on=day(place, item, "filed", "filed", from_on),
    )


def _voucher(place: Place, value: Any, called: str, number: int) -> CredentialRow:
    item = place.mapping(
        value, "vouchers", ("kind", "from", "until", "blocked_from", "blocked_until", "reason")
    )
    return CredentialRow(
        kind=place.word(item.get("kind", "card"), "vouchers 的 kind", CREDENTIAL_KIND),
        number=f"{called}{number}",
        card_sn="",
        from_on=day(place, item, "from", "from", LONG_AGO),
        until_on=last(place, item),
        blocked_from=place.day(item["blocked_from"], "blocked_from") if item.get("blocked_from") else None,
        blocked_until=place.day(item["blocked_until"], "blocked_until")
        if item.get("blocked_until")
        else None,
        block_reason=place.text(item.get("reason"), "reason", ""),
    )


def _chronic(place: Place, value: Any) -> ChronicRow:
    quotas = ("quota_month", "quota_quarter", "quota_year")
    item = place.mapping(
        value, "chronic", ("disease", "name", "treatment", "ratio", *quotas, "from", "until")
    )
    month, quarter, year = (place.money(item[one], one) if one in item else None for one in quotas)
    treatment = place.text(item.get("treatment"), "treatment", "")
    if treatment:
        place.word(treatment, "chronic 的 treatment", [word for word in TREATMENT if word])
    return ChronicRow(
        from_on=day(place, item, "from", "chronic 的 from", LONG_AGO),
        until_on=last(place, item),
        disease_code=place.text(item.get("disease"), "chronic 的 disease"),
        disease_name=place.text(item.get("name"), "name", ""),
        treatment=treatment,
        ratio_bp=place.ratio(item["ratio"], "chronic 的 ratio") if "ratio" in item else None,
        quota_month_fen=month,
        quota_quarter_fen=quarter,
        quota_fen=year,
    )


def read_contributions(place: Place, value: Any) -> Iterator[Contribution]:
    """Contributions of one line: of ``month``, or of every month up to ``until``. Due on the last day of the month, and paid on
    the day it was due, unless said otherwise; ``paid:`` empty is unpaid."""
    names = ("month", "until", "employer_name", "base", "personal", "employer", "due", "paid")
    item = place.mapping(value, "contributions", names)
    month = read_month(place, item.get("month"), "contributions 的 month")
    until = read_month(place, item["until"], "contributions 的 until") if "until" in item else month
    if until < month:
        place.fail("contributions 的 until 早于 month", item)
    if until != month and ("due" in item or item.get("paid")):
        place.fail("contributions 写了 until 就不能写 due、paid 的日期", item)
    while month <= until:
        due_on = day(place, item, "due", "due", month.replace(day=monthrange(month.year, month.month)[1]))
        paid = item.get("paid", due_on.isoformat())
        figures = Figures(
            base_fen=place.money(item.get("base"), "contributions 的 base"),
            personal_fen=place.money(item.get("personal", "0.00"), "personal"),
            employer_fen=place.money(item.get("employer", "0.00"), "employer"),
            due_on=due_on,
            paid_on=None if paid is None else place.day(paid, "paid"),
            kind="normal",
        )
        yield Contribution(month, place.text(item.get("employer_name"), "employer_name", "甲单位"), figures)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _limit(place: Place, value: Any, owner: str) -> Limit:
    """An owner's limit; ``*`` is everybody together."""
    item = place.mapping(value, "limits", ("user", "per_settlement", "per_month", "per_year", "from"))
    visit, month, year = (
        place.money(item[one], one) if item.get(one) is not None else None
        for one in ("per_settlement", "per_month", "per_year")
    )
    user = place.text(item.get("user"), "limits 的 user", "*")
    return Limit(owner, user, visit, month, year, day(place, item, "from", "from", FIRST))


def read_month(place: Place, value: Any, what: str) -> date:
    """First day of a month written 2023-05."""
    text = place.text(value, what)
    if not MONTH.fullmatch(text):
        place.fail(f"{what} 应写成 2023-05 的形式，现在是“{text}”")
    return place.day(f"{text}-01", what)


def read_area(place: Place, value: Any, what: str) -> str:
    """A region code (医保区划)."""
    text = place.text(value, what)
    try:
        normalise_region(text)
    except ValueError as error:
        place.fail(f"{what}：{error}")
    return text


def day(place: Place, item: Map, name: str, what: str, default: date) -> date:
    """A date of ``item``, or the default when it is not there."""
    return place.day(item[name], what) if name in item else default


def last(place: Place, item: Map) -> date | None:
    """Last day ``until``; none while it lasts."""
    return place.day(item["until"], "until") if item.get("until") else None
