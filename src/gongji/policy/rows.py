"""Compiling one row: the slots of a benefit become the integers of ``kernel/layout.py``, each with the
clause it comes from.
"""

from collections.abc import Mapping
from datetime import date
from itertools import product

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy.answers import Matrix, Row
from gongji.policy.lookup import Places, version_starts
from gongji.policy.model import CONFIRMED, Band, Segment, Slot

_DEDUCTIBLE_KINDS = {
    "deductible.per_settlement": layout.DEDUCTIBLE_SETTLEMENT,
    "deductible.per_visit": layout.DEDUCTIBLE_VISIT,
    "deductible.per_day": layout.DEDUCTIBLE_DAY,
    "deductible.per_month": layout.DEDUCTIBLE_MONTH,
    "deductible.per_year": layout.DEDUCTIBLE_YEAR,
}
_CEILINGS = {
    "ceiling.per_visit": layout.ROW_CEILING_VISIT_FEN,
    "ceiling.per_day": layout.ROW_CEILING_DAY_FEN,
    "ceiling.per_month": layout.ROW_CEILING_MONTH_FEN,
    "ceiling.per_quarter": layout.ROW_CEILING_QUARTER_FEN,
    "ceiling.per_year": layout.ROW_CEILING_YEAR_FEN,
}
_BASES = {
    "year_in_scope": layout.BASIS_YEAR_IN_SCOPE,
    "year_fund": layout.BASIS_YEAR_FUND,
    "visit": layout.BASIS_VISIT,
}
_REQUIRED = ("deductible", "rate.pool")
_OPTIONAL = ("deductible.year_stop", "rate.band_basis", *_CEILINGS)
_OVERFLOWS = {
    "carve_out": layout.OVERFLOW_POOLED,
    "none": layout.OVERFLOW_KEPT,
    "next_visit": layout.OVERFLOW_NEXT_VISIT,
}
_SHARED = ("account.scope.full_selfpay", "chronic.rate", "chronic.overflow")
"""Parameters that every benefit has in common."""


class Table:
    """The rows of one region and benefit; each is compiled when first asked for and kept."""

    def __init__(self, places: Places, region: str, benefit: str) -> None:
        self.places = places
        self.region = region
        self.benefit = benefit
        self.categories = places.world.categories(region)
        self.slots = self._slots()
        self.dims = tuple(dict.fromkeys(dim for slot in self.slots.values() for dim in slot.dims))
        self.values = {dim: frozenset(places.world.values(region, dim)) for dim in self.dims}
        self.starts = version_starts(self.slots.values())
        self.rows: dict[tuple[object, ...], Row | Refusal] = {}

    def _slots(self) -> dict[str, Slot]:
        """The slots this table reads, by their plain name; a benefit's prepay falls back to the ordinary
        one.
        """
        known = self.places.library.slots[self.region]
        prefix = "" if self.benefit == "ordinary" else f"{self.benefit}."
        prepay = tuple(f"prepay.{name}" for name in self.categories)
        found = {
            name: known[prefix + name] for name in (*_REQUIRED, *_OPTIONAL, *prepay) if prefix + name in known
        }
        for name in (*prepay, *_SHARED):
            if name not in found and name in known:
                found[name] = known[name]
        return found

    def build(self, on: date, attributes: Mapping[str, str]) -> Row | Refusal:
        """Compile the row of one case and day."""
        return _Builder(self, on, attributes).row()

    def matrix(self) -> Matrix:
        """Every row of every version as one flat table (see ``Matrix``)."""
        places = self.places.world
        values = tuple(places.values(self.region, dim) for dim in self.dims)
        cells: list[int] = []
        valid: list[int] = []
        for day in self.starts:
            for coordinate in product(*values):
                row = self.build(day, dict(zip(self.dims, coordinate, strict=True)))
                valid.append(int(isinstance(row, Row)))
                cells += row.cells if isinstance(row, Row) else [layout.UNSET] * layout.ROW_SIZE
        return Matrix(self.region, self.benefit, self.dims, values, self.starts, tuple(cells), tuple(valid))

    def accepts(self, attributes: Mapping[str, str]) -> Refusal | None:
        """Refuse a value that the region has not declared: an unknown place is not some other place."""
        for dim in self.dims:
            value = attributes.get(dim)
            if value is not None and value not in self.values[dim]:
                return Refusal("ATTRIBUTE_UNKNOWN", f"{self.places.title(dim)}={value}")
        return None


class _Builder:
    """One row under construction."""

    def __init__(self, table: Table, on: date, attributes: Mapping[str, str]) -> None:
        self.table = table
        self.on = on
        self.attributes = attributes
        self.cells = [layout.NONE] * layout.ROW_SIZE
        self.sources: list[str | None] = [None] * layout.ROW_SIZE
        self.unconfirmed: list[str] = []
        self.draft = False

    def row(self) -> Row | Refusal:
        for step in (self._deductible, self._ceilings, self._bands, self._prepay, self._shared):
            refusal = step()
            if refusal is not None:
                return refusal
        table = self.table
        key = ";".join(
            f"{dim}={self.attributes.get(dim) or table.places.default(dim)}" for dim in sorted(table.dims)
        )
        return Row(
            tuple(self.cells),
            tuple(self.sources),
            tuple(self.unconfirmed),
            self.draft,
            table.region,
            table.benefit,
            key,
        )

    def _find(self, name: str) -> Segment | Refusal:
        table = self.table
        full = name if table.benefit == "ordinary" or name in _SHARED else f"{table.benefit}.{name}"
        return table.places.segment(full, table.slots.get(name), self.on, self.attributes)

    def _optional(self, name: str) -> Segment | Refusal | None:
        """Like ``_find``, but a parameter that no document ever speaks of for this case is simply absent."""
        if name not in self.table.slots:
            return None
        found = self._find(name)
        silent = isinstance(found, Refusal) and found.code == "PARAMETER_UNSPECIFIED" and found.clause is None
        return None if silent else found

    def _put(self, position: int, value: int, segment: Segment, name: str) -> None:
        provision = self.table.places.library.provisions[segment.cell.clause]
        self.cells[position] = value
        self.sources[position] = provision.clause
        self.draft = self.draft or provision.status == "draft"
        if provision.confidence not in CONFIRMED and name not in self.unconfirmed:
            self.unconfirmed.append(name)

    def _deductible(self) -> Refusal | None:
        self.cells[layout.ROW_DEDUCTIBLE_KIND] = layout.DEDUCTIBLE_NONE
        self.cells[layout.ROW_DEDUCTIBLE_FEN] = 0
        found = self._find("deductible")
        if isinstance(found, Refusal):
            return found
        leaf = found.cell.leaf
        if leaf.kind == "money":
            self._put(layout.ROW_DEDUCTIBLE_KIND, _DEDUCTIBLE_KINDS[leaf.form], found, leaf.form)
            self._put(layout.ROW_DEDUCTIBLE_FEN, _integer(leaf.raw), found, leaf.form)
        else:
            self._put(layout.ROW_DEDUCTIBLE_FEN, 0, found, leaf.form)
        stop = self._optional("deductible.year_stop")
        if isinstance(stop, Refusal):
            return stop
        if stop is not None:
            self._put(layout.ROW_DEDUCTIBLE_STOP_FEN, _limit(stop), stop, "deductible.year_stop")
        return None

    def _ceilings(self) -> Refusal | None:
        stated = False
        for name, position in _CEILINGS.items():
            found = self._optional(name)
            if isinstance(found, Refusal):
                return found
            if found is not None:
                self._put(position, _limit(found), found, name)
                stated = True
        return (
            None if stated else Refusal("PARAMETER_UNSPECIFIED", self.table.places.title("ceiling.per_year"))
        )

    def _bands(self) -> Refusal | None:
        found = self._find("rate.pool")
        if isinstance(found, Refusal):
            return found
        leaf = found.cell.leaf
        bands = leaf.bands or (Band(None, _integer(leaf.raw)),)
        basis = self._basis(len(bands))
        if isinstance(basis, Refusal):
            return basis
        self.cells[layout.ROW_BAND_BASIS] = basis
        self._put(layout.ROW_BAND_COUNT, len(bands), found, "rate.pool")
        for number in range(layout.MAX_BANDS):
            self.cells[layout.ROW_BAND_BP + number] = 0
            if number < len(bands):
                band = bands[number]
                edge = layout.NONE if band.up_to_fen is None else band.up_to_fen
                self._put(layout.ROW_BAND_UP_TO_FEN + number, edge, found, "rate.pool")
                self._put(layout.ROW_BAND_BP + number, band.rate_bp, found, "rate.pool")
        return None

    def _basis(self, count: int) -> int | Refusal:
        """What the bands run over; a single rate needs no basis, several without one cannot be computed."""
        if count == 1:
            return layout.BASIS_SINGLE
        found = self._find("rate.band_basis")
        if isinstance(found, Refusal):
            return found
        self._put(layout.ROW_BAND_BASIS, 0, found, "rate.band_basis")
        return _BASES[str(found.cell.leaf.raw)]

    def _prepay(self) -> Refusal | None:
        for treat in range(layout.MAX_TREATS):
            self.cells[layout.ROW_PREPAY_BP + treat] = layout.UNSET
        for name, treat in self.table.categories.items():
            found = self._find(f"prepay.{name}")
            if isinstance(found, Segment):
                self._put(
                    layout.ROW_PREPAY_BP + treat, _integer(found.cell.leaf.raw), found, f"prepay.{name}"
                )
            elif found.code in ("ATTRIBUTE_MISSING", "ATTRIBUTE_UNKNOWN"):
                return found
            else:
                # Said with the row, so that the refusal made when the cell is used can name the article that
                # delegates it.
                self.sources[layout.ROW_PREPAY_BP + treat] = found.clause
        self.cells[layout.ROW_PREPAY_BP + layout.TREAT_FULL_SELFPAY] = 0
        return None

    def _shared(self) -> Refusal | None:
        scope = self._find("account.scope.full_selfpay")
        if isinstance(scope, Refusal):
            return scope
        self._put(
            layout.ROW_ACCOUNT_PAYS_FULL_SELFPAY,
            int(bool(scope.cell.leaf.raw)),
            scope,
            "account.scope.full_selfpay",
        )
        self.cells[layout.ROW_CARVE_OUT_BP] = layout.UNSET
        chronic = self._find("chronic.rate")
        if isinstance(chronic, Segment):
            self._put(layout.ROW_CARVE_OUT_BP, _integer(chronic.cell.leaf.raw), chronic, "chronic.rate")
        self._overflow()
        return None

    def _overflow(self) -> None:
        """What becomes of a chronic disease's cost above its quota; carved out where no document says (decision A17)."""
        self.cells[layout.ROW_CHRONIC_OVERFLOW] = layout.OVERFLOW_POOLED
        found = self._find("chronic.overflow")
        if isinstance(found, Segment):
            code = _OVERFLOWS[str(found.cell.leaf.raw)]
            self._put(layout.ROW_CHRONIC_OVERFLOW, code, found, "chronic.overflow")
        elif found.clause is not None:
            self.cells[layout.ROW_CHRONIC_OVERFLOW] = layout.UNSET
            self.sources[layout.ROW_CHRONIC_OVERFLOW] = found.clause


def _integer(raw: object) -> int:
    if not isinstance(raw, int):
        raise TypeError(f"a row takes integers, not {raw!r}")
    return raw


def _limit(segment: Segment) -> int:
    """An amount, or NONE where the law says that there is no limit."""
    leaf = segment.cell.leaf
    return layout.NONE if leaf.kind == "none" else _integer(leaf.raw)


def refused_cells() -> tuple[int, ...]:
    """A row under which the pool pays nothing and every line is full self-pay: no deductible, no ceiling,
    rate 0.
    """
    cells = [layout.NONE] * layout.ROW_SIZE
    cells[layout.ROW_DEDUCTIBLE_KIND] = layout.DEDUCTIBLE_NONE
    cells[layout.ROW_DEDUCTIBLE_FEN] = 0
    cells[layout.ROW_BAND_BASIS] = layout.BASIS_SINGLE
    cells[layout.ROW_BAND_COUNT] = 1
    for number in range(layout.MAX_BANDS):
        cells[layout.ROW_BAND_BP + number] = 0
    for treat in range(layout.MAX_TREATS):
        cells[layout.ROW_PREPAY_BP + treat] = layout.UNSET
    cells[layout.ROW_PREPAY_BP + layout.TREAT_FULL_SELFPAY] = 0
    cells[layout.ROW_CARVE_OUT_BP] = layout.UNSET
    cells[layout.ROW_CHRONIC_OVERFLOW] = layout.OVERFLOW_POOLED
    return tuple(cells)
