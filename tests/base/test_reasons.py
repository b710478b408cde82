"""The closed set of reasons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gongji
from gongji.base.reasons import REASONS, Refusal

GOLDEN = (
    "NO_PRESCRIPTION RX_EXPIRED OFFSITE_TEMPORARY NOT_DESIGNATED NOT_POOLED_PROVIDER NO_VALID_VOUCHER ARREARS WAITING_PERIOD "
    "NO_PERSONAL_ACCOUNT CLINIC_EXCLUDED WORK_INJURY NO_ACTIVE_PARAMETER_VERSION SAME_DRUG_DIFFERENT_INSTITUTION"
)


@pytest.mark.parametrize("code", GOLDEN.split())
def test_the_codes_of_the_golden_cases_are_in_the_set(code: str) -> None:
    assert REASONS[code].code == code


def test_every_reason_has_chinese_words_and_a_group() -> None:
    for reason in REASONS.values():
        assert any("一" <= character <= "鿿" for character in reason.text), reason.code
        assert reason.group


def test_a_refusal_reads_as_a_sentence_with_code_and_article() -> None:
    refusal = Refusal("ARREARS", "2024年5月", "SX2022-27.art26.5a", "晋医保办发〔2022〕27号 第二十六条（五）")
    assert refusal.text == (
        "〔ARREARS〕处于医保欠费期间，统筹基金不予支付：2024年5月（依据 晋医保办发〔2022〕27号 第二十六条（五））"
    )


def test_a_refusal_without_an_article_of_its_own_has_the_reasons_general_one() -> None:
    assert "社会保险法 第三十条" in Refusal("ABROAD").text
    assert "依据" not in Refusal("UNKNOWN_VISIT").text


def test_a_reason_cannot_be_invented() -> None:
    with pytest.raises(ValueError, match="BAD_MOOD"):
        Refusal("BAD_MOOD")


def test_every_reason_that_the_code_gives_is_in_the_set() -> None:
    given = re.compile(r"Refusal\(\s*\"([A-Z][A-Z0-9_]+)\"")
    sources = sorted(Path(gongji.__file__).parent.rglob("*.py"))
    found = {(path.name, code) for path in sources for code in given.findall(path.read_text("utf-8"))}
    assert len(found) > 100
    assert [(name, code) for name, code in sorted(found) if code not in REASONS] == []
