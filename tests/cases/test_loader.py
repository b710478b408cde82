"""A case file is read exactly or refused with the place of the mistake; nothing is ignored, nothing is
guessed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from gongji.cases.form import CaseError
from gongji.cases.laws import Laws
from gongji.cases.loader import load, read
from gongji.cases.runner import run_case, run_file
from gongji.kernel.layout import NONE

GOLDEN = Path(__file__).parent.parent / "golden"

CASE = """
cases:
- id: T1
  title: 一例
  policy: SX
  start: {own_account: '10.00'}
  steps:
  - op: settle
    date: '2024-08-15'
    status: active
    place: class3
    flags: {voucher: true}
    lines:
    - {cat: A, amount: '100.00'}
    expect: {pool_pay: '45.50'}
    working: 70×65%
"""


def changed(old: str, new: str) -> str:
    assert old in CASE
    return CASE.replace(old, new)


def test_a_case_is_read_as_written() -> None:
    case = read(CASE, "f.yaml").cases[0]
    step = case.steps[0]
    assert (case.id, case.policy, case.start) == ("T1", "SX", {"own_account": 1_000})
    assert (step.lines[0].amount_fen, step.lines[0].standard_fen) == (10_000, NONE)
    assert step.attributes == {"voucher": "yes"}
    assert step.expect == {"pool_pay": 4_550}


def test_price_and_standard_are_multiplied_by_the_quantity_and_rounded_once() -> None:
    line = (
        read(changed("amount: '100.00'", "price: '0.085', qty: '735', std: '0.05'"), "f")
        .cases[0]
        .steps[0]
        .lines[0]
    )
    assert (line.amount_fen, line.standard_fen) == (6_248, 3_675)


def test_a_line_without_type_is_a_drug() -> None:
    assert read(changed("cat: A", "cat: B"), "f").cases[0].steps[0].lines[0].kind == "drug"


@pytest.mark.parametrize("written", ["100", "100.0", "'100'", '"100.00"'])
def test_an_amount_may_be_written_with_or_without_quotes(written: str) -> None:
    line = read(changed("'100.00'", written), "f").cases[0].steps[0].lines[0]
    assert line.amount_fen == 10_000


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("pool_pay: '45.50'", "pool_pai: '45.50'", "expect 里没有“pool_pai”这个名称"),
        ("pool_pay: '45.50'", "inpatient_pay: '45.50'", "expect 里没有“inpatient_pay”这个名称"),
        ("voucher: true", "vouchr: true", "flags 里没有“vouchr”这个名称"),
        ("voucher: true", "voucher: maybe", "flags 的 voucher 应写 true 或 false，现在是“maybe”"),
        ("cat: A", "cat: D", "第 1 条费用的类别 cat“D”不认识；可用的有：A、B、C"),
        ("cat: A", "cat: A, type: toy", "第 1 条费用的 type“toy”不认识"),
        ("cat: A, amount: '100.00'", "cat: A", "第 1 条费用要有金额 amount，或者单价 price 和数量 qty"),
        ("cat: A", "cat: A, colour: red", "第 1 条费用里没有“colour”这个名称"),
        ("amount: '100.00'", "amount: '100.001'", "小数位超过 2 位"),
        ("amount: '100.00'", "amount: '1e5'", "第 1 条费用的金额 amount 不是金额"),
        ("amount: '100.00'", "amount: '-1'", "第 1 条费用的金额不能是负数"),
        ("amount: '100.00'", "amount: '99999999999999'", "超出范围"),
        ("amount: '100.00'", "amount: '100.00', price: '1'", "amount 和 price 只能写一个"),
        ("amount: '100.00'", "amount: '100.00', std: '1.00'", "有支付标准 std 时要有数量 qty"),
        ("amount: '100.00'", "price: '1', qty: '0'", "第 1 条费用的数量必须大于零"),
        ("amount: '100.00'", "price: '9999999999', qty: '99999999999'", "超出范围"),
        ("'2024-08-15'", "'2024-02-30'", "日期 date 应写成 2024-08-15 的形式，现在是“2024-02-30”"),
        ("    date: '2024-08-15'\n", "", "缺少日期 date"),
        ("    status: active\n", "", "缺少参保状态 status"),
        ("    place: class3\n", "", "缺少就医地点 place"),
        ("op: settle", "op: pay", "op“pay”不认识；可用的有：settle、refund、as_inpatient"),
        ("op: settle", "op: settle\n    colour: red", "步骤里没有“colour”这个名称"),
        ("op: settle", "op: settle\n    ref: 0", "ref 只用于退费步骤"),
        ("own_account: '10.00'", "own_acount: '10.00'", "start 里没有“own_acount”这个名称"),
        ("own_account: '10.00'", "own_account: '-10.00'", "start 的 own_account 不能是负数"),
        ("policy: SX", "fixtures: {magic: '1'}\n  policy: SX", "fixtures 里没有“magic”这个名称"),
        ("policy: SX", "fixtures: {chronic_ratio: '1.5'}\n  policy: SX", "应在 0 和 1 之间"),
        ("  policy: SX\n", "", "缺少政策 policy"),
        ("  policy: SX\n", "  policy: SX\n  colour: red\n", "案例里没有“colour”这个名称"),
        ("45.50", "45.5x", "expect 的 pool_pay 不是金额"),
    ],
)
def test_a_mistake_is_named_with_file_case_and_step(old: str, new: str, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        read(changed(old, new), "f.yaml")
    text = str(caught.value)
    assert text.startswith("f.yaml：案例 T1")
    assert words in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "文件是空的"),
        ("cases: [", "不是有效的 YAML"),
        ("- 1", "案例文件应是键值对"),
        ("cases: 5", "cases 应是列表"),
        ("cases: []", "没有案例"),
        ("case: []", "案例文件里没有“case”这个名称"),
        ("cases: [5]", "案例应是键值对"),
        ("cases: [{id: T1, id: T2}]", "的键重复或不是文字：id"),
        ("cases: [{id: T1, policy: SX, steps: []}]", "没有步骤"),
        ("a: &a [*a]", "嵌套太深"),
        ("cases: !!python/object:os.system []", "没有案例"),
        (CASE + CASE.replace("\ncases:\n", ""), "案例编号 T1 重复"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_a_file_that_is_no_case_file_is_refused(text: str, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        read(text, "f.yaml")
    assert str(caught.value).startswith("f.yaml")
    assert words in str(caught.value)


def test_a_bomb_of_aliases_does_not_grow_on_reading() -> None:
    layers = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 30))
    with pytest.raises(CaseError):
        read(f"l0: &l0 [x]\n{layers}", "f.yaml")


def test_a_file_that_is_missing_or_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    for name, words in (("absent.yaml", "打不开文件"), ("binary.yaml", "不是 UTF-8"), (".", "打不开文件")):
        with pytest.raises(CaseError, match=words):
            load(tmp_path / name)


def test_an_unknown_policy_is_named_with_its_case() -> None:
    with pytest.raises(CaseError, match="案例 T1：不认识的政策“ZZ”"):
        run_file(read(changed("policy: SX", "policy: ZZ"), "f.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("status: active", "status: actve", "人员状态（status）没有“actve”这个取值"),
        ("place: class3", "place: class9", "没有“class9”这个取值"),
        ("voucher: true", "rx: maybe", "没有“maybe”这个取值；可用的有：none、valid"),
        ("voucher: true", "excluded: work", "没有“work”这个取值"),
        ("status: active", "status: active\n    attributes: {colour: red}", "没有“colour”这个属性"),
        ("cat: A", "cat: B, prepay: gold", "没有先行自付类别“gold”"),
    ],
)
def test_a_fact_that_the_law_does_not_know_is_refused(old: str, new: str, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        run_file(read(changed(old, new), "f.yaml"))
    assert "案例 T1 第 0 步" in str(caught.value)
    assert words in str(caught.value)


def test_a_scheme_that_is_missing_or_wrong_is_named(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("schemes: [absent.yaml]\n" + CASE, encoding="utf-8")
    with pytest.raises(CaseError, match="打不开政策文件 absent"):
        run_file(load(file))
    (tmp_path / "absent.yaml").write_text("document: {id: X}\n", encoding="utf-8")
    with pytest.raises(CaseError, match="政策文件不能使用"):
        run_file(load(file))


def nodes(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    for key, value in (
        tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    ):
        found += nodes(value, (*path, key))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_is_refused_in_words_and_never_breaks_the_program(seed: int) -> None:
    """Any value of a real file is replaced by something odd; running it either works or is a CaseError."""
    import json

    import yaml

    chance = random.Random(seed)
    tree = yaml.safe_load((GOLDEN / "own_parameters.yaml").read_text(encoding="utf-8"))
    for _ in range(chance.randint(1, 3)):
        path = chance.choice(nodes(tree))
        parent = tree
        for key in path[:-1]:
            parent = (
                parent[key]
                if isinstance(parent, dict | list) and (key in parent or isinstance(key, int))
                else {}
            )
        odd = chance.choice(
            [None, "", "x", "-1", "1.234", 5, True, [], {}, [None], {"a": {"b": []}}, "9" * 30, "null"]
        )
        try:
            parent[path[-1]] = odd
        except (KeyError, IndexError, TypeError):
            continue
    text = json.dumps(tree, ensure_ascii=False)
    complaint = "f.yaml"
    try:
        file = read(text, "f.yaml")
        laws = Laws(file)
        for case in file.cases:
            run_case(case, laws)
    except CaseError as error:
        complaint = str(error)
    assert complaint.startswith("f.yaml")
