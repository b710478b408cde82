"""`gongji providers` about the register: staff, places, services, keys, at the counter of the agency."""

from __future__ import annotations

import asyncio
import re
import shlex
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from gongji.base import sm2
from gongji.project.cli.providers import providers
from tests.pg import world
from tests.providers.registry import institution
from tests.vaults import ENVIRONMENT

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "register.md").read_text("utf-8")
COMMANDS = [
    shlex.split(line.removeprefix("gongji providers "))
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
PUBLIC = sm2.pair_of(bytes(range(1, 33))).public.hex()
STAFF = ("--name", "李医生", "--kind", "医师", "--from", "2023-01-01", "--right", "开方", "--actor", "张")


@pytest.fixture
def run(pg_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DATABASE_URL", pg_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(providers, [str(a) for a in arguments])


def on_database(url: str, work: Any) -> Any:
    async def connected() -> Any:
        conn = await asyncpg.connect(url)
        try:
            return await work(conn)
        finally:
            await conn.close()

    return asyncio.run(connected())


async def at_the_page(conn: Any) -> None:
    """The institution and the member that the page speaks of."""
    await conn.execute(
        "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address)"
        " VALUES ('H14083000001', '某卫生院', '', 'hospital', '', '140830', '')"
    )
    await conn.execute(
        "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level,"
        " direct_settlement) VALUES ('H14083000001', 1, '2023-01-01', true, true, '3', '', true)"
    )
    await world.add_persons(conn, ["P1001"], region="140830")


def test_every_command_of_the_page_works_in_its_order(run: Any, pg_url: str) -> None:
    on_database(pg_url, at_the_page)
    said = [good(run(*command)) for command in COMMANDS]
    assert "副主任医师" in said[3]
    assert "某卫生院" in said[12]
    assert "可达 1 人" in said[14]
    assert len(said) == 17


@pytest.fixture
def code(pg_url: str) -> str:
    made: str = on_database(pg_url, institution)
    return made


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def test_a_doctor_is_registered_suspended_by_two_officers_and_listed_so(run: Any, code: str) -> None:
    good(run("staff", "add", code, "D1", *STAFF))
    assert "D1  李医生  医师  开方" in good(run("staff", "list", code))
    suspending = ("staff", "suspend", code, "D1", "--from", "2024-08-15", "--cause", "违规", "--actor", "甲")
    assert "待另一人复核" in good(run(*suspending))
    same = run("staff", "decide", code, 1, "--actor", "甲")
    assert same.exit_code == 1
    assert "SECOND_PERSON_REQUIRED" in same.output
    good(run("staff", "decide", code, 1, "--actor", "乙"))
    assert "已暂停医保服务资格" in good(run("staff", "list", code, "--on", "2024-08-15"))
    assert "已暂停医保服务资格" not in good(run("staff", "list", code, "--on", "2024-08-14"))
    good(run("staff", "lift", code, 1, "--last", "2024-09-01", "--actor", "甲"))
    good(run("staff", "decide", code, 1, "--actor", "乙"))
    assert "已暂停医保服务资格" not in good(run("staff", "list", code, "--on", "2024-09-02"))
    history = good(run("staff", "history", code))
    assert [line.split("  ")[1] for line in history.splitlines()] == [
        "经办 张",
        "经办 甲",
        "经办 乙",
        "经办 甲",
        "经办 乙",
    ]


def test_a_file_of_staff_is_taken_whole_or_its_faults_are_told(run: Any, code: str, tmp_path: Any) -> None:
    header = "医务人员编码,姓名,类别,权限,开始日期\n"
    bad, fine = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text(f"{header}D2,王医生,医师,审方,2023-01-01\n", "utf-8")
    fine.write_text(f"{header}D2,王医生,医师,开方,2023-01-01\n", "utf-8")
    refused = run("staff", "import", code, bad, "--actor", "张")
    assert refused.exit_code == 1
    assert "第 2 行" in refused.output
    assert "STAFF_RIGHT_NOT_ALLOWED" in refused.output
    assert "新登记 1 人" in good(run("staff", "import", code, fine, "--actor", "张"))
    assert "王医生" in good(run("staff", "list", code))


def test_an_institution_is_found_nearby_with_what_it_offers(run: Any, code: str) -> None:
    good(run("place", code, "34.694", "110.694", "--actor", "张"))
    good(run("offer", "add", code, "配送", "--from", "2023-01-01", "--actor", "张"))
    found = good(run("nearby", "34.694", "110.695", "--offer", "配送", "--pooled"))
    assert code in found
    assert "配送" in found
    good(run("offer", "end", code, "配送", "--last", "2024-01-01", "--actor", "张"))
    assert "附近没有" in good(run("nearby", "34.694", "110.695", "--offer", "配送"))
    assert run("nearby", "110.694", "34.694").exit_code == 1
    assert run("nearby", "north", "34.694").exit_code == 2


@pytest.mark.clause("SX2023-2.s1.b")
def test_the_service_circle_tells_who_reaches_an_institution_on_foot(
    run: Any, code: str, pg_url: str
) -> None:
    on_database(pg_url, lambda conn: world.add_persons(conn, ["SC1", "SC2", "SC3"], region="140881"))
    good(run("place", code, "34.7", "110.7", "--actor", "张"))
    good(run("residence", "SC1", "34.701", "110.701", "--from", "2024-01-01", "--actor", "张"))
    good(run("residence", "SC2", "34.9", "110.7", "--from", "2024-01-01", "--actor", "张"))
    told = good(run("circle", "140881", "--on", "2024-08-15"))
    assert "步行 1,200 米" in told
    assert "140881  可达 1 人  不可达 1 人  50.00%  居住地未登记 1 人" in told
    assert "PARAMETER_UNSPECIFIED" in run("circle", "621000").output
    assert "REGION_INVALID" in run("circle", "运城").output


def test_a_secret_is_shown_once_and_a_key_withdrawn(run: Any, code: str) -> None:
    issued = good(run("keys", "issue", code, f"K{code}", "--from", "2024-01-01", "--actor", "张"))
    assert "只显示这一次" in issued
    channel = ("--public-key", PUBLIC, "--from", "2024-01-01", "--actor", "张")
    assert "应用密钥" in good(run("keys", "channel", code, f"A{code}", *channel))
    good(run("keys", "certificate", code, f"S{code}", "--subject", "CN=测试", *channel))
    good(run("keys", "withdraw", code, "credential", f"K{code}", "--from", "2025-01-01", "--actor", "张"))
    again = run("keys", "issue", code, f"K{code}", "--from", "2024-01-01", "--actor", "张")
    assert "KEY_EXISTS" in again.output
    assert run("keys", "channel", code, "A2", "--public-key", "xyz", *channel[2:]).exit_code == 2


def test_a_certificate_with_its_private_key_comes_from_a_file_that_fits(run: Any, tmp_path: Path) -> None:
    pair, file = sm2.pair_of(bytes(range(1, 33))), tmp_path / "私钥"
    serial = f"EPC{tmp_path.name}"
    given = ("--subject", "CN=处方流转中心", "--public-key", PUBLIC, "--from", "2024-01-01", "--actor", "张")
    for written, told in ((bytes(range(2, 34)).hex(), "私钥与公钥不符"), ("12", "64 位十六进制")):
        file.write_text(written, "ascii")
        wrong = run("keys", "certificate", "EPC", serial, *given, "--private-key-file", file)
        assert (wrong.exit_code != 0, told in wrong.output) == (True, True)
    file.write_text(pair.private.hex() + "\n", "ascii")
    assert pair.private.hex() not in good(
        run("keys", "certificate", "EPC", serial, *given, "--private-key-file", file)
    )
