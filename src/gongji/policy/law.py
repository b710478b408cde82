"""The compiled law: rows for the kernel, single values, derived attributes and refusals, by region and day.

Everything is a dictionary look-up once it has been asked for. A law is immutable; another library is another
law, and ``compile_law`` keeps laws by the digest of their library.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date

from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, ancestry
from gongji.kernel import layout
from gongji.policy.answers import Matrix, Row, Value
from gongji.policy.lookup import Places
from gongji.policy.model import DeriveRule, Leaf, Library, Provision
from gongji.policy.ranges import NUMBERS
from gongji.policy.refusing import Refuser
from gongji.policy.rows import Table, refused_cells
from gongji.policy.show import leaf_text
from gongji.policy.world import World

_MAX_REGIONS = 10_000
_KEPT = 32


class Law:
    """A library made fast. ``digest`` names the library; settlements store it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.digest = library.digest
        world = World(library.vocabulary, library.documents.values())
        self._places = Places(library, world, world.labels())
        self._homes: dict[str, str | Refusal] = {}
        self._tables: dict[tuple[str, str], Table | Refusal] = {}
        self._matrices: dict[tuple[str, str], Matrix] = {}
        self._refusers: dict[str, Refuser | Refusal] = {}
        self._derivers: dict[str, tuple[DeriveRule, ...]] = {}
        self._numbers: dict[str, frozenset[str]] = {}
        self._item_treats: dict[str, Mapping[str, int]] = {}

    def row(
        self, region: str, on: date, attributes: Mapping[str, str], benefit: str = "ordinary"
    ) -> Row | Refusal:
        """The row that decides one visit of ``benefit`` on ``on``, or why there is none.

        NO_ACTIVE_PARAMETER_VERSION when a rate, deductible or ceiling is fixed on other days only,
        PARAMETER_UNSPECIFIED when no document fixes it (未规定), ATTRIBUTE_MISSING or ATTRIBUTE_UNKNOWN,
        REGION_UNKNOWN, BENEFIT_UNKNOWN.
        """
        table = self._tables.get((region, benefit)) or self._table(region, benefit)
        if isinstance(table, Refusal):
            return table
        key = (bisect_right(table.starts, on), *[attributes.get(dim) for dim in table.dims])
        return table.rows.get(key) or self._compile(table, key, region, on, attributes)

    def _table(self, region: str, benefit: str) -> Table | Refusal:
        home = self.home(region)
        if isinstance(home, Refusal):
            return home
        if benefit not in self.library.vocabulary.benefits:
            return Refusal("BENEFIT_UNKNOWN", benefit)
        table = self._tables.get((home, benefit))
        if table is None:
            table = self._tables[(home, benefit)] = Table(self._places, home, benefit)
        self._tables[(region, benefit)] = table
        return table

    def _compile(
        self, table: Table, key: tuple[object, ...], region: str, on: date, attributes: Mapping[str, str]
    ) -> Row | Refusal:
        strange = table.accepts(attributes)
        if strange is not None:
            return strange
        row = table.build(on, attributes)
        if isinstance(row, Refusal) and row.code == "ATTRIBUTE_MISSING":
            derived = self.derive(region, on, attributes)
            return row if derived == dict(attributes) else self.row(region, on, derived, table.benefit)
        if isinstance(row, Row):
            table.rows[key] = row
        return row

    def refused_row(self, region: str, on: date, benefit: str = "ordinary") -> Row | Refusal:
        """The row of a visit that the pool refuses and that has no row of its own: rate 0, only the
        account's scope is law.
        """
        home = self.home(region)
        scope = self.value("account.scope.full_selfpay", region, on)
        if isinstance(home, Refusal) or isinstance(scope, Refusal):
            return home if isinstance(home, Refusal) else scope  # type: ignore[return-value]
        cells, sources = list(refused_cells()), list[str | None]([None] * layout.ROW_SIZE)
        cells[layout.ROW_ACCOUNT_PAYS_FULL_SELFPAY] = int(bool(scope.raw))
        sources[layout.ROW_ACCOUNT_PAYS_FULL_SELFPAY] = scope.clause
        return Row(tuple(cells), tuple(sources), (), scope.draft, home, benefit, "refused")

    def value(
        self, key: str, region: str, on: date, attributes: Mapping[str, str] | None = None
    ) -> Value | Refusal:
        """The value of any single parameter. Refusals as for ``row``, and PARAMETER_UNKNOWN."""
        home = self.home(region)
        if isinstance(home, Refusal):
            return home
        slot = self.library.slots[home].get(self.library.vocabulary.slot(key) or key)
        if slot is None and self.library.vocabulary.slot(key) is None:
            return Refusal("PARAMETER_UNKNOWN", key)
        found = self._places.segment(key, slot, on, attributes or {})
        if isinstance(found, Refusal):
            return found
        leaf = found.cell.leaf
        if leaf.form and not key.endswith(leaf.form):
            return Refusal("PARAMETER_UNSPECIFIED", self._places.title(key))
        provision = self.library.provisions[found.cell.clause]
        raw = layout.NONE if leaf.kind == "none" else leaf.bands or leaf.raw
        return Value(
            raw,
            provision.clause,
            provision.confidence,
            leaf.kind,
            provision.citation,
            provision.status == "draft",
        )

    def derive(self, region: str, on: date, attributes: Mapping[str, str]) -> dict[str, str]:
        """``attributes`` with those added that the library derives (``place`` from kind, price class or
        level, ``age_band`` from ``age``); given ones stay.
        """
        found = dict(attributes)
        rules = self._derivers.get(region)
        if rules is None:
            home = self.home(region)
            rules = () if isinstance(home, Refusal) else self._places.world.derive_rules(home)
            if len(self._derivers) < _MAX_REGIONS:
                self._derivers[region] = rules
        for rule in rules:
            if rule.attribute not in found and self._holds(rule, found):
                found[rule.attribute] = rule.value
        return found

    def _holds(self, rule: DeriveRule, attributes: Mapping[str, str]) -> bool:
        return all(
            (attributes.get(name) or self._places.default(name)) in values for name, values in rule.when
        ) and all(
            (number := NUMBERS.get(attributes.get(one.attribute, ""))) is not None and one.holds(number)
            for one in rule.ranges
        )

    def numbers(self, region: str) -> frozenset[str]:
        """The numbers (``age``, 周岁) that the law of a region derives attributes from. A caller states only
        these: what is remembered by facts would otherwise be kept once for every age.
        """
        known = self._numbers.get(region)
        if known is None:
            home = self.home(region)
            known = frozenset() if isinstance(home, Refusal) else self._places.world.numbers(home)
            if len(self._numbers) < _MAX_REGIONS:
                self._numbers[region] = known
        return known

    def pool_refusal(self, region: str, on: date, attributes: Mapping[str, str]) -> Refusal | None:
        """Why the pool does not pay this visit, with the article; None when it may. ATTRIBUTE_MISSING when a
        fact is needed.
        """
        refuser = self._refusers.get(region) or self._refuser(region)
        if isinstance(refuser, Refusal):
            return refuser
        key = (bisect_right(refuser.starts, on), *[attributes.get(name) for name in refuser.attributes])
        if key in refuser.memo:
            return refuser.memo[key]
        refusal = refuser.decide(on, self.derive(region, on, attributes))
        refuser.remember(key, attributes, refusal)
        return refusal

    def _refuser(self, region: str) -> Refuser | Refusal:
        home = self.home(region)
        if isinstance(home, Refusal):
            return home
        refuser = self._refusers.get(home)
        if refuser is None:
            refuser = self._refusers[home] = Refuser(self._places, home)
        self._refusers[region] = refuser
        return refuser

    def home(self, region: str) -> str | Refusal:
        """The nearest region above ``region`` that has documents of its own; a region under none but the
        nation is unknown.
        """
        known = self._homes.get(region)
        if known is not None:
            return known
        try:
            lineage = ancestry(region)
        except ValueError as error:
            return Refusal("REGION_UNKNOWN", str(error))
        found: str | Refusal = next((code for code in lineage if code in self.library.slots), NATION)
        if (found == NATION and lineage[0] != NATION) or found not in self.library.slots:
            found = Refusal("REGION_UNKNOWN", region)
        if len(self._homes) < _MAX_REGIONS:
            self._homes[region] = found
        return found

    def table(self, region: str, benefit: str = "ordinary") -> Table | Refusal:
        """The table behind ``row``: its dimensions, their values and the days on which it changes, for batch
        and check.
        """
        return self._table(region, benefit)

    def matrix(self, region: str, benefit: str = "ordinary") -> Matrix | Refusal:
        """All rows of a region and benefit as one flat table of integers, made once, for the batch kernel."""
        table = self._table(region, benefit)
        if isinstance(table, Refusal):
            return table
        key = (table.region, benefit)
        matrix = self._matrices.get(key)
        if matrix is None:
            matrix = self._matrices[key] = table.matrix()
        return matrix

    def categories(self, region: str) -> dict[str, int]:
        """Prepay categories of a region with their treatment code (TREAT_*)."""
        home = self.home(region)
        return {} if isinstance(home, Refusal) else self._places.world.categories(home)

    def item_treats(self, region: str) -> Mapping[str, int]:
        """Treatment code of each catalogue code that a region's documents list in a prepay category of their
        own.
        """
        known = self._item_treats.get(region)
        if known is None:
            home = self.home(region)
            known = {} if isinstance(home, Refusal) else self._places.world.item_treats(home)
            if len(self._item_treats) < _MAX_REGIONS:
                self._item_treats[region] = known
        return known

    def title(self, key: str) -> str:
        """A parameter or attribute for people, with its name in brackets."""
        return self._places.title(key)

    def value_text(self, key: str, leaf: Leaf) -> str:
        """A value of a parameter in Chinese."""
        return leaf_text(leaf, self.library.vocabulary.split(key)[1])

    def condition_text(self, attribute: str, values: Iterable[str]) -> str:
        """A condition of a rule in Chinese."""
        return "或".join(self._places.label(attribute, value) for value in values)

    def case_title(self, dims: Iterable[str], coordinate: Iterable[str]) -> str:
        """A case (values of ``dims``) in Chinese."""
        return self._places.case(dims, coordinate)

    def provision(self, clause: str) -> Provision:
        """The words and dates of a clause. Raises KeyError for a clause that is not in the library."""
        return self.library.provisions[clause]


_LAWS: dict[str, Law] = {}


def compile_law(library: Library) -> Law:
    """The law of a library; the same digest gives the same object."""
    law = _LAWS.get(library.digest)
    if law is None:
        while len(_LAWS) >= _KEPT:
            _LAWS.pop(next(iter(_LAWS)))
        law = _LAWS[library.digest] = Law(library)
    return law
