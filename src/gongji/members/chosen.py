"""Which institutions a member has chosen (人员定点) for a kind of business on a day."""

from datetime import date

from gongji.base.sqlfiles import Connection, sql
from gongji.members.rows import FixedRow

__all__ = ["chosen_institutions"]

CHOSEN = sql("gongji.members", "chosen")


async def chosen_institutions(conn: Connection, psn_no: str, biz_type: str, on: date) -> tuple[FixedRow, ...]:
    """In the member's order; ``biz_type`` is a national code of biz_appy_type."""
    return tuple(FixedRow(*row.values()) for row in await conn.fetch(CHOSEN, psn_no, biz_type, on))
