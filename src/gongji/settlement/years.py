"""Where a person's calendar year stands: what settlements, reversals and openings do to it. Pure.

The row of ``settlement_person_year`` is derived: folding the year's facts gives it again (``verify`` does so).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from gongji.kernel import layout

__all__ = ["EMPTY", "Sums", "YearState", "chronic", "sums_of"]


def chronic(quota_key: str) -> str:
    """Name under which the use of a chronic quota (门诊慢特病, decisions A17, A38) is kept; a quota is a disease's."""
    return f"chronic:{quota_key}"


Sums = tuple[int, int, int]
"""Deductible, in-scope cost and fund of one benefit and year, in fen."""


class YearState(msgspec.Struct, frozen=True):
    """One row of ``settlement_person_year`` without its key.

    ``version`` counts every change, ``seq`` and ``head`` are number and hash of the last fact of the chain.
    ``acc`` has three amounts a benefit, ``ceilings`` one (None: no yearly ceiling).
    """

    version: int = 0
    seq: int = 0
    head: bytes = b""
    benefits: tuple[str, ...] = ()
    acc: tuple[int, ...] = ()
    ceilings: tuple[int | None, ...] = ()

    def sums(self, benefit: str) -> Sums:
        """What the year has used of ``benefit``."""
        if benefit not in self.benefits:
            return (0, 0, 0)
        at = 3 * self.benefits.index(benefit)
        deductible, in_scope, fund = self.acc[at : at + 3]
        return (deductible, in_scope, fund)

    def touched(self) -> YearState:
        """The same state under the next version: what was decided on the old one must be decided again."""
        return msgspec.structs.replace(self, version=self.version + 1)

    def with_fact(self, fact_hash: bytes) -> YearState:
        """The state after one more fact of the chain."""
        return msgspec.structs.replace(self, version=self.version + 1, seq=self.seq + 1, head=fact_hash)

    def adding(self, benefit: str, sums: Sums) -> YearState:
        """The state with ``sums`` added to ``benefit``; nothing changes for zeros."""
        if sums == (0, 0, 0):
            return self
        state = self._with_benefit(benefit)
        at = 3 * state.benefits.index(benefit)
        acc = list(state.acc)
        for offset, amount in enumerate(sums):
            acc[at + offset] += amount
        return msgspec.structs.replace(state, acc=tuple(acc))

    def under_ceiling(self, benefit: str, ceiling_fen: int) -> YearState:
        """The state with the ceiling of the law that is about to be applied (NONE: none); the database checks it.

        A ceiling below what the year has already paid (a change of status or law) leaves no room, but does not make
        the past wrong: the larger of the two is kept.
        """
        state = self._with_benefit(benefit)
        at = state.benefits.index(benefit)
        ceilings = list(state.ceilings)
        ceilings[at] = None if ceiling_fen == layout.NONE else max(ceiling_fen, state.acc[3 * at + 2])
        return msgspec.structs.replace(state, ceilings=tuple(ceilings))

    def _with_benefit(self, benefit: str) -> YearState:
        if benefit in self.benefits:
            return self
        return msgspec.structs.replace(
            self,
            benefits=(*self.benefits, benefit),
            acc=(*self.acc, 0, 0, 0),
            ceilings=(*self.ceilings, None),
        )


EMPTY: Final = YearState()


def sums_of(waterfall: Sequence[int]) -> tuple[Sums, Sums]:
    """What a waterfall adds to the visit's own benefit, and to the chronic quota."""
    return (
        (
            waterfall[layout.W_DEDUCTIBLE_FEN],
            waterfall[layout.W_IN_SCOPE_FEN],
            waterfall[layout.W_POOL_PAY_FEN],
        ),
        (0, waterfall[layout.W_CHRONIC_FEE_FEN], waterfall[layout.W_CHRONIC_PAY_FEN]),
    )
