"""`gongji members` at the counter, and the page that explains it: every command of the page is run in its order."""

import asyncio
import re
import shlex
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from gongji.base.actors import Actor
from gongji.members import terms
from gongji.members.applications import ChronicApplication, Private
from gongji.members.declarations import Declared, declare
from gongji.members.rows import Row
from gongji.project.cli.members import members
from gongji.project.cli.members_text import NAMES
from tests.members import people
from tests.members.acts import TODAY, act, law
from tests.vaults import ENVIRONMENT, VAULT

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "members.md").read_text("utf-8")
COMMANDS = [
    shlex.split(line.removeprefix("gongji members "))
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
NUMBER = "140199196503051025"


@pytest.fixture
def run(pg_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", pg_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(members, arguments)


def on_database(url, work):
    async def connected():
        conn = await asyncpg.connect(url)
        try:
            return await work(conn)
        finally:
            await conn.close()

    return asyncio.run(connected())


def registered(run, psn_no: str, order: int, *more: str) -> str:
    number = people.cert_no(order, "19700101")
    given = ("--psn-no", psn_no, "--name", "张敏", "--cert-no", number, "--actor", "李", *more)
    done = run("register", *given)
    assert done.exit_code == 0, done.output
    return number


def test_every_command_of_the_page_works_in_its_order(run, pg_url):
    said = []
    for command in COMMANDS:
        result = run(*command)
        assert result.exit_code == 0, (command, result.output)
        said.append(result.output)
    shown = run("show", "P1001", "--on", "2024-04-15", "--actor", "李").output
    assert "当日：退休" in shown
    assert "乙公司" in shown
    assert "省内长期异地" in shown
    masked, clear = said[4], said[5]
    assert NUMBER not in masked
    assert "13800001111" not in masked
    assert NUMBER in clear
    assert "13800001111" in clear
    accesses = on_database(
        pg_url,
        lambda conn: conn.fetch(
            "SELECT * FROM members_access WHERE psn_no = 'P1001' AND purpose LIKE '%：%'"
        ),
    )
    assert [(row["actor"], row["fields"]) for row in accesses] == [
        ("agency:李经办", "name,cert_no,phone,born_on")
    ]
    assert "核对身份" in accesses[0]["purpose"]


def test_what_the_page_and_the_choices_name_is_what_the_room_knows(run):
    for category in terms.CATEGORY:
        assert f"`{category}`" in PAGE
    for kind in (*terms.FILING_KIND, *filter(None, terms.FILING_SUBTYPE)):
        assert kind in run("filing", "add", "--help").output.replace("\n", "").replace(" ", "")
    columns = {name for one in Row.__args__ for name in one.__struct_fields__}
    assert columns - set(NAMES) == {"cert_index", "phone_index", "card_sn", "lat_e3", "lng_e3"}


def test_a_refusal_is_said_in_chinese_with_its_code_and_ends_with_status_1(run):
    registered(run, "C1", 1)
    result = run(
        "register",
        "--psn-no",
        "C2",
        "--name",
        "张三",
        "--cert-no",
        people.cert_no(1, "19700101"),
        "--actor",
        "李",
    )
    assert result.exit_code == 1
    assert "CERT_REGISTERED" in result.output
    wrong = run("register", "--name", "张三", "--cert-no", "123", "--actor", "李")
    assert "CERT_INVALID" in wrong.output
    passport = run("register", "--name", "张三", "--cert-no", "E1", "--cert-type", "16", "--actor", "李")
    assert passport.exit_code == 2


def test_clear_data_are_shown_only_for_a_purpose(run):
    number = registered(run, "C3", 3)
    result = run("show", "C3", "--clear", "--actor", "李")
    assert result.exit_code == 2
    assert number not in result.output


def test_every_look_at_a_member_is_on_record_and_only_a_clear_one_tells_the_birthday(run, pg_url):
    registered(run, "C8", 13)
    masked = run("show", "C8", "--actor", "李").output
    assert "1970 年 出生" in masked
    assert "1970-01-01" not in masked
    assert "1970-01-01 出生" in run("show", "C8", "--clear", "--purpose", "核对", "--actor", "王").output
    run("history", "C8", "--actor", "赵")
    looks = on_database(
        pg_url,
        lambda conn: conn.fetch(
            "SELECT actor, purpose, fields FROM members_access WHERE psn_no = 'C8' ORDER BY access_id"
        ),
    )
    assert [tuple(look) for look in looks] == [
        ("agency:李", "members show", "dossier"),
        ("agency:王", "members show：核对", "name,cert_no,phone,born_on"),
        ("agency:赵", "members history", "name,born_on,history"),
    ]


def test_corrections_and_the_end_of_a_relation_are_in_the_history(run):
    registered(run, "C4", 5)
    begin = ("--from", "2023-01-01", "--category", "employee", "--region", "140100", "--employer", "甲公司")
    steps = (
        ("relation", "begin", "C4", *begin),
        ("phone", "C4", "13800001111"),
        ("correct", "C4", "--name", "张民", "--cert-no", people.cert_no(5, "19700101")),
        ("card", "issue", "C4", "A-C4", "--from", "2023-01-01"),
        ("card", "block", "C4", "A-C4", "--on", "2024-05-01", "--reason", "核查"),
        ("card", "unblock", "C4", "A-C4", "--on", "2024-05-02"),
        ("death", "C4", "--on", "2024-06-01", "--reported-by", "relative", "--reported-on", "2024-06-20"),
        ("revoke-death", "C4"),
        ("relation", "end", "C4", "--last", "2024-07-31", "--why", "leaving", "--reported-on", "2024-08-05"),
        ("take-back", "C4", "relation", "1"),
    )
    for step in steps:
        result = run(*step, "--actor", "李")
        assert result.exit_code == 0, (step, result.output)
    told = run("history", "C4", "--actor", "王").output
    for text in ("姓名：张敏 → 张民", "死亡日期：— → 2024-06-01", "核查", "撤回", "终止原因"):
        assert text in told
    for secret in (people.cert_no(5, "19700101"), "13800001111", "A-C4\n"):
        assert secret not in told


def test_what_was_not_known_then_is_not_answered(run):
    registered(run, "C5", 7)
    result = run("history", "C5", "--known-at", "2021-01-01 09:00", "--actor", "李")
    assert result.exit_code == 1
    assert "UNKNOWN_MEMBER" in result.output


def test_filings_and_choices_are_changed_and_cancelled(run):
    registered(run, "C6", 9)
    kind = ("--kind", "TEMPORARY", "--subtype", "other_temporary", "--region")
    steps = (
        ("relation", "begin", "C6", "--from", "2023-01-01", "--category", "flexible", "--region", "140100"),
        ("filing", "add", "C6", *kind, "110000", "--from", "2024-03-01"),
        ("filing", "change", "C6", "1", *kind, "310000", "--from", "2024-04-01"),
        ("filing", "cancel", "C6", "2", "--on", "2024-05-01"),
        ("fixed", "add", "C6", "H1", "甲医院", "--biz-type", "03", "--from", "2024-04-01"),
        ("fixed", "end", "C6", "H1", "--biz-type", "03", "--last", "2024-05-01"),
    )
    for step in steps:
        result = run(*step, "--actor", "李")
        assert result.exit_code == 0, (step, result.output)


def test_an_application_is_listed_shown_and_decided_by_another_officer(run, pg_url):
    registered(run, "C7", 11)
    application = ChronicApplication(disease_code="M03900", disease_name="高血压", from_on=TODAY)

    async def apply(conn) -> Declared:
        by_li = act(actor=Actor("agency", "李"))
        private = Private(phone="13900002222")
        done = await declare(conn, by_li, law(), VAULT, "C7", application, private)
        assert isinstance(done, Declared)
        return done

    number = str(on_database(pg_url, apply).declaration_id)
    assert number in run("declarations", "list", "--kind", "chronic").output
    assert "13900002222" not in run("declarations", "show", "C7", number, "--actor", "王").output
    assert "13900002222" in run("declarations", "show", "C7", number, "--clear", "--actor", "王").output
    own = run("declarations", "approve", "C7", number, "--actor", "李")
    assert "SECOND_PERSON_REQUIRED" in own.output
    done = run("declarations", "approve", "C7", number, "--month", "200", "--actor", "王")
    assert "月限额 200.00 元" in done.output
    late = run("declarations", "refuse", "C7", number, "--reason", "材料不齐", "--actor", "王")
    assert "DECLARATION_DECIDED" in late.output
    assert "没有待办的申请" in run("declarations", "list", "--kind", "chronic").output


def test_history_says_codes_in_words_and_answers_a_day(run):
    registered(run, "HW1", 471)
    begin = ("--category", "employee", "--region", "140100", "--employer", "甲公司", "--actor", "李")
    run("relation", "begin", "HW1", "--from", "2023-01-01", *begin)
    run("relation", "suspend", "HW1", "--last", "2023-09-30", "--actor", "李")
    whole = run("history", "HW1", "--actor", "李").output
    assert "终止原因：— → 暂停参保" in whole
    assert "申报人：— → 经办机构" in whole
    assert "经办 李" in whole
    day = run("history", "HW1", "--on", "2023-05-01", "--actor", "李").output
    assert day == "当日：在职  单位职工  140100  甲公司  有个人账户\n"
