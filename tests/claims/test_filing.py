"""An application is read from a file, and every mistake in it is named with its line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from gongji.claims import filing
from gongji.claims.values import Agent, Application, Payee, Personal
from gongji.policy import LibraryError
from tests.claims.office import DOCUMENTS
from tests.pg import world

EXAMPLE = Path(__file__).with_name("application.yaml").read_text("utf-8")
TODAY = date(2024, 8, 9)


def read(text: str) -> tuple[Application, Personal]:
    return filing.read_application(text, "a.yaml", world.law(), TODAY)


def problems(text: str) -> str:
    with pytest.raises(LibraryError) as error:
        read(text)
    return "\n".join(str(problem) for problem in error.value.problems)


def test_a_file_says_everything_that_a_claim_needs() -> None:
    given, personal = read(EXAMPLE)
    (visit,) = given.visits
    assert (given.total_fen, given.documents, given.received_on) == (60_000, DOCUMENTS, date(2024, 8, 5))
    assert (given.place.level, given.place.designated, given.place.direct_settlement) == ("3", True, False)
    assert [(line.key, line.item, line.amount_fen) for line in visit.lines] == [
        ("1-1", "XA01", 48_000),
        ("1-2", "001101", 12_000),
    ]
    assert (visit.voucher_type, visit.emergency, visit.excluded) == ("03", False, "none")
    assert personal == Personal(Payee("张三", "某银行庆阳分行", "6222020000001234567"), "13900000000")


def test_json_is_read_as_well() -> None:
    loaded = yaml.load(EXAMPLE, Loader=yaml.BaseLoader)  # noqa: S506  texts stay texts
    assert read(json.dumps(loaded, ensure_ascii=False)) == read(EXAMPLE)


def test_without_a_day_of_receipt_it_is_todays() -> None:
    assert read(EXAMPLE.replace("received_on: 2024-08-05\n", ""))[0].received_on == TODAY


def test_an_agent_is_named() -> None:
    given, personal = read(EXAMPLE + 'agent: {name: 李四, cert_no: "620000199001011234", phone: "138"}\n')
    assert given.by_agent
    assert personal.agent == Agent("李四", "620000199001011234", "138")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('total: "600.00"', 'total: "600.001"', "小数位超过 2 位"),
        ('total: "600.00"', 'total: "六百"', "不是有效的数值"),
        ("psn_no:", "person:", "缺少 psn_no"),
        ("收费票据, ", "假票据, ", "不认识的材料 假票据"),
        ("service_on: 2024-07-22", "service_on: 2024-07-32", "不是日期"),
        ("designated: yes", "designated: maybe", "必须写 yes 或 no"),
        ('voucher_type: "03"', "excluded: WAR", "工伤"),
        ('quantity: "10"', 'quantity: "10.00001"', "小数位超过 4 位"),
        ('item: XA01, name: 甲类药, price: "48.00"', 'price: "48.00"', "目录编码"),
        ("bank: 某银行庆阳分行, ", "", "缺少 bank"),
        ("[收费票据, 费用清单, 诊断证明, 病历资料]", "{invoice: yes}", "必须是文字"),
        ("psn_no:", "psn_no: [", "YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, says: str) -> None:
    assert old in EXAMPLE
    text = problems(EXAMPLE.replace(old, new, 1))
    assert says in text
    assert "a.yaml" in text


@pytest.mark.parametrize("text", ["", "[]", "1", "\x00", "a: &a [*a]"])
def test_what_is_no_application_is_said_to_be_none(text: str) -> None:
    assert problems(text)
