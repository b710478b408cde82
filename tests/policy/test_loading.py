"""What the loader refuses, with file and line, several mistakes at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongji.policy import DEMO_OVERLAY, LibraryError, compile_law, load_library
from tests.policy.help import document, problems_of, sets


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("ceiling.per_year: 2500.00", "带引号、两位小数"),
        ("ceiling.per_year: 2500", "带引号、两位小数"),
        ('ceiling.per_year: "2500"', "带引号、两位小数"),
        ('ceiling.per_year: "2500.0"', "带引号、两位小数"),
        ('ceiling.per_year: "2,500.00"', "带引号、两位小数"),
        ('ceiling.per_year: "-1.00"', "带引号、两位小数"),
        ('ceiling.per_year: "1000000000000.00"', "超出范围"),
        ("rate.pool: 0.65", "带引号的百分数"),
        ("rate.pool: 65%", "带引号的百分数"),
        ('rate.pool: "0.65"', "带引号的百分数"),
        ('rate.pool: "101%"', "超过 100%"),
        ('rate.pool: "65.125%"', "带引号的百分数"),
        ("prescription.valid_days: 3.0", "必须是整数"),
        ('prescription.valid_days: "三"', "必须是整数"),
        ("internet.pool_payable: true", "yes 或 no"),
        ("refund.recompute: sometimes", "之一"),
        ("account.family.relations: [neighbours]", "不认识"),
        ('ceiling.per_decade: "1.00"', "没有参数"),
        ('rate.pool: {active: "60%"}', "没有声明维度"),
        ('rate.pool: [{up_to: "100.00", rate: "50%"}, {up_to: "90.00", rate: "60%"}]', "最后一段不写上限"),
        ('rate.pool: [{up_to: "100.00", rate: "50%"}, {up_to: "90.00", rate: "55%"}, {rate: "60%"}]', "递增"),
        ('rate.pool: [{rate: "50%"}, {rate: "60%"}]', "缺少 up_to"),
        ("rate.pool: [{up_to: 100.00, rate: 0.5}, {rate: 0.6}]", "带引号"),
    ],
)
def test_a_value_that_is_not_written_as_it_must_be_is_refused(values: str, words: str) -> None:
    found = problems_of(document(sets("T1.a", values)))
    assert any(words in problem for problem in found), found


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("provisions: [{clause: T1.a, text: 甲, colour: red}]\n", "没有 colour 这个键"),
        ("provisions: [{clause: T1.a}]\n", "缺少 text"),
        ("provisions: [{clause: T1.a, text: 甲}, {clause: T1.a, text: 乙}]\n", "条款 T1.a 重复"),
        ("provisions: [{clause: T1.a, text: 甲, from: 2023-01-01}]\n", "日期矛盾"),
        ("provisions: [{clause: T1.a, text: 甲, from: 2024-05-01, until: 2024-04-01}]\n", "日期矛盾"),
        ("provisions: [{clause: T1.a, text: 甲, from: soon}]\n", "不是日期"),
        ("provisions: [{clause: T1.a, text: 甲, confidence: maybe}]\n", "confidence"),
        ("provisions: [{clause: T1.a, text: 甲, decision: A99}]\n", "决定 A99 不存在"),
        (
            "provisions: [{clause: T1.a, text: 甲, refuses: [{reason: BAD_MOOD, when: {status: active}}]}]\n",
            "没有拒付原因",
        ),
        (
            "provisions: [{clause: T1.a, text: 甲, refuses: [{reason: ABROAD, when: {mood: bad}}]}]\n",
            "没有属性 mood",
        ),
        (
            "provisions: [{clause: T1.a, text: 甲, refuses: [{reason: ABROAD, when: {status: asleep}}]}]\n",
            "没有取值 asleep",
        ),
        (
            "declares: {by: {rate.pool: [shoe_size]}}\n" + sets("T1.a", 'rate.pool: {large: "5%"}'),
            "shoe_size",
        ),
        (
            "declares: {by: {rate.pool: [status]}}\n" + sets("T1.a", 'rate.pool: {asleep: "5%"}'),
            "没有取值 asleep",
        ),
        (
            "declares: {by: {rate.pool: [status]}}\n" + sets("T1.a", 'rate.pool: {active|active: "5%"}'),
            "重复",
        ),
        ("declares: {categories: {x: 2}}\nprovisions: []\n", "5 至 7"),
        ("declares: {categories: 5}\nprovisions: []\n", "必须是键值对"),
        ("declares: {by: {rate.pol: [status]}}\nprovisions: []\n", "没有参数 rate.pol"),
        ("declares: {by: {rate.pool: [shoes]}}\nprovisions: []\n", "shoes 没有声明取值"),
        ("declares: {derive: [{attribute: status, value: resting}]}\nprovisions: []\n", "没有取值 resting"),
        (
            "declares: {derive: [{attribute: status, value: active, when: {mood: good}}]}\nprovisions: []\n",
            "没有属性 mood",
        ),
        ("supersedes: [{document: T1}]\nprovisions: []\n", "不能取代自己"),
        ("confirms: [T9.z]\nprovisions: []\n", "T9.z 不存在"),
        ("provisions: [{clause: T1.a, text: 甲, text: 乙}]\n", "键 text 重复"),
        ("provisions: [\n", "不是有效的 YAML"),
        ("provisions: &all []\ndeclares: {attributes: {place: *all}}\n", "不使用别名"),
    ],
)
def test_a_document_that_contradicts_itself_is_refused(body: str, words: str) -> None:
    found = problems_of(document(body))
    assert any(words in problem for problem in found), found


def test_a_document_in_force_until_before_it_begins_is_refused() -> None:
    assert any("矛盾" in problem for problem in problems_of(document("provisions: []\n", until="2023-01-01")))


def test_an_unknown_region_or_status_is_refused() -> None:
    assert any("医保区划" in problem for problem in problems_of(document("provisions: []\n", region="山西")))
    assert any("status" in problem for problem in problems_of(document("provisions: []\n", status="wished")))


def test_several_mistakes_are_reported_together_with_file_and_line() -> None:
    body = (
        "provisions:\n"
        "  - {clause: T1.a, text: 甲, sets: {ceiling.per_year: 2500.00}}\n"
        "  - {clause: T1.b, text: 乙, sets: {rate.pool: 0.5}}\n"
        "  - {clause: T1.c, text: 丙, colour: red}\n"
    )
    found = problems_of(document(body))
    assert len(found) == 3
    assert [problem.split(" ")[0] for problem in found] == ["t0.yaml:5:", "t0.yaml:6:", "t0.yaml:7:"]


def test_two_documents_of_one_id_are_refused() -> None:
    assert any(
        "重复" in problem
        for problem in problems_of(document("provisions: []\n"), document("provisions: []\n"))
    )


def test_a_missing_file_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="读不出来"):
        load_library(overlay=tmp_path / "nothing.yaml")


def test_a_file_that_is_not_a_document_is_refused(tmp_path: Path) -> None:
    for number, text in enumerate(("", "- 1\n- 2\n", "just words\n", "{}\n")):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(LibraryError):
            load_library(overlay=path)


def test_one_file_may_hold_the_values_of_several_regions(tmp_path: Path) -> None:
    parts = [
        f'  - document: {{id: O{region}, region: "{region}", status: operator}}\n'
        f"    in_force: {{from: 2023-01-01}}\n    fills: yes\n    provisions:\n"
        f'      - {{clause: O{region}.a, text: 补充, sets: {{prepay.b_service: "{percent}%"}}}}\n'
        for region, percent in (("1401", 8), ("1408", 12))
    ]
    path = tmp_path / "cities.yaml"
    path.write_text("documents:\n" + "".join(parts), encoding="utf-8")
    law = compile_law(load_library(overlay=path))
    values = [law.value("prepay.b_service", region, date(2024, 8, 15)) for region in ("1401", "1408", "1409")]
    assert [getattr(value, "raw", None) for value in values] == [800, 1200, None]


def test_the_demo_overlay_says_in_every_clause_that_it_is_no_law() -> None:
    document_of_demo = load_library(overlay=DEMO_OVERLAY).documents["DEMO"]
    assert document_of_demo.status == "operator"
    assert all("演示用，非政策规定" in provision.text for provision in document_of_demo.provisions)
