"""Institutions of the prescription story: lines to the platform and to the centre, doctors and pharmacists, keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongji.demo_data import World
from gongji.demo_data.institutions import DemoInstitution
from gongji.demo_data.register import app_id, app_secret, doctors, keys, pharmacists
from gongji.project.story.cast import institution_of
from gongji.project.story.client import Caller, Institution
from gongji.project.story.epc import CentreCaller, ChannelKeys
from gongji.project.story.sheets import Person
from gongji.project.story.stage import Stage
from gongji.providers.register import EPC

__all__ = ["Held", "Shop", "shop_of"]


@dataclass(frozen=True)
class Shop:
    """An institution with its lines to the platform and to the centre, its doctors and pharmacists."""

    place: Institution
    desk: Caller
    centre: CentreCaller
    doctors: tuple[Person, ...]
    pharmacists: tuple[Person, ...]


@dataclass(frozen=True)
class Held:
    """A prescription that a pharmacy has accepted."""

    rx_no: str
    token: str
    download: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        return {"hiRxno": self.rx_no, "epcToken": self.token}


def shop_of(stage: Stage, world: World, name: str) -> Shop:
    """The demonstration's institution of that name, ready to call."""
    demo: DemoInstitution = world.institution(name)
    place = institution_of(world, name)
    staff = {
        str(row["staff_code"]): row for row in world.tables["providers_staff"] if row["code"] == place.code
    }

    def person(code: str) -> Person:
        return Person(code, str(staff[code]["name"]), str(staff[code]["cert_no"]))

    channel = ChannelKeys(
        app_id(demo),
        app_secret(demo),
        keys(demo.seed, demo.code, "channel").private,
        keys(demo.seed, EPC, "certificate").public,
    )
    return Shop(
        place,
        stage.dial(place),
        CentreCaller(stage.base_url, place.code, place.name, channel, stage.clock.now),
        tuple(person(code) for code in doctors(demo)),
        tuple(person(code) for code in pharmacists(demo)),
    )
