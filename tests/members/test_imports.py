"""Employers' files in a real database: taken once, whole or the good rows, and never half."""

from __future__ import annotations

import asyncio
import csv
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from time import time_ns
from typing import Any, BinaryIO, TypeAlias

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.members import imports
from gongji.members.import_report import ImportReport, import_errors
from gongji.members.imports import import_contributions
from gongji.sheets import RowError, write_errors
from tests.members.contribution_files import HEADER, csv_file, row, workbook, xlsx_file
from tests.members.people import add_person, add_relation, cert_no
from tests.vaults import VAULT

AT = datetime(2024, 6, 10, 1, tzinfo=UTC)
OFFICER = Actor("agency", "zhang")
IDS = IdSource(1021, lambda: time_ns() // 1_000_000)
_numbers = itertools.count(1)

Conn: TypeAlias = "asyncpg.Connection[Any]"


async def member(conn: Conn, **relation: Any) -> tuple[str, str]:
    """psn_no and number of identity of a new employee of 甲公司."""
    order = next(_numbers)
    psn_no, number = f"imp{order:09d}", cert_no(order % 1000, f"19{50 + order // 1000:02d}0101")
    await add_person(conn, psn_no, number=number)
    await add_relation(conn, psn_no, **relation)
    return psn_no, number


async def take(conn: Conn, file: BinaryIO, **given: Any) -> ImportReport:
    report = await answer(conn, file, **given)
    assert isinstance(report, ImportReport), report
    return report


async def answer(conn: Conn, file: BinaryIO, **given: Any) -> ImportReport | Refusal:
    asked = {"mode": "all_or_nothing", "actor": OFFICER, "at": AT, "ids": IDS} | given
    return await import_contributions(conn, VAULT, file, "202405.csv", **asked)


async def revisions(conn: Conn, *psn_nos: str) -> list[tuple[Any, ...]]:
    rows = await conn.fetch(
        "SELECT psn_no, month, revision, base_fen, personal_fen, employer_fen, due_on, paid_on, kind FROM members_contribution"
        " WHERE psn_no = ANY($1) ORDER BY psn_no, month, employer, revision",
        list(psn_nos),
    )
    return [tuple(found) for found in rows]


@pytest.fixture
async def second(pg_url: str) -> AsyncIterator[Conn]:
    connection = await asyncpg.connect(pg_url)
    yield connection
    await connection.close()


async def test_a_file_is_taken_with_all_that_it_says(conn: Conn) -> None:
    psn_no, number = await member(conn)
    report = await take(conn, csv_file([row(number)]))
    assert (report.state, report.row_count, report.added, report.unchanged, report.rejected) == (
        "taken",
        1,
        1,
        0,
        0,
    )
    assert (report.employer, report.month, report.errors) == ("甲公司", date(2024, 5, 1), ())
    found = await conn.fetchrow("SELECT * FROM members_contribution WHERE psn_no = $1", psn_no)
    assert found is not None
    assert dict(found) == {
        "psn_no": psn_no,
        "month": date(2024, 5, 1),
        "employer": "甲公司",
        "revision": 1,
        "base_fen": 500_000,
        "personal_fen": 10_000,
        "employer_fen": 32_500,
        "due_on": date(2024, 5, 31),
        "paid_on": date(2024, 5, 20),
        "kind": "normal",
        "import_id": report.import_id,
        "line_no": 2,
        "recorded_at": AT,
        "actor": "agency:zhang",
    }


async def test_csv_gbk_and_excel_say_the_same(conn: Conn) -> None:
    members = [await member(conn) for _ in range(3)]
    rows = [row(number) for _, number in members]
    with_numbers = [
        [*cells[:3], 5000.0, 100.0, 325.0, date(2024, 5, 31), date(2024, 5, 20), *cells[8:]] for cells in rows
    ]
    first = await take(conn, csv_file(rows, encoding="gbk"))
    assert (first.added, "GB18030" in first.form) == (3, True)
    for file in (csv_file(rows, separator=";"), xlsx_file(rows), xlsx_file(with_numbers)):
        report = await take(conn, file)
        assert (report.added, report.unchanged, report.repeated) == (0, 3, False)


async def test_employer_and_month_may_be_given_beside_a_file_without_these_columns(conn: Conn) -> None:
    psn_no, number = await member(conn)
    file = csv_file([row(number)[:2] + row(number)[3:7]], header=HEADER[:2] + HEADER[3:7])
    missing = await answer(conn, file)
    assert isinstance(missing, Refusal)
    assert missing.code == "IMPORT_EMPLOYER_MISSING"
    missing = await answer(conn, file, employer="厂" * 201)
    assert isinstance(missing, Refusal)
    assert missing.code == "IMPORT_EMPLOYER_MISSING"
    missing = await answer(conn, file, employer="甲公司")
    assert isinstance(missing, Refusal)
    assert missing.code == "IMPORT_MONTH_MISSING"
    await take(conn, file, employer="甲公司", month=date(2024, 5, 9))
    assert [(found[1], found[7]) for found in await revisions(conn, psn_no)] == [(date(2024, 5, 1), None)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "IMPORT_FILE_EMPTY"),
        (",".join(HEADER).encode(), "IMPORT_NO_ROWS"),
        ("缴费明细\n".encode(), "IMPORT_HEADER"),
        (",".join(HEADER).encode("utf-16"), "IMPORT_ENCODING"),
    ],
)
async def test_a_file_that_cannot_be_read_leaves_no_trace(conn: Conn, content: bytes, code: str) -> None:
    import io

    before = await conn.fetchval("SELECT count(*) FROM members_import")
    found = await answer(conn, io.BytesIO(content))
    assert isinstance(found, Refusal)
    assert found.code == code
    assert await conn.fetchval("SELECT count(*) FROM members_import") == before


async def test_a_file_that_breaks_off_in_the_middle_is_refused_as_a_whole(conn: Conn) -> None:
    psn_no, number = await member(conn)
    broken = csv_file([row(number)])
    broken.seek(0, 2)
    broken.write(b'"14019')
    found = await answer(conn, broken, mode="keep_good")
    assert isinstance(found, Refusal)
    assert found.code == "IMPORT_FORMAT"
    assert await revisions(conn, psn_no) == []


async def test_one_bad_row_stops_a_file_that_is_to_be_taken_whole_and_all_faults_are_listed(
    conn: Conn,
) -> None:
    psn_no, number = await member(conn)
    rows = [row(number), row(number[:-1] + "x", 缴费基数="y"), row(cert_no(1, "19010101"))]
    report = await take(conn, csv_file(rows))
    assert (report.state, report.row_count, report.added, report.unchanged, report.rejected) == (
        "refused",
        3,
        0,
        0,
        2,
    )
    assert [(error.line_no, error.code) for error in report.errors] == [
        (3, "CERT_NO_WRONG"),
        (3, "ROW_AMOUNT_WRONG"),
        (4, "UNKNOWN_MEMBER"),
    ]
    assert report.error_count == 3
    assert await revisions(conn, psn_no) == []


async def test_the_good_rows_are_taken_where_that_is_asked_for(conn: Conn) -> None:
    (one, number), (other, other_number) = await member(conn), await member(conn)
    file = csv_file([row(number), row(other_number, 姓名="别人")])
    report = await take(conn, file, mode="keep_good")
    assert (report.state, report.added, report.rejected) == ("taken", 1, 1)
    assert [error.code for error in report.errors] == ["NAME_DIFFERS"]
    assert [found[0] for found in await revisions(conn, one, other)] == [one]


async def test_a_file_without_a_good_row_is_refused_in_either_mode(conn: Conn) -> None:
    report = await take(conn, csv_file([row(cert_no(2, "19010101"))]), mode="keep_good")
    assert report.state == "refused"


async def test_both_lines_of_a_duplicate_are_named_and_neither_is_taken(conn: Conn) -> None:
    psn_no, number = await member(conn)
    report = await take(conn, csv_file([row(number), row(number), row(number)]), mode="keep_good")
    assert [(e.line_no, e.code, e.detail) for e in report.errors] == [
        (2, "ROW_DUPLICATE", "与第 3 行"),
        (3, "ROW_DUPLICATE", "与第 2 行"),
        (4, "ROW_DUPLICATE", "与第 2 行"),
    ]
    assert await revisions(conn, psn_no) == []


async def test_what_the_register_knows_is_found_for_each_row(conn: Conn) -> None:
    _, left = await member(conn, until_on=date(2024, 4, 30))
    _, retired = await member(conn, status="retired")
    _, elsewhere = await member(conn, employer="乙公司")
    _, resident = await member(conn, insutype="390")
    psn_no, dead = f"imp{next(_numbers):09d}", cert_no(999, "19400101")
    await add_person(conn, psn_no, number=dead, died_on=date(2024, 3, 2))
    await add_relation(conn, psn_no)
    twice = cert_no(998, "19400101")
    for _ in range(2):
        await add_person(conn, f"imp{next(_numbers):09d}", number=twice)
    numbers = (left, retired, elsewhere, resident, dead, twice)
    report = await take(conn, csv_file([row(number) for number in numbers]))
    assert [error.code for error in report.errors] == [
        "CONTRIBUTION_NO_RELATION",
        "CONTRIBUTION_OF_RETIRED",
        "CONTRIBUTION_OTHER_EMPLOYER",
        "CONTRIBUTION_NO_RELATION",
        "MEMBER_DECEASED",
        "MEMBER_AMBIGUOUS",
    ]


async def test_a_relation_of_part_of_the_month_is_enough_and_finance_pays_for_its_retired(conn: Conn) -> None:
    _, leaving = await member(conn, until_on=date(2024, 5, 1))
    _, joining = await member(conn, from_on=date(2024, 5, 31))
    _, financed = await member(conn, status="retired", payer="finance", employer="已关闭的厂")
    report = await take(conn, csv_file([row(number) for number in (leaving, joining, financed)]))
    assert (report.state, report.added) == ("taken", 3)


async def test_an_unpaid_month_is_paid_by_a_later_file_and_needs_a_correction_afterwards(conn: Conn) -> None:
    psn_no, number = await member(conn)
    await take(conn, csv_file([row(number, 到账日期="")]))
    assert (await take(conn, csv_file([row(number)]))).added == 1
    changed = await take(conn, csv_file([row(number, 缴费基数="6000")]))
    assert [error.code for error in changed.errors] == ["CONTRIBUTION_NEEDS_CORRECTION"]
    assert (await take(conn, csv_file([row(number, 缴费基数="6000", 类型="更正")]))).added == 1
    assert [(found[2], found[3], found[7], found[8]) for found in await revisions(conn, psn_no)] == [
        (1, 500_000, None, "normal"),
        (2, 500_000, date(2024, 5, 20), "normal"),
        (3, 600_000, date(2024, 5, 20), "correction"),
    ]


async def test_earlier_months_come_as_back_payments(conn: Conn) -> None:
    psn_no, number = await member(conn)
    late = row(number, 费款所属期="202401", 缴款期限="2024-01-31", 类型="补缴")
    assert (await take(conn, csv_file([row(number), late]))).added == 2
    assert [(found[1], found[8]) for found in await revisions(conn, psn_no)] == [
        (date(2024, 1, 1), "back_payment"),
        (date(2024, 5, 1), "normal"),
    ]


async def test_the_month_of_a_file_is_that_of_its_first_normal_row_wherever_it_stands(conn: Conn) -> None:
    _, number = await member(conn)
    late = row(number, 费款所属期="202402", 缴款期限="2024-02-28", 类型="补缴")
    assert (await take(conn, csv_file([late, row(number)]))).month == date(2024, 5, 1)


async def test_a_file_of_back_payments_alone_is_of_its_latest_month(conn: Conn) -> None:
    _, number = await member(conn)
    late = [row(number, 费款所属期=f"20240{n}", 缴款期限="2024-04-30", 类型="补缴") for n in (2, 3, 1)]
    report = await take(conn, csv_file(late))
    assert (report.month, report.added) == (date(2024, 3, 1), 3)


async def test_a_file_sent_again_is_answered_with_what_was_answered_and_changes_nothing(conn: Conn) -> None:
    psn_no, number = await member(conn)
    first = await take(conn, csv_file([row(number)]))
    files = await conn.fetchval("SELECT count(*) FROM members_import")
    again = await take(conn, csv_file([row(number)]), actor=Actor("agency", "li"))
    assert again.repeated
    assert (again.import_id, again.added, again.recorded_at) == (first.import_id, 1, AT)
    assert len(await revisions(conn, psn_no)) == 1
    assert await conn.fetchval("SELECT count(*) FROM members_import") == files


async def test_the_same_rows_in_another_file_are_all_unchanged(conn: Conn) -> None:
    (one, number), (other, other_number) = await member(conn), await member(conn)
    await take(conn, csv_file([row(number), row(other_number)]))
    report = await take(conn, csv_file([row(other_number), row(number)]))
    assert (report.repeated, report.added, report.unchanged) == (False, 0, 2)
    assert len(await revisions(conn, one, other)) == 2


async def test_a_refused_file_sent_again_is_looked_at_again_and_taken_once_its_members_are_known(
    conn: Conn,
) -> None:
    order = next(_numbers)
    number = cert_no(order, "19600101")
    first = await take(conn, csv_file([row(number)]))
    again = await take(conn, csv_file([row(number)]))
    assert (first.state, again.repeated, again.import_id) == ("refused", True, first.import_id)
    await add_person(conn, f"imp{order:09d}", number=number)
    await add_relation(conn, f"imp{order:09d}")
    taken = await take(conn, csv_file([row(number)]))
    assert (taken.state, taken.added, taken.repeated) == ("taken", 1, False)


async def test_the_rest_of_a_file_is_taken_when_it_is_sent_again_and_then_nothing_more(conn: Conn) -> None:
    _, number = await member(conn)
    psn_no, misnamed = await member(conn)
    rows = [row(number), row(misnamed, 姓名="张三")]
    assert (await take(conn, csv_file(rows), mode="keep_good")).rejected == 1
    assert (await take(conn, csv_file(rows), mode="keep_good")).repeated
    await conn.execute("UPDATE members_person SET name = '张三' WHERE psn_no = $1", psn_no)
    report = await take(conn, csv_file(rows), mode="keep_good")
    assert (report.repeated, report.added, report.unchanged, report.rejected) == (False, 1, 1, 0)
    assert (await take(conn, csv_file(rows), mode="keep_good")).import_id == report.import_id


async def test_an_older_file_sent_once_more_does_not_undo_a_payment(conn: Conn) -> None:
    psn_no, number = await member(conn)
    await take(conn, csv_file([row(number, 到账日期="")]))
    await take(conn, csv_file([row(number)]))
    older = await take(conn, csv_file([row(number, 到账日期="")], separator=";"))
    assert (older.added, older.unchanged) == (0, 1)
    assert len(await revisions(conn, psn_no)) == 2


async def test_whatever_stops_an_import_leaves_nothing_behind(
    conn: Conn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BLOCK_ROWS", 2)
    members = [await member(conn) for _ in range(6)]
    rows = [row(number) for _, number in members] + [row("1")]
    before = await conn.fetchval("SELECT count(*) FROM members_import")
    seen: list[int] = []
    for stop in range(1, 9):

        def progress(done: int, total: int | None, stop: int = stop) -> None:
            seen.append(done)
            if len(seen) == stop:
                raise asyncio.CancelledError

        seen.clear()
        try:
            await take(conn, csv_file(rows), mode="keep_good", progress=progress)
        except asyncio.CancelledError:
            if stop < 8:  # the last call comes after the transaction
                assert await revisions(conn, *(psn_no for psn_no, _ in members)) == []
                assert await conn.fetchval("SELECT count(*) FROM members_import") == before
    assert len(await revisions(conn, *(psn_no for psn_no, _ in members))) == 6


async def test_a_connection_lost_in_the_middle_leaves_nothing_behind(
    conn: Conn, second: Conn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BLOCK_ROWS", 2)
    members = [await member(conn) for _ in range(4)]
    file = csv_file([row(number) for _, number in members])
    calls = itertools.count(1)

    def progress(done: int, total: int | None) -> None:
        if next(calls) == 4:  # everything is decided, nothing recorded
            second.terminate()

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await take(second, file, progress=progress)
    assert await revisions(conn, *(psn_no for psn_no, _ in members)) == []
    assert (await take(conn, file)).added == 4


async def test_two_imports_of_one_file_at_the_same_time_are_one(conn: Conn, second: Conn) -> None:
    members = [await member(conn) for _ in range(20)]
    rows = [row(number) for _, number in members]
    both = await asyncio.gather(take(conn, csv_file(rows)), take(second, csv_file(rows)))
    assert both[0].import_id == both[1].import_id
    assert sorted(report.repeated for report in both) == [False, True]
    assert len(await revisions(conn, *(psn_no for psn_no, _ in members))) == 20


async def test_two_files_at_once_that_differ_are_taken_one_after_the_other(conn: Conn, second: Conn) -> None:
    psn_no, number = await member(conn)
    files = (csv_file([row(number)]), csv_file([row(number, 缴费基数="6000")]))
    both = await asyncio.gather(*(take(c, file) for c, file in zip((conn, second), files, strict=True)))
    assert sorted(report.state for report in both) == ["refused", "taken"]
    assert len(await revisions(conn, psn_no)) == 1


async def test_progress_goes_up_to_the_number_of_rows(conn: Conn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "BLOCK_ROWS", 3)
    members = [await member(conn) for _ in range(8)]
    rows = [row(number) for _, number in members]
    for file in (csv_file(rows), xlsx_file(rows)):
        seen: list[tuple[int, int | None]] = []
        await take(conn, file, progress=lambda done, total, seen=seen: seen.append((done, total)))
        assert seen == sorted(seen)
        assert len(seen) > 4
        assert seen[-1] == (8, 8)


async def test_two_imports_may_share_a_transaction(conn: Conn) -> None:
    (_, number), (_, other) = await member(conn), await member(conn)
    async with conn.transaction():
        assert (await take(conn, csv_file([row(number)]))).added == 1
        assert (await take(conn, csv_file([row(other)]))).added == 1


async def test_no_number_of_identity_is_kept_in_clear(conn: Conn) -> None:
    _, number = await member(conn)
    unknown = cert_no(3, "19010101")
    rows = [row(number, 姓名=unknown), row(unknown), row(unknown[:-1] + "x", 缴费基数=number, 类型=number)]
    report = await take(conn, csv_file(rows))
    assert report.rejected == 3
    for table in ("members_import", "members_import_error", "members_contribution"):
        kept = await conn.fetchval(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t")
        assert number not in kept
        assert unknown[:-1] not in kept


async def test_faults_are_kept_and_are_the_same_when_read_back(conn: Conn) -> None:
    report = await take(conn, csv_file([row(str(n)) for n in range(1_500)]))
    assert (report.rejected, report.error_count, len(report.errors)) == (1_500, 1_500, 1_000)
    kept = await import_errors(conn, report.import_id)
    assert len(kept) == 1_500
    assert kept[:1_000] == report.errors


def test_faults_are_written_as_a_table_for_the_employer(tmp_path: Path) -> None:
    errors = (RowError(2, "UNKNOWN_MEMBER", "请先办理参保登记"), RowError(9, "ROW_SHAPE", ""))
    write_errors(tmp_path / "errors.csv", errors)
    write_errors(tmp_path / "errors.xlsx", errors)
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert written[0] == ["行号", "代码", "说明"]
    assert written[1] == ["2", "UNKNOWN_MEMBER", "〔UNKNOWN_MEMBER〕没有这个参保人：请先办理参保登记"]
    cells = load_workbook(str(tmp_path / "errors.xlsx")).get_sheet_by_index(0).to_python()
    assert [
        [str(int(first)) if isinstance(first, float) else first, *rest] for first, *rest in cells
    ] == written


async def test_a_worksheet_may_be_chosen(conn: Conn) -> None:
    _, number = await member(conn)
    several = workbook({"四月": [HEADER], "五月": [HEADER, row(number)]})
    assert (await take(conn, several, sheet_name="五月")).added == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), mode=st.sampled_from(["all_or_nothing", "keep_good"]))
async def test_the_order_of_rows_does_not_matter_to_what_is_on_record(
    conn: Conn, order: list[int], mode: str
) -> None:
    (one, number), (other, other_number) = await member(conn), await member(conn)
    months = [{"费款所属期": f"20240{n}", "缴款期限": f"2024-0{n}-28", "类型": "补缴"} for n in (2, 3)]
    rows = [
        row(who, **month, 缴费基数=f"{4000 + n}.07")
        for n, (who, month) in enumerate(itertools.product((number, other_number), (*months, {})))
    ]
    for file in (rows, [rows[n] for n in order]):
        await take(conn, csv_file(file), mode=mode)
    found = await revisions(conn, one, other)
    assert [(f[0], f[2], f[3]) for f in found] == [
        (psn_no, 1, 400_007 + 100 * n) for n, psn_no in enumerate((one, one, one, other, other, other))
    ]


async def test_a_list_of_those_who_pay_for_themselves_is_taken(conn: Conn) -> None:
    psn_no, number = await member(conn, employer="", category="flexible", payer="self")
    own = row(number, 单位名称="灵活就业人员", 个人缴费="500.00", 单位缴费="0.00")
    report = await take(conn, csv_file([own]))
    assert (report.state, report.added, report.employer) == ("taken", 1, "灵活就业人员")
    assert len(await revisions(conn, psn_no)) == 1
