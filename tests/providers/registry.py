"""Institutions of these tests' own, and acts about their registers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.providers.staff_rules import StaffGiven
from gongji.providers.writing import Act

START, DAY = date(2023, 1, 1), date(2024, 8, 15)
AT = datetime(2024, 8, 15, 4, tzinfo=UTC)
_numbers = count(500)


def act(name: str = "张经办", *, kind: Any = "agency", days: int = 0) -> Act:
    return Act(Actor(kind, name), AT + timedelta(days=days), "测试")


def doctor(code: str = "D140830000001", **changes: Any) -> StaffGiven:
    given = {
        "staff_code": code,
        "name": "李医生",
        "kind": "doctor",
        "from_on": START,
        "title": "主治医师",
        "department": "全科",
        "rights": frozenset({"prescribe"}),
        "cert_no": "140199196503051025",
        "phone": "13800001111",
    }
    return StaffGiven(**(given | changes))


async def institution(conn: Any, kind: str = "hospital", **state: Any) -> str:
    """A new institution that is designated and pooled."""
    code = f"{'P' if kind == 'pharmacy' else 'H'}140830{next(_numbers):05d}"
    await conn.execute(
        "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address)"
        " VALUES ($1, $2, '', $3, '', '140830', '')",
        code,
        state.get("name", f"测试机构{code[-3:]}"),
        kind,
    )
    await conn.execute(
        "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level,"
        " direct_settlement) VALUES ($1, 1, $2, $3, $4, '3', '', true)",
        code,
        START,
        state.get("designated", True),
        state.get("pooled", True),
    )
    return code


def refused(answer: object) -> str:
    """The code of a refusal, which the answer must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code
