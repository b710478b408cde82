"""The style guide: every component beside the lines that make it. An example is a template, its source the snippet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
from django import forms
from django.http import HttpResponse
from django.template.loader import get_template, render_to_string

from gongji.web.icons import ICONS
from gongji.web.pages import Page, page

__all__ = ["EXAMPLES", "styleguide"]

EXAMPLES: Final = (
    ("type", "字号与字色", "全站四种字号；门户正文 16 像素，工作站 14 像素。"),
    ("buttons", "按钮与链接", "一页只有一个主按钮；危险操作先说明会发生什么。"),
    ("states", "状态", "词、颜色、形状三样一起说，不单靠颜色。"),
    ("amounts", "金额、日期、比例", "等宽数字，右对齐，千位留空，单位在表头写一次。"),
    ("why", "依据", "凡条文决定的金额，都带一个能打开条文的小标记。"),
    ("limits", "限额", "已用与剩余都写成数字。"),
    ("split", "一张账单谁付", "图在上，证明它的表在下。"),
    ("year", "一年十二个月", "柱上写金额，负数在线下。"),
    ("line", "余额走势", "首尾与最高写在图上。"),
    ("cards", "卡片与入口", "卡片把一件事放在一起；入口是整块可点的。"),
    ("kv", "对照表", "左边是什么，右边是多少。"),
    ("tables", "表格", "窄屏变成卡片；键盘上下移动，回车打开。"),
    ("list", "列表", "每行至少 44 像素高。"),
    ("chips", "筛选与分页签", "当前的一个不只靠颜色。"),
    ("steps", "进度", "做完的打勾，停下的打叉。"),
    ("notices", "提示与空白", "空的列表要说为什么空、怎样会有。"),
    ("crumbs", "页面位置", "从哪里来，怎样回去；Esc 回到上一级。"),
    ("wrong", "没有办成", "说明哪一条不对、怎么办；取得焦点。"),
    ("form", "表单", "错误在上面汇总并取得焦点，也写在栏目旁。"),
    ("keys", "快捷键", "屏幕上写着能按什么键。"),
)
COLOURS: Final = (
    ("brand", "主色"),
    ("brand-soft", "主色浅"),
    ("wait", "等待"),
    ("bad", "错误"),
    ("info", "说明"),
    ("ink", "字"),
    ("ink-soft", "淡字"),
    ("line", "线"),
    ("ground", "底"),
    ("paper", "纸"),
    ("fund", "统筹基金"),
    ("account", "个人账户"),
    ("mutual", "家庭共济"),
    ("cash", "现金"),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="姓名", max_length=30)
    amount = forms.CharField(
        label="金额",
        help_text="写到分，例如 45.50。",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-amount": "", "data-unit": "元"}),
    )
    on = forms.DateField(label="日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.ChoiceField(
        label="在哪里取药", choices=(("near", "就近药店"), ("hospital", "本院药房")), widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="我已核对以上内容")


class Example(msgspec.Struct, frozen=True):
    """A component: what it is called, when to use it, how it looks, what one writes."""

    code: str
    title: str
    text: str
    shown: str
    source: str


def _samples() -> dict[str, Any]:
    """Made-up values for the examples."""
    months = [f"{month} 月" for month in range(1, 13)]
    fens = (0, 4225, 12800, 0, 7350, 30210, 990, 0, 152500, 2600, -1840, 8800)
    form = SampleForm({"name": "", "amount": "45.5.0", "place": "near"})
    form.add_error("amount", "金额写成数字，最多两位小数，例如 45.50。")
    return {
        "fen": 1_234_567,
        "refund": -4225,
        "day": date(2026, 11, 21),
        "at": datetime(2026, 11, 21, 1, 30, tzinfo=UTC),
        "rate": 6500,
        "used": 182_750,
        "limit": 250_000,
        "parts": [
            ("统筹基金", 9120, "fund"),
            ("个人账户", 3040, "account"),
            ("家庭共济", 0, "mutual"),
            ("现金", 1200, "cash"),
        ],
        "months": list(zip(months, fens, strict=True)),
        "points": [
            ("2026-01", 120_000),
            ("2026-02", 128_300),
            ("2026-03", 117_200),
            ("2026-04", 98_650),
            ("2026-05", 131_900),
        ],
        "form": form,
        "clause": "SX2024-11.s1.a",
    }


@page("web.styleguide")
async def styleguide(page: Page) -> HttpResponse:
    """Colours, type and components on one page."""
    samples = _samples()
    examples = [_example(code, title, text, samples) for code, title, text in EXAMPLES]
    return await page.show(
        "web/styleguide.html", {"examples": examples, "colours": COLOURS, "icons": list(ICONS)}
    )


def _example(code: str, title: str, text: str, samples: dict[str, Any]) -> Example:
    name = f"web/styleguide/{code}.html"
    source: str = get_template(name).template.source  # type: ignore[attr-defined]
    return Example(code, title, text, render_to_string(name, samples), source.strip())
