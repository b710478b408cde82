"""A register of staff from a file: whole or not at all, every fault with its line."""

from __future__ import annotations

import io

import pytest

from gongji.base.reasons import Refusal
from gongji.providers.selectors import load
from gongji.providers.staff_import import Imported, RowFault, import_staff, read_staff
from gongji.providers.staff_rules import StaffGiven
from tests.providers.registry import DAY, act, institution
from tests.vaults import VAULT

HEADER = "医务人员编码,姓名,类别,职称,科室,权限,证件号码,电话,开始日期,结束日期"
GOOD = "D140830000001,李医生,医师,主治医师,内科,开方,140199196503051025,13800001111,2023-01-01,"
PHARMACIST = "HY140830000001,王药师,药师,主管药师,药房,审方、调配,,,2023/1/1,20261231"


def file(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\n".join((header, *rows)).encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_everybody_in_a_file_is_registered_and_nobody_twice(conn, encoding: str):
    code = await institution(conn)
    for expected in (Imported(2, 0), Imported(0, 2)):
        assert (
            await import_staff(conn, act(), VAULT, code, file(GOOD, PHARMACIST, encoding=encoding))
            == expected
        )
    book = await load(conn, VAULT)
    assert book.staff(code, "D140830000001", DAY).may("prescribe")
    assert book.staff(code, "HY140830000001", DAY).rights == {"review", "dispense"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD.replace("李医生", ""), "ROW_CELL_EMPTY"),
        (GOOD.replace("医师,主", "大夫,主"), "UNKNOWN_CODE"),
        (GOOD.replace("开方", "手术"), "UNKNOWN_CODE"),
        (GOOD.replace("开方", "审方"), "STAFF_RIGHT_NOT_ALLOWED"),
        (GOOD.replace("2023-01-01", "2023-02-30"), "ROW_DATE_WRONG"),
        (GOOD.replace("140199196503051025", "1.40199196503051e+17"), "CERT_NO_DIGITS_LOST"),
        (GOOD.replace("140199196503051025", "140199196503051024"), "CERT_INVALID"),
        (GOOD.replace("D140830000001", "D-1"), "STAFF_CODE_INVALID"),
    ],
)
async def test_a_wrong_row_is_named_and_nothing_is_registered(conn, row: str, reason: str):
    code = await institution(conn)
    answer = await import_staff(conn, act(), VAULT, code, file(PHARMACIST, row))
    assert isinstance(answer, tuple)
    ((line, found),) = [
        (fault.line_no, fault.refusal.code) for fault in answer if isinstance(fault, RowFault)
    ]
    assert (line, found) == (3, reason)
    assert (await load(conn, VAULT)).staff(code, "HY140830000001", DAY) is None


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (io.BytesIO(b""), "IMPORT_FILE_EMPTY"),
        (file(), "IMPORT_NO_ROWS"),
        (file(GOOD, header="姓名,年龄"), "IMPORT_COLUMN_UNKNOWN"),
        (file(GOOD, header="姓名,类别,职称"), "IMPORT_COLUMN_MISSING"),
        (file(GOOD, header="姓名,姓名"), "IMPORT_COLUMN_TWICE"),
        (file(GOOD, header="序号,备注"), "IMPORT_HEADER"),
    ],
)
def test_a_file_that_is_no_register_is_refused(given: io.BytesIO, reason: str):
    answer = read_staff(given)
    assert isinstance(answer, Refusal)
    assert answer.code == reason


def test_a_statement_does_not_show_personal_data_in_a_log():
    people = read_staff(file(GOOD))
    assert isinstance(people[0], StaffGiven)
    assert "196503" not in repr(people)
