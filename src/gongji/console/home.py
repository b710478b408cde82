"""Where the agency's people and the officers of the platform begin: the pages of their roles, and what is done by command."""

from typing import Final

import msgspec
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from gongji.access import OPERATIONS, ROLES, Visitor, permitted
from gongji.web.pages import Page, page

__all__ = ["BY_COMMAND", "Command", "home", "tasks"]

PART = "console."


class Command(msgspec.Struct, frozen=True):
    """Work of a role that has no page: what it is, and the command that does it."""

    about: str
    name: str


BY_COMMAND: Final[dict[str, tuple[Command, ...]]] = {
    "clerk": (
        Command("参保登记和变更、缴费导入、异地备案、门诊慢特病、待遇申报", "gongji members"),
        Command("个人账户的划入、转移、支取受理和对账单", "gongji accounts"),
        Command("零星报销的窗口受理、退回补正和补交", "gongji claims"),
    ),
    "first_review": (
        Command("零星报销的初审：剔除费用、不予支付", "gongji claims"),
        Command("待遇申报的复核", "gongji members declarations"),
    ),
    "second_review": (
        Command("零星报销的复审、退回初审和结算", "gongji claims"),
        Command("个人账户转移、支取和恢复的复核", "gongji accounts case"),
    ),
    "finance": (
        Command("零星报销的支付、退汇和追回", "gongji claims"),
        Command("个人账户转移和支取的支付、收支统计", "gongji accounts"),
    ),
    "inspector": (
        Command("进销存平衡和追溯码核查", "gongji stock"),
        Command("结算重算和账簿核验", "gongji verify"),
        Command("逐项说明一笔结算", "gongji explain"),
    ),
    "designation": (
        Command("协议的受理、评估、签订、中止和变更，医务人员的暂停", "gongji providers"),
        Command("机构提交的库存和对账资料", "gongji stock"),
    ),
    "policy": (
        Command("政策标准的检查、比较和解释", "gongji policy"),
        Command("医保目录的导入、比对和批准", "gongji catalog"),
        Command("用案例核对政策", "gongji cases"),
    ),
}
"""For the roles whose work is only partly in the pages."""


@page("console.home")
async def home(page: Page) -> HttpResponse:
    """The visitor's roles, the pages behind them, and what is done by command."""
    roles = [role for code, role in ROLES.items() if code in page.visitor.roles]
    commands = [command for role in roles for command in BY_COMMAND.get(role.code, ())]
    context = {"roles": roles, "tasks": tasks(page.visitor), "commands": commands}
    return await page.show("console/home.html", context)


def tasks(visitor: Visitor) -> list[tuple[str, str]]:
    """Name and address of every page of the console that this visitor may open; those about one thing are reached from lists."""
    found = []
    for code, operation in OPERATIONS.items():
        if not code.startswith(PART) or code == "console.home" or not permitted(visitor.roles, code):
            continue
        try:
            found.append((operation.name, reverse(code)))
        except NoReverseMatch:
            continue
    return found
