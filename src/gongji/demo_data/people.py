"""The demonstration members: the first ones are of a kind each and are known by name, the others a mixture.

Numbers of persons are fixed (1401 01 9 …), so that stories and tests can name them; the seed decides names, ages, balances.
Spells that stand for "now" are open, so that the data does not grow old.
"""

from datetime import date

from gongji.demo_data.archetypes import ARCHETYPES, add_archetypes
from gongji.demo_data.population import (
    DATONG,
    DIABETES,
    HYPERTENSION,
    QINGYANG,
    RUICHENG,
    TAIYUAN,
    YUNCHENG,
    People,
    psn_no_of,
)

__all__ = ["people"]


def people(seed: int, count: int) -> People:
    """``count`` members: one of each archetype first, then a mixture with families."""
    made = People(seed)
    add_archetypes(made)
    for number in range(len(ARCHETYPES) + 1, count + 1):
        _ordinary(made, number)
    return made


def _ordinary(made: People, number: int) -> None:
    """One of the many: about a quarter retired, a tenth flexible, a few in arrears, filed, chronic or bound to a family."""
    retired = made.chance(27)
    psn_no = made.person(number, (58, 88) if retired else (20, 59))
    made.credential(psn_no, "card")
    if made.chance(70):
        made.credential(psn_no, "voucher")
    flexible = not retired and made.chance(12)
    has_account = not flexible or made.chance(60)
    made.relation(
        psn_no,
        "retired" if retired else "active",
        region=_region(made),
        civil_servant=not flexible and made.chance(8),
        flexible=flexible,
        has_account=has_account,
    )
    if has_account:
        made.balance(psn_no)
    if flexible and made.chance(15):
        made.spell(
            "members_nonbenefit", psn_no, date(2024, 7, 1), kind="arrears" if made.chance(60) else "waiting"
        )
    if retired and made.chance(10):
        made.filing(psn_no, "LONG_TERM_IN_PROVINCE", YUNCHENG)
    if made.chance(30 if retired else 6):
        made.chronic(psn_no, HYPERTENSION if made.chance(65) else DIABETES, 10_000 * made.between(12, 48))
    if number % 3 == 0 and made.chance(40):
        made.family(psn_no, psn_no_of(number - 1), "spouse")


def _region(made: People) -> str:
    dice = made.between(1, 100)
    if dice <= 62:
        return TAIYUAN
    if dice <= 78:
        return DATONG
    return YUNCHENG if dice <= 88 else RUICHENG if dice <= 96 else QINGYANG
