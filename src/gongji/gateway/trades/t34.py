"""3401-3403 科室信息: what an institution says about its own departments; 5101 reads it back."""

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.gateway.calls import Call, Output, Reply
from gongji.gateway.filing import actor_of, plain
from gongji.gateway.idempotency import once
from gongji.gateway.messages import t34
from gongji.gateway.nodes import Node, find, many, read_one, read_rows
from gongji.providers.departments import Department, change_department, close, open_all
from gongji.providers.writing import Act

__all__ = ["change", "upload", "withdraw"]

NODES = ("deptinfo", "data")
"""The national node, and what some clients call it."""


async def upload(call: Call) -> Reply:
    """3401 and 3401A: one or several departments begin, all or none."""
    asked = _rows(call)
    if isinstance(asked, Refusal):
        return asked

    async def effect(connection: Connection) -> Reply:
        departments = [_department(row) for row in asked]
        done = await open_all(connection, _act(call), call.platform.vault, call.caller, departments)
        return done if isinstance(done, Refusal) else Output()

    return await once(call, effect)


async def change(call: Call) -> Reply:
    """3402: one department is different from ``begntime`` on."""
    asked = _rows(call)
    if isinstance(asked, Refusal):
        return asked
    if len(asked) > 1:
        return Refusal("BAD_FIELD", "【3402】一次变更一个科室")

    async def effect(connection: Connection) -> Reply:
        vault, department = call.platform.vault, _department(asked[0])
        done = await change_department(connection, _act(call), vault, call.caller, department)
        return done if isinstance(done, Refusal) else Output()

    return await once(call, effect)


async def withdraw(call: Call) -> Reply:
    """3403: a department that began at ``begntime`` is taken back."""
    asked = read_one(t34.DepartmentWithdrawal, _named(call.nodes), "data")
    if isinstance(asked, Refusal):
        return asked

    async def effect(connection: Connection) -> Reply:
        done = await close(connection, _act(call), call.caller, asked.hosp_dept_codg, asked.begntime)
        return done if isinstance(done, Refusal) else Output()

    return await once(call, effect)


def _named(nodes: Node) -> Node:
    """The message with its one node under the national name of 3403."""
    return nodes if find(nodes, "data") is not None else {"data": find(nodes, "deptinfo")}


def _rows(call: Call) -> list[t34.DepartmentRow] | Refusal:
    rows = many(call.nodes, *NODES)
    if isinstance(rows, Refusal):
        return rows
    return (
        read_rows(t34.DepartmentRow, rows, "deptinfo") if rows else Refusal("MISSING_NODE", "input.deptinfo")
    )


def _act(call: Call) -> Act:
    return Act(actor_of(call), call.received_at, f"【{call.message.infno}】")


def _department(row: t34.DepartmentRow) -> Department:
    return Department(
        dept_code=row.hosp_dept_codg,
        name=plain(row.hosp_dept_name),
        caty=plain(row.caty),
        from_on=row.begntime,
        until_on=row.endtime,
        introduction=plain(row.itro),
        head_name=plain(row.dept_resper_name),
        head_phone=plain(row.dept_resper_tel),
        scope=plain(row.dept_med_serv_scp),
        established_on=row.dept_estbdat,
        beds=row.aprv_bed_cnt,
        insured_beds=row.hi_crtf_bed_cnt,
        pool_area=row.poolarea_no,
        doctors=row.dr_psncnt,
        pharmacists=row.phar_psncnt,
        nurses=row.nurs_psncnt,
        technicians=row.tecn_psncnt,
        memo=plain(row.memo),
    )
