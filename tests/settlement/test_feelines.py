"""How an institution's fee line enters the calculation."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gongji.catalog.values import Catalogue, ItemSpell, PriceSpell
from gongji.encounters.values import FeeLine
from gongji.kernel import layout
from gongji.settlement.feelines import line_input
from gongji.settlement.lines import NATIONAL_SCOPE, AccountScope
from gongji.settlement.rules import LineInput

DAY = date(2024, 8, 15)


def item(
    code: str, level: str, kind: str = "drug", *, restricted: bool = False, account: bool = True
) -> ItemSpell:
    return ItemSpell(
        code=code, from_on=date(2020, 1, 1), until_on=None, name=f"品{code}", kind=kind, list_type="101",
        chrgitm_lv=level, charge_type="09", spec="", unit="", dosform="", maker="", restricted=restricted,
        restriction="", account_allowed=account, base_drug=False, negotiated=False, child_drug=False,
        prescription_only=False,
    )  # fmt: skip


@pytest.fixture
def catalogue() -> Catalogue:
    made = Catalogue()
    made.merge(
        [
            item("XA", "01"), item("XB", "02"), item("XC", "03"), item("XR", "02", restricted=True),
            item("CB", "02", "consumable"), item("SB", "02", "service"),
        ],
        [PriceSpell("XB", "14", date(2020, 1, 1), None, 10_000_000)],
    )  # fmt: skip
    return made


def line(code: str, **changes: Any) -> FeeLine:
    values: dict[str, Any] = {
        "key": "1", "item": code, "amount_fen": 12_000, "price_micro": 12_000_000, "quantity_e4": 100_000,
        "occurred_at": datetime(2024, 8, 15, tzinfo=UTC),
    }  # fmt: skip
    return FeeLine(**(values | changes))


def treated_line(book: Catalogue, given: FeeLine, on: date, region: str, **more: Any) -> LineInput:
    return line_input(book.get(given.item, on, region), given, **more)


def treated(
    catalogue: Catalogue, code: str, *, at_pharmacy: bool = False, **options: Any
) -> tuple[int, str | None]:
    approval = options.pop("approval", "0")
    given = treated_line(
        catalogue, line(code, approval=approval), DAY, "140800", at_pharmacy=at_pharmacy, **options
    )
    return given.treat, given.reason


def test_a_line_has_the_category_of_the_catalogue(catalogue: Catalogue) -> None:
    assert treated(catalogue, "XA") == (layout.TREAT_A, None)
    assert treated(catalogue, "XB") == (layout.TREAT_B_DRUG, None)
    assert treated(catalogue, "CB") == (layout.TREAT_B_CONSUMABLE, None)
    assert treated(catalogue, "SB") == (layout.TREAT_B_SERVICE, None)
    assert treated(catalogue, "XC") == (layout.TREAT_FULL_SELFPAY, None)


def test_the_payment_standard_of_the_province_times_quantity_limits_a_line(catalogue: Catalogue) -> None:
    """G045: 10 x 12.00 with a standard of 10.00."""
    assert treated_line(catalogue, line("XB"), DAY, "140800", at_pharmacy=False).standard_fen == 10_000
    assert treated_line(catalogue, line("XB"), DAY, "620000", at_pharmacy=False).standard_fen == layout.NONE
    assert treated_line(catalogue, line("XA"), DAY, "140800", at_pharmacy=False).standard_fen == layout.NONE


def test_a_code_outside_the_catalogue_is_full_self_pay_and_says_so(catalogue: Catalogue) -> None:
    assert treated(catalogue, "X999") == (layout.TREAT_FULL_SELFPAY, "OUT_OF_CATALOGUE")
    given = treated_line(catalogue, line("X999", local_item="院内制剂"), DAY, "140800", at_pharmacy=False)
    assert (given.name, given.kind) == ("院内制剂", "drug")


@pytest.mark.parametrize(
    ("code", "kind"), [("Z9", "drug"), ("T9", "drug"), ("C9", "consumable"), ("0019", "service")]
)
def test_an_unknown_codes_form_tells_what_it_is(catalogue: Catalogue, code: str, kind: str) -> None:
    assert treated_line(catalogue, line(code), DAY, "140800", at_pharmacy=False).kind == kind


def test_a_restricted_item_needs_the_institutions_approval(catalogue: Catalogue) -> None:
    assert treated(catalogue, "XR") == (layout.TREAT_FULL_SELFPAY, "RESTRICTED")
    assert treated(catalogue, "XR", approval="1") == (layout.TREAT_B_DRUG, None)


def test_at_a_pharmacy_only_prescribed_drugs_enter_the_pool(catalogue: Catalogue) -> None:
    assert treated(catalogue, "XA", at_pharmacy=True, prescribed={"XA"}) == (layout.TREAT_A, None)
    assert treated(catalogue, "XB", at_pharmacy=True, prescribed={"XA"}) == (
        layout.TREAT_FULL_SELFPAY,
        "NO_PRESCRIPTION",
    )
    assert treated(catalogue, "CB", at_pharmacy=True, prescribed={"CB"}) == (
        layout.TREAT_FULL_SELFPAY,
        "PHARMACY_DRUGS_ONLY",
    )


def test_a_code_that_the_region_lists_takes_its_category_but_stays_full_self_pay_where_it_is(
    catalogue: Catalogue,
) -> None:
    own = {"XA": 5, "XB": 5, "XR": 5}
    treats = [treated(catalogue, code, own_treats=own)[0] for code in ("XA", "XB", "XR", "CB")]
    assert treats == [5, 5, layout.TREAT_FULL_SELFPAY, layout.TREAT_B_CONSUMABLE]


def test_a_chronic_members_lines_draw_on_the_quota(catalogue: Catalogue) -> None:
    given = treated_line(catalogue, line("XA"), DAY, "140800", at_pharmacy=False, chronic=True)
    assert given.flags == layout.FLAG_ACCOUNT | layout.FLAG_CARVE_OUT


@pytest.mark.clause("SX2022-27.art9.b")
def test_a_service_done_at_another_institution_is_full_self_pay(catalogue: Catalogue) -> None:
    given = treated_line(catalogue, line("SB", external_test="1"), DAY, "140800", at_pharmacy=False)
    assert (given.treat, given.reason) == (layout.TREAT_FULL_SELFPAY, "SERVICE_NOT_IN_HOUSE")
    assert (
        treated_line(catalogue, line("SB", external_test="0"), DAY, "140800", at_pharmacy=False).reason
        is None
    )


def test_what_accounts_may_buy_at_a_pharmacy_follows_the_regions_own_list(catalogue: Catalogue) -> None:
    only_drugs = AccountScope(at_pharmacy=frozenset({"drug"}))
    flags = [
        treated_line(catalogue, line("CB"), DAY, "140800", at_pharmacy=True, scope=scope).flags
        & layout.FLAG_ACCOUNT
        for scope in (NATIONAL_SCOPE, only_drugs)
    ]
    assert flags == [layout.FLAG_ACCOUNT, 0]
