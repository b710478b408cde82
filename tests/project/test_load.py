"""`gongji load`: the law's version and the demonstration data, from the command line."""

import psycopg
import pytest
from click.testing import CliRunner

from gongji.project.cli.load import load
from tests.vaults import ENVIRONMENT


@pytest.fixture
def run(pg_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", pg_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(load, arguments)


def test_the_law_is_recorded_once_and_its_digest_is_said(run):
    first, second = run("law"), run("law")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "政策库已登记" in first.output
    assert "政策库此前已登记" in second.output
    assert first.output.split("版本 ")[1] == second.output.split("版本 ")[1]


def test_a_law_with_a_mistake_is_not_recorded(run, tmp_path):
    broken = tmp_path / "overlay.yaml"
    broken.write_text("document: {id: X}\n", encoding="utf-8")
    result = run("law", "--overlay", str(broken))
    assert result.exit_code == 1
    assert "没有登记" in result.output


def test_the_demonstration_is_loaded_once(run):
    first, second = run("demo", "--members", "40"), run("demo", "--members", "40")
    assert "参保人 40，定点医药机构 30，目录项目 300" in first.output
    assert "没有改动" in second.output


def test_without_tables_the_command_says_what_to_do(pg_server, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", pg_server.replace("/gongji?", "/postgres?"))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(load, ["demo", "--members", "30"])
    assert result.exit_code == 1
    assert "gongji migrate" in result.output


def test_without_the_keys_of_personal_data_nothing_is_loaded(pg_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", pg_url)
    result = CliRunner().invoke(load, ["demo", "--members", "30"])
    assert result.exit_code == 1
    assert "GONGJI_DATA_KEYS" in result.output


HEADER = "人员编号,年度,待遇类型,起付,政策范围内费用,基金支付,来源\n"


@pytest.fixture
def handed_over(pg_url, tmp_path):
    """Writes a table and answers its path; O1 and O2 are members."""
    with psycopg.connect(pg_url, autocommit=True) as conn:
        for psn_no in ("O1", "O2"):
            conn.execute(
                "INSERT INTO members_person (psn_no, name, cert_type, cert_sealed, cert_index, gender, ethnicity, born_on)"
                " VALUES (%s, '某人', '01', '\\x00', %s, '1', '01', '1980-01-01') ON CONFLICT DO NOTHING",
                (psn_no, psn_no.encode()),
            )

    def write(*lines, encoding="utf-8"):
        path = tmp_path / "openings.csv"
        path.write_bytes((HEADER + "\n".join(lines) + "\n").encode(encoding))
        return str(path)

    return write


def openings_of(pg_url, psn_no):
    with psycopg.connect(pg_url) as conn:
        query = (
            "SELECT year, benefit, deductible_fen, in_scope_fen, pool_fen, source FROM settlement_v_opening"
            " WHERE psn_no = %s ORDER BY benefit"
        )
        return conn.execute(query, (psn_no,)).fetchall()


def test_accumulators_of_another_system_are_taken_over_once_however_often_the_file_is_loaded(
    run, pg_url, handed_over
):
    lines = ("O1,2024,ordinary,60.00,500.00,300,旧系统", "O1,2024,chronic:M03900,0,100.00,80.00,旧系统")
    path = handed_over(*lines, encoding="gb18030")
    first, second = run("openings", path), run("openings", path)
    assert first.exit_code == 0, first.output
    assert "登记年度累计 2 条" in first.output
    assert "登记年度累计 0 条，此前已登记 2 条" in second.output
    assert openings_of(pg_url, "O1") == [
        (2024, "chronic:M03900", 0, 10_000, 8_000, "旧系统"), (2024, "ordinary", 6_000, 50_000, 30_000, "旧系统"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("O9,2024,ordinary,0,0,0,旧系统", "没有这个参保人：O9"),
        ("O2,24,ordinary,0,0,0,旧系统", "年度不正确"),
        ("O2,2024,dental,0,0,0,旧系统", "没有这种待遇类型：dental"),
        ("O2,2024,ordinary,-1,0,0,旧系统", "金额须为不小于零"),
        ("O2,2024,ordinary,0,0,1.234,旧系统", "金额须为不小于零"),
        ("O2,2024,ordinary,2,1,0,旧系统", "起付不能大于"),
        ("O2,2024,ordinary,0,0,0,", "没有填写：来源"),
        ("O2,2023,ordinary,0,0,0,旧系统", "与第 2 行是同一人"),
    ],
)
def test_one_bad_line_keeps_the_whole_file_out_and_is_named(run, pg_url, handed_over, line, words):
    result = run("openings", handed_over("O2,2023,ordinary,0,10,5,旧系统", line))
    assert result.exit_code == 1
    assert "第 3 行" in result.output
    assert words in result.output
    assert openings_of(pg_url, "O2") == []


def test_another_figure_than_before_is_an_error_and_a_missing_column_too(run, pg_url, handed_over, tmp_path):
    run("openings", handed_over("O1,2022,ordinary,0,10,5,旧系统"))
    result = run("openings", handed_over("O1,2022,ordinary,0,10,6,旧系统"))
    assert result.exit_code == 1
    assert "此前已登记为另外的数额：0.00、10.00、5.00" in result.output
    bare = tmp_path / "bare.csv"
    bare.write_text("psn_no,year\nO1,2024\n", encoding="utf-8")
    assert "缺少列：待遇类型（benefit）" in run("openings", str(bare)).output
