"""One member of each kind, at a number that stories and tests can name."""

from collections.abc import Callable
from datetime import date

from gongji.demo_data.population import (
    DATONG,
    HYPERTENSION,
    QINGYANG,
    YUNCHENG,
    People,
    psn_no_of,
)

__all__ = ["ARCHETYPES", "add_archetypes"]

BLOCKED_ON = date(2024, 7, 1)

ARCHETYPES: dict[str, int] = {
    "active": 1,
    "retired": 2,
    "flexible_with_account": 3,
    "flexible_without_account": 4,
    "arrears": 5,
    "waiting": 6,
    "filed_in_province": 7,
    "filed_out_of_province": 8,
    "temporary_filing": 9,
    "chronic": 10,
    "chronic_without_quota": 11,
    "family_user": 12,
    "family_owner": 13,
    "family_owner_second": 14,
    "blocked_card": 15,
    "expired_card": 16,
    "deceased": 17,
    "paused": 18,
    "retired_in_2024": 19,
    "civil_servant": 20,
    "qingyang_active": 21,
    "qingyang_retired": 22,
    "without_voucher": 23,
    "empty_account": 24,
    "of_the_story": 25,
    "spouse_of_the_story": 26,
}
"""Kind of member → running number; ``psn_no_of`` makes the person's number of it.

The two of the story (`gongji demo`) are in nobody's past: what it tells is the same with a lived-in demonstration and without.
"""


def _insured(made: People, name: str, age: tuple[int, int] = (28, 55), **relation: object) -> str:
    """An archetype with card, voucher, relation and account."""
    psn_no = made.person(ARCHETYPES[name], age)
    made.credential(psn_no, "card")
    made.credential(psn_no, "voucher")
    made.relation(psn_no, **relation)  # type: ignore[arg-type]
    if relation.get("has_account", True):
        made.balance(psn_no, 50_000, 300_000)
    return psn_no


def add_archetypes(made: People) -> None:
    for name in ARCHETYPES:
        _MAKERS.get(name, _plain)(made, name)
    user, owners = psn_no_of(ARCHETYPES["family_user"]), ("family_owner", "family_owner_second")
    for owner, relation in zip(owners, ("spouse", "parent"), strict=True):
        made.family(user, psn_no_of(ARCHETYPES[owner]), relation)
    made.family(psn_no_of(ARCHETYPES["of_the_story"]), psn_no_of(ARCHETYPES["spouse_of_the_story"]), "spouse")


def _plain(made: People, name: str) -> None:
    _insured(made, name)


def _retired(made: People, name: str) -> None:
    _insured(made, name, (62, 78), status="retired")


def _nonbenefit(made: People, name: str) -> None:
    psn_no = _insured(made, name, flexible=True)
    made.spell("members_nonbenefit", psn_no, date(2024, 7, 1), kind=name)


def _filed(made: People, name: str) -> None:
    kind, region = {
        "filed_in_province": ("LONG_TERM_IN_PROVINCE", YUNCHENG),
        "filed_out_of_province": ("LONG_TERM_OUT_OF_PROVINCE", "110000"),
        "temporary_filing": ("TEMPORARY", DATONG),
    }[name]
    made.filing(_insured(made, name, (58, 75), status="retired"), kind, region)


def _chronic(made: People, name: str) -> None:
    psn_no = _insured(made, name, (55, 75), status="retired")
    made.chronic(psn_no, HYPERTENSION, 360_000 if name == "chronic" else None)


def _family_user(made: People, name: str) -> None:
    made.balances[_insured(made, name)] = 2_000


def _empty(made: People, name: str) -> None:
    made.balances[_insured(made, name)] = 0


def _with_card(**dates: date) -> Callable[[People, str], None]:
    def make(made: People, name: str) -> None:
        psn_no = made.person(ARCHETYPES[name], (30, 60))
        made.credential(psn_no, "card", **dates)
        made.relation(psn_no)
        made.balance(psn_no)

    return make


def _deceased(made: People, name: str) -> None:
    psn_no = made.person(ARCHETYPES[name], (80, 90), died_on=date(2024, 3, 15))
    made.credential(psn_no, "card")
    made.relation(psn_no, "retired")
    made.balance(psn_no)


def _paused(made: People, name: str) -> None:
    _insured(made, name, until_on=date(2024, 5, 31))


def _retired_in_2024(made: People, name: str) -> None:
    psn_no = _insured(made, name, (60, 60), until_on=date(2024, 8, 31))
    made.relation(psn_no, "retired", from_on=date(2024, 9, 1), retired_on=date(2024, 8, 12))


def _without_voucher(made: People, name: str) -> None:
    psn_no = made.person(ARCHETYPES[name], (30, 50))
    made.relation(psn_no)
    made.balance(psn_no)


_MAKERS: dict[str, Callable[[People, str], object]] = {
    "retired": _retired,
    "flexible_with_account": lambda made, name: _insured(made, name, flexible=True),
    "flexible_without_account": lambda made, name: _insured(made, name, flexible=True, has_account=False),
    "arrears": _nonbenefit,
    "waiting": _nonbenefit,
    "filed_in_province": _filed,
    "filed_out_of_province": _filed,
    "temporary_filing": _filed,
    "chronic": _chronic,
    "chronic_without_quota": _chronic,
    "family_user": _family_user,
    "blocked_card": _with_card(blocked_from=BLOCKED_ON),
    "expired_card": _with_card(until_on=date(2024, 6, 30)),
    "deceased": _deceased,
    "paused": _paused,
    "retired_in_2024": _retired_in_2024,
    "civil_servant": lambda made, name: _insured(made, name, civil_servant=True),
    "qingyang_active": lambda made, name: _insured(made, name, region=QINGYANG),
    "qingyang_retired": lambda made, name: _insured(made, name, (62, 75), status="retired", region=QINGYANG),
    "without_voucher": _without_voucher,
    "empty_account": _empty,
    "of_the_story": _family_user,
}
