"""`gongji catalog`: a list from its template to a version, by two persons, and what is read of it."""

import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongji.catalog.columns import PARTS
from gongji.project.cli.catalog import catalog
from gongji.sheets import open_sheet
from tests.catalog.books import western
from tests.vaults import ENVIRONMENT

FUTURE = "2099-01-01"
HEADER = "医疗目录编码,药品名称,收费项目等级,计价单位,规格,通用名,剂型,集采中选"
CODE, OTHER = western(801), western(802)


@pytest.fixture
def run(pg_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", pg_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(catalog, [str(argument) for argument in arguments])


def written(folder: Path, name: str, *rows: str, header: str = HEADER) -> Path:
    file = folder / name
    file.write_text("\n".join([header, *rows]), encoding="utf-8")
    return file


def number_of(output: str) -> str:
    return re.search(r"批次 (\d+)", output)[1]


def submit(run, file: Path, *more: str, part: str = "drugs", on: str = FUTURE):
    return run("import", file, "--kind", part, "--effective-on", on, "--actor", "李红", *more)


def test_a_list_is_imported_shown_approved_and_found(run, tmp_path):
    rows = [
        f"{CODE},奥美拉唑肠溶胶囊,甲,盒,20mg×14粒,奥美拉唑,胶囊剂,否",
        f"{OTHER},奥美拉唑肠溶胶囊（集采）,甲,盒,20mg×28粒,奥美拉唑,胶囊剂,是",
    ]
    submitted = submit(run, written(tmp_path, "drugs.csv", *rows))
    assert submitted.exit_code == 0, submitted.output
    number = number_of(submitted.output)
    assert "新增 2  变更 0  停用 0  待批准" in submitted.output
    shown = run("diff", number)
    assert f"新增  {CODE}  奥美拉唑肠溶胶囊" in shown.output
    same_person = run("approve", number, "--actor", "李红")
    assert (same_person.exit_code, "〔SECOND_PERSON_REQUIRED〕" in same_person.output) == (1, True)
    approved = run("approve", number, "--actor", "王芳", "--note", "已核对")
    assert approved.exit_code == 0, approved.output
    assert "已批准 经办 王芳：已核对" in approved.output
    assert f"批次 {number}" in run("versions", "--state", "已批准").output
    assert run("search", "amlzcrjn", "--on", FUTURE).output.splitlines()[0].startswith(CODE)
    assert "没有找到" in run("search", "amlzcrjn", "--on", "2020-01-01").output
    item = run("show", CODE, "--on", FUTURE)
    assert "收费项目等级：甲类" in item.output
    assert f"可优先：{OTHER}" in item.output
    assert "没有需要变更的内容" in submit(run, written(tmp_path, "again.csv", *rows)).output


def test_what_is_new_is_shown_with_all_that_the_second_person_answers_for(run, tmp_path):
    header = "医疗目录编码,药品名称,收费项目等级,计价单位,限定支付范围,限医疗机构级别,处方药,不得流转"
    row = f"{western(830)},新批药片,乙,盒,限重症患者,三级,是,否"
    shown = run("diff", number_of(submit(run, written(tmp_path, "new.csv", row, header=header)).output))
    (told,) = [line for line in shown.output.splitlines() if "收费项目等级" in line]
    for words in ("乙类", "西药费", "盒", "限重症患者", "限制使用：是", "限医疗机构级别 三级", "处方药：是"):
        assert words in told
    assert "不得流转" not in told


def test_changes_are_shown_field_by_field(run, tmp_path):
    row = f"{western(811)},药,乙,盒,1mg,,,否"
    run("approve", number_of(submit(run, written(tmp_path, "a.csv", row)).output), "--actor", "王芳")
    changed = submit(run, written(tmp_path, "b.csv", row.replace("乙", "甲")))
    assert "收费项目等级：乙类 → 甲类" in run("diff", number_of(changed.output)).output
    assert "第 1 次比对" in run("compare", number_of(changed.output), "--actor", "王芳").output


def test_faults_are_listed_written_as_a_table_and_nothing_is_submitted(run, tmp_path):
    errors = tmp_path / "errors.csv"
    file = written(tmp_path, "bad.csv", "X1,药,甲,盒,1mg,,,否")
    result = submit(run, file, "--errors", str(errors))
    assert result.exit_code == 1
    assert "第 2 行  〔CATALOG_CODE_WRONG〕" in result.output
    assert errors.read_text("utf-8-sig").splitlines()[1].startswith("2,CATALOG_CODE_WRONG,")


def test_a_refusal_says_why_and_stays(run, tmp_path):
    number = number_of(submit(run, written(tmp_path, "c.csv", f"{western(821)},药,乙,盒,,,,否")).output)
    assert (
        "未批准 经办 王芳：等级有误" in run("refuse", number, "--actor", "王芳", "--note", "等级有误").output
    )
    again = run("approve", number, "--actor", "王芳")
    assert (again.exit_code, "〔CATALOG_BATCH_DECIDED〕" in again.output) == (1, True)
    assert "〔CATALOG_BATCH_NOT_FOUND〕" in run("diff", "1").output


def test_a_day_in_the_past_needs_a_reason(run, tmp_path):
    file = written(tmp_path, "d.csv", f"{western(831)},药,乙,盒,,,,否")
    assert "〔CATALOG_RETROACTIVE〕" in submit(run, file, on="2024-01-01").output
    assert (
        "追溯生效的原因：更正文件" in submit(run, file, "--retroactive", "更正文件", on="2024-01-01").output
    )


@pytest.mark.parametrize("part", list(PARTS))
def test_the_template_of_each_part_has_columns_that_the_import_understands(run, tmp_path, part: str):
    file = tmp_path / f"{part}.xlsx"
    assert run("template", "--kind", part, file).exit_code == 0
    sheet = open_sheet(io.BytesIO(file.read_bytes()))
    assert sheet.header.cells == [column.names[0] for column in PARTS[part].columns]
    empty = submit(run, file, part=part)
    assert "〔IMPORT_NO_ROWS〕" in empty.output


def test_a_template_is_an_excel_file(run, tmp_path):
    assert "须以 .xlsx 结尾" in run("template", "--kind", "drugs", tmp_path / "a.csv").output


def test_an_area_that_is_none_is_refused(run):
    assert run("search", "药", "--region", "abc").exit_code == 2
    assert "没有编码" in run("show", "X0").output
