"""Files become batches, batches become versions: by two persons, on a day, against what holds."""

import asyncio
import io
from datetime import UTC, date, datetime
from itertools import count

import asyncpg
import pytest

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.catalog import importing
from gongji.catalog.batches import batch, batches, changes_of
from gongji.catalog.differences import fields_of
from gongji.catalog.importing import Proposal
from gongji.catalog.selectors import load
from tests.catalog.books import csv_file, western

AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
TODAY, NEXT = date(2024, 8, 15), date(2024, 9, 1)
LI, WANG = Actor("agency", "李"), Actor("agency", "王")
IDS = IdSource(7, lambda: 1_700_000_000_000)
HEADER = ("医疗目录编码", "药品名称", "收费项目等级", "计价单位", "规格")
NUMBERS = count(100)


def fresh(many: int = 1) -> list[str]:
    return [western(next(NUMBERS)) for _ in range(many)]


async def propose(conn, file: io.BytesIO, part: str = "drugs", on: date = NEXT, **more) -> Proposal | Refusal:
    given = {"actor": LI, "at": AT, "ids": IDS} | more
    return await importing.propose(conn, file, "目录.csv", part, on, **given)


async def approve(conn, proposal: Proposal | Refusal, **more):
    assert isinstance(proposal, Proposal), proposal
    assert proposal.batch is not None, proposal
    return await importing.approve(conn, proposal.batch.batch_id, **({"actor": WANG, "at": AT} | more))


async def listed(conn, codes: list[str], header=HEADER, level: str = "乙", on: date = TODAY, **more) -> None:
    file = csv_file(header, [(code, f"药{code[-5:]}", level, "盒", "10mg") for code in codes])
    approved = await approve(conn, await propose(conn, file, on=on, **more))
    assert not isinstance(approved, Refusal), approved


def code_of(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


@pytest.mark.clause("SX2022-27.art20.a")
async def test_a_new_item_is_in_the_catalogue_from_the_day_on_after_a_second_person_has_approved(conn):
    (code,) = fresh()
    proposed = await propose(conn, csv_file(HEADER, [(code, "新药片", "甲", "盒", "1mg")]))
    assert (await load(conn)).get(code, NEXT) is None
    approved = await approve(conn, proposed)
    assert (approved.state, approved.added, approved.decided_by) == ("approved", 1, "agency:王")
    book = await load(conn)
    assert (book.get(code, date(2024, 8, 31)), book.version) == (None, approved.version)
    item = book.get(code, NEXT)
    assert (item.name, item.kind, item.list_type, item.chrgitm_lv, item.charge_type) == (
        "新药片",
        "drug",
        "101",
        "01",
        "09",
    )


async def test_a_change_holds_from_its_day_on_and_what_was_stays_before_it(conn):
    (code,) = fresh()
    await listed(conn, [code])
    proposed = await propose(
        conn, csv_file(("医疗目录编码", "收费项目等级", "集采中选"), [(code, "甲类", "是")])
    )
    (change,) = await changes_of(conn, proposed.batch)
    assert [(field.field, field.before, field.after) for field in fields_of(change.before, change.after)] == [
        ("chrgitm_lv", "02", "01"),
        ("centralized", False, True),
    ]
    await approve(conn, proposed)
    book = await load(conn)
    before, after = book.get(code, date(2024, 8, 31)), book.get(code, NEXT)
    assert (before.chrgitm_lv, before.centralized) == ("02", False)
    assert (after.chrgitm_lv, after.centralized, after.spec) == ("01", True, "10mg")


async def test_an_item_taken_out_ends_the_day_before(conn):
    (code,) = fresh()
    await listed(conn, [code])
    await approve(conn, await propose(conn, csv_file(("医疗目录编码", "有效标志"), [(code, "停用")])))
    book = await load(conn)
    assert (book.get(code, date(2024, 8, 31)) is not None, book.get(code, NEXT)) == (True, None)


async def test_an_item_that_ends_on_the_day_it_would_have_begun_never_was(conn):
    (code,) = fresh()
    await listed(conn, [code], on=NEXT)
    await approve(conn, await propose(conn, csv_file(("医疗目录编码", "有效标志"), [(code, "停用")])))
    book = await load(conn)
    assert [book.get(code, day) for day in (TODAY, NEXT, date(2025, 1, 1))] == [None, None, None]


async def test_an_item_that_has_ended_can_come_back_later(conn):
    (code,) = fresh()
    await listed(conn, [code])
    await approve(conn, await propose(conn, csv_file(("医疗目录编码", "状态"), [(code, "停用")])))
    again = await propose(conn, csv_file(HEADER, [(code, "回来的药", "甲", "盒", "")]), on=date(2024, 10, 1))
    assert (again.batch.added, again.batch.changed) == (1, 0)
    await approve(conn, again)
    book = await load(conn)
    names = [(item := book.get(code, day)) and item.name for day in (TODAY, NEXT, date(2024, 10, 1))]
    assert names == [f"药{code[-5:]}", None, "回来的药"]


async def test_the_same_file_from_two_desks_at_once_waits_as_one_batch(conn, pg_url: str):
    rows = [(code, "药", "甲", "盒", "") for code in fresh(20)]
    connections = [await asyncpg.connect(pg_url) for _ in range(4)]
    answers = await asyncio.gather(*(propose(c, csv_file(HEADER, rows)) for c in connections))
    for connection in connections:
        await connection.close()
    assert len({answer.batch.batch_id for answer in answers}) == 1
    assert sorted(answer.repeated for answer in answers) == [False, True, True, True]


async def test_of_a_complete_list_what_is_missing_ends_and_of_a_partial_one_nothing(conn):
    herbs = [f"T{next(NUMBERS):09d}" for _ in range(3)]
    rows = [(code, f"草{code}", "甲", "克", "饮片") for code in herbs]
    await approve(conn, await propose(conn, csv_file(HEADER, rows), "herbs", TODAY))
    partial = await propose(conn, csv_file(HEADER, rows[:1]), "herbs")
    assert (partial.batch, partial.faults) == (None, ())
    whole = await propose(conn, csv_file(HEADER, rows[:2]), "herbs", whole=True)
    assert (whole.batch.ended, whole.batch.unchanged) == (1, 2)
    await approve(conn, whole)
    book = await load(conn)
    assert [book.get(code, NEXT) is not None for code in herbs] == [True, True, False]


async def test_the_same_file_again_waits_as_one_batch_and_changes_nothing_afterwards(conn):
    rows = [(code, "药", "甲", "盒", "") for code in fresh(3)]
    first = await propose(conn, csv_file(HEADER, rows))
    again = await propose(conn, csv_file(HEADER, rows), actor=WANG)
    assert (again.repeated, again.batch) == (True, first.batch)
    await approve(conn, first)
    after = await propose(conn, csv_file(HEADER, rows))
    assert (after.batch, after.faults, after.row_count) == (None, (), 3)


async def test_nobody_approves_what_he_has_proposed_himself(conn):
    proposed = await propose(conn, csv_file(HEADER, [(*fresh(), "药", "甲", "盒", "")]))
    assert code_of(await approve(conn, proposed, actor=Actor("agency", " 李 "))) == "SECOND_PERSON_REQUIRED"


async def test_of_two_approvals_at_once_one_wins(conn, pg_url: str):
    (code,) = fresh()
    proposed = await propose(conn, csv_file(HEADER, [(code, "药", "甲", "盒", "")]))
    connections = [await asyncpg.connect(pg_url) for _ in range(4)]
    officers = [Actor("agency", f"复核{n}") for n in range(4)]
    answers = await asyncio.gather(
        *(approve(c, proposed, actor=officer) for c, officer in zip(connections, officers, strict=True))
    )
    for connection in connections:
        await connection.close()
    codes = sorted(answer.code if isinstance(answer, Refusal) else "approved" for answer in answers)
    assert codes == ["CATALOG_BATCH_DECIDED"] * 3 + ["approved"]
    assert await conn.fetchval("SELECT count(*) FROM catalog_item WHERE code = $1", code) == 1


async def test_a_batch_whose_ground_has_moved_is_compared_anew_before_it_can_be_approved(conn):
    (code,) = fresh()
    await listed(conn, [code])
    header = ("医疗目录编码", "规格", "剂型")
    first = await propose(conn, csv_file(header, [(code, "20mg", "片剂")]))
    second = await propose(conn, csv_file(header, [(code, "30mg", "片剂")]), on=TODAY)
    await approve(conn, second)
    assert code_of(await approve(conn, first)) == "CATALOG_BASE_CHANGED"
    anew = await importing.compare_anew(conn, first.batch.batch_id, actor=LI, at=AT)
    (change,) = await changes_of(conn, anew)
    assert (anew.diff_no, change.before.spec, change.after.spec) == (2, "30mg", "20mg")
    approved = await approve(conn, first)
    assert (approved.state, approved.diff_no) == ("approved", 2)
    assert (await load(conn)).get(code, NEXT).spec == "20mg"


async def test_comparing_anew_where_nothing_has_moved_changes_nothing(conn):
    proposed = await propose(conn, csv_file(HEADER, [(*fresh(), "药", "甲", "盒", "")]))
    assert await importing.compare_anew(conn, proposed.batch.batch_id, actor=WANG, at=AT) == proposed.batch


async def test_a_day_before_today_is_refused_unless_somebody_says_why(conn):
    (code,) = fresh()
    rows, past = [(code, "药", "甲", "盒", "")], date(2024, 8, 1)
    assert code_of(await propose(conn, csv_file(HEADER, rows), on=past)) == "CATALOG_RETROACTIVE"
    proposed = await propose(conn, csv_file(HEADER, rows), on=past, retroactive_reason="晋医保发文更正")
    approved = await approve(conn, proposed)
    assert (approved.reason, (await load(conn)).get(code, past) is not None) == ("晋医保发文更正", True)


async def test_a_batch_that_waited_until_its_day_was_over_cannot_take_effect_silently(conn):
    proposed = await propose(conn, csv_file(HEADER, [(*fresh(), "药", "甲", "盒", "")]), on=TODAY)
    later = datetime(2024, 8, 16, 2, 0, tzinfo=UTC)
    assert code_of(await approve(conn, proposed, at=later)) == "CATALOG_RETROACTIVE"


async def test_nothing_is_put_before_a_version_that_is_already_decided(conn):
    (code,) = fresh()
    await listed(conn, [code], on=NEXT)
    answer = await propose(conn, csv_file(HEADER, [(code, "别名", "甲", "盒", "")]), on=TODAY)
    assert (code_of(answer), answer.detail) == ("CATALOG_LATER_VERSION", code)


async def test_a_correction_on_the_very_day_replaces_what_began_on_it(conn):
    (code,) = fresh()
    await listed(conn, [code], on=NEXT, level="乙")
    await listed(conn, [code], on=NEXT, level="甲")
    rows = await conn.fetch("SELECT chrgitm_lv, until_on FROM catalog_item WHERE code = $1", code)
    assert [tuple(row) for row in rows] == [("01", None)]


async def test_a_refused_batch_stays_and_can_neither_be_approved_nor_refused_again(conn):
    proposed = await propose(conn, csv_file(HEADER, [(*fresh(), "药", "甲", "盒", "")]))
    number = proposed.batch.batch_id
    assert code_of(await importing.refuse(conn, number, actor=WANG, at=AT, note=" ")) == "TEXT_INVALID"
    refused = await importing.refuse(conn, number, actor=WANG, at=AT, note="等级有误")
    assert (refused.state, refused.note, refused.version) == ("refused", "等级有误", None)
    assert code_of(await approve(conn, proposed)) == "CATALOG_BATCH_DECIDED"
    assert (
        code_of(await importing.refuse(conn, number, actor=WANG, at=AT, note="再")) == "CATALOG_BATCH_DECIDED"
    )
    assert await batch(conn, number) == refused


async def test_a_batch_can_take_the_place_of_one_that_waits(conn):
    (code,) = fresh()
    old = await propose(conn, csv_file(HEADER, [(code, "错名", "甲", "盒", "")]))
    new = await propose(
        conn, csv_file(HEADER, [(code, "对名", "甲", "盒", "")]), supersedes=old.batch.batch_id
    )
    assert (await batch(conn, old.batch.batch_id)).state == "superseded"
    assert new.batch in await batches(conn, state="open")
    assert code_of(await approve(conn, old)) == "CATALOG_BATCH_DECIDED"


async def test_an_unknown_batch_is_unknown(conn):
    for answer in (
        await importing.approve(conn, 1, actor=WANG, at=AT),
        await importing.refuse(conn, 1, actor=WANG, at=AT, note="无"),
        await importing.compare_anew(conn, 1, actor=WANG, at=AT),
    ):
        assert code_of(answer) == "CATALOG_BATCH_NOT_FOUND"


async def test_a_file_with_faults_leaves_nothing_behind_and_every_fault_is_named_with_its_line(conn):
    good, twice = fresh(2)
    before = await conn.fetchval("SELECT count(*) FROM catalog_batch")
    rows = [
        (good, "药", "丁", "盒", ""),
        ("X123", "药", "甲", "盒", ""),
        ("1.2E+18", "药", "甲", "盒", ""),
        ("T000900001", "黄芪", "甲", "克", ""),
        (twice, "药", "甲", "盒", ""),
        (twice, "药", "乙", "盒", ""),
        (good, "", "甲", "盒", ""),
        (western(99999), "药"),
    ]
    answer = await propose(conn, csv_file(HEADER, rows))
    assert [(fault.line_no, fault.refusal.code) for fault in answer.faults] == [
        (2, "CATALOG_VALUE_WRONG"),
        (3, "CATALOG_CODE_WRONG"),
        (4, "CATALOG_CODE_WRONG"),
        (5, "CATALOG_CODE_WRONG"),
        (7, "CATALOG_ROW_TWICE"),
        (8, "ROW_CELL_EMPTY"),
        (9, "ROW_SHAPE"),
    ]
    assert (answer.batch, await conn.fetchval("SELECT count(*) FROM catalog_batch")) == (None, before)


async def test_something_new_needs_name_class_and_unit(conn):
    (code,) = fresh()
    answer = await propose(conn, csv_file(("医疗目录编码", "集采中选"), [(code, "是")]))
    assert [fault.refusal.code for fault in answer.faults] == ["ROW_CELL_EMPTY"]
    assert "收费项目等级" in answer.faults[0].refusal.detail


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("药品名称", "收费项目等级"), "IMPORT_HEADER"),
        (("医疗目录编码", "奇怪的列"), "IMPORT_COLUMN_UNKNOWN"),
        (("医疗目录编码", "药品名称", "名称"), "IMPORT_COLUMN_TWICE"),
        (("医疗目录编码",), "IMPORT_COLUMN_MISSING"),
    ],
)
async def test_a_header_that_is_not_understood_is_refused(conn, header: tuple[str, ...], code: str):
    assert code_of(await propose(conn, csv_file(header, [["x"] * len(header)]))) == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "IMPORT_FILE_EMPTY"),
        ("医疗目录编码,药品名称".encode(), "IMPORT_NO_ROWS"),
        (b"PK\x03\x04broken", "IMPORT_DAMAGED"),
        (b"\xff\xfe\x00a", "IMPORT_ENCODING"),
    ],
)
async def test_a_file_that_is_none_is_refused(conn, content: bytes, code: str):
    assert code_of(await propose(conn, io.BytesIO(content))) == code


async def test_a_file_in_gb18030_says_the_same(conn):
    (code,) = fresh()
    await approve(
        conn, await propose(conn, csv_file(HEADER, [(code, "奥美拉唑", "甲", "盒", "")], "gb18030"))
    )
    assert (await load(conn)).get(code, NEXT).name == "奥美拉唑"


async def test_limits_of_payment_come_from_their_columns_and_stay_where_a_file_does_not_speak_of_them(conn):
    (code,) = fresh()
    await listed(conn, [code])
    header = ("医疗目录编码", "限定支付范围", "限适应症编码", "限医疗机构级别", "限年龄")
    row = (code, "限二级及以上医院的成人2型糖尿病", "E11", "三级、二级", "≥18")
    await approve(conn, await propose(conn, csv_file(header, [row]), on=TODAY))
    item = (await load(conn)).get(code, TODAY)
    assert [(limit.kind, limit.values, limit.low) for limit in item.restrictions] == [
        ("indication", ("E11",), None),
        ("level", ("3", "2"), None),
        ("age", (), 18),
    ]
    assert not item.restricted
    await approve(conn, await propose(conn, csv_file(("医疗目录编码", "限年龄"), [(code, "")]), on=NEXT))
    after = (await load(conn)).get(code, NEXT)
    assert [limit.kind for limit in after.restrictions] == ["indication", "level"]


async def test_words_without_a_coded_indication_make_an_item_restricted(conn):
    (code,) = fresh()
    await listed(conn, [code])
    await approve(
        conn, await propose(conn, csv_file(("医疗目录编码", "限定支付范围"), [(code, "限重症")]), on=NEXT)
    )
    assert (await load(conn)).get(code, NEXT).restricted


async def test_what_has_coded_indications_needs_no_confirmation_whatever_its_file_calls_restricted(conn):
    (code,) = fresh()
    await listed(conn, [code])
    header = ("医疗目录编码", "限制使用", "限定支付范围", "限适应症编码")
    row = (code, "是", "限2型糖尿病", "E11")
    await approve(conn, await propose(conn, csv_file(header, [row]), on=NEXT))
    item = (await load(conn)).get(code, NEXT)
    assert (item.restricted, item.limited) == (False, True)


@pytest.mark.parametrize("price", ["0", "0.00", "-1"])
async def test_a_price_of_nothing_is_a_slip(conn, price: str):
    (code,) = fresh()
    await listed(conn, [code])
    header = ("医疗目录编码", "医保区划", "支付标准")
    answer = await propose(conn, csv_file(header, [(code, "14", price)]), "prices")
    assert [fault.refusal.code for fault in answer.faults] == ["CATALOG_VALUE_WRONG"]
    assert "须大于 0" in answer.faults[0].refusal.detail


@pytest.mark.clause("SX2022-27.art21.a", "SX2022-27.art21.d")
async def test_payment_standards_are_imported_by_province_and_keep_their_history(conn):
    (code,) = fresh()
    await listed(conn, [code])
    header = ("医疗目录编码", "医保区划", "支付标准（元）")
    for on, yuan in ((TODAY, "12.60"), (NEXT, "11.3")):
        await approve(conn, await propose(conn, csv_file(header, [(code, "140000", yuan)]), "prices", on))
    book = await load(conn)
    days = (date(2024, 8, 14), TODAY, date(2024, 8, 31), NEXT)
    assert [item.standard_micro if (item := book.get(code, day, "140100")) else None for day in days] == [
        None,
        12_600_000,
        12_600_000,
        11_300_000,
    ]
    city = await propose(conn, csv_file(header, [(code, "1401", "1.00")]), "prices")
    assert [fault.refusal.code for fault in city.faults] == ["CATALOG_VALUE_WRONG"]


async def test_a_standard_for_what_the_catalogue_does_not_have_is_a_fault(conn):
    (code,) = fresh()
    answer = await propose(
        conn, csv_file(("医疗目录编码", "医保区划", "支付标准"), [(code, "14", "1.00")]), "prices"
    )
    assert [fault.refusal.code for fault in answer.faults] == ["CATALOG_CODE_UNKNOWN"]


async def test_the_highest_price_of_the_institutions_class_in_the_nearest_area_counts(conn):
    code = f"{next(NUMBERS):015d}-110200001"
    header = ("医疗目录编码", "项目名称", "收费项目等级", "计价单位", "医疗收费项目类别")
    await approve(
        conn,
        await propose(conn, csv_file(header, [(code, "诊察费", "甲", "次", "诊察费")]), "services", TODAY),
    )
    header = ("医疗目录编码", "医保区划", "机构收费类别", "最高限价")
    rows = [(code, "14", "", "10.00"), (code, "14", "1", "20.00"), (code, "1401", "", "15.00")]
    await approve(conn, await propose(conn, csv_file(header, rows), "ceilings", TODAY))
    book = await load(conn)
    places = (("140800", ""), ("140800", "1"), ("140105", ""), ("140105", "1"), ("621000", "1"))
    assert [book.get(code, TODAY, *place).ceiling_micro for place in places] == [
        10_000_000,
        20_000_000,
        15_000_000,
        15_000_000,
        None,
    ]


@pytest.mark.parametrize(
    "table",
    [
        "catalog_batch",
        "catalog_batch_row",
        "catalog_batch_diff",
        "catalog_batch_change",
        "catalog_batch_decision",
    ],
)
async def test_what_was_proposed_and_decided_can_neither_be_changed_nor_deleted(conn, table: str):
    await listed(conn, fresh())
    for statement in (f"UPDATE {table} SET batch_id = batch_id", f"DELETE FROM {table}"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await conn.execute(statement)
