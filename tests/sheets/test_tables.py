"""One table as text, CSV and XLSX: the same figures in each."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

from python_calamine import CalamineWorkbook

from gongji.accounts.printing import family_table, report_table, statement_table
from gongji.accounts.statistics import Flow, Reconciled, RegionFlows, Report
from gongji.accounts.values import Draw, FamilyStatement, FamilyUser, Line, Statement
from gongji.sheets import Count, Table, as_csv, as_text, as_xlsx

AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
STATEMENT = Statement(
    "******0123", "张**", date(2024, 8, 1), "open", 50_000,
    (
        Line(AT, 1, "pay", -5_450, 44_550, "某社区卫生服务中心", "", None),
        Line(AT, 2, "premium", -38_000, 6_550, "", "李*", date(2025, 1, 1)),
    ),
    6_550,
)  # fmt: skip


def test_a_statement_reads_in_chinese_with_yuan_and_the_time_in_china():
    text = as_text(statement_table(STATEMENT))
    assert text.splitlines()[:3] == [
        "个人账户对账单 2024年08月",
        "参保人 张**（******0123）  账户状态 正常",
        "期初余额 500.00 元",
    ]
    assert "2024-08-15 10:00:00  本人支付  某社区卫生服务中心" in text
    assert "2025年" in text
    assert text.endswith("期末余额 65.50 元，本月 2 笔")


def test_columns_stand_under_each_other_whatever_the_script():
    text = as_text(Table("表", (), ("名称", "金额（元）"), (("甲", 100), ("ab", 123_456)), ("完",)))
    assert text.splitlines()[2:5] == ["名称  金额（元）", "甲          1.00", "ab       1234.56"]


def test_csv_opens_with_chinese_and_can_be_read_back():
    data = as_csv(statement_table(STATEMENT))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert rows[0][-2:] == ["金额（元）", "余额（元）"]
    assert [row[-2:] for row in rows[1:]] == [["-54.50", "445.50"], ["-380.00", "65.50"]]


def test_a_name_that_looks_like_a_formula_stays_a_name():
    table = Table("表", (), ("名称", "金额"), (("=1+1", -100), ("@x", 0), ("＝1", 0)))
    assert as_csv(table).decode("utf-8-sig").splitlines()[1:] == ["'=1+1,-1.00", "'@x,0.00", "'＝1,0.00"]
    sheet = CalamineWorkbook.from_filelike(BytesIO(as_xlsx(table))).get_sheet_by_index(0).to_python()
    assert sheet[3] == ["=1+1", -1]


def test_xlsx_has_amounts_as_numbers():
    book = CalamineWorkbook.from_filelike(BytesIO(as_xlsx(statement_table(STATEMENT))))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == "个人账户对账单 2024年08月"
    assert [row[5:7] for row in rows[5:7]] == [[-54.5, 445.5], [-380, 65.5]]


def test_a_family_statement_says_who_where_and_what_is_left():
    statement = FamilyStatement(
        "******0123", "张**", date(2024, 8, 1), date(2024, 8, 31),
        (
            FamilyUser("******0456", "李*", "spouse", date(2024, 1, 1), None, 3_000, 7_000),
            FamilyUser("******0789", "张*", "child", date(2024, 1, 1), date(2024, 12, 31), 0, None),
        ),
        (Draw(AT, "******0456", "李*", "spouse", "某大药房", "pharmacy", 3_000),),
        3_000,
    )  # fmt: skip
    text = as_text(family_table(statement))
    assert "李*（配偶，******0456）自 2024-01-01：用 30.00 元，限额内还可用 70.00 元" in text
    assert "张*（子女，******0789）自 2024-01-01 至 2024-12-31：用 0.00 元，没有限额" in text
    assert "某大药房  零售药店" in text


def test_a_report_says_where_the_books_differ():
    report = Report(
        date(2024, 1, 1), date(2024, 12, 31),
        (RegionFlows("140830", 100_000, (Flow("credit", 12, 144_000), Flow("pay", 3, -90_000)), 154_000),),
        (Reconciled("本人门诊和购药", -90_000, -90_000), Reconciled("家庭共济", 0, -100)),
    )  # fmt: skip
    text = as_text(report_table(report))
    assert "140830  期末余额           1540.00" in text
    assert "平  本人门诊和购药：流水 -900.00，账簿 -900.00，差额 0.00" in text
    assert "不平  家庭共济：流水 0.00，账簿 -1.00，差额 1.00" in text


def test_an_empty_table_is_still_a_table():
    empty = Table("表", (), ("名称",), ())
    assert as_text(empty) == "表\n\n名称"
    assert as_csv(empty).decode("utf-8-sig") == "名称\r\n"
    assert CalamineWorkbook.from_filelike(BytesIO(as_xlsx(empty))).get_sheet_by_index(0).to_python()[0] == [
        "表"
    ]
    assert as_text(Table("表", (), ("数",), ((Count(3),),))).endswith("\n 3")


def test_a_number_of_things_may_have_digits_behind_the_point_and_stays_a_number():
    table = Table(
        "表", (), ("数量", "单价"), ((Count(-25_000, 4), Count(6_160_000, 6)), (Count(3), Count(0, 6)))
    )
    assert as_csv(table).decode("utf-8-sig").splitlines()[1:] == ["-2.5,6.16", "3,0"]
    sheet = CalamineWorkbook.from_filelike(BytesIO(as_xlsx(table))).get_sheet_by_index(0).to_python()
    assert sheet[3:5] == [[-2.5, 6.16], [3, 0]]
