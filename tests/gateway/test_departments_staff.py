"""3401-3403, 5101, 5102: an institution's own departments and staff; suspended doctors and late fees on 2204, 2101, 2102."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongji.base.actors import Actor
from gongji.gateway.platform import Platform
from gongji.providers.selectors import refresh
from gongji.providers.staff import enter, propose_suspension, second
from gongji.providers.staff_rules import StaffGiven
from gongji.providers.writing import Act
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import row_counts

GOOD, BAD = "D140830700001", "D140830700002"
START, FROM = date(2023, 1, 1), date(2024, 1, 1)


async def own(caller: Caller, code: str = world.HOSPITAL) -> list[dict[str, Any]]:
    answer = await caller.output("5101", {"data": {"fixmedins_code": code}}, caller=code)
    return answer["feedetail"]


async def test_what_was_uploaded_is_read_back(caller: Caller) -> None:
    row = messages.department(dept_resper_tel="03591234567")
    await caller.output("3401", {"deptinfo": row})
    (found,) = [one for one in await own(caller) if one["hosp_dept_codg"] == row["hosp_dept_codg"]]
    assert (found["hosp_dept_name"], found["begntime"]) == ("全科门诊", "2023-01-01 00:00:00")
    assert (found["dept_resper_tel"], found["aprv_bed_cnt"], found["phar_psncnt"]) == (
        "03591234567",
        10,
        None,
    )


async def test_several_departments_come_in_one_message_or_none_of_them(
    caller: Caller, platform: Platform
) -> None:
    rows = [messages.department(), messages.department()]
    await caller.output("3401A", {"deptinfo": rows})
    before = await row_counts(platform)
    text = await caller.refused("3401A", {"deptinfo": [messages.department(), rows[0]]})
    assert "DEPARTMENT_EXISTS" in text
    assert await row_counts(platform) == before


async def test_a_department_is_changed_and_taken_back(caller: Caller) -> None:
    row = messages.department()
    await caller.output("3401", {"data": row})
    await caller.output("3402", {"deptinfo": [row | {"hosp_dept_name": "老年病科"}]})
    codes = {one["hosp_dept_codg"]: one["hosp_dept_name"] for one in await own(caller)}
    assert codes[row["hosp_dept_codg"]] == "老年病科"
    await caller.output("3403", {"deptinfo": messages.department_key(hosp_dept_codg=row["hosp_dept_codg"])})
    assert row["hosp_dept_codg"] not in {one["hosp_dept_codg"] for one in await own(caller)}


async def test_another_institutions_departments_and_staff_are_not_shown(
    caller: Caller, platform: Platform
) -> None:
    row = messages.department()
    await caller.output("3401", {"deptinfo": row})
    assert row["hosp_dept_codg"] not in {
        one["hosp_dept_codg"] for one in await own(caller, world.OTHER_HOSPITAL)
    }
    key = messages.department_key(hosp_dept_codg=row["hosp_dept_codg"])
    text = await caller.refused("3403", {"data": key}, caller=world.OTHER_HOSPITAL)
    assert "DEPARTMENT_NOT_FOUND" in text
    text = await caller.refused("5101", {"data": {"fixmedins_code": world.OTHER_HOSPITAL}})
    assert "FORBIDDEN" in text
    await registered(platform)
    asked = {"data": {"prac_psn_type": "1", "prac_psn_code": GOOD}}
    assert (await caller.output("5102", asked, caller=world.OTHER_HOSPITAL))["feedetail"] == []


async def registered(platform: Platform) -> None:
    """Two doctors at the hospital, of whom one is suspended, and a suspended pharmacist at the pharmacy."""
    vault, at = platform.vault, platform.now()
    async with platform.pool.acquire() as conn:
        if await conn.fetchval("SELECT 1 FROM providers_staff WHERE staff_code = $1", GOOD):
            return
        first, other = (Act(Actor("agency", name), at, "测试") for name in ("甲", "乙"))
        for code, staff_code in ((world.HOSPITAL, GOOD), (world.HOSPITAL, BAD), (world.PHARMACY, BAD)):
            given = StaffGiven(
                staff_code=staff_code,
                name="钱医生",
                kind="doctor",
                from_on=START,
                cert_no="140199196503051025",
            )
            await enter(conn, first, vault, code, given)
        done = await propose_suspension(conn, first, world.HOSPITAL, BAD, FROM, None, "违规")
        await second(conn, other, world.HOSPITAL, done.changes[0].spell_no, confirmed=True)  # type: ignore[union-attr]
        await refresh(conn, platform.providers, vault)


async def test_staff_is_found_by_kind_code_and_number(caller: Caller, platform: Platform) -> None:
    await registered(platform)
    found = (await caller.output("5102", {"data": {"prac_psn_type": "1"}}))["feedetail"]
    assert [(one["prac_psn_code"], one["hi_dr_flag"]) for one in found] == [(GOOD, "1"), (BAD, "0")]
    assert found[0]["certno"] == "140199196503051025"
    asked = {
        "prac_psn_type": "1",
        "certno": "140199196503051025",
        "prac_psn_code": GOOD,
        "psn_cert_type": "01",
    }
    assert len((await caller.output("5102", {"data": asked}))["feedetail"]) == 1
    asked = {"prac_psn_type": "3"}
    assert (await caller.output("5102", {"data": asked}))["feedetail"] == []
    assert "UNKNOWN_CODE" in await caller.refused("5102", {"data": {"prac_psn_type": "9"}})


@pytest.mark.parametrize("field", ["bilg_dr_codg", "orders_dr_code"])
async def test_fees_of_a_suspended_doctor_are_refused_and_of_others_taken(
    caller: Caller, platform: Platform, field: str
) -> None:
    await registered(platform)
    psn_no = await messages.somebody(caller)
    mdtrt_id = await messages.visit(caller, psn_no)
    line = messages.line(psn_no, mdtrt_id, fresh("B"))
    text = await caller.refused("2204", {"feedetail": [line | {field: BAD}]})
    assert "DOCTOR_SUSPENDED" in text
    assert BAD in text
    for code in (GOOD, "D999", ""):
        charged = line | {field: code, "chrg_bchno": fresh("B"), "feedetl_sn": fresh("F")}
        await caller.output("2204", {"feedetail": [charged]})


async def test_a_sale_of_a_suspended_person_is_refused(caller: Caller, platform: Platform) -> None:
    await registered(platform)
    psn_no = await messages.somebody(caller)
    sale = messages.purchase(psn_no, "50.00", [messages.drug() | {"bilg_dr_codg": BAD}])
    for infno in ("2101", "2102"):
        assert "DOCTOR_SUSPENDED" in await caller.refused(infno, sale, caller=world.PHARMACY)


@pytest.mark.parametrize(("day", "open_"), [("2024-08-17 23:59:59", True), ("2024-08-18 00:00:00", False)])
async def test_a_fee_after_the_days_of_the_visit_is_refused(caller: Caller, day: str, open_: bool) -> None:
    psn_no = await messages.somebody(caller)
    mdtrt_id = await messages.visit(caller, psn_no)
    line = messages.line(psn_no, mdtrt_id, fresh("B")) | {"fee_ocur_time": day}
    if open_:
        await caller.output("2204", {"feedetail": [line]})
    else:
        assert "VISIT_PERIOD_OVER" in await caller.refused("2204", {"feedetail": [line]})
