"""One-time codes: RFC 6238, a step around now, sealed for one account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gongji.access import factor
from gongji.base.sealing import SealBroken
from tests.vaults import VAULT

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238's examples."""


@pytest.mark.parametrize(
    ("second", "code"), [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")]
)
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    at = datetime.fromtimestamp(second, UTC)
    assert factor.code_at(SECRET, at) == code
    assert factor.step_of(SECRET, code, at) == second // 30


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False), (90, False)]
)
def test_a_code_is_taken_one_step_early_or_late_and_no_more(seconds: int, taken: bool) -> None:
    at = datetime(2026, 11, 22, 1, 0, 15, tzinfo=UTC)
    code = factor.code_at(SECRET, at + timedelta(seconds=seconds))
    assert (factor.step_of(SECRET, code, at) is not None) == taken


def test_a_blank_in_the_middle_is_no_mistake() -> None:
    at = datetime.fromtimestamp(59, UTC)
    assert factor.step_of(SECRET, "287 082", at) == 1


def test_a_sealed_secret_opens_for_its_own_account_only() -> None:
    sealed = factor.sealed(VAULT, 7, SECRET)
    assert factor.opened(VAULT, 7, sealed) == SECRET
    with pytest.raises(SealBroken):
        factor.opened(VAULT, 8, sealed)


def test_a_new_secret_has_160_bits() -> None:
    assert len(factor.new_secret()) == 32
    assert factor.new_secret() != factor.new_secret()
