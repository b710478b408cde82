"""5101, 5102 查询: an institution's own departments and medical staff; nobody else's exist here."""

from datetime import date

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.gateway.calls import Call, Reply, output
from gongji.gateway.messages import t51
from gongji.gateway.nodes import read_one
from gongji.gateway.values import flag
from gongji.members.personal import normal_cert_no
from gongji.members.rows import sealed_text, unsealed_bytes
from gongji.providers.departments import Department, departments
from gongji.providers.rows import StaffRow
from gongji.providers.sealing import open_staff_cert, staff_cert_index
from gongji.providers.staff_rules import NATIONAL_KIND
from gongji.providers.writing import read

__all__ = ["own_departments", "own_staff"]


async def own_departments(call: Call) -> Reply:
    """5101: departments that have not ended."""
    asked = read_one(t51.DepartmentsQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    if asked.fixmedins_code != call.caller:
        return Refusal("FORBIDDEN", "fixmedins_code 须为本机构")
    today = day_in_china(call.received_at)
    async with call.platform.pool.acquire() as connection:
        found = await departments(connection, call.platform.vault, call.caller)
    rows = tuple(_department(one) for one in found if one.until_on is None or one.until_on >= today)
    return output(t51.DepartmentsOutput(rows))


async def own_staff(call: Call) -> Reply:
    """5102: people of one kind (医师, 护士, 药师, 医技) who are registered here and have not left."""
    asked = read_one(t51.StaffQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    if asked.prac_psn_type not in NATIONAL_KIND.values():
        return Refusal("UNKNOWN_CODE", "data.prac_psn_type")
    today = day_in_china(call.received_at)
    async with call.platform.pool.acquire() as connection:
        entries = (await read(connection, call.caller, "staff")).of(StaffRow)
    wanted = [e.row for e in entries if _asked(call, asked, e.row) and (e.row.until_on or today) >= today]
    wanted.sort(key=lambda row: (row.staff_code, row.from_on))
    return output(t51.StaffOutput(tuple(_person(call, row, today) for row in wanted)))


def _asked(call: Call, asked: t51.StaffQuery, row: StaffRow) -> bool:
    """Whether the entry is one of those asked for; what is not stated does not matter."""
    number = normal_cert_no(asked.certno)
    return (
        NATIONAL_KIND[row.kind] == asked.prac_psn_type
        and asked.prac_psn_code in ("", row.staff_code)
        and asked.prac_psn_name in row.name
        and (not number or row.cert_index == sealed_text(staff_cert_index(call.platform.vault, number)))
        and asked.psn_cert_type in ("", row.cert_type)
    )


def _person(call: Call, row: StaffRow, today: date) -> t51.StaffRow:
    platform = call.platform
    sealed = row.cert_sealed
    number = (
        open_staff_cert(platform.vault, call.caller, row.staff_code, unsealed_bytes(sealed)) if sealed else ""
    )
    on = platform.providers.staff(call.caller, row.staff_code, max(today, row.from_on))
    return t51.StaffRow(
        psn_cert_type=row.cert_type,
        certno=number,
        prac_psn_no=None,
        prac_psn_code=row.staff_code,
        prac_psn_name=row.name,
        prac_psn_type=NATIONAL_KIND[row.kind],
        prac_psn_cert=row.qualification_no or None,
        prac_cert_no=row.licence_no or None,
        hi_dr_flag=flag(row.kind == "doctor" and on is not None and not on.suspended),
        begntime=_begin(row.from_on),
        endtime=None if row.until_on is None else _begin(row.until_on),
        chg_rea=None,
    )


def _department(one: Department) -> t51.DepartmentRow:
    return t51.DepartmentRow(
        hosp_dept_codg=one.dept_code,
        hosp_dept_name=one.name,
        begntime=_begin(one.from_on),
        endtime=None if one.until_on is None else _begin(one.until_on),
        itro=one.introduction or None,
        dept_resper_name=one.head_name,
        dept_resper_tel=one.head_phone,
        dept_med_serv_scp=one.scope or None,
        caty=one.caty,
        dept_estbdat=None if one.established_on is None else _begin(one.established_on),
        aprv_bed_cnt=one.beds,
        hi_crtf_bed_cnt=one.insured_beds,
        poolarea_no=one.pool_area or None,
        dr_psncnt=one.doctors,
        phar_psncnt=one.pharmacists,
        nurs_psncnt=one.nurses,
        tecn_psncnt=one.technicians,
        memo=one.memo or None,
    )


def _begin(on: date) -> str:
    """A day where the interface has an instant."""
    return f"{on} 00:00:00"
