"""The law of a case of the insured side: that of its policy, with the case's fixtures and switches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from gongji.cases import form
from gongji.cases.form import CaseError
from gongji.cases.insured.form import InsuredCase
from gongji.cases.laws import Laws
from gongji.policy import Law, LibraryError, compile_law, extend_library, law_with_fixtures

SINCE: Final = date(2023, 1, 1)


def law_of(laws: Laws, case: InsuredCase) -> Law:
    """The law with ``fixtures`` where no document fixes a value, and ``switches`` instead of what one fixes. Raises CaseError."""
    region = laws.region(case)
    named = {name: value for name, value in case.fixtures.items() if name in form.FIXTURES}
    filling = {name: value for name, value in case.fixtures.items() if name not in form.FIXTURES}
    try:
        law = law_with_fixtures(laws.policy_law(case.policy), region, named)
        law = _extended(law, "FIXTURES", region, filling, fills=True)
        return _extended(law, "SWITCHES", region, case.switches, fills=False)
    except LibraryError as error:
        raise CaseError(f"{laws.file.path}：案例 {case.id}：政策不能使用：{error}") from None


def _extended(law: Law, identity: str, region: str, sets: Mapping[str, Any], *, fills: bool) -> Law:
    if not sets:
        return law
    document = {
        "document": {
            "id": identity,
            "number": "案例设定",
            "title": "案例设定的数值，非政策规定",
            "region": region,
            "status": "operator",
        },
        "in_force": {"from": SINCE},
        "fills": fills,
        "provisions": [{"clause": f"{identity}.1", "text": "案例设定的数值", "sets": dict(sets)}],
        **({} if fills else {"overrides": [{"document": "*"}]}),
    }
    return compile_law(extend_library(law.library, document))
