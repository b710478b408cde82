"""`gongji members import-contributions` and `contribution`, and the page that explains them."""

import asyncio
import re
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from gongji.base.reason_table import TABLE
from gongji.members.import_columns import NAMES
from gongji.project.cli.contributions import contribution, import_contributions
from tests.members.people import add_person, add_relation
from tests.vaults import ENVIRONMENT

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "contributions.md").read_text("utf-8")
EMPLOYER = "某某制造有限公司"


def example():
    return re.search(r"<!-- example -->\n```csv\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture
def run(pg_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", pg_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda command, *arguments: CliRunner().invoke(command, [*arguments, "--actor", "张敏"])


def on_database(url, work):
    async def connected():
        conn = await asyncpg.connect(url)
        try:
            return await work(conn)
        finally:
            await conn.close()

    return asyncio.run(connected())


@pytest.fixture(scope="module")
def members(pg_url):
    """The three of the example, registered; their numbers by name."""
    rows = [line.split(",") for line in example().splitlines()[1:]]

    async def register(conn):
        for number, name, *_ in rows:
            await add_person(conn, f"cli-{name}", number=number, name=name)
            await add_relation(conn, f"cli-{name}", employer=EMPLOYER)

    on_database(pg_url, register)
    return {name: f"cli-{name}" for _, name, *_ in rows}


def test_the_example_of_the_page_is_imported_and_once_more_changes_nothing(run, members, tmp_path):
    file = tmp_path / "202405.csv"
    file.write_text(example(), encoding="gb18030")
    first, second = run(import_contributions, str(file)), run(import_contributions, str(file))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "GB18030（GBK），逗号分隔" in first.output
    assert f"{EMPLOYER}  2024-05  已导入" in first.output
    assert "共 3 行：新增 3，与已有记录相同 0，有错误 0" in first.output
    assert "本次没有改动" in second.output


def test_a_refused_file_lists_its_faults_and_writes_them_as_a_table(run, members, tmp_path):
    file, errors = tmp_path / "bad.csv", tmp_path / "errors.csv"
    file.write_text(example().replace("张三", "别人").replace(",405", ",x"), encoding="utf-8")
    result = run(import_contributions, str(file), "--errors", str(errors))
    assert result.exit_code == 1
    assert "没有导入" in result.output
    assert "第 2 行  〔NAME_DIFFERS〕姓名与参保登记不一致：文件中 别*，登记为 张*" in result.output
    assert errors.read_text("utf-8-sig").splitlines()[1].startswith("2,NAME_DIFFERS,")


def test_a_file_that_is_no_table_ends_with_its_reason(run, tmp_path):
    file = tmp_path / "empty.xlsx"
    file.write_bytes(b"")
    result = run(import_contributions, str(file))
    assert result.exit_code == 1
    assert "〔IMPORT_FILE_EMPTY〕" in result.output


def test_a_month_is_listed_paid_and_corrected_and_the_look_is_recorded(run, members, pg_url, tmp_path):
    file = tmp_path / "202405.csv"
    file.write_text(example(), encoding="utf-8")
    run(import_contributions, str(file))
    person = members["李四"]
    assert "未到账（期限 2024-05-31）  正常  第 1 版  欠费" in run(contribution, "list", person).output
    paid = run(contribution, "pay", person, "202405", "--employer", EMPLOYER, "--paid-on", "2024-05-30")
    assert "到账 2024-05-30" in paid.output, paid.output
    again = run(contribution, "pay", person, "202405", "--employer", EMPLOYER, "--paid-on", "2024-06-01")
    assert (again.exit_code, "〔CONTRIBUTION_PAID〕" in again.output) == (1, True)
    corrected = run(contribution, "correct", person, "2024-05", "--employer", EMPLOYER, "--base", "6300")
    assert "基数 6300.00" in corrected.output, corrected.output
    listed = run(contribution, "list", person)
    assert "更正  第 3 版" in listed.output
    assert "欠费" not in listed.output
    looks = on_database(
        pg_url, lambda conn: conn.fetch("SELECT actor, fields FROM members_access WHERE psn_no = $1", person)
    )
    assert [tuple(look) for look in looks] == [("agency:张敏", "contributions")] * 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("pay", "x", "5月", "--employer", "y", "--paid-on", "2024-05-20"),
        ("correct", "x", "202405", "--employer", "y", "--base", "1.234"),
    ],
)
def test_a_value_that_is_none_is_refused_before_the_database_is_asked(run, arguments):
    result = run(contribution, *arguments)
    assert result.exit_code == 2


def test_the_page_explains_every_code_and_every_column():
    codes = [code for group in ("导入文件", "缴费") for code, *_ in TABLE[group]]
    shown = {"CONTRIBUTION_UNKNOWN", "CONTRIBUTION_PAID"}  # answers to an officer, not to a file
    assert [code for code in codes if code not in shown and f"`{code}`" not in PAGE] == []
    assert [name for names in NAMES.values() for name in names if name not in PAGE] == []


@pytest.mark.parametrize(
    ("name", "said"), [("errors.pdf", "文件名须以 .csv 或 .xlsx 结尾"), ("no/errors.csv", "不能写入目录")]
)
def test_a_table_that_cannot_be_written_is_refused_before_the_import(run, members, tmp_path, name, said):
    file = tmp_path / "month.csv"
    file.write_text(example(), encoding="utf-8")
    result = run(import_contributions, str(file), "--errors", str(tmp_path / name))
    assert (result.exit_code, "已导入" in result.output) == (2, False)
    assert said in result.output
