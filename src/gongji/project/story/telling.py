"""What every story on the stage does: turns the clock, tells a line, notes what had to hold, acts as an officer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.members.writing import Act
from gongji.project.story.cast import Member
from gongji.project.story.play import Check
from gongji.project.story.stage import Stage

__all__ = ["CASHIER", "CLERK", "REVIEWER", "Telling", "refusal_of", "stated"]

T = TypeVar("T")

CLERK, REVIEWER, CASHIER = (
    Actor("agency", "经办员甲"),
    Actor("agency", "复核员乙"),
    Actor("agency", "财务员丙"),
)


def stated(answer: T | Refusal | None) -> T:
    """``answer``, which the story takes for granted; raises RuntimeError with the reason when it was refused."""
    if isinstance(answer, Refusal):
        raise RuntimeError(answer.text)
    return answer  # type: ignore[return-value]


def refusal_of(answer: object) -> str:
    """Reason code of a refusal; empty when it was none."""
    return answer.code if isinstance(answer, Refusal) else ""


@dataclass(kw_only=True)
class Telling:
    """Stage, people and what is told."""

    stage: Stage
    tell: Callable[[str, str], None]
    checks: list[Check] = field(default_factory=list)
    people: dict[str, Member] = field(default_factory=dict)

    def say(self, on: date, text: str) -> None:
        """One line of the story on its day."""
        self.tell(f"{on:%Y-%m-%d}", text)

    def check(self, text: str, held: bool) -> None:
        """Note that ``text`` had to hold."""
        self.checks.append(Check(text, held))
        self.tell("核对", f"{'✓' if held else '✗'} {text}")

    @property
    def held(self) -> bool:
        return all(check.held for check in self.checks)

    def turn(self, on: date) -> date:
        self.stage.clock.turn(on)
        return on

    def act(self, actor: Actor, reason: str) -> Act:
        return Act(actor, self.stage.clock.now(), reason, self.stage.ids)
