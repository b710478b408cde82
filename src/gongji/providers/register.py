"""What the register of an institution says: who works there on a day, which services it offers, where it is, and by which
keys it is known. Secrets never show in a representation.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

__all__ = [
    "EPC",
    "OFFERS",
    "RIGHTS",
    "Certificate",
    "Channel",
    "Credential",
    "Keys",
    "Offer",
    "Place",
    "Roster",
    "Staff",
    "StaffDay",
    "Suspension",
]

EPC: Final = "EPC"
"""In the place of an institution's code: the platform's own prescription centre."""
RIGHTS: Final = {"prescribe": "开方", "dispense": "调配", "review": "审方"}
OFFERS: Final = {
    "express": "职工门诊统筹专用通道",
    "long_rx": "长期处方服务",
    "delivery": "配送服务",
    "convenience": "便民门诊",
}


class Offer(msgspec.Struct, frozen=True):
    """A service that an institution offers from one day to another (SX2022-27 第十五条; 医保办发〔2023〕4号 三(一))."""

    offer: str
    from_on: date
    until_on: date | None


class Place(msgspec.Struct, frozen=True):
    """Where an institution is, in millionths of a degree north and east."""

    lat_e6: int
    lng_e6: int


class Staff(msgspec.Struct, frozen=True):
    """One entry of the register: a person at an institution, from one day to another."""

    code: str
    staff_code: str
    name: str
    kind: str
    title: str
    department: str
    rights: frozenset[str]
    from_on: date
    until_on: date | None


class Suspension(msgspec.Struct, frozen=True):
    """Days on which a person may not serve the insured, at institution ``code`` or ("") anywhere."""

    staff_code: str
    code: str
    from_on: date
    until_on: date | None


class StaffDay(msgspec.Struct, frozen=True):
    """A person at an institution on one day. ``rights`` are those of the register, whether ``suspended`` or not."""

    staff_code: str
    name: str
    kind: str
    rights: frozenset[str]
    suspended: bool
    title: str
    department: str

    def may(self, right: str) -> bool:
        """Whether the person may do this for insured persons on the day."""
        return right in self.rights and not self.suspended


class Credential(msgspec.Struct, frozen=True):
    """Key and secret of an institution's message signatures."""

    access_key: str
    code: str
    secret: str
    from_on: date
    until_on: date | None

    def __repr__(self) -> str:
        return f"Credential({self.access_key!r}, {self.code!r})"

    def usable(self, on: date) -> bool:
        """Whether the key may sign on the day ``on``."""
        return _holds(self.from_on, self.until_on, on)


class Channel(msgspec.Struct, frozen=True):
    """Access of an institution to the prescription centre: ``public_key`` is its SM2 point X‖Y, ``callback_url`` takes notices."""

    app_id: str
    code: str
    app_secret: str
    public_key: bytes
    callback_url: str
    from_on: date
    until_on: date | None

    def __repr__(self) -> str:
        return f"Channel({self.app_id!r}, {self.code!r})"

    def usable(self, on: date) -> bool:
        return _holds(self.from_on, self.until_on, on)


class Certificate(msgspec.Struct, frozen=True):
    """A signing key: the institution's for prescriptions and reviews, or (code ``EPC``) the platform's own.

    ``private_key`` only where the platform keeps it: the software signer of demonstration and tests.
    """

    serial: str
    code: str
    subject: str
    public_key: bytes
    private_key: bytes | None
    from_on: date
    until_on: date | None

    def __repr__(self) -> str:
        return f"Certificate({self.serial!r}, {self.code!r})"

    def usable(self, on: date) -> bool:
        return _holds(self.from_on, self.until_on, on)


class Roster:
    """Everybody who works anywhere, and who is suspended."""

    __slots__ = ("_entries", "_suspended")

    def __init__(self, staff: Iterable[Staff] = (), suspensions: Iterable[Suspension] = ()) -> None:
        self._entries: dict[str, dict[str, list[Staff]]] = {}
        for entry in staff:
            self._entries.setdefault(entry.code, {}).setdefault(entry.staff_code, []).append(entry)
        suspended: defaultdict[str, list[Suspension]] = defaultdict(list)
        for suspension in suspensions:
            suspended[suspension.staff_code].append(suspension)
        self._suspended = dict(suspended)

    def changed(
        self, codes: Iterable[str], staff: Iterable[Staff], suspensions: Iterable[Suspension]
    ) -> "Roster":
        """The roster with ``staff`` as everybody at the institutions ``codes``, and other suspensions."""
        made = Roster(staff, suspensions)
        kept = self._entries.keys() - set(codes)
        made._entries |= {code: self._entries[code] for code in kept}
        return made

    def on(self, code: str, staff_code: str, on: date) -> StaffDay | None:
        """The person at the institution on the day; None when not registered there then."""
        for entry in self._entries.get(code, {}).get(staff_code, ()):
            if _holds(entry.from_on, entry.until_on, on):
                return StaffDay(
                    entry.staff_code,
                    entry.name,
                    entry.kind,
                    entry.rights,
                    self.suspended(code, staff_code, on),
                    entry.title,
                    entry.department,
                )
        return None

    def at(self, code: str, on: date) -> list[StaffDay]:
        """Everybody who works at the institution on the day, by number."""
        found = (self.on(code, staff_code, on) for staff_code in sorted(self._entries.get(code, {})))
        return [one for one in found if one is not None]

    def suspended(self, code: str, staff_code: str, on: date) -> bool:
        return any(
            s.code in ("", code) and _holds(s.from_on, s.until_on, on)
            for s in self._suspended.get(staff_code, ())
        )


class Keys:
    """Credentials, channels and certificates by what they are asked for; of several of an institution the newest leads."""

    __slots__ = ("_apps", "_by_access_key", "_certificates", "_channels", "_credentials", "_serials")

    def __init__(
        self,
        credentials: Iterable[Credential] = (),
        channels: Iterable[Channel] = (),
        certificates: Iterable[Certificate] = (),
    ) -> None:
        self._by_access_key = {credential.access_key: credential for credential in credentials}
        self._credentials = {credential.code: credential for credential in self._by_access_key.values()}
        self._apps = {channel.app_id: channel for channel in channels}
        self._channels = {channel.code: channel for channel in self._apps.values()}
        self._serials = {certificate.serial: certificate for certificate in certificates}
        held: defaultdict[str, list[Certificate]] = defaultdict(list)
        for certificate in self._serials.values():
            held[certificate.code].append(certificate)
        self._certificates = dict(held)

    def credential(self, key: str) -> Credential | None:
        """By access key, or the newest of an institution by its code."""
        return self._by_access_key.get(key) or self._credentials.get(key)

    def channel(self, app_id: str) -> Channel | None:
        return self._apps.get(app_id)

    def channel_of(self, code: str) -> Channel | None:
        return self._channels.get(code)

    def certificate(self, code: str, on: date) -> Certificate | None:
        """The newest certificate of the institution that holds on the day."""
        return next((c for c in reversed(self._certificates.get(code, ())) if c.usable(on)), None)

    def certificate_of(self, serial: str) -> Certificate | None:
        """By serial number, whether it still holds or not: what was signed in its time stays verifiable."""
        return self._serials.get(serial)


def _holds(from_on: date, until_on: date | None, on: date) -> bool:
    return from_on <= on and (until_on is None or on <= until_on)
