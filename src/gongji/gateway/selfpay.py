"""First self-pay ratio (先自付比例) of catalogue items in a region on a day, as the law states it. Pure.

Nothing is a number of this module: 甲类 and 乙类 by kind, and the categories of a region's own documents, are asked of the law;
丙类 and what is never medical is borne in full. A ratio that no document fixes, that a 征求意见稿 alone fixes, or that depends on
who the member is has no ``Term``, and ``unstated`` says why. Source: 晋医保办发〔2022〕27号 第二十条, decision A13.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from gongji.base.reasons import Refusal
from gongji.catalog.lists import ListedItem, Selection
from gongji.kernel import layout
from gongji.policy import Law, Value
from gongji.settlement.feelines import CATEGORY_OF_LEVEL
from gongji.settlement.lines import KINDS, line_treatment

__all__ = ["SelfPay", "Term", "self_pay"]

WHOLE_BP = 10_000
STATUSES = ("active", "retired")
"""Both are 城镇职工 (310) to the interface: a ratio that differs between them cannot be said."""
LEVELS = ("01", "02", "03")
UNCONFIRMED = "unconfirmed"


class Term(msgspec.Struct, frozen=True):
    """A ratio in basis points with the days of the article that fixes it; full self-pay has no article and no days.

    ``doubt`` names the ratio where nobody has confirmed it.
    """

    bp: int
    from_on: date | None = None
    until_on: date | None = None
    doubt: str = ""


class SelfPay(msgspec.Struct, frozen=True):
    """Ratios of a region on a day. ``terms`` by treatment (``kernel.layout``); ``own``: codes in categories of the region's own."""

    terms: Mapping[int, Term]
    own: Mapping[str, int]
    unstated: tuple[str, ...]

    def of(self, item: ListedItem) -> Term:
        """The ratio of an item of ``selection``; KeyError for another."""
        treat = treat_of(item.kind, item.chrgitm_lv)
        return self.terms[treat if treat == layout.TREAT_FULL_SELFPAY else self.own.get(item.code, treat)]

    @property
    def selection(self) -> Selection:
        """The items whose ratio is stated."""
        return Selection(
            groups=tuple(
                (kind, level)
                for kind in sorted(KINDS)
                for level in LEVELS
                if treat_of(kind, level) in self.terms
            ),
            apart=tuple(sorted(self.own)),
            also=tuple(sorted(code for code, treat in self.own.items() if treat in self.terms)),
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What must be said beside the ratios: those that cannot be told, and those that nobody has confirmed."""
        doubts = tuple(f"{term.doubt}尚未确认" for term in self.terms.values() if term.doubt)
        return (*self.unstated, *doubts)

    @property
    def changed_on(self) -> date:
        """The day on which the youngest of the ratios came into force."""
        return max((term.from_on for term in self.terms.values() if term.from_on), default=date.min)


def treat_of(kind: str, level: str) -> int:
    """How an item of the catalogue is treated by kind and chrgitm_lv, before any category of a region's own."""
    return line_treatment(CATEGORY_OF_LEVEL.get(level, "C"), kind).treat


def self_pay(law: Law, region: str, on: date, *, allow_draft: bool) -> SelfPay | Refusal:
    """The ratios of ``region`` on ``on``; REGION_UNKNOWN for a region under no document."""
    home = law.home(region)
    if isinstance(home, Refusal):
        return home
    terms = {layout.TREAT_FULL_SELFPAY: Term(WHOLE_BP)}
    unstated = []
    for name, treat in law.categories(home).items():
        term = _term(law, f"prepay.{name}", home, on, allow_draft)
        if isinstance(term, Term):
            terms[treat] = term
        else:
            unstated.append(term)
    return SelfPay(terms, law.item_treats(home), tuple(unstated))


def _term(law: Law, key: str, region: str, on: date, allow_draft: bool) -> Term | str:
    """The ratio of one category, or a sentence why it cannot be said."""
    found = [law.value(key, region, on, {"status": status}) for status in STATUSES]
    value = found[0]
    if isinstance(value, Refusal):
        return value.text
    if any(not isinstance(other, Value) or other.raw != value.raw for other in found):
        return f"{law.title(key)}因人员而异"
    if value.draft and not allow_draft:
        return f"{law.title(key)}仅有征求意见稿（{value.citation}）"
    if not isinstance(value.raw, int) or value.raw < 0:
        return f"{law.title(key)}不是单一比例"
    provision = law.provision(value.clause)
    doubt = law.title(key) if value.confidence == UNCONFIRMED else ""
    return Term(value.raw, provision.starts_on, provision.ends_on, doubt)
