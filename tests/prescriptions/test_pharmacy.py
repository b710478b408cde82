"""The pharmacy's side on a real database: codes, acceptance, verification, review, sale, return, delivery."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from gongji.base.reasons import Refusal
from gongji.prescriptions import details as d
from gongji.prescriptions import selectors, services
from gongji.prescriptions.advance import Advance
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import open_proxy
from gongji.prescriptions.settling import settle
from gongji.prescriptions.values import Bought, Proxy
from gongji.prescriptions.writing import write
from gongji.stock import selectors as stock
from tests.prescriptions import centre
from tests.prescriptions.centre import (
    AT,
    DAY,
    DOCUMENT,
    HOSPITAL,
    PHARMACY,
    SECOND,
    SUSPENDED_PHARMACY,
    TABLETS,
    A,
    B,
    C,
    code_of,
    done,
    drug,
    granted,
    later,
    office,
)  # fmt: skip
from tests.vaults import VAULT

Conn = asyncpg.Connection
PROXY = Proxy(name="王五", cert_type="01", cert_no="110101199003070935", phone="13900000000", relation="子女")


async def show(conn: Conn, case: Case, **changes: Any) -> services.Code:
    return done(await services.show_code(conn, office(), case.psn_no, case.rx_no, **changes))


async def accepting(conn: Conn, grant: services.Grant, pharmacy: str = PHARMACY, **changes: Any) -> object:
    at = changes.pop("at", AT)
    values = {"token": grant.token, "auth_no": grant.auth_no, "operator": "收银员"} | changes
    return await services.accept(conn, office(at, pharmacy), pharmacy, **values)


# Codes and tokens


@pytest.mark.clause("SX2022-27.art12.b")
async def test_the_members_code_opens_the_prescription_at_any_pharmacy(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    code = await show(conn, case)
    assert len(code.text) <= 40
    grant = done(await services.decode(conn, office(who=SECOND), SECOND, code.text))
    assert isinstance(await accepting(conn, grant, SECOND), services.Accepted)


async def test_only_keyed_digests_of_codes_and_tokens_are_stored(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    code, grant = await show(conn, case), await granted(conn, case)
    stored = await conn.fetch("SELECT * FROM prescriptions_grant WHERE psn_no = $1", case.psn_no)
    assert len(stored) == 2
    assert all(text not in str(row) for row in stored for text in (code.text, grant.token))
    assert code.text not in repr(code)
    assert grant.token not in repr(grant)


async def test_codes_are_not_guessable_from_one_another(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    codes = {(await show(conn, case)).text for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 32 for code in codes)


@pytest.mark.parametrize("text", ["", "A" * 32, "x" * 1_000, "测试", "\0"])
async def test_a_forged_code_is_refused(conn: Conn, text: str) -> None:
    assert code_of(await services.decode(conn, office(who=PHARMACY), PHARMACY, text)) == "RX_CODE_UNKNOWN"


async def test_a_code_is_used_once(conn: Conn) -> None:
    code = await show(conn, await centre.circulating(conn, centre.name()))
    done(await services.decode(conn, office(who=PHARMACY), PHARMACY, code.text))
    assert code_of(await services.decode(conn, office(who=SECOND), SECOND, code.text)) == "RX_CODE_USED"


async def test_a_code_expires(conn: Conn) -> None:
    code = await show(conn, await centre.circulating(conn, centre.name()))
    desk = office(code.until + timedelta(seconds=1), PHARMACY)
    assert code_of(await services.decode(conn, desk, PHARMACY, code.text)) == "RX_CODE_EXPIRED"
    done(await services.decode(conn, office(code.until, PHARMACY), PHARMACY, code.text))


async def test_a_token_is_no_code_and_a_code_no_token(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    code, grant = await show(conn, case), await granted(conn, case)
    assert code_of(await services.decode(conn, office(), PHARMACY, grant.token)) == "RX_CODE_UNKNOWN"
    assert code_of(await accepting(conn, grant, token=code.text)) == "RX_CODE_UNKNOWN"


async def test_an_online_authorisation_is_for_one_pharmacy_and_prescription(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    sn = (await show(conn, case, pharmacy=SECOND)).text
    first, second = office(who=PHARMACY), office(who=SECOND)
    assert (
        code_of(await services.authorise_online(conn, first, PHARMACY, case.rx_no, sn)) == "RX_CODE_FOREIGN"
    )
    assert code_of(await services.authorise_online(conn, second, SECOND, "123", sn)) == "RX_CODE_UNKNOWN"
    assert isinstance(await services.authorise_online(conn, second, SECOND, case.rx_no, sn), services.Grant)


async def test_nobody_shows_a_code_for_anothers_prescription(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    assert code_of(await services.show_code(conn, office(), "SOMEBODY", case.rx_no)) == "RX_NOT_FOUND"


async def test_another_pharmacys_token_is_refused(conn: Conn) -> None:
    grant = await granted(conn, await centre.circulating(conn, centre.name()), PHARMACY)
    assert code_of(await accepting(conn, grant, SECOND)) == "RX_CODE_FOREIGN"


async def test_a_token_needs_its_own_authorisation_number(conn: Conn) -> None:
    grant = await granted(conn, await centre.circulating(conn, centre.name()))
    assert code_of(await accepting(conn, grant, auth_no="1")) == "RX_CODE_UNKNOWN"


async def test_a_token_expires(conn: Conn) -> None:
    grant = await granted(conn, await centre.circulating(conn, centre.name()))
    assert code_of(await accepting(conn, grant, at=grant.until + timedelta(seconds=1))) == "RX_CODE_EXPIRED"


async def test_downloading_one_prescription_ends_the_authorisation_of_the_others(conn: Conn) -> None:
    name = await centre.person(conn, centre.name())
    for _ in range(2):
        visit_id = await centre.visit(conn, name)
        await centre.circulate(conn, done(await services.check(conn, office(), centre.issue(name, visit_id))))
    first, second = done(await services.authorise(conn, office(who=PHARMACY), PHARMACY, name, "voucher"))
    assert isinstance(await accepting(conn, first), services.Accepted)
    assert code_of(await accepting(conn, second)) == "RX_CODE_USED"


async def test_what_is_held_elsewhere_or_over_is_not_listed(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    await centre.accept(conn, case, PHARMACY)
    assert done(await services.authorise(conn, office(who=SECOND), SECOND, case.psn_no, "")) == ()
    own = done(await services.authorise(conn, office(who=PHARMACY), PHARMACY, case.psn_no, ""))
    assert [grant.case.rx_no for grant in own] == [case.rx_no]


async def test_a_pharmacy_whose_agreement_is_suspended_opens_nothing(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    desk = office(who=SUSPENDED_PHARMACY)
    answer = await services.authorise(conn, desk, SUSPENDED_PHARMACY, case.psn_no, "")
    assert code_of(answer) == "PROVIDER_SUSPENDED"


@pytest.mark.clause("SX2022-27.art10.b")
async def test_another_hospital_does_not_fill_a_prescription(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    desk = office(who=centre.OTHER_HOSPITAL)
    assert (
        code_of(await services.authorise(conn, desk, centre.OTHER_HOSPITAL, case.psn_no, "")) == "FORBIDDEN"
    )


# Acceptance and release


async def test_the_pharmacy_that_accepts_holds_for_a_limited_time_and_gets_the_file(conn: Conn) -> None:
    grant = await granted(conn, await centre.circulating(conn, centre.name()))
    taken = await accepting(conn, grant)
    assert isinstance(taken, services.Accepted)
    assert (taken.case.holder, taken.case.held_until) == (PHARMACY, AT + timedelta(minutes=120))
    assert taken.document == DOCUMENT


async def test_a_hold_does_not_outlive_the_prescription(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    held = await centre.accept(conn, case, at=case.prescription.valid_until)
    assert held.case.held_until == case.prescription.valid_until


async def test_a_released_prescription_goes_to_the_next_pharmacy(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    await centre.accept(conn, case, PHARMACY)
    done(await services.release(conn, office(who=PHARMACY), PHARMACY, case.rx_no, "缺药"))
    assert (await centre.accept(conn, case, SECOND)).case.holder == SECOND


async def test_another_pharmacys_hold_is_released_by_nobody_else(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    await centre.accept(conn, case, PHARMACY)
    assert code_of(await services.release(conn, office(who=SECOND), SECOND, case.rx_no)) == "RX_NOT_HELD"


async def test_a_hold_that_has_run_out_stops_nobody_even_before_the_sweep(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    await centre.accept(conn, case, PHARMACY)
    held = await centre.accept(conn, case, SECOND, later(hours=3))
    assert held.case.holder == SECOND
    assert [event.verb for event in held.case.events][-2:] == ["lapse", "accept"]


# Proxies


@pytest.mark.clause("SX2022-27.art12.d")
async def test_a_proxy_is_registered_sealed(conn: Conn) -> None:
    held = await centre.accept(conn, await centre.circulating(conn, centre.name()), proxy=PROXY)
    assert open_proxy(VAULT, held.case) == PROXY
    text = await conn.fetchval(
        "SELECT string_agg(e::text, ' ') FROM prescriptions_event e WHERE psn_no = $1", held.case.psn_no
    )
    assert PROXY.name not in text
    assert PROXY.cert_no not in text


@pytest.mark.clause("SX2022-27.art12.d")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "PROXY_INCOMPLETE"),
        ({"cert_no": " "}, "PROXY_INCOMPLETE"),
        ({"cert_type": "77"}, "PROXY_INCOMPLETE"),
        ({"cert_no": "110101199003070936"}, "CERT_INVALID"),
        ({"name": "王" * 60}, "PROXY_INCOMPLETE"),
    ],
)
async def test_a_proxys_identity_is_checked(conn: Conn, changes: dict[str, str], code: str) -> None:
    grant = await granted(conn, await centre.circulating(conn, centre.name()))
    answer = await accepting(conn, grant, proxy=msgspec.structs.replace(PROXY, **changes))
    assert code_of(answer) == code
    assert isinstance(answer, Refusal)
    assert "王" not in answer.detail


@pytest.mark.clause("SX2022-27.art13.d")
async def test_a_proxy_signs_before_the_sale_is_complete(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()), proxy=PROXY)
    await centre.stock(conn, PHARMACY)
    assert code_of(await selling(conn, held, A, B, C)) == "PROXY_SIGNATURE_MISSING"
    sold = done(await selling(conn, held, A, B, C, signature="签名".encode()))
    event = sold.case.events[-1]
    assert isinstance(event.detail, d.Sold)
    assert len(event.detail.signature) == 64
    assert event.sealed is not None
    assert "签名".encode() not in event.sealed


# Verification and review


async def verifying(conn: Conn, held: centre.Held, **changes: Any) -> object:
    pharmacy = changes.pop("pharmacy", PHARMACY)
    at = changes.pop("at", AT)
    sheet = held.case.prescription
    values = {
        "rx_no": sheet.rx_no,
        "trace_code": sheet.trace_code,
        "token": held.token,
        "document": DOCUMENT,
    } | changes
    return await services.verify(conn, office(at, pharmacy), pharmacy, **values)


async def test_an_untouched_prescription_verifies(conn: Conn) -> None:
    held = await centre.accept(conn, await centre.circulating(conn, centre.name()))
    proof = await verifying(conn, held)
    assert isinstance(proof, services.Verified)
    assert proof.serial == f"SN{HOSPITAL}"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document": DOCUMENT + b" "}, "RX_DOCUMENT_CHANGED"),
        ({"document": b""}, "RX_DOCUMENT_CHANGED"),
        ({"trace_code": "F" * 20}, "RX_TRACE_CODE"),
        ({"token": "A" * 32}, "RX_CODE_UNKNOWN"),
        ({"rx_no": "42"}, "RX_NOT_FOUND"),
        ({"pharmacy": SECOND}, "RX_NOT_HELD"),
        ({"at": later(hours=3)}, "RX_NOT_HELD"),
    ],
)
async def test_what_was_changed_or_is_anothers_does_not_verify(
    conn: Conn, changes: dict[str, Any], code: str
) -> None:
    held = await centre.accept(conn, await centre.circulating(conn, centre.name()))
    assert code_of(await verifying(conn, held, **changes)) == code


async def reviewing(conn: Conn, held: centre.Held, verify_sn: int, **changes: Any) -> object:
    values = {
        "reviewer_code": centre.reviewer_of(PHARMACY), "passed": True, "opinion": "合理", "verify_sn": verify_sn,
        "reviewed_at": AT,
    } | changes  # fmt: skip
    return await services.review(conn, office(who=PHARMACY), PHARMACY, held.case.rx_no, held.token, **values)


async def test_a_review_needs_the_number_of_the_verification(conn: Conn) -> None:
    held = await centre.accept(conn, await centre.circulating(conn, centre.name()))
    assert code_of(await reviewing(conn, held, 1)) == "RX_NOT_VERIFIED"
    proof = await verifying(conn, held)
    assert isinstance(proof, services.Verified)
    assert code_of(await reviewing(conn, held, 1)) == "RX_NOT_VERIFIED"
    done(await reviewing(conn, held, proof.sn))


@pytest.mark.parametrize("reviewer", ["HY9", centre.reviewer_of(SECOND), centre.DOCTOR])
async def test_only_the_pharmacys_own_pharmacist_reviews(conn: Conn, reviewer: str) -> None:
    held = await centre.accept(conn, await centre.circulating(conn, centre.name()))
    assert code_of(await reviewing(conn, held, 1, reviewer_code=reviewer)) == "PHARMACIST_NOT_REGISTERED"


async def test_a_review_that_does_not_pass_says_why(conn: Conn) -> None:
    held = await centre.accept(conn, await centre.circulating(conn, centre.name()))
    assert code_of(await reviewing(conn, held, 1, passed=False, opinion="")) == "MISSING_FIELD"


# Sales


async def selling(
    conn: Conn,
    held: centre.Approved,
    *items: str,
    pharmacy: str = PHARMACY,
    insured: bool = True,
    **changes: Any,
) -> services.Dispensed | Refusal:
    at = changes.pop("at", AT)
    review_sn = changes.pop("review_sn", held.review_sn)
    return await services.dispense(
        conn,
        office(at, pharmacy),
        pharmacy,
        held.case.rx_no,
        review_sn,
        centre.sale(*items, **changes),
        insured=insured,
    )


async def on_shelf(conn: Conn, item: str, pharmacy: str = PHARMACY) -> int:
    return (await stock.on_hand(conn, pharmacy, [item], DAY))[item]


async def test_a_sale_leaves_the_stock_and_its_return_comes_back(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    await centre.stock(conn, PHARMACY)
    before = await on_shelf(conn, A)
    sold = done(await selling(conn, held, A, B, C))
    assert await on_shelf(conn, A) == before - 20_000
    after = done(
        await services.undispense(conn, office(who=PHARMACY), PHARMACY, held.case.rx_no, sold.sale_sn)
    )
    assert await on_shelf(conn, A) == before
    assert (after.state, after.takings) == ("circulating", ())


async def test_what_is_out_of_stock_is_not_sold_and_nothing_is_written(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()), centre.THIRD)
    assert code_of(await selling(conn, held, A, pharmacy=centre.THIRD)) == "OUT_OF_STOCK"
    found = await selectors.case(conn, held.case.rx_no)
    assert found == held.case


async def test_a_sale_needs_the_pharmacys_review(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    assert code_of(await selling(conn, held, A, review_sn=1)) == "RX_NOT_REVIEWED"


async def test_an_old_review_does_not_cover_a_new_hold(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    first = await centre.approved(conn, case)
    done(await services.release(conn, office(who=PHARMACY), PHARMACY, case.rx_no))
    again = await centre.approved(conn, case)
    assert first.review_sn != again.review_sn
    assert code_of(await selling(conn, first, A)) == "RX_NOT_REVIEWED"


async def test_more_than_prescribed_is_not_sold(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    assert code_of(await selling(conn, held, A, quantity=3)) == "RX_QUANTITY_EXCEEDED"


async def test_another_pharmacys_hold_sells_nothing(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    assert code_of(await selling(conn, held, A, pharmacy=SECOND)) == "RX_NOT_HELD"


@pytest.mark.clause("SX2022-27.art14.a")
@pytest.mark.clause("SX2022-27.art14.b")
async def test_what_is_short_goes_to_another_pharmacy_with_a_reason(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    await centre.stock(conn, PHARMACY)
    await centre.stock(conn, SECOND)
    done(await selling(conn, await centre.approved(conn, case), A))
    desk = office(who=PHARMACY)
    done(await services.split(conn, desk, PHARMACY, case.rx_no, "本店缺 B", [B]))
    done(await services.release(conn, desk, PHARMACY, case.rx_no))
    held = await centre.approved(conn, case, SECOND)
    assert code_of(await selling(conn, held, A, pharmacy=SECOND)) == "SAME_DRUG_DIFFERENT_INSTITUTION"
    assert code_of(await selling(conn, held, C, pharmacy=SECOND)) == "RX_SPLIT_REASON_MISSING"
    sold = done(await selling(conn, held, B, pharmacy=SECOND))
    assert {(t.item, t.institution) for t in sold.case.takings} == {(A, PHARMACY), (B, SECOND)}


async def test_a_split_says_why_and_of_what_is_on_the_sheet(conn: Conn) -> None:
    case = (await centre.accept(conn, await centre.circulating(conn, centre.name()))).case
    desk = office(who=PHARMACY)
    assert code_of(await services.split(conn, desk, PHARMACY, case.rx_no, "")) == "MISSING_FIELD"
    answer = await services.split(conn, desk, PHARMACY, case.rx_no, "缺药", ["XNOT"])
    assert code_of(answer) == "RX_ITEM_NOT_ON_PRESCRIPTION"


async def test_an_uninsured_sale_uses_the_prescription_up(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    await centre.stock(conn, PHARMACY)
    sold = done(await selling(conn, held, A, B, C, insured=False))
    assert (sold.case.state, {t.insured for t in sold.case.takings}) == ("filled", {False})


async def test_whole_packages_of_what_was_prescribed_in_tablets(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name(), drug(TABLETS, 20, unit="片"))
    held = await centre.approved(conn, case)
    await centre.stock(conn, PHARMACY, [TABLETS])
    assert code_of(await selling(conn, held, TABLETS, quantity=2)) == "RX_QUANTITY_EXCEEDED"
    sold = done(await selling(conn, held, TABLETS, quantity=1))
    assert (sold.case.state, sold.case.takings[0].quantity_e4) == ("filled", 200_000)


# Settled and dispensed are different facts


async def settled(conn: Conn, case: Case, settlement_id: int, *items: str) -> Case:
    bought = [Bought(item, 20_000, item) for item in items]
    answer = settle(
        case,
        institution=PHARMACY,
        is_issuer=False,
        bought=bought,
        settlement_id=settlement_id,
        at=AT,
        service_on=DAY,
    )
    assert isinstance(answer, Advance), answer
    await write(conn, [answer])
    return answer.case


async def test_what_is_settled_is_taken_back_by_a_refund_only(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    await centre.stock(conn, PHARMACY)
    sold = done(await selling(conn, held, A, B, C))
    await settled(conn, sold.case, 5, A, B, C)
    answer = await services.undispense(conn, office(who=PHARMACY), PHARMACY, held.case.rx_no, sold.sale_sn)
    assert code_of(answer) == "RX_SETTLED"


async def test_a_sale_may_follow_the_settlement(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    await centre.stock(conn, PHARMACY)
    await settled(conn, held.case, 6, A, B, C)
    sold = done(await selling(conn, held, A, B, C, at=later(hours=3)))
    assert all(t.sale_sn and t.settlement_id == 6 for t in sold.case.takings)


async def test_without_a_number_everything_unsettled_of_this_pharmacy_is_taken_back(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    await centre.stock(conn, PHARMACY)
    first = done(await selling(conn, held, A))
    done(await selling(conn, held, B))
    await settled(conn, (await selectors.case(conn, held.case.rx_no)) or first.case, 8, A)
    after = done(await services.undispense(conn, office(who=PHARMACY), PHARMACY, held.case.rx_no))
    assert [t.item for t in after.takings] == [A]


async def test_what_was_never_sold_is_not_taken_back(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    await centre.stock(conn, PHARMACY)
    desk = office(who=PHARMACY)
    assert code_of(await services.undispense(conn, desk, PHARMACY, held.case.rx_no, 1)) == "RX_STATE"
    done(await selling(conn, held, A))
    assert code_of(await services.undispense(conn, desk, PHARMACY, held.case.rx_no, 1)) == "RX_SALE_NOT_FOUND"


# Delivery


async def test_a_delivery_is_followed_and_signed_for_with_addresses_sealed(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, centre.name()))
    await centre.stock(conn, PHARMACY)
    done(await selling(conn, held, A, B, C))
    desk, rx_no = office(who=PHARMACY), held.case.rx_no
    receipt = services.Receipt(received_at=later(hours=2), delivery_no="P1", way="1")
    assert code_of(await services.sign_for(conn, desk, PHARMACY, rx_no, receipt)) == "DELIVERY_UNKNOWN"
    delivery = services.Delivery(
        delivery_no="P1", status="1", status_at=later(hours=1), private=(("delvAddr", "解放路一号"),)
    )
    done(await services.deliver(conn, desk, PHARMACY, rx_no, delivery))
    after = done(await services.sign_for(conn, desk, PHARMACY, rx_no, receipt))
    assert [event.verb for event in after.events][-2:] == ["deliver", "sign_for"]
    text = await conn.fetchval(
        "SELECT string_agg(e::text, ' ') FROM prescriptions_event e WHERE psn_no = $1", after.psn_no
    )
    assert "解放路" not in text


async def test_nobody_delivers_what_another_sold(conn: Conn) -> None:
    case = await centre.circulating(conn, centre.name())
    delivery = services.Delivery(delivery_no="P1", status="1", status_at=AT)
    answer = await services.deliver(conn, office(who=SECOND), SECOND, case.rx_no, delivery)
    assert code_of(answer) == "RX_STATE"


# Long prescriptions


async def test_a_long_prescription_is_fetched_in_three_parts_at_two_pharmacies(conn: Conn) -> None:
    case = await centre.circulating_long(conn, centre.name(), drug(A, 6, 84))
    for pharmacy in (PHARMACY, SECOND):
        await centre.stock(conn, pharmacy)
    for number, pharmacy in enumerate((PHARMACY, SECOND, PHARMACY)):
        at = later(days=28 * number)
        held = await centre.approved(conn, case, pharmacy, at)
        assert held.case.fill == number + 1
        sold = done(await selling(conn, held, A, pharmacy=pharmacy, at=at))
        early = await services.authorise(conn, office(at, SECOND), SECOND, case.psn_no, "")
        assert early == ()
    assert sold.case.state == "filled"
    assert sum(t.quantity_e4 for t in sold.case.takings) == 60_000
