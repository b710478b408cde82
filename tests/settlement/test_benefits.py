"""Which benefit a batch is settled under."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.base.reasons import Refusal
from gongji.members.values import ChronicEntitlement
from gongji.settlement.benefits import AS_INPATIENT, DUAL_CHANNEL, ORDINARY, benefit_of
from tests.settlement.visits import law

QINGYANG, SHANXI = "621000", "140800"
MAY = date(2023, 5, 10)


def entitled(treatment: str) -> ChronicEntitlement:
    return ChronicEntitlement("M07800", "肾功能不全", MAY, None, None, None, treatment=treatment)


def benefit(
    region: str, *dual: bool, treatment: str | None = None, at_pharmacy: bool = False
) -> str | Refusal:
    who = None if treatment is None else entitled(treatment)
    return benefit_of(
        law(), region, MAY, entitlement=who, dual_channel=dual or (False,), at_pharmacy=at_pharmacy
    )


@pytest.mark.clause("QY.art20.a")
@pytest.mark.parametrize("treatment", ["chemo_radiotherapy", "dialysis", "anti_rejection", "leukaemia_chemo"])
def test_the_four_treatments_settle_like_inpatient_care(treatment: str) -> None:
    assert benefit(QINGYANG, treatment=treatment) == AS_INPATIENT


def test_a_treatment_is_ordinary_where_the_law_lists_none_and_at_a_pharmacy() -> None:
    assert benefit(SHANXI, treatment="dialysis") == ORDINARY
    assert benefit(QINGYANG, treatment="dialysis", at_pharmacy=True) == ORDINARY
    assert benefit(QINGYANG, treatment="") == ORDINARY


@pytest.mark.clause("QY.art19")
def test_dual_channel_drugs_are_a_benefit_of_their_own_where_their_account_is_kept_apart() -> None:
    assert benefit(QINGYANG, True, True) == DUAL_CHANNEL
    assert benefit(SHANXI, True, True) == ORDINARY


@pytest.mark.clause("QY.art19")
def test_a_batch_that_mixes_dual_channel_drugs_with_others_is_refused_and_told_what_to_do() -> None:
    refused = benefit(QINGYANG, True, False)
    assert isinstance(refused, Refusal)
    assert refused.code == "DUAL_CHANNEL_MIXED"
    assert "chrg_bchno" in refused.text
    assert benefit(SHANXI, True, False) == ORDINARY


def test_a_dual_channel_drug_is_one_within_a_treatment_too() -> None:
    assert benefit(QINGYANG, True, treatment="dialysis") == DUAL_CHANNEL
