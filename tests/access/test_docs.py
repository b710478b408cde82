"""What users and engineers are told about signing in is what the program does."""

from __future__ import annotations

import pytest

from gongji.access import limits
from gongji.web.signin_oidc import UNDER_WAY_S
from tests.tidy.test_tidy import REPO

GUIDE = (REPO / "docs" / "signin.md").read_text("utf-8")
PAGE = (REPO / "docs" / "access.md").read_text("utf-8")


def minutes(span: object) -> int:
    return int(span.total_seconds()) // 60  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "sentence",
    [
        f"没有操作 | {minutes(limits.IDLE)} 分钟；平台的三员 {minutes(limits.IDLE_OFFICER)} 分钟",
        f"不论有没有操作 | {minutes(limits.LONGEST) // 60} 小时",
        f"没有做完后面的步骤 | {minutes(limits.UNFINISHED)} 分钟",
        f"同时在第{' 一二三四五'[limits.SESSIONS + 1]}处登录",
        f"密码连续输错 | {minutes(limits.TRIES_WITHIN)} 分钟内 {limits.TRIES} 次",
        f"{minutes(limits.TRIES_WITHIN)} 分钟内 {limits.TRIES_AT_ADDRESS} 次没有成功的",
        f"{limits.KNOWN_WITHIN.days} 天内您登录成功过的网络地址",
        f"至少 {limits.PASSWORD_LENGTH} 个字符，最多 {limits.PASSWORD_LONGEST} 个",
        f"每 {limits.CODE_STEP_S} 秒一换",
        f"认证必须在 {UNDER_WAY_S // 60} 分钟内完成",
    ],
)
def test_the_guide_names_the_limits_that_hold(sentence: str) -> None:
    assert sentence in GUIDE


def test_the_page_for_engineers_names_the_limits_that_hold() -> None:
    assert f"{limits.TRIES} within {minutes(limits.TRIES_WITHIN)} minutes" in PAGE
    assert f"{minutes(limits.IDLE)} minutes; {minutes(limits.IDLE_OFFICER)} for the three officers" in PAGE
    assert f"{minutes(limits.LONGEST) // 60} hours" in PAGE
