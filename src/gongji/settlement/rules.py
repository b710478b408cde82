"""What one visit costs whom: the one decision that quote, cases, engine and 2206 share.

Order (decision A01): derived attributes → refusals of the pool → row of the law → draft, unset and bound
checks → kernel → draws on family accounts → new accumulators. Pure: no clock, no I/O; everything a user can
cause is a ``Refusal``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.explain.scope import treat_title
from gongji.kernel import advance, layout
from gongji.kernel.visit import MAX_LINES, settle_visit, within_bounds
from gongji.policy import Law, Row
from gongji.settlement.basis import Basis, legal_basis

PREPAY_NAMES = {
    layout.TREAT_A: "prepay.a",
    layout.TREAT_B_DRUG: "prepay.b_drug",
    layout.TREAT_B_CONSUMABLE: "prepay.b_consumable",
    layout.TREAT_B_SERVICE: "prepay.b_service",
}


class LineInput(msgspec.Struct, frozen=True):
    """One fee line, treated (``settlement.lines``). ``standard_fen`` is payment standard x quantity or
    NONE; ``treat`` and ``flags`` are codes of ``kernel.layout``; ``reason`` says why a line is full
    self-pay other than by 丙类."""

    key: str
    item: str
    name: str
    amount_fen: int
    standard_fen: int = layout.NONE
    treat: int = layout.TREAT_A
    flags: int = layout.FLAG_ACCOUNT
    kind: str = "drug"
    reason: str | None = None


class VisitInput(msgspec.Struct, frozen=True):
    """One settlement to decide: where the person is insured, day of service, benefit, facts as attributes,
    treated lines.

    ``own_allowed`` / ``family_allowed``: may balances be offered (blocked card, member's own wish, A18,
    A35). ``allow_draft``: 征求意见稿 may be applied (trial calculation only). ``chronic_bp``: the person's own
    ratio for the chronic disease, which comes before the law's.
    """

    region: str
    service_on: date
    benefit: str
    attributes: Mapping[str, str]
    lines: tuple[LineInput, ...]
    own_allowed: bool = True
    family_allowed: bool = True
    allow_draft: bool = False
    chronic_bp: int | None = None


class PersonState(msgspec.Struct, frozen=True):
    """What the person brings along. ``acc``: ACC_SIZE fen of the visit's benefit and calendar year.

    ``charged``: deductible already charged in the (visit group, day, month) of the visit; when given, the
    law's own kind of deductible picks ACC_DEDUCTIBLE_WINDOW_FEN from it, so that a caller need not know the
    kind beforehand. When empty, ``acc`` is taken as it is. ``family``: (owner, offered fen) in binding
    order. ``quota_fen``: chronic quota left, or NONE; ``quota_drawn``: the visit group has drawn on it before;
    ``quota_windows`` says where it comes from and changes nothing.
    """

    acc: tuple[int, ...] = (0,) * layout.ACC_SIZE
    own_fen: int = 0
    family: tuple[tuple[str, int], ...] = ()
    quota_fen: int = layout.NONE
    charged: tuple[int, ...] = ()
    quota_drawn: bool = False
    quota_windows: tuple[int, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """A decided visit: the waterfall (W_SIZE) with the row that produced it, splits of lines, accumulators,
    family draws.

    ``refusal`` set: the pool refused, everything is full self-pay, nothing accumulates, accounts may still
    pay (A35). ``ratio_bp``: the rate of the only band the base touched; None when refused or when it runs
    through several bands.
    """

    row: Row
    waterfall: tuple[int, ...]
    splits: tuple[int, ...]
    lines: tuple[LineInput, ...]
    acc_before: tuple[int, ...]
    acc_after: tuple[int, ...]
    family_draws: tuple[tuple[str, int], ...]
    refusal: Refusal | None
    ratio_bp: int | None
    wallet: tuple[int, ...] = (layout.NONE, 0, 0)
    quota_windows: tuple[int, ...] = ()

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Parameters whose unconfirmed value this settlement uses: none when refused, prepay only of the
        kinds of its lines."""
        if self.refusal is not None or not self.row.unconfirmed:
            return ()
        unused = set(PREPAY_NAMES.values()) - {PREPAY_NAMES.get(line.treat) for line in self.lines}
        if not self.waterfall[layout.W_CHRONIC_FEE_FEN]:
            unused |= {"chronic.rate", "chronic.overflow"}
        return tuple(name for name in self.row.unconfirmed if name not in unused)


def basis(visit: VisitInput, law: Law) -> Basis | Refusal:
    """The legal basis of ``visit``."""
    return legal_basis(
        law, visit.region, visit.service_on, visit.benefit, visit.allow_draft, tuple(visit.attributes.items())
    )


def decide(law: Law, visit: VisitInput, state: PersonState) -> Outcome | Refusal:
    """Settle ``visit`` for a person in ``state``.

    A returned ``Refusal`` means that nothing can be settled: no law on the day, a draft, a parameter in use
    that no document fixes, amounts out of range. Source: 晋医保发〔2022〕27号 第二十至二十六条, decisions
    A01–A19, A35.
    """
    ground = basis(visit, law)
    if isinstance(ground, Refusal):
        return ground
    row, refusal = chronic_terms(ground.row, visit, state), ground.refusal
    lines = visit.lines if refusal is None else _refused_lines(visit.lines, refusal.code)
    flat = [
        number for line in lines for number in (line.amount_fen, line.standard_fen, line.treat, line.flags)
    ]
    unusable = _check(law, lines, flat, row, state)
    if unusable is not None:
        return unusable
    acc = _window(row, state)
    quota = state.quota_fen if refusal is None else layout.NONE
    own = max(0, state.own_fen) if visit.own_allowed and ground.accounts_may_pay else 0
    family = state.family if visit.family_allowed and ground.accounts_may_pay else ()
    wallet = (quota, own, sum(offered for _, offered in family))
    waterfall, splits = [0] * layout.W_SIZE, [0] * (layout.SPLIT_SIZE * len(lines))
    settle_visit(row.cells, flat, acc, wallet, waterfall, splits)
    return Outcome(
        row=row,
        waterfall=tuple(waterfall),
        splits=tuple(splits),
        lines=lines,
        acc_before=acc,
        acc_after=advance(acc, waterfall),
        family_draws=family_draws(family, waterfall[layout.W_MUTUAL_FEN]),
        refusal=refusal,
        ratio_bp=None if refusal is not None else _ratio_bp(row, waterfall),
        wallet=wallet,
        quota_windows=state.quota_windows if quota != layout.NONE else (),
    )


def chronic_terms(row: Row, visit: VisitInput, state: PersonState) -> Row:
    """``row`` with what holds for this person's chronic disease in this visit.

    The person's own ratio takes the law's place and has no article. Where cost above the quota is pooled from the next
    visit on (A17, next_visit), a quota that this visit group has drawn on ends here, though nothing of it may be left.
    """
    own, later = visit.chronic_bp, row.cells[layout.ROW_CHRONIC_OVERFLOW] == layout.OVERFLOW_NEXT_VISIT
    if own is None and not (later and state.quota_drawn):
        return row
    cells, sources, unconfirmed = list(row.cells), list(row.sources), row.unconfirmed
    if own is not None:
        cells[layout.ROW_CARVE_OUT_BP], sources[layout.ROW_CARVE_OUT_BP] = own, None
        unconfirmed = tuple(name for name in unconfirmed if name != "chronic.rate")
    if later and state.quota_drawn:
        cells[layout.ROW_CHRONIC_OVERFLOW] = layout.OVERFLOW_KEPT
    return msgspec.structs.replace(row, cells=tuple(cells), sources=tuple(sources), unconfirmed=unconfirmed)


def family_draws(family: tuple[tuple[str, int], ...], mutual_fen: int) -> tuple[tuple[str, int], ...]:
    """What each relative's account pays of ``mutual_fen``, in binding order (A18); owners who pay nothing
    are left out."""
    draws: list[tuple[str, int]] = []
    left = mutual_fen
    for owner, offered in family:
        if left == 0:
            break
        taken = min(left, offered)
        if taken > 0:
            draws.append((owner, taken))
            left -= taken
    assert left == 0, "the kernel drew more than the family offered"
    return tuple(draws)


def merges_deductibles(law: Law, region: str, on: date) -> bool:
    """Whether a purchase on a prescription belongs to the visit that prescribed (A10); it does unless the law says otherwise."""
    merge = law.value("deductible.merge", region, on)
    return isinstance(merge, Refusal) or merge.raw != "none"


def _window(row: Row, state: PersonState) -> tuple[int, ...]:
    """Accumulators with the window of the row's own kind of deductible filled in."""
    if not state.charged:
        return state.acc
    kind = row.cells[layout.ROW_DEDUCTIBLE_KIND]
    if kind == layout.DEDUCTIBLE_YEAR:
        charged = state.acc[layout.ACC_DEDUCTIBLE_YEAR_FEN]
    elif layout.DEDUCTIBLE_VISIT <= kind <= layout.DEDUCTIBLE_MONTH:
        charged = state.charged[kind - layout.DEDUCTIBLE_VISIT]
    else:
        charged = 0
    return (charged, *state.acc[1:])


def _check(
    law: Law, lines: tuple[LineInput, ...], flat: list[int], row: Row, state: PersonState
) -> Refusal | None:
    """Why these lines cannot be computed under this row, or None."""
    if not lines:
        return Refusal("NO_FEE_LINES")
    if len(lines) > MAX_LINES:
        return Refusal("TOO_MANY_LINES", f"{len(lines)} 条，最多 {MAX_LINES} 条")
    if not within_bounds(flat):
        return _out_of_range(lines)
    chronic = False
    for number, line in enumerate(lines, start=1):
        if row.cells[layout.ROW_PREPAY_BP + line.treat] == layout.UNSET:
            treat = treat_title(law, row.region, line.treat)
            what = f"第 {number} 条费用 {line.name or line.item}（{treat}）的先行自付比例"
            return _unspecified(law, what, row.sources[layout.ROW_PREPAY_BP + line.treat])
        chronic = chronic or bool(line.flags & layout.FLAG_CARVE_OUT)
    if not chronic or state.quota_fen == layout.NONE:
        return None
    overflow = row.cells[layout.ROW_CHRONIC_OVERFLOW]
    if overflow == layout.UNSET:
        return _unspecified(law, "慢特病限额用完后的相关费用", row.sources[layout.ROW_CHRONIC_OVERFLOW])
    kept = state.quota_fen > 0 or overflow == layout.OVERFLOW_KEPT
    if kept and row.cells[layout.ROW_CARVE_OUT_BP] == layout.UNSET:
        return _unspecified(law, "门诊慢特病支付比例", row.sources[layout.ROW_CARVE_OUT_BP])
    return None


def _unspecified(law: Law, what: str, clause: str | None) -> Refusal:
    article = law.provision(clause).citation if clause else None
    return Refusal("PARAMETER_UNSPECIFIED", what, clause, article)


def _out_of_range(lines: tuple[LineInput, ...]) -> Refusal:
    for number, line in enumerate(lines, start=1):
        if not within_bounds((line.amount_fen, line.standard_fen, line.treat, line.flags)):
            return Refusal("AMOUNT_OUT_OF_RANGE", f"第 {number} 条费用 {format_yuan(line.amount_fen)} 元")
    return Refusal(
        "AMOUNT_OUT_OF_RANGE", f"费用合计 {format_yuan(sum(line.amount_fen for line in lines))} 元"
    )


def _ratio_bp(row: Row, waterfall: list[int]) -> int | None:
    first = waterfall[layout.W_BAND_FIRST]
    if first != waterfall[layout.W_BAND_LAST]:
        return None
    return row.cells[layout.ROW_BAND_BP + first]


def _refused_lines(lines: tuple[LineInput, ...], reason: str) -> tuple[LineInput, ...]:
    """Every line full self-pay; the line's own reason stays, the flag of the accounts too (A35)."""
    return tuple(
        LineInput(
            line.key,
            line.item,
            line.name,
            line.amount_fen,
            layout.NONE,
            layout.TREAT_FULL_SELFPAY,
            line.flags & layout.FLAG_ACCOUNT,
            line.kind,
            line.reason or reason,
        )
        for line in lines
    )
