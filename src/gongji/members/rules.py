"""Decisions of the members room: what holds on a day, whether a voucher is good, where a place of care lies
for a member.

Pure: everything they need comes in, a day is an argument.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

from gongji.base.regions import CITY_DIGITS, PROVINCE_DIGITS, is_within, normalise_region, pooling_area
from gongji.members.terms import LONG_TERM
from gongji.members.values import Credential, LateMonth, Records, RelationSpell, Standing

__all__ = ["age_on", "covers", "is_local", "offsite", "relation_on", "standing_on", "voucher_state"]

PROVINCE_ITSELF = "99"
EMPLOYEE_SCHEME = "310"
FINAL_ENDS = ("leaving", "transfer_out")
MONTH = timedelta(days=31)


class Spell(Protocol):
    @property
    def from_on(self) -> date: ...

    @property
    def until_on(self) -> date | None: ...


S = TypeVar("S", bound=Spell)


def covers(spell: Spell, on: date) -> bool:
    """Whether ``on`` is a day of the spell; its first and its last day are."""
    return spell.from_on <= on and (spell.until_on is None or on <= spell.until_on)


def _latest(spells: Iterable[S], on: date) -> S | None:
    """The spell of the day; of several the one that began last, because it was recorded as the change."""
    return max(
        (spell for spell in spells if covers(spell, on)), key=lambda spell: spell.from_on, default=None
    )


def standing_on(records: Records, on: date, known_on: date | None = None) -> Standing:
    """What holds for the person on the day ``on`` (在职/退休 by the day of service: decision A08), seen from the day ``known_on``
    (the day itself by default): a contribution that was due in between and did not come makes its whole month one of arrears.
    Of a long-term filing and a temporary one of the same day the long-term one is shown: the other changes nothing at its place.
    """
    person = records.person
    alive = person.died_on is None or on <= person.died_on
    current = relation_on(records.relations, on) if alive else None
    shown = current or _last_before(records.relations, on)
    filing = _latest((f for f in records.filings if f.kind in LONG_TERM), on) or _latest(records.filings, on)
    kinds = {spell.kind for spell in records.nonbenefits if covers(spell, on)}
    late = _late_month(records, on, known_on or on)
    return Standing(
        person=person,
        insured=current is not None,
        status=current.status if current else None,
        psn_type=shown.psn_type if shown else "",
        insutype=shown.insutype if shown else "",
        region=shown.region if shown else "",
        employer=shown.employer if shown else "",
        category=shown.category if shown else "",
        payer=shown.payer if shown else "",
        civil_servant=shown.civil_servant if shown else False,
        has_account=current.has_account if current else False,
        arrears="arrears" in kinds or late is not None,
        waiting="waiting" in kinds,
        insured_from=min((relation.from_on for relation in records.relations), default=None),
        paused_from=None if current else _paused_from(shown, person.died_on),
        filing=filing.kind if filing else "none",
        filing_region=filing.region if filing else "",
        chronic={entry.disease_code: entry for entry in records.chronic if covers(entry, on)},
        arrears_paid_on=late.paid_on if late is not None and "arrears" not in kinds else None,
        filed_on=filing.filed_on if filing else None,
        ended=current is None and shown is not None and shown.end_reason in FINAL_ENDS,
    )


def relation_on(relations: Iterable[RelationSpell], on: date) -> RelationSpell | None:
    """The relation of the day: that of the employee scheme goes before another insurance (大额、公务员补助、居民) beside it."""
    return max(
        (spell for spell in relations if covers(spell, on)),
        key=lambda spell: (spell.insutype == EMPLOYEE_SCHEME, spell.from_on),
        default=None,
    )


def _late_month(records: Records, on: date, known_on: date) -> LateMonth | None:
    """The month of ``on`` when its contribution came late or not at all (decision A22): every day of that month is in arrears.

    Of several employers' the one that came last. As long as a month is not due on ``known_on``, nobody is late; nor is who owed
    nothing on any day of the month, such as somebody whose retirement was recorded after his employer had declared it.
    """
    first = on.replace(day=1)
    late = [m for m in records.late_months if m.month == first and m.due_on < known_on]
    if late and not _owes(records.relations, first):
        return None
    return max(late, key=lambda m: m.paid_on or date.max, default=None)


def _owes(relations: Iterable[RelationSpell], first: date) -> bool:
    """Whether a relation of the employee scheme that is paid for covers a day of the month that begins on ``first``."""
    after = (first + MONTH).replace(day=1)
    return any(
        r.pays and r.insutype == EMPLOYEE_SCHEME and r.from_on < after and (r.until_on or first) >= first
        for r in relations
    )


def _last_before(relations: Iterable[RelationSpell], on: date) -> RelationSpell | None:
    return max((r for r in relations if r.from_on <= on), key=lambda r: r.from_on, default=None)


def _paused_from(last: RelationSpell | None, died_on: date | None) -> date | None:
    ends = [day for day in (last.until_on if last else None, died_on if last else None) if day]
    return min(ends) + timedelta(days=1) if ends else None


def voucher_state(credential: Credential, on: date) -> str:
    """``valid``, ``blocked`` (挂失、冻结) or ``expired`` on the day ``on`` (SX2022-27 第二十六条)."""
    if not covers(credential, on):
        return "expired"
    blocked = credential.blocked_from is not None and credential.blocked_from <= on
    released = credential.blocked_until is not None and credential.blocked_until < on
    earlier = any(first <= on <= last for first, last in credential.earlier_blocks)
    return "blocked" if earlier or (blocked and not released) else "valid"


def offsite(standing: Standing, place_region: str) -> str:
    """How far from home a place of care is for the member: ``none``, a filing's kind, or ``TEMPORARY``.

    Home is the city of the relation (统筹地区). A stay elsewhere without a filing for that area is a temporary one
    (SX2022-27 第二十四条、第二十六条).
    """
    place, home = normalise_region(place_region), normalise_region(standing.region)
    if is_local(place, home):
        return "none"
    if (
        standing.filing != "none"
        and is_within(place, standing.filing_region)
        and _fits(standing.filing, place, home)
    ):
        return standing.filing
    return "TEMPORARY"


def _fits(filing: str, place: str, home: str) -> bool:
    """Whether the kind of filing still says where the place lies: not once the relation has gone to another province."""
    in_province = is_within(place, home[:PROVINCE_DIGITS])
    return filing not in LONG_TERM or in_province == (filing == "LONG_TERM_IN_PROVINCE")


def is_local(place: str, home: str) -> bool:
    """Whether a place lies in the member's own city, or one of the two belongs to the province itself (省本级).

    The province's own institutions and members (codes such as 149900) live among those of its cities.
    """
    if is_within(place, pooling_area(home)):
        return True
    same_province = is_within(place, home[:PROVINCE_DIGITS])
    return same_province and PROVINCE_ITSELF in (
        place[PROVINCE_DIGITS:CITY_DIGITS],
        home[PROVINCE_DIGITS:CITY_DIGITS],
    )


def age_on(born_on: date, on: date) -> int:
    """Completed years on the day ``on``; somebody born on 29 February completes a year on 1 March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
