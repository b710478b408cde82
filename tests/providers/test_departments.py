"""Departments as an institution uploads them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongji.providers.departments import Department, change_department, close, departments, open_all
from gongji.providers.writing import Written
from tests.providers.registry import DAY, START, act, institution, refused
from tests.vaults import VAULT


def department(code: str = "K01", **changes) -> Department:
    return Department(**({"dept_code": code, "name": "内科", "caty": "A03", "from_on": START} | changes))


async def test_a_department_comes_back_as_it_was_given_with_its_telephone_sealed(conn):
    code = await institution(conn)
    given = department(head_name="王主任", head_phone="03591234567", beds=20, established_on=START)
    await open_all(conn, act(code, kind="institution"), VAULT, code, [given])
    assert await departments(conn, VAULT, code) == [given]
    assert "03591234567" not in repr(given)


async def test_a_code_is_used_once_at_a_time(conn):
    code = await institution(conn)
    assert (
        refused(await open_all(conn, act(), VAULT, code, [department(), department()])) == "DEPARTMENT_EXISTS"
    )
    await open_all(conn, act(), VAULT, code, [department(until_on=DAY)])
    assert refused(await open_all(conn, act(), VAULT, code, [department(from_on=DAY)])) == "DEPARTMENT_EXISTS"
    after = department(from_on=DAY + timedelta(days=1), name="新内科")
    assert isinstance(await open_all(conn, act(), VAULT, code, [after]), Written)


async def test_a_change_from_the_first_day_corrects_and_from_a_later_one_begins_anew(conn):
    code = await institution(conn)
    await open_all(conn, act(), VAULT, code, [department(head_phone="03591234567")])
    await change_department(conn, act(), VAULT, code, department(name="大内科"))
    await change_department(conn, act(), VAULT, code, department(name="心内科", from_on=DAY))
    found = await departments(conn, VAULT, code)
    assert [(d.name, d.from_on, d.until_on, d.head_phone) for d in found] == [
        ("大内科", START, DAY - timedelta(days=1), "03591234567"),
        ("心内科", DAY, None, "03591234567"),
    ]


async def test_a_department_taken_back_ends_the_day_before(conn):
    code = await institution(conn)
    await open_all(conn, act(), VAULT, code, [department(), department("K02", from_on=DAY)])
    assert isinstance(await close(conn, act(), code, "K01", START), Written)
    assert isinstance(await close(conn, act(), code, "K02", DAY), Written)
    assert [(d.dept_code, d.until_on) for d in await departments(conn, VAULT, code)] == [
        ("K01", DAY - timedelta(days=1))
    ]
    assert refused(await close(conn, act(), code, "K01", START)) == "DEPARTMENT_NOT_FOUND"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"dept_code": "科"}, "TEXT_INVALID"),
        ({"name": ""}, "TEXT_INVALID"),
        ({"beds": -1}, "QUANTITY_INVALID"),
        ({"nurses": 2**31}, "QUANTITY_INVALID"),
        ({"until_on": START - timedelta(days=1)}, "DATE_ORDER"),
    ],
)
async def test_what_cannot_be_true_is_refused(conn, changes: dict, reason: str):
    code = await institution(conn)
    assert refused(await open_all(conn, act(), VAULT, code, [department(**changes)])) == reason
    assert (
        refused(await change_department(conn, act(), VAULT, code, department("K404")))
        == "DEPARTMENT_NOT_FOUND"
    )


async def test_another_institutions_departments_do_not_exist(conn):
    own, other = await institution(conn), await institution(conn)
    await open_all(conn, act(), VAULT, other, [department()])
    mine = act(own, kind="institution")
    assert refused(await close(conn, mine, other, "K01", START)) == "FORBIDDEN"
    assert refused(await close(conn, mine, own, "K01", START)) == "DEPARTMENT_NOT_FOUND"
