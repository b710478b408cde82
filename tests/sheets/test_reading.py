"""Tables as they are sent: encodings, separators, Excel cells, and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from gongji.base.reasons import Refusal
from gongji.sheets import reading as sheets
from gongji.sheets import workbooks
from gongji.sheets.reading import Sheet, clean, open_sheet
from gongji.sheets.workbooks import text_of
from tests.members.contribution_files import EXCEL_97, csv_file, workbook

NAMES = ("证件号码", "姓名")
WORDS = (("1", "张三"), ("2", "李𠀀四"))


def table(file: io.BytesIO, sheet_name: str = "") -> Sheet:
    sheet = open_sheet(file, sheet_name)
    assert isinstance(sheet, Sheet), sheet
    return sheet


def refusal(file: io.BytesIO, sheet_name: str = "") -> Refusal:
    found = open_sheet(file, sheet_name)
    assert isinstance(found, Refusal)
    return found


def repacked(
    file: io.BytesIO, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None
) -> io.BytesIO:
    """The same zip archive with changed members."""
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    changed.seek(0)
    return changed


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, content: content.replace(old, new) if name.startswith("xl/worksheets/") else content


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8，"), ("utf-8-sig", "UTF-8带 BOM"), ("gb18030", "GB18030（GBK）")],
)
def test_a_csv_is_read_in_the_encoding_it_has_and_the_encoding_is_said(encoding: str, said: str) -> None:
    sheet = table(csv_file(WORDS, header=NAMES, encoding=encoding))
    assert said in sheet.form
    assert sheet.header.cells == list(NAMES)
    assert [tuple(row.cells) for row in sheet.rows if not isinstance(row, Refusal)] == list(WORDS)


@pytest.mark.parametrize(("separator", "said"), [(",", "逗号"), (";", "分号"), ("\t", "制表符")])
def test_the_separator_is_the_one_that_the_header_uses(separator: str, said: str) -> None:
    sheet = table(csv_file([("1", "张三")], header=NAMES, separator=separator))
    assert said in sheet.form
    assert list(sheet.rows) == [(2, ["1", "张三"])]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_refused_in_words_that_say_what_to_do(encoding: str) -> None:
    found = refusal(csv_file(WORDS, header=NAMES, encoding=encoding))
    assert found.code == "IMPORT_ENCODING"
    assert "UTF-16" in found.text
    assert "另存为 UTF-8" in found.text


@pytest.mark.parametrize("tail", [b"\xff\xff,x\n", b"\x80\n", "张".encode("gbk")[:1]])
def test_bytes_that_are_neither_utf_8_nor_gb18030_are_refused(tail: bytes) -> None:
    assert refusal(io.BytesIO("姓名\n张三\n".encode("gbk") + tail)).code == "IMPORT_ENCODING"


def test_one_bad_byte_far_behind_is_found_before_any_row_is_given() -> None:
    good = "证件号码,姓名\n" + "1,张三\n" * 200_000
    assert refusal(io.BytesIO(good.encode() + b"\xff\xff\n")).code == "IMPORT_ENCODING"


def test_a_line_of_gbk_in_a_file_of_utf_8_is_named() -> None:
    mixed = "证件号码,姓名\n1,张三\n".encode() + "2,李四\n".encode("gbk")
    found = refusal(io.BytesIO(mixed))
    assert found.code == "IMPORT_ENCODING"
    assert "第 3 行" in found.detail


def test_lines_are_numbered_as_an_editor_shows_them() -> None:
    content = '证件号码,姓名\n1,甲\n\n,\n"2","乙\n丙"\n3,丁'
    assert list(table(io.BytesIO(content.encode())).rows) == [
        (2, ["1", "甲"]),
        (6, ["2", "乙\n丙"]),
        (7, ["3", "丁"]),
    ]


def test_a_quote_that_is_never_closed_ends_the_table_with_a_refusal() -> None:
    *rows, last = table(io.BytesIO('证件号码,姓名\n1,甲\n2,"乙\n3,丙\n'.encode())).rows
    assert rows == [(2, ["1", "甲"])]
    assert isinstance(last, Refusal)
    assert last.code == "IMPORT_FORMAT"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" 张三\u3000", "张三"),
        ("\u202d张三\u202c", "张三"),
        ("'140199198001010011", "140199198001010011"),
        ('="140199198001010011"', "140199198001010011"),
        ("140199198001010011\t", "140199198001010011"),
        ("=1+1", "=1+1"),
        ("张\0三", "张三"),
        ("\ufeff\ufeff张三", "张三"),
    ],
)
def test_what_protects_a_cell_from_spreadsheets_is_no_part_of_it(written: str, read: str) -> None:
    assert clean(written) == read


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n \n,,\n"])
def test_a_file_without_content_is_called_empty(content: bytes) -> None:
    assert refusal(io.BytesIO(content)).code == "IMPORT_FILE_EMPTY"


def test_a_csv_of_too_many_lines_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    assert isinstance(open_sheet(csv_file([("1", "甲")] * 3, header=NAMES)), Sheet)
    found = refusal(csv_file([("1", "甲")] * 4, header=NAMES))
    assert found.code == "IMPORT_TOO_LARGE"
    assert "最多 3 行" in found.text


def test_a_worksheet_of_too_many_rows_ends_with_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    rows = list(table(workbook({"甲": [NAMES, *[("1", "甲")] * 4]})).rows)
    assert len(rows) == 4
    assert isinstance(rows[-1], Refusal)


def test_a_file_of_too_many_bytes_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_BYTES", 100)
    assert refusal(io.BytesIO(b"a" * 101)).code == "IMPORT_TOO_LARGE"


def test_the_digest_tells_files_apart_and_knows_them_again() -> None:
    digests = {table(csv_file([(str(n), "甲")], header=NAMES)).digest for n in (1, 2, 1)}
    assert len(digests) == 2


def test_excel_cells_are_read_as_excel_shows_them() -> None:
    given = ("140199198001010011", 5000.1, 202405, date(2024, 5, 1), True, 0.1 + 0.2, 140199198001010011)
    (row,) = table(workbook({"甲": [NAMES, given]})).rows
    assert row == (
        2,
        [
            "140199198001010011",
            "5000.1",
            "202405",
            "2024-05-01",
            "TRUE",
            "0.3",
            "1.4019919800101e+17",
        ],
    )


def test_a_moment_keeps_its_time() -> None:
    assert text_of(datetime(2024, 5, 1, 8, 30, tzinfo=UTC)) == "2024-05-01 08:30:00+00:00"


def test_rows_of_a_worksheet_have_its_numbers_wherever_the_table_begins() -> None:
    sheet = table(workbook({"甲": [(), (), NAMES, ("1", "张三"), (), ("2", "李四")]}))
    assert sheet.header.line_no == 3
    assert [row.line_no for row in sheet.rows if not isinstance(row, Refusal)] == [4, 6]


def test_the_one_visible_worksheet_with_content_is_taken() -> None:
    file = workbook({"明细": [NAMES, WORDS[0]], "说明": [("x",)], "空": []}, hidden=["说明"])
    assert "“明细”" in table(file).form


def test_of_several_worksheets_the_user_says_which() -> None:
    several = {"一月": [NAMES], "二月": [NAMES, WORDS[0]]}
    found = refusal(workbook(several))
    assert found.code == "IMPORT_SHEET"
    assert "一月、二月" in found.text
    assert [tuple(row.cells) for row in table(workbook(several), "二月").rows] == [WORDS[0]]  # type: ignore[union-attr]
    assert refusal(workbook(several), "三月").code == "IMPORT_SHEET"


def test_a_workbook_without_content_is_called_empty() -> None:
    assert refusal(workbook({"甲": [], "乙": []})).code == "IMPORT_FILE_EMPTY"
    assert refusal(workbook({"甲": [("", " ")]})).code == "IMPORT_FILE_EMPTY"
    assert refusal(workbook({"甲": [], "乙": [("x",)]}), "甲").code == "IMPORT_FILE_EMPTY"


def test_a_file_is_known_by_its_bytes_and_never_by_its_name() -> None:
    assert "Excel" in table(workbook({"甲": [NAMES, *WORDS]})).form
    assert refusal(io.BytesIO(b"PK\x03\x04 not an archive")).code == "IMPORT_DAMAGED"
    assert refusal(io.BytesIO(bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600)).code == "IMPORT_DAMAGED"


def test_an_excel_of_the_old_form_is_read_too() -> None:
    sheet = table(io.BytesIO(EXCEL_97))
    assert sheet.header.cells == ["证件号码", "缴费基数", "缴款期限"]
    assert list(sheet.rows) == [(2, ["140199198001010011", "5000.1", "2024-05-31"])]


@pytest.mark.parametrize("place", [76, 1686])
def test_an_old_excel_that_would_end_the_process_ends_only_its_probe(place: int) -> None:
    crafted = EXCEL_97[:place] + b"\xff\xff\xff\xff" + EXCEL_97[place + 4 :]
    assert refusal(io.BytesIO(crafted)).code == "IMPORT_DAMAGED"


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.csv", "证件号码\n")
    assert refusal(archive).code == "IMPORT_FORMAT"


def test_a_workbook_with_macros_is_refused() -> None:
    plain = workbook({"甲": [NAMES, *WORDS]})
    with_macros = repacked(plain, lambda name, content: content, {"xl/vbaProject.bin": b"x"})
    assert refusal(with_macros).code == "IMPORT_MACROS"
    old = bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 512 + "_VBA_PROJECT_CUR".encode("utf-16-le")
    assert refusal(io.BytesIO(old)).code == "IMPORT_MACROS"


def test_a_workbook_with_a_password_is_refused() -> None:
    sealed = bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 512 + "EncryptedPackage".encode("utf-16-le")
    assert refusal(io.BytesIO(sealed)).code == "IMPORT_PROTECTED"


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_workbook_cut_short_is_called_damaged(kept: float) -> None:
    content = workbook({"甲": [NAMES, *WORDS * 200]}).getvalue()
    assert refusal(io.BytesIO(content[: int(len(content) * kept)])).code == "IMPORT_DAMAGED"


def test_a_workbook_with_a_changed_byte_is_called_damaged() -> None:
    file = workbook({"甲": [NAMES, *((str(n), "张三") for n in range(500))]})
    with zipfile.ZipFile(file) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 200
    content = bytearray(file.getvalue())
    content[place] ^= 0xFF
    assert refusal(io.BytesIO(bytes(content))).code == "IMPORT_DAMAGED"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</row>", b"</rou>"),
        (b"</sheetData>", b""),
        (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        (b"<v>0</v>", b"<v>99</v>"),
        (b'encoding="UTF-8"', b'encoding="UTF-4"'),
        (b'r="B3"', b'r="B4294967295"'),
    ],
)
def test_a_workbook_whose_xml_is_broken_is_called_damaged(old: bytes, new: bytes) -> None:
    broken = repacked(workbook({"甲": [NAMES, *WORDS]}), in_sheet(old, new))
    assert refusal(broken).code == "IMPORT_DAMAGED"


def test_a_workbook_that_unpacks_to_more_than_is_reasonable_is_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED_BYTES", 3_000_000)
    bomb = repacked(
        workbook({"甲": [NAMES]}), lambda name, content: content, {"xl/media/a.bin": bytes(4_000_000)}
    )
    assert len(bomb.getvalue()) < 100_000
    assert refusal(bomb).code == "IMPORT_TOO_LARGE"


def test_a_member_that_is_larger_than_it_says_is_called_damaged() -> None:
    packed = repacked(
        workbook({"甲": [NAMES]}), lambda name, content: content, {"xl/media/a.bin": bytes(4_000_000)}
    )
    stated = (4_000_000).to_bytes(4, "little")
    lying = packed.getvalue().replace(stated, (4_000).to_bytes(4, "little"))
    assert refusal(io.BytesIO(lying)).code == "IMPORT_DAMAGED"


def test_a_stray_cell_far_out_is_refused_before_it_takes_all_memory() -> None:
    file = repacked(workbook({"甲": [NAMES, *WORDS]}), in_sheet(b'r="B3"', b'r="XFD3"'))
    found = refusal(file)
    assert found.code == "IMPORT_TOO_LARGE"
    assert "AZ 列" in found.text


def test_a_text_of_absurd_length_is_refused() -> None:
    assert refusal(workbook({"甲": [NAMES, ("1", "x" * 12_000)]})).code == "IMPORT_TOO_LARGE"


def test_a_formula_that_failed_is_not_read_as_an_empty_cell() -> None:
    failed = repacked(
        workbook({"甲": [NAMES, (1, 2)]}),
        in_sheet(b'<c r="B2"><v>2</v>', b'<c r="B2" t="e"><v>#N/A</v>'),
    )
    found = refusal(failed)
    assert found.code == "IMPORT_FORMAT"
    assert "#N/A" in found.text
