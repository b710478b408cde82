"""The table of states as Markdown: what docs/prescriptions.md shows and `gongji prescriptions states` prints."""

from __future__ import annotations

from gongji.prescriptions.states import ROLES, STATES, TABLE, VERBS, Transition

__all__ = ["chart"]

HEAD = ("| in state | verb | who | leads to | in order: what else must hold |", "|---|---|---|---|---|")


def chart() -> str:
    """Every transition, one row each, in the order in which a prescription lives."""
    return "\n".join((*HEAD, *map(_row, TABLE)))


def _row(row: Transition) -> str:
    state = f"{row.state} {STATES[row.state]}" if row.state else "—"
    who = ", ".join(f"{role} {ROLES[role]}" for role in row.who)
    after = ", ".join(row.next)
    guards = "; ".join((guard.__doc__ or "").strip() for guard in row.guards)
    return f"| {state} | {row.verb} {VERBS[row.verb]} | {who} | {after} | {guards} |"
