"""Quotas of a chronic disease by month, quarter and year: what holds for a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.members.quota import Quota, quota_of
from gongji.members.values import ChronicEntitlement
from gongji.policy import Law, overridden
from tests.settlement.visits import AUGUST, demo_law, law

NONE = layout.NONE


def entitlement(code: str = "M03900", **own: Any) -> ChronicEntitlement:
    values: dict[str, Any] = {"ratio_bp": None, "quota_fen": None} | own
    return ChronicEntitlement(code, "高血压", date(2020, 1, 1), None, **values)


def asked(by: Law, entitled: ChronicEntitlement, region: str = "140800") -> Quota | Refusal:
    return quota_of(by, region, AUGUST, entitled, {"status": "active"})


def test_the_areas_quota_holds_where_the_person_has_none() -> None:
    assert asked(demo_law(), entitlement()) == Quota("M03900", NONE, NONE, 120_000)


def test_the_persons_own_quota_of_a_window_comes_before_the_areas() -> None:
    assert asked(demo_law(), entitlement(quota_fen=50_000)) == Quota("M03900", NONE, NONE, 50_000)


@pytest.mark.clause("SX2022-27.art25.b")
def test_all_windows_that_are_stated_hold_at_once() -> None:
    by = overridden(demo_law(), "14", {"chronic.quota.per_quarter": "400.00"})
    entitled = entitlement(quota_month_fen=15_000, ratio_bp=7_500)
    assert asked(by, entitled) == Quota("M03900", 15_000, 40_000, 120_000, 7_500)


def test_a_quota_that_is_stated_not_to_exist_limits_nothing() -> None:
    by = overridden(law(), "14", {"chronic.quota.per_year": "none"})
    assert asked(by, entitlement()) == Quota("M03900")


def test_a_disease_without_any_stated_window_is_refused() -> None:
    refused = asked(law(), entitlement())
    assert isinstance(refused, Refusal)
    assert refused.code == "PARAMETER_UNSPECIFIED"
    assert "chronic.quota.per_year" in refused.detail


def test_a_window_that_a_document_names_without_an_amount_is_refused_unless_the_person_has_an_own_one() -> (
    None
):
    by = overridden(demo_law(), "14", {"chronic.quota.per_month": "unspecified"})
    refused = asked(by, entitlement())
    assert isinstance(refused, Refusal)
    assert refused.clause is not None
    assert asked(by, entitlement(quota_month_fen=1)) == Quota("M03900", 1, NONE, 120_000)


@pytest.mark.parametrize(
    ("quota", "periodic"),
    [(Quota("M", 1), True), (Quota("M", NONE, 1), True), (Quota("M", NONE, NONE, 1), False)],
)
def test_only_monthly_and_quarterly_quotas_ask_for_the_facts(quota: Quota, *, periodic: bool) -> None:
    assert quota.periodic is periodic
