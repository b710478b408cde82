"""Events and looks in words: no code where a name is known, and nothing lost where none is."""

import pytest

from gongji.console.wording import FIELDS, actor_text, purpose_text
from gongji.gateway.accesses import IDENTITY


def known(code: str) -> str:
    return {"H14010090011": "演示街道社区卫生服务中心"}.get(code, "")


@pytest.mark.parametrize(
    ("actor", "text"),
    [
        ("system:gongji", "系统"),
        ("agency:jihe", "jihe"),
        ("member:1401990000000001", "参保人 1401990000000001"),
        ("institution:H14010090011", "演示街道社区卫生服务中心 H14010090011"),
        ("institution:H14010090011/sq-cashier", "演示街道社区卫生服务中心 H14010090011/sq-cashier"),
        ("institution:H99999999999/x", "机构 H99999999999/x"),
    ],
)
def test_who_acted_has_the_name_of_the_institution(actor: str, text: str) -> None:
    assert actor_text(actor, known) == text


@pytest.mark.parametrize(
    ("purpose", "text"),
    [
        ("1101", "人员信息获取（1101）"),
        ("console.complaint 7", "投诉举报办理（console.complaint）7"),
        ("gongji members show", "gongji members show"),
        ("", ""),
    ],
)
def test_why_somebody_was_looked_at_has_the_name_of_the_page_or_trade(purpose: str, text: str) -> None:
    assert purpose_text(purpose) == text


def test_the_commonest_fields_have_names() -> None:
    assert set(IDENTITY) <= FIELDS.keys()
