"""Words of the law for people: what a place, a status, a reason is called."""

from __future__ import annotations

import re
from typing import Final

from gongji.base.reasons import REASONS, Refusal
from gongji.base.regions import ancestry
from gongji.policy import Law

CODE: Final = re.compile("〔[A-Z_]+〕")
"""A reason's code inside a detail."""


def value_title(law: Law, attribute: str, value: str, region: str = "") -> str:
    """Chinese name of an attribute's value (``place`` ``pharmacy`` → 定点零售药店); the value itself
    when unnamed. Two regions may call the same value differently: the words of ``region`` come first."""
    known = law.library.vocabulary.attributes.get(attribute)
    lineage = ancestry(region) if region else ()
    found = [
        (document.region not in lineage, label)
        for document in law.library.documents.values()
        for name, declared, label in document.declares.labels
        if (name, declared) == (attribute, value) and label
    ]
    if found:
        return min(found, key=lambda one: one[0])[1]
    return dict(known.values).get(value) or value if known else value


def reason_text(code: str) -> str:
    """Chinese text of a reason's code."""
    reason = REASONS.get(code)
    return reason.text if reason else code


def parameter_title(law: Law, name: str) -> str:
    """Chinese name of a parameter such as ``deductible.per_visit``."""
    _, parameter = law.library.vocabulary.split(name)
    return parameter.title if parameter else name


def benefit_title(law: Law, benefit: str) -> str:
    """Chinese name of a benefit."""
    return law.library.vocabulary.benefits.get(benefit, benefit)


def refusal_sentence(refusal: Refusal) -> str:
    """A refusal without its code, for people who do not look codes up."""
    detail = f"：{CODE.sub('', refusal.detail)}" if refusal.detail else ""
    source = refusal.article or refusal.clause or refusal.reason.article
    return f"{refusal.reason.text}{detail}" + (f"（依据 {source}）" if source else "")
