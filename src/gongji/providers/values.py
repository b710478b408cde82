"""What the providers room hands out: an institution with its dated states, and the book of all of them in
memory.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

__all__ = ["Credential", "Provider", "ProviderBook", "ProviderDay", "ProviderState"]

PHARMACY = "pharmacy"
LEVEL_OF = {
    **dict.fromkeys(("1", "2", "3", "4", "12"), "3"),
    **dict.fromkeys(("5", "6", "7", "13"), "2"),
    **dict.fromkeys(("8", "9", "10", "14"), "1"),
    "11": "0",
}
"""Level of each national grade (hosp_lv, 医院等级): 三级, 二级, 一级, 无等级. What another area publishes of its institutions."""


class ProviderState(msgspec.Struct, frozen=True):
    """What holds for an institution from ``from_on`` to ``until_on`` (last day, None: open)."""

    from_on: date
    until_on: date | None
    designated: bool
    pooled_agreement: bool
    fee_class: str
    level: str
    direct_settlement: bool


class Credential(msgspec.Struct, frozen=True):
    """Key and secret of an institution's message signatures; the secret never shows in a representation."""

    access_key: str
    code: str
    secret: str
    from_on: date
    until_on: date | None

    def __repr__(self) -> str:
        return f"Credential({self.access_key!r}, {self.code!r})"

    def usable(self, on: date) -> bool:
        """Whether the key may sign on the day ``on``."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


class ProviderDay(msgspec.Struct, frozen=True):
    """An institution on one day, with ``attributes`` as the law library knows them (yes/no as words)."""

    code: str
    name: str
    region: str
    kind: str
    hosp_lv: str
    designated: bool
    pooled_agreement: bool
    fee_class: str
    level: str
    direct_settlement: bool

    @property
    def attributes(self) -> dict[str, str]:
        """Facts of the place for ``Law.derive``, ``Law.row`` and refusal rules; empty ones are left out."""
        facts = {
            "kind": self.kind,
            "fee_class": self.fee_class,
            "level": self.level,
            "designated": _word(self.designated),
            "pooled_agreement": _word(self.pooled_agreement),
            "direct_settlement": _word(self.direct_settlement),
        }
        return {name: value for name, value in facts.items() if value}


class Provider(msgspec.Struct, frozen=True):
    """A designated institution (定点医药机构)."""

    code: str
    name: str
    uscc: str
    kind: str
    hosp_lv: str
    region: str
    address: str
    states: tuple[ProviderState, ...]

    @property
    def fixmedins_type(self) -> str:
        """National code: 1 定点医疗机构, 2 定点零售药店."""
        return "2" if self.kind == PHARMACY else "1"

    @property
    def _graded(self) -> str:
        return "" if self.kind == PHARMACY else LEVEL_OF.get(self.hosp_lv.lstrip("0"), "")

    def on(self, day: date) -> ProviderDay:
        """The institution on the day; outside every state neither designated nor pooled (decision A36)."""
        state = next(
            (
                s
                for s in reversed(self.states)
                if s.from_on <= day and (s.until_on is None or day <= s.until_on)
            ),
            None,
        )
        return ProviderDay(
            code=self.code,
            name=self.name,
            region=self.region,
            kind=self.kind,
            hosp_lv=self.hosp_lv,
            designated=state is not None and state.designated,
            pooled_agreement=state is not None and state.designated and state.pooled_agreement,
            fee_class=state.fee_class if state else "",
            level=(state.level if state else "") or self._graded,
            direct_settlement=state is not None and state.direct_settlement,
        )


class ProviderBook:
    """Every institution and credential in memory; ``selectors.refresh`` replaces its content when the tables
    changed.
    """

    __slots__ = ("_by_access_key", "_by_code", "_credentials", "version")

    def __init__(self) -> None:
        self.version = -1
        self.replace(-1, (), ())

    def replace(self, version: int, providers: Iterable[Provider], credentials: Iterable[Credential]) -> None:
        """Take over a new content, whole."""
        self._by_code = {provider.code: provider for provider in providers}
        self._by_access_key = {credential.access_key: credential for credential in credentials}
        self._credentials: dict[str, Credential] = {}
        for credential in self._by_access_key.values():
            self._credentials[credential.code] = credential
        self.version = version

    def get(self, code: str) -> Provider | None:
        return self._by_code.get(code)

    def search(self, name_part: str, fixmedins_type: str | None = None) -> list[Provider]:
        """Institutions whose name contains the words, for trade 1201; by code."""
        return sorted(
            (
                p
                for p in self._by_code.values()
                if name_part in p.name and fixmedins_type in (None, p.fixmedins_type)
            ),
            key=lambda p: p.code,
        )

    def credential(self, key: str) -> Credential | None:
        """Credential by access key, or the newest one of an institution by its code."""
        return self._by_access_key.get(key) or self._credentials.get(key)

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Provider]:
        return iter(self._by_code.values())


def _word(yes: bool) -> str:
    return "yes" if yes else "no"
