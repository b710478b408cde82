"""What became of an employer's file: counts, and every fault by line, code and sentence."""

from datetime import date, datetime
from typing import Final, Literal

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.sheets import RowError

__all__ = ["SHOWN", "ImportReport", "Mode", "import_errors"]

Mode = Literal["all_or_nothing", "keep_good"]
SHOWN: Final = 1_000
"""Faults that a report carries itself; ``import_errors`` gives all."""

ERRORS: Final = sql("gongji.members", "import_errors")


class ImportReport(msgspec.Struct, frozen=True):
    """``state`` taken: ``added`` rows were recorded, ``unchanged`` ones had been before; refused: nothing was recorded.

    ``rejected`` counts rows, ``error_count`` faults (a row may have several). ``repeated``: the file had come before, this is
    what was answered then, and nothing was changed now.
    """

    import_id: int
    file_name: str
    form: str
    employer: str
    month: date
    mode: Mode
    state: Literal["taken", "refused"]
    row_count: int
    added: int
    unchanged: int
    rejected: int
    error_count: int
    errors: tuple[RowError, ...]
    recorded_at: datetime
    repeated: bool = False


async def import_errors(conn: Connection, import_id: int, most: int | None = None) -> tuple[RowError, ...]:
    """The faults of an import by line; the first ``most`` of them, or all."""
    return tuple(RowError(*row.values()) for row in await conn.fetch(ERRORS, import_id, most))
