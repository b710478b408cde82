"""How a prescription's history reads on the command line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gongji.prescriptions.case import Event
from gongji.project.cli.prescriptions_text import event_line


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ("institution:P14010090020", "医药机构 P14010090020：库存不足"),
        ("system:gongji", "系统 gongji P14010090020：库存不足"),
    ],
)
def test_an_institution_that_acts_at_itself_is_named_once(actor: str, said: str) -> None:
    at = datetime(2025, 3, 4, 1, tzinfo=UTC)
    event = Event(
        event_no=11, verb="release", state="circulating", at=at, actor=actor, institution="P14010090020",
        reason="库存不足",
    )  # fmt: skip
    assert event_line(event) == f"11 2025-03-04 09:00:00 释放 → 流转中  {said}"
