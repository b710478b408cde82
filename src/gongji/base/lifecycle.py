"""The life of a case as one table: in which state which step may be taken, by whom, where it leads, what else must hold."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

from gongji.base.reasons import Refusal

__all__ = ["Lifecycle", "Transition"]

Asked = TypeVar("Asked")


class Transition(msgspec.Struct, Generic[Asked], frozen=True):
    """One row: who (kinds of actors) may take ``action`` in ``state``, where it leads, what else must hold."""

    state: str
    action: str
    who: tuple[str, ...]
    next: str
    guards: tuple[Callable[[Asked], Refusal | None], ...] = ()


class Lifecycle(Generic[Asked]):
    """A table with its Chinese words. ``refused`` is the reason of a step that the state does not allow, ``before`` what a case
    that does not exist yet is called. Raises ValueError when two rows answer for one step: the first would hide the second.
    """

    def __init__(
        self,
        table: Sequence[Transition[Asked]],
        *,
        states: Mapping[str, str],
        actions: Mapping[str, str],
        refused: str,
        before: str = "",
    ) -> None:
        self._rows = {(row.state, row.action): row for row in table}
        if len(self._rows) != len(table):
            raise ValueError("two rows for one state and action")
        self._states, self._actions, self._refused, self._before = states, actions, refused, before

    def row(self, asked: Asked, state: str, action: str, kind: str) -> Transition[Asked] | Refusal:
        """The row by which somebody of ``kind`` may take ``action`` now, or why not: the state, the person, the first guard."""
        row = self._rows.get((state, action))
        if row is None:
            return Refusal(
                self._refused, f"{self._states.get(state, self._before)}，不能{self._actions[action]}"
            )
        if kind not in row.who:
            return Refusal("FORBIDDEN", self._actions[action])
        for guard in row.guards:
            if (refusal := guard(asked)) is not None:
                return refusal
        return row
