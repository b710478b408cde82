"""Everything that the demonstration puts into a database, made from a seed."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from gongji.demo_data.archetypes import ARCHETYPES
from gongji.demo_data.institutions import DemoInstitution, institutions
from gongji.demo_data.items import DemoItem, items
from gongji.demo_data.people import people
from gongji.demo_data.population import Row, psn_no_of
from gongji.demo_data.register import register_rows, residences

__all__ = ["OPENED_AT", "World", "generate"]

OPENED_AT = datetime(2024, 1, 1, tzinfo=UTC)
"""Instant at which the accounts are opened with the balances they bring along."""


class World(msgspec.Struct, frozen=True):
    """Rows by table (columns as in the database), opening balances in fen by person, and what stories point at."""

    seed: int
    tables: Mapping[str, tuple[Row, ...]]
    balances: Mapping[str, int]
    items: tuple[DemoItem, ...]
    institutions: tuple[DemoInstitution, ...]

    def member(self, archetype: str) -> str:
        """psn_no of the member of a kind, such as ``active`` or ``family_user`` (``people.ARCHETYPES``)."""
        return psn_no_of(ARCHETYPES[archetype])

    def institution(self, name: str) -> DemoInstitution:
        """The institution of that name; raises KeyError when there is none."""
        return {institution.name: institution for institution in self.institutions}[name]

    def item(self, name: str) -> DemoItem:
        """The catalogue item of that name; raises KeyError when there is none."""
        return {item.name: item for item in self.items}[name]


def generate(seed: int = 1, members: int = 1_000) -> World:
    """The same world for the same seed. The first members are one of each kind, so at least those are made."""
    population = people(seed, max(members, len(ARCHETYPES)))
    places, goods = institutions(seed), items()
    tables: dict[str, tuple[Row, ...]] = {
        "catalog_item": tuple(item.row for item in goods),
        "catalog_price": tuple(row for item in goods for row in item.price_rows),
        "providers_institution": tuple(place.row for place in places),
        "providers_state": tuple(place.state_row for place in places),
        "providers_credential": tuple(place.credential_row for place in places),
        **register_rows(seed, places),
        **{table: tuple(rows) for table, rows in population.rows.items()},
        "members_residence": residences(seed, population.rows["members_relation"]),
    }
    return World(seed, tables, dict(population.balances), goods, places)
