"""`gongji quote`: one visit, calculated step by step with the article of each, without database or framework."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.cases.compute import quoted_amounts
from gongji.cases.form import CaseError
from gongji.cases.question import KEYS, USED, Question, answer, question, read_file
from gongji.cases.tree import Map
from gongji.explain import READERS, Context, agency, machine, member, steps
from gongji.policy import Law, LibraryError, compile_law, load_library
from gongji.project.cli.overlay import OVERLAY_HELP, overlay_path
from gongji.project.cli.root import ChineseCommand
from gongji.settlement.rules import Outcome

_MORE_USED = [name for name in USED if name not in ("used_deductible", "used_pool", "own")]


@click.command(cls=ChineseCommand)
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="从 YAML 或 JSON 文件读入；命令行的选项优先。",
)
@click.option("--region", metavar="代码", help="参保地区划代码，如 14；也可写 SX、QY。")
@click.option("--date", metavar="日期", help="就诊日期，如 2024-08-15；不写为今天。")
@click.option("--status", metavar="状态", help="active 在职，retired 退休。")
@click.option("--place", metavar="地点", help="class1、class2、class3、pharmacy、level3、level2 等。")
@click.option("--benefit", metavar="待遇", help="ordinary（默认）或 as_inpatient。")
@click.option(
    "--line",
    "lines",
    multiple=True,
    metavar="费用",
    help="类别:金额 或 类别:单价x数量@支付标准，后接 :类型，如 B:12.00x10@10.00:drug；可写多次。",
)
@click.option("--used-deductible", metavar="金额", help="今年已付起付。")
@click.option("--used-pool", metavar="金额", help="今年统筹已付。")
@click.option(
    "--used", "more_used", multiple=True, metavar="名称=金额", help=f"其他已用金额：{'、'.join(_MORE_USED)}。"
)
@click.option("--own", metavar="金额", help="本人账户余额。")
@click.option("--family", multiple=True, metavar="金额", help="家庭共济账户余额，按绑定顺序，可写多次。")
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="名称=取值",
    help="事实，如 prescription=none、arrears=yes；可写多次。",
)
@click.option("--overlay", metavar="文件|demo", help=OVERLAY_HELP)
@click.option("--allow-draft", is_flag=True, help="允许按征求意见稿试算。")
@click.option(
    "--for", "reader", type=click.Choice(READERS), help="给谁看：member 参保人，agency 经办，machine 程序。"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON（同 --for machine）。")
def quote(path: Path | None, overlay: str | None, reader: str | None, as_json: bool, **flags: Any) -> None:
    """试算一次就诊：逐步列出公式、金额和条文。

    例：gongji quote --region 14 --date 2024-08-15 --status retired --place class3 --line A:100.00
    """
    try:
        asked = _asked(path, flags)
        law = compile_law(load_library(overlay=overlay_path(overlay)))
        outcome = answer(law, asked)
    except CaseError as error:
        raise click.UsageError(str(error)) from None
    except LibraryError as error:
        raise click.UsageError(f"政策库不能使用：{error}") from None
    as_json = as_json or reader == "machine"
    if isinstance(outcome, Refusal):
        _refused(outcome, as_json=as_json)
    context = Context(service_on=asked.on, place=asked.place, status=asked.status)
    if as_json:
        told = {**machine(law, outcome, context), "computed": quoted_amounts(outcome)}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif reader is not None:
        click.echo("\n".join((member if reader == "member" else agency)(law, outcome, context)))
    else:
        _show(law, asked, outcome)


def _asked(path: Path | None, flags: dict[str, Any]) -> Question:
    """The question: the file's fields, the command line's over them."""
    fields: dict[str, Any] = read_file(path) if path else {}
    plain = set(KEYS) - {"lines", "family", "facts", "allow_draft"}
    fields |= {name: value for name, value in flags.items() if name in plain and value is not None}
    if flags["lines"]:
        fields["lines"] = list(flags["lines"])
    if flags["family"]:
        fields["family"] = list(flags["family"])
    if flags["allow_draft"]:
        fields["allow_draft"] = "true"
    fields |= _pairs(flags["more_used"], "--used", USED)
    fields["facts"] = Map({**(fields.get("facts") or {}), **_pairs(flags["facts"], "--fact")})
    fields.setdefault("date", dt.datetime.now().astimezone().date().isoformat())
    return question(fields, str(path) if path else "命令行")


def _pairs(texts: tuple[str, ...], option: str, known: dict[str, str] | None = None) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise CaseError(f"{option} 应写成 名称=取值，现在是“{text}”")
        if known is not None and name not in known:
            raise CaseError(f"{option} 没有“{name}”；可用的有：{'、'.join(known)}")
        pairs[name] = value
    return pairs


def _refused(refusal: Refusal, *, as_json: bool) -> NoReturn:
    """Say why nothing can be calculated, and end."""
    hint = "；加 --allow-draft 可以试算" if refusal.code == "LAW_DRAFT" else ""
    if refusal.code == "PARAMETER_UNSPECIFIED":
        hint = "；用 --overlay 指定补充参数文件，演示可写 --overlay demo"
    if as_json:
        error = {"code": refusal.code, "text": refusal.text, "clause": refusal.clause}
        click.echo(json.dumps({"schema": "gongji.refusal/1", "error": error}, ensure_ascii=False))
    click.echo(f"不能计算：{refusal.text}{hint}", err=True)
    sys.exit(1)


def _show(law: Law, asked: Question, outcome: Outcome) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    table = Table()
    for heading in ("步骤", "公式", "依据"):
        table.add_column(heading, overflow="fold")
    numbers: dict[str, int] = {}
    articles = []
    for step in steps(law, outcome):
        for citation in step.citations:
            if citation.clause not in numbers:
                numbers[citation.clause] = len(numbers) + 1
                articles.append(citation)
        marks = "".join(f"[{numbers[citation.clause]}]" for citation in step.citations)
        table.add_row(Text(step.name), Text(step.formula), Text(marks))
    console.print(table, soft_wrap=False)
    for number, citation in enumerate(articles, start=1):
        warning = "" if citation.confirmed else "，未确认"
        source = f"[{number}] {citation.clause} {citation.article}（自 {citation.since} 起{warning}）"
        console.print(Text(f"{source}：{citation.text}"))
    console.print()
    for line in member(law, outcome, Context(service_on=asked.on, place=asked.place)):
        console.print(Text(line))
    if outcome.family_draws:
        draws = "，".join(f"{owner} {format_yuan(fen)}" for owner, fen in outcome.family_draws)
        console.print(Text(f"家庭共济账户扣款：{draws}"))
