"""Screens of the agency and of the three officers."""

from typing import Final

from tests.web.screens.shape import FIRST, Screen

__all__ = ["CONSOLE"]

ROW: Final = "main tbody a"

CONSOLE: Final = (
    Screen("console.home", "/console/", "chushen"),
    Screen("console.home", "/console/", "caiwu", state="none", says="没有网上业务的角色", empty=True),
    Screen("console.home", "/console/", "sysadmin", state="officer", says="系统管理员"),
    Screen("console.complaints", "/console/complaints", "jihe"),
    Screen("console.complaint", "/console/complaints", "jihe", (FIRST,)),
    Screen("console.bindings", "/console/bindings", "chushen"),
    Screen("console.binding", "/console/bindings", "chushen", (ROW,)),
    Screen("console.claims", "/console/claims", "chushen"),
    Screen("console.claim", "/console/claims", "chushen", (FIRST,)),
    Screen("console.accounts", "/console/accounts/", "sysadmin", latin=True),
    Screen("console.account_new", "/console/accounts/new", "sysadmin"),
    Screen("console.account", "/console/accounts/", "secadmin", (ROW,), latin=True),
    Screen(
        "console.account_state",
        "/console/accounts/",
        "sysadmin",
        (ROW, "main a[href*=state]"),
        latin=True,
    ),
    Screen(
        "console.account_password",
        "/console/accounts/",
        "sysadmin",
        (ROW, "main a[href$=password]"),
        latin=True,
    ),
    Screen(
        "console.account_factor", "/console/accounts/", "secadmin", (ROW, "main a[href$=factor]"), latin=True
    ),
    Screen(
        "console.account_role_give",
        "/console/accounts/",
        "secadmin",
        ("main tbody a:text-is('sq-cashier')", "main a[href$=roles]"),
        latin=True,
    ),
    Screen(
        "console.account_role_take",
        "/console/accounts/",
        "secadmin",
        (ROW, "main a[href*='/roles/']"),
        latin=True,
    ),
    Screen("console.events", "/console/events", "auditor", latin=True),
    Screen("console.accesses", "/console/accesses", "auditor", latin=True),
    Screen("account.home", "/account/", "sysadmin", latin=True),
    Screen("account.factor", "/account/factor", "sysadmin", latin=True),
    Screen("account.password", "/account/password", "sysadmin"),
)
