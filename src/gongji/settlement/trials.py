"""Estimates (费用测算): what care that has not happened would cost a member, decided like a pre-settlement on the member's year.

Nothing is written, nothing is held back; a 征求意见稿 is applied, and the outcome's row says so. The visit is assumed to be one of
its own, shown with a voucher; a sale on a prescription of the centre belongs to the visit that prescribed, as it will when sold.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

import msgspec

from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA
from gongji.catalog.values import Item
from gongji.encounters.values import FeeLine
from gongji.policy import Law
from gongji.providers.values import ProviderDay
from gongji.settlement.commands import SettleCommand, Settled
from gongji.settlement.grounds import ONLY_BATCH, Ground, Prescribing, Supposed
from gongji.settlement.previews import Previewed, previewed, previewed_in_turn

if TYPE_CHECKING:
    from gongji.settlement.inputs import RoomInputs

__all__ = ["Trial", "TrialLine", "Within", "trials", "trials_in_turn"]

INFNO: Final = "trial"
E_VOUCHER: Final = "01"
NOON: Final = time(12)
NO_BATCH: Final = ""
"""Of what is not uploaded yet: no batch of the visit has this number."""


class TrialLine(msgspec.Struct, frozen=True):
    """Something that would be charged: an item of the catalogue by its code, or with ``stands_for`` an amount of a category.
    ``approval`` and ``days``: what the doctor says of a restriction, and how long a drug is to last.
    """

    code: str
    amount_fen: int
    price_micro: int
    quantity_e4: int
    stands_for: Item | None = None
    approval: str = "0"
    days: str = ""


class Within(msgspec.Struct, frozen=True):
    """The visit under way that would be charged, or whose prescription a pharmacy would fill: its group shares a deductible, its
    diagnoses meet restrictions.
    """

    institution: str
    visit_id: int
    group_id: int
    on: date


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One visit of ``psn_no`` on the day ``on`` at ``place``, a real institution or one that stands for its kind.

    ``med_type`` is the national category of care; ``rx_no`` a prescription of the centre that a pharmacy would fill,
    ``prescribed``: one that the doctor is still to write. ``own_allowed``, ``family_allowed``: which accounts may pay.
    ``within``: the visit that is under way; without it, it is one of its own.
    """

    psn_no: str
    on: date
    place: ProviderDay
    med_type: str
    lines: tuple[TrialLine, ...]
    disease_code: str = ""
    rx_no: str = ""
    prescribed: bool = False
    own_allowed: bool = True
    family_allowed: bool = True
    voucher_type: str = E_VOUCHER
    within: Within | None = None


async def trials(
    conn: Connection, inputs: RoomInputs, law: Law, asked: Sequence[Trial], at: datetime
) -> list[Previewed]:
    """What each of ``asked`` would cost, in order; a Refusal where it could not be settled at all. A day to come is looked at as if
    it were here.
    """
    await inputs.refresh(conn)
    grounds = [_ground(trial, inputs.new_id(), at) for trial in asked]
    found = await inputs.of_grounds(conn, law, grounds)
    commands = [ground.command for ground in grounds]
    return await previewed(conn, law, list(zip(commands, found, strict=True)), at)


async def trials_in_turn(
    conn: Connection, inputs: RoomInputs, law: Law, asked: Sequence[Trial], at: datetime
) -> list[Previewed]:
    """What each of ``asked`` would cost one person on one day, each as if those before it had been settled."""
    await inputs.refresh(conn)
    grounds = [_ground(trial, inputs.new_id(), at) for trial in asked]
    situations = await inputs.of_grounds(conn, law, grounds)
    return await previewed_in_turn(
        conn, law, [(ground.command, one) for ground, one in zip(grounds, situations, strict=True)], at
    )


def _ground(trial: Trial, visit_id: int, at: datetime) -> Ground:
    received_at = max(at, datetime.combine(trial.on, NOON, CHINA))
    command = SettleCommand(
        caller=trial.place.code,
        infno=INFNO,
        msgid="",
        request_hash=b"",
        psn_no=trial.psn_no,
        received_at=received_at,
        render=_nothing,
        own_allowed=trial.own_allowed,
        family_allowed=trial.family_allowed,
    )
    numbered = [(str(number), line) for number, line in enumerate(trial.lines, start=1)]
    within, here = trial.within, trial.within is not None and trial.within.institution == trial.place.code
    return Ground(
        command=command,
        visit_id=within.visit_id if within is not None and here else visit_id,
        group_id=within.group_id if within is not None and here else visit_id,
        batch_no=NO_BATCH if here else ONLY_BATCH,
        med_type=trial.med_type,
        voucher_type=trial.voucher_type,
        disease_code=trial.disease_code,
        service_on=trial.on,
        place=trial.place,
        lines=tuple(_fee_line(key, line, received_at) for key, line in numbered),
        rx_no=trial.rx_no,
        supposed=Supposed(
            {key: line.stands_for for key, line in numbered if line.stands_for is not None},
            trial.prescribed,
            Prescribing(within.institution, within.visit_id, within.group_id, within.on) if within else None,
        ),
    )


def _fee_line(key: str, line: TrialLine, at: datetime) -> FeeLine:
    return FeeLine(
        key=key,
        item=line.code,
        amount_fen=line.amount_fen,
        price_micro=line.price_micro,
        quantity_e4=line.quantity_e4,
        occurred_at=at,
        approval=line.approval,
        days=line.days,
    )


def _nothing(_: Settled) -> bytes:
    """An estimate has no answer that is kept."""
    return b""
