"""The matrix (权限表): every operation of the web, which roles may do it, and on whose data. What is not listed is refused.

One table: pages are checked against it (``web.pages``), tests go through it cell by cell, and docs/access.md is written from it.
"""

from collections.abc import Iterable
from typing import Final

from gongji.access.operations import common, console, desk, portal
from gongji.access.operations.shape import Operation

__all__ = ["OPERATIONS", "Operation", "Unguarded", "permitted"]


class Unguarded(Exception):
    """An address without a row or a row without an address; the text says which, for whoever starts the server."""


def _table(parts: Iterable[tuple[Operation, ...]]) -> dict[str, Operation]:
    table: dict[str, Operation] = {}
    for operation in (operation for part in parts for operation in part):
        if operation.code in table:
            raise ValueError(f"operation {operation.code} is listed twice")
        table[operation.code] = operation
    return table


OPERATIONS: Final = _table((common.OPERATIONS, portal.OPERATIONS, desk.OPERATIONS, console.OPERATIONS))


def permitted(roles: frozenset[str], operation: str) -> bool:
    """Whether somebody with these roles may do ``operation``; an operation that is not in the table nobody may do."""
    found = OPERATIONS.get(operation)
    return found is not None and (found.scope == "public" or bool(roles & found.roles))
