"""What the providers room hands out: an institution with its dated states, and the book of all of them in
memory.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from gongji.providers.register import (
    Certificate,
    Channel,
    Credential,
    Keys,
    Offer,
    Place,
    Roster,
    StaffDay,
)

__all__ = ["Provider", "ProviderBook", "ProviderDay", "ProviderState"]

PHARMACY = "pharmacy"
STANDING = "standing"
LEVEL_OF = {
    **dict.fromkeys(("1", "2", "3", "4", "12"), "3"),
    **dict.fromkeys(("5", "6", "7", "13"), "2"),
    **dict.fromkeys(("8", "9", "10", "14"), "1"),
    "11": "0",
}
"""Level of each national grade (hosp_lv, 医院等级): 三级, 二级, 一级, 无等级. What another area publishes of its institutions."""


class ProviderState(msgspec.Struct, frozen=True):
    """What holds for an institution from ``from_on`` to ``until_on`` (last day, None: open).

    ``suspended`` (中止) and ``ended`` (解除、到期) say why it is not designated or, being designated, has no pool any more;
    ``host`` is the institution that an internet hospital is bound to.
    """

    from_on: date
    until_on: date | None
    designated: bool
    pooled_agreement: bool
    fee_class: str
    level: str
    direct_settlement: bool
    suspended: bool = False
    ended: bool = False
    host: str = ""


class ProviderDay(msgspec.Struct, frozen=True):
    """An institution on one day, with ``attributes`` as the law library knows them (yes/no as words).

    Why it is not designated, or designated without the pool: ``suspended`` (中止), ``ended`` (解除或到期), ``before`` (no
    agreement yet).
    """

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
    suspended: bool = False
    ended: bool = False
    before: bool = False
    host: str = ""
    offers: frozenset[str] = frozenset()

    @property
    def lost(self) -> str:
        """The reason code of why a designation or the pool is not in force; empty when it is, or when the history does not say."""
        if self.pooled_agreement:
            return ""
        if self.suspended:
            return "PROVIDER_SUSPENDED"
        if self.ended:
            return "PROVIDER_TERMINATED"
        return "PROVIDER_BEFORE_AGREEMENT" if self.before else ""

    @property
    def attributes(self) -> dict[str, str]:
        """Facts of the place for ``Law.derive``, ``Law.row`` and refusal rules; empty ones are left out.

        ``standing`` is no fact that the law asks for: it says the law's refusal more exactly, also when it is read again.
        """
        facts = {
            "kind": self.kind,
            "fee_class": self.fee_class,
            "level": self.level,
            "designated": _word(self.designated),
            "pooled_agreement": _word(self.pooled_agreement),
            "direct_settlement": _word(self.direct_settlement),
            STANDING: self.lost,
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
    offers: tuple[Offer, ...] = ()
    place: Place | None = None

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
            suspended=state is not None and state.suspended,
            ended=state.ended if state else self._after(day),
            before=state is None and any(day < s.from_on for s in self.states) and not self._begun(day),
            host=state.host if state else "",
            offers=frozenset(
                o.offer for o in self.offers if o.from_on <= day and (o.until_on is None or day <= o.until_on)
            ),
        )

    def _begun(self, day: date) -> bool:
        return any(s.from_on <= day for s in self.states)

    def _after(self, day: date) -> bool:
        """Whether everything that was agreed lies before the day."""
        return bool(self.states) and all(s.until_on is not None and s.until_on < day for s in self.states)


class ProviderBook:
    """Every institution, its staff and its keys in memory; ``selectors.refresh`` replaces what has changed."""

    __slots__ = ("_by_code", "_keys", "keys_version", "roster", "staff_version", "version")

    def __init__(self) -> None:
        self.replace(-1, ())
        self.replace_roster(-1, Roster())

    def replace(
        self, version: int, providers: Iterable[Provider], credentials: Iterable[Credential] = ()
    ) -> None:
        """Take over other institutions, and of keys only ``credentials``."""
        self.replace_providers(version, providers)
        self.replace_keys(-1, Keys(credentials))

    def replace_providers(self, version: int, providers: Iterable[Provider]) -> None:
        self._by_code = {provider.code: provider for provider in providers}
        self.version = version

    def replace_roster(self, version: int, roster: Roster) -> None:
        self.roster = roster
        self.staff_version = version

    def replace_keys(self, version: int, keys: Keys) -> None:
        self._keys = keys
        self.keys_version = version

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

    def staff(self, code: str, staff_code: str, on: date) -> StaffDay | None:
        """The person at the institution on the day; None when not registered there then."""
        return self.roster.on(code, staff_code, on)

    def place(self, code: str) -> Place | None:
        """Where the institution is, if that is recorded."""
        provider = self._by_code.get(code)
        return provider.place if provider is not None else None

    def credential(self, key: str) -> Credential | None:
        """Credential by access key, or the newest one of an institution by its code."""
        return self._keys.credential(key)

    def channel(self, app_id: str) -> Channel | None:
        """The access to the prescription centre under this appId."""
        return self._keys.channel(app_id)

    def channel_of(self, code: str) -> Channel | None:
        """The newest access of the institution to the prescription centre."""
        return self._keys.channel_of(code)

    def certificate(self, code: str, on: date) -> Certificate | None:
        """The institution's signing certificate on the day; code ``EPC`` is the platform's own."""
        return self._keys.certificate(code, on)

    def certificate_of(self, serial: str) -> Certificate | None:
        """The certificate of this serial number, whether it still holds or not."""
        return self._keys.certificate_of(serial)

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Provider]:
        return iter(self._by_code.values())


def _word(yes: bool) -> str:
    return "yes" if yes else "no"
