"""What the demonstration's register says: doctors and pharmacists, places, services offered, keys to the prescription centre;
and roughly where its members live.

Everything is made from code and seed, keys included: anybody can compute them, as befits a demonstration.
"""

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from gongji.base.sm2 import KeyPair, key_pair
from gongji.demo_data.institutions import FROM_ON, DemoInstitution
from gongji.demo_data.population import GIVEN, SURNAMES, Row
from gongji.members.identity import check_character
from gongji.providers.register import EPC

__all__ = [
    "APP_SECRET_LENGTH",
    "app_id",
    "app_secret",
    "doctors",
    "keys",
    "pharmacists",
    "register_rows",
    "residences",
]

APP_SECRET_LENGTH = 32
CENTRES = {
    "140100": (37_870_000, 112_549_000),
    "140200": (40_077_000, 113_300_000),
    "140800": (35_026_000, 111_007_000),
    "140830": (34_694_000, 110_694_000),
    "621000": (35_709_000, 107_643_000),
}
"""Somewhere in the middle of each area, in millionths of a degree; institutions lie made-up distances around it."""
AROUND_E6 = 24_000
E6_TO_E3 = 1_000
KNOWN_PERCENT = 90
"""So many members in a hundred have said roughly where they live."""
DOCTORS = {"hospital": 4, "clinic": 1, "internet": 2, "pharmacy": 0}
DEPARTMENTS = ("全科", "内科", "外科", "中医科")
TITLES = ("主治医师", "医师", "副主任医师", "主治医师")


def doctors(place: DemoInstitution) -> tuple[str, ...]:
    """National codes of the institution's doctors: D, area, number."""
    return tuple(_code("D", place, number) for number in range(1, DOCTORS[place.kind] + 1))


def pharmacists(place: DemoInstitution) -> tuple[str, ...]:
    """National codes of the institution's pharmacists (HY…): the first reviews and dispenses, the second only dispenses."""
    count = 2 if place.kind in ("hospital", "pharmacy") else 1
    return tuple(_code("HY", place, number) for number in range(1, count + 1))


def app_id(place: DemoInstitution) -> str:
    return hashlib.sha256(f"gongji demo app {place.code}".encode()).hexdigest()[:32].upper()


def app_secret(place: DemoInstitution) -> str:
    return _secret(place.seed, f"app {place.code}")[:APP_SECRET_LENGTH].upper()


@cache
def keys(seed: int, code: str, purpose: str) -> KeyPair:
    """The SM2 pair of an institution: ``purpose`` is ``channel`` (signs its messages) or ``certificate`` (signs documents)."""
    counter = iter(range(1_000))

    def stream(length: int) -> bytes:
        return hashlib.sha256(f"gongji demo key {seed} {code} {purpose} {next(counter)}".encode()).digest()[
            :length
        ]

    return key_pair(stream)


def register_rows(seed: int, places: Sequence[DemoInstitution]) -> dict[str, tuple[Row, ...]]:
    """Rows by table; ``cert_no``, ``phone``, ``app_secret`` and ``private_key`` are sealed on their way in."""
    chance = random.Random(seed + 4_711)  # noqa: S311  the same register for the same seed, nothing secret
    certificates = [*places, None]
    return {
        "providers_staff": tuple(row for place in places for row in _staff(place, chance)),
        "providers_department": tuple(row for place in places for row in _departments(place)),
        "providers_place": tuple(_place(place, chance) for place in places),
        "providers_offer": tuple(row for place in places for row in _offers(place)),
        "providers_channel": tuple(_channel(place) for place in places),
        "providers_certificate": tuple(_certificate(seed, place) for place in certificates),
    }


def residences(seed: int, relations: Iterable[Row]) -> tuple[Row, ...]:
    """Where the members of these relations live, around the middle of their area, by cells of 0.001°; of some nothing is known."""
    chance = random.Random(seed + 8_161)  # noqa: S311  the same homes for the same seed, nothing secret
    homes = {}
    for relation in relations:
        lat_e6, lng_e6 = CENTRES[str(relation["region"])]
        lat_e3, lng_e3 = (
            (middle + chance.randint(-AROUND_E6, AROUND_E6)) // E6_TO_E3 for middle in (lat_e6, lng_e6)
        )
        if chance.randint(1, 100) <= KNOWN_PERCENT:
            homes[relation["psn_no"]] = {
                "psn_no": relation["psn_no"],
                "spell_no": 1,
                "from_on": FROM_ON,
                "until_on": None,
                "lat_e3": lat_e3,
                "lng_e3": lng_e3,
            }
    return tuple(homes.values())


def _code(prefix: str, place: DemoInstitution, number: int) -> str:
    return f"{prefix}{place.region}{place.code[-3:]}{number:03d}"


def _staff(place: DemoInstitution, chance: random.Random) -> Iterator[Row]:
    for number, code in enumerate(doctors(place)):
        yield _person(
            place, number + 1, code, "doctor", TITLES[number], DEPARTMENTS[number], ["prescribe"], chance
        )
    for number, code in enumerate(pharmacists(place)):
        rights = ["review", "dispense"] if number == 0 else ["dispense"]
        kind, title = ("pharmacist", "主管药师") if number == 0 else ("technician", "药士")
        yield _person(place, number + 11, code, kind, title, "药房", rights, chance)


def _person(
    place: DemoInstitution,
    spell_no: int,
    staff_code: str,
    kind: str,
    title: str,
    department: str,
    rights: list[str],
    chance: random.Random,
) -> Row:
    body = f"140199{chance.randint(1962, 1998)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{chance.randint(0, 999):03d}"
    return {
        "code": place.code,
        "spell_no": spell_no,
        "staff_code": staff_code,
        "from_on": FROM_ON,
        "until_on": None,
        "name": chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
        "kind": kind,
        "title": title,
        "department": department,
        "rights": rights,
        "cert_type": "01",
        "cert_no": body + check_character(body),
        "phone": f"1990000{chance.randint(0, 9_999):04d}",
        "qualification_no": f"ZG{staff_code}",
        "licence_no": f"ZY{staff_code}",
    }


def _departments(place: DemoInstitution) -> Iterator[Row]:
    for number in range(1, DOCTORS[place.kind] + 1):
        yield {
            "code": place.code,
            "spell_no": number,
            "dept_code": f"K{number:02d}",
            "name": DEPARTMENTS[number - 1],
            "caty": ("A02", "A03", "A04", "A50")[number - 1],
            "from_on": FROM_ON,
            "until_on": None,
            "introduction": "",
            "head_name": "",
            "scope": "",
            "established_on": FROM_ON,
            "pool_area": place.region,
            "memo": "",
        }


def _place(place: DemoInstitution, chance: random.Random) -> Row:
    lat_e6, lng_e6 = CENTRES[place.region]
    return {
        "code": place.code,
        "spell_no": 1,
        "lat_e6": lat_e6 + chance.randint(-AROUND_E6, AROUND_E6),
        "lng_e6": lng_e6 + chance.randint(-AROUND_E6, AROUND_E6),
    }


def _offers(place: DemoInstitution) -> Iterator[Row]:
    offered = {
        "hospital": ("express", "long_rx", "convenience"),
        "pharmacy": ("delivery",),
        "internet": ("delivery",),
    }
    for number, offer in enumerate(offered.get(place.kind, ()), start=1):
        yield {"code": place.code, "spell_no": number, "offer": offer, "from_on": FROM_ON, "until_on": None}


def _channel(place: DemoInstitution) -> Row:
    return {
        "code": place.code,
        "spell_no": 1,
        "app_id": app_id(place),
        "app_secret": app_secret(place),
        "public_key": _bytea(keys(place.seed, place.code, "channel").public),
        "callback_url": "",
        "from_on": FROM_ON,
        "until_on": None,
    }


def _certificate(seed: int, place: DemoInstitution | None) -> Row:
    code, name = (place.code, place.name) if place is not None else (EPC, "演示处方流转中心")
    pair = keys(seed, code, "certificate")
    return {
        "code": code,
        "spell_no": 1,
        "serial": hashlib.sha256(f"gongji demo certificate {code}".encode()).hexdigest()[:20].upper(),
        "subject": f"CN={name}",
        "public_key": _bytea(pair.public),
        "private_key": pair.private.hex(),
        "from_on": FROM_ON,
        "until_on": None,
    }


def _bytea(data: bytes) -> str:
    return "\\x" + data.hex()


def _secret(seed: int, name: str) -> str:
    return hashlib.sha256(f"gongji demo {seed} {name}".encode()).hexdigest()
