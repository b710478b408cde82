"""家庭共济 in the portal: an application question by question, the decision, limits, order, ending; and who sees what."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.demo_data import generate
from gongji.gateway import inside
from gongji.gateway.platform import Platform
from gongji.members.family import Binding, bindings_of_owner
from gongji.portal.family import helped_in
from gongji.portal.kin import unbroken
from gongji.portal.settled import Settlement, Sums
from tests.web.asgi import Browser, sign_in_as

WORLD = generate()
OWNER, USER = WORLD.member("active"), WORLD.member("retired")
PEOPLE = {str(row["psn_no"]): row for row in WORLD.tables["members_person"]}
CLINIC = WORLD.institution("演示内科诊所")


async def follow(browser: Browser, answer: httpx.Response) -> httpx.Response:
    assert answer.status_code == 302, answer.text[-2000:]
    return await browser.get(answer.headers["location"])


async def step(browser: Browser, page: httpx.Response, **fields: str) -> httpx.Response:
    """Send the form of a page to the page itself, as a browser does."""
    return await browser.send_form(str(page.url), fields)


async def apply(browser: Browser, user: str, relation: str = "parent") -> str:
    """An application by the signed-in owner; the address of its receipt."""
    person = PEOPLE[user]
    page = await browser.get("/portal/family/apply")
    page = await follow(browser, await step(browser, page, relation=relation))
    assert "是谁" in page.text
    page = await follow(
        browser, await step(browser, page, name=str(person["name"]), cert_no=str(person["cert_no"]))
    )
    assert "证明" in page.text
    page = await follow(browser, await step(browser, page, proof="household_register"))
    assert "核对后提交" in page.text
    assert str(person["name"]) not in page.text
    sent = await step(browser, page, declared="on")
    assert sent.status_code == 302
    again = await step(browser, page, declared="on")
    assert again.headers["location"] == sent.headers["location"], "a second click is the same application"
    return str(sent.headers["location"])


async def decide(browser: Browser, receipt: str, decision: str, reason: str = "") -> httpx.Response:
    await sign_in_as(browser, "first_review", area="14", name="高红")
    return await browser.send_form(
        f"/console/bindings/{receipt.rsplit('/', 1)[1]}", {"decision": decision, "reason": reason}
    )


async def test_a_member_binds_a_parent_who_then_pays_from_the_account(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "member", psn_no=OWNER)
    receipt = await apply(browser, USER)
    shown = await browser.get(receipt)
    assert "待复核" in shown.text
    assert (await decide(browser, receipt, "approve")).status_code == 302
    paid = await sale(platform, USER, "8000.00")
    assert Decimal(str(paid["acct_mulaid_pay"])) > 0
    await sign_in_as(browser, "member", psn_no=OWNER)
    mine = (await browser.get("/portal/family")).text
    assert "今年家人用了我的" in mine
    assert amount(paid["acct_mulaid_pay"]) in mine
    assert CLINIC.name in mine
    await sign_in_as(browser, "member", psn_no=USER)
    theirs = await browser.get("/portal/family")
    assert "今年家人替我付的" in theirs.text
    assert amount(paid["acct_mulaid_pay"]) in theirs.text
    detail = (await browser.get(f"/portal/settlements/{paid['setl_id']}")).text
    assert f"{str(PEOPLE[OWNER]['name'])[0]}*" in detail
    assert str(PEOPLE[OWNER]["name"]) not in detail


def amount(yuan: object) -> str:
    whole, _, cents = f"{Decimal(str(yuan)):,.2f}".partition(".")
    return f"{whole.replace(',', chr(0x2009))}.{cents}"


async def sale(platform: Platform, psn_no: str, total: str) -> dict[str, object]:
    """A visit at the clinic, settled through the trades as its workstation does."""
    operator = inside.Operator(CLINIC.code, "9001", "收费员", "140100")
    item, at = WORLD.item("普通门诊诊察费"), platform.now().astimezone()

    async def trade(infno: str, nodes: dict[str, object]) -> dict[str, object]:
        answer = await inside.trade(platform, operator, infno, nodes, f"T{platform.ids.next()}")
        assert isinstance(answer, inside.Done), answer
        return answer.output

    voucher = {"mdtrt_cert_type": "01", "mdtrt_cert_no": f"demo-voucher-{psn_no[-6:]}"}
    stamp = f"{at:%Y-%m-%d} 09:00:00"
    made = await trade("2201", {"data": {
        "psn_no": psn_no, "insutype": "310", "begntime": stamp, **voucher, "ipt_otp_no": f"V{platform.ids.next()}",
        "atddr_no": "D1", "dr_name": "医师", "dept_code": "01", "dept_name": "内科", "caty": "A03"}})  # fmt: skip
    number = str(made["data"]["mdtrt_id"])  # type: ignore[index]
    row = {
        "feedetl_sn": "1", "mdtrt_id": number, "psn_no": psn_no, "chrg_bchno": "1", "rx_circ_flag": "0", "fee_ocur_time": stamp,
        "med_list_codg": item.code, "medins_list_codg": "本院001", "det_item_fee_sumamt": total, "cnt": 1, "pric": total,
        "bilg_dept_codg": "01", "bilg_dept_name": "内科", "bilg_dr_codg": "D1", "bilg_dr_name": "医师", "hosp_appr_flag": "0",
    }  # fmt: skip
    await trade("2204", {"feedetail": [row]})
    done = await trade("2207", {"data": {
        "psn_no": psn_no, **voucher, "med_type": "11", "medfee_sumamt": total, "psn_setlway": "01", "mdtrt_id": number,
        "chrg_bchno": "1", "acct_used_flag": "1", "insutype": "310", "invono": f"I{number}"}})  # fmt: skip
    info = done["setlinfo"]
    assert isinstance(info, dict)
    return info


async def test_both_sides_see_a_refunded_family_payment_and_the_owner_nothing_that_was_bought(
    browser: Browser, platform: Platform
) -> None:
    user, owner = WORLD.member("family_user"), WORLD.member("family_owner")
    paid = await sale(platform, user, "60.00")
    mutual = Decimal(str(paid["acct_mulaid_pay"]))
    assert mutual > 0
    await sign_in_as(browser, "member", psn_no=owner)
    before = (await browser.get("/portal/family")).text
    assert amount(mutual) in before
    operator = inside.Operator(CLINIC.code, "9001", "收费员", "140100")
    voucher = {"mdtrt_cert_type": "01", "mdtrt_cert_no": f"demo-voucher-{user[-6:]}"}
    undo = {"data": {"psn_no": user, "setl_id": paid["setl_id"], "mdtrt_id": paid["mdtrt_id"], **voucher}}
    undone = await inside.trade(platform, operator, "2208", undo, f"T{platform.ids.next()}")
    assert isinstance(undone, inside.Done), undone
    mine = (await browser.get("/portal/family")).text
    assert "退费，退回您的账户" in mine
    assert WORLD.item("普通门诊诊察费").name not in mine
    statement = (await browser.get("/portal/account?open=1")).text
    assert "家庭共济退费" in statement
    assert str(paid["setl_id"]) not in mine + statement
    assert (await browser.get(f"/portal/settlements/{paid['setl_id']}")).status_code == 404
    await sign_in_as(browser, "member", psn_no=user)
    theirs = (await browser.get("/portal/family")).text
    assert "退费，退回家人的账户" in theirs
    assert str(PEOPLE[owner]["name"]) not in theirs


def test_a_family_payment_belongs_to_the_year_in_which_it_was_paid() -> None:
    """A visit of 31 December settled ten minutes past midnight in China: the owner's account counts it to the new year too."""
    late = Settlement(
        number=1, on=date(2026, 12, 31), at=datetime(2026, 12, 31, 16, 10, tzinfo=UTC), place="某医院", kind="hospital",
        sums=Sums(1_000, 0, 0, 1_000, 0), original_id=None, reversed_by=None, refused=False,
    )  # fmt: skip
    assert helped_in([late], 2027) == [late]
    assert helped_in([late], 2026) == []


async def test_what_is_registered_of_a_relatives_death_is_not_told_to_who_applies(browser: Browser) -> None:
    dead = PEOPLE[WORLD.member("deceased")]
    await sign_in_as(browser, "member", psn_no=WORLD.member("civil_servant"))
    page = await follow(browser, await browser.send_form("/portal/family/apply", {"relation": "parent"}))
    page = await follow(
        browser, await step(browser, page, name=str(dead["name"]), cert_no=str(dead["cert_no"]))
    )
    page = await follow(browser, await step(browser, page, proof="household_register"))
    refused = await step(browser, page, declared="on")
    assert refused.status_code == 400
    assert "这位家人现在不能绑定" in refused.text
    assert "12393" in refused.text
    assert "死亡" not in refused.text
    assert str(dead["died_on"]) not in refused.text


async def test_nobody_binds_relatives_to_the_account_of_somebody_dead(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=WORLD.member("deceased"))
    assert "继承人" in (await browser.get("/portal/family/apply")).text
    home = (await browser.get("/portal/")).text
    assert "也可以给家人用" not in home
    assert "由继承人申请支取" in home


async def test_only_one_person_has_name_and_number_and_which_is_wrong_is_not_told(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=OWNER)
    page = await follow(browser, await browser.send_form("/portal/family/apply", {"relation": "child"}))
    cert_no = str(PEOPLE[WORLD.member("chronic")]["cert_no"])
    other = await step(browser, page, name="没有这人", cert_no=cert_no)
    nobody = await step(browser, page, name="没有这人", cert_no="110101199003070353")
    assert other.status_code == nobody.status_code == 400
    said = re.compile(r"没有找到姓名和证件号码都相符的参保人")
    assert said.search(other.text)
    assert said.search(nobody.text)
    wrong = await step(browser, page, name="张三", cert_no="110101199003070000")
    assert "身份证号码不对" in wrong.text


async def test_oneself_is_no_relative(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=OWNER)
    page = await follow(browser, await browser.send_form("/portal/family/apply", {"relation": "child"}))
    me = PEOPLE[OWNER]
    said = await step(browser, page, name=str(me["name"]), cert_no=str(me["cert_no"]))
    assert said.status_code == 400
    assert "这是您自己" in said.text


async def test_the_relations_offered_are_the_laws_and_no_other_is_taken(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "member", psn_no=OWNER)
    text = (await browser.get("/portal/family/apply")).text
    value = platform.law.value("account.family.relations", "140100", day_in_china(platform.now()))
    assert not isinstance(value, Refusal)
    assert f'href="/law/{value.clause}"' in text
    assert len(re.findall(r'type="radio" name="relation"', text)) == len(value.raw)
    for bent in ("", "friend", "spouse "):
        answer = await browser.send_form("/portal/family/apply", {"relation": bent})
        assert answer.status_code == 400, bent
        assert 'id="id_relation' in answer.text


async def test_a_draft_of_another_member_is_no_draft(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=OWNER)
    page = await follow(browser, await browser.send_form("/portal/family/apply", {"relation": "child"}))
    await sign_in_as(browser, "member", psn_no=WORLD.member("chronic"))
    assert "您要让谁用您的个人账户" in (await browser.get(str(page.url))).text
    for bent in ("draft=AAAA", "draft=%01%FF", "draft=" + "A" * 500):
        assert (await browser.get(f"/portal/family/apply?{bent}")).status_code == 200


async def test_a_refusal_needs_a_reason_which_the_member_reads(browser: Browser) -> None:
    owner, user = WORLD.member("retired"), WORLD.member("chronic")
    await sign_in_as(browser, "member", psn_no=owner)
    receipt = await apply(browser, user, "child")
    silent = await decide(browser, receipt, "refuse")
    assert silent.status_code == 409
    assert "不同意要写明原因" in silent.text
    assert (await decide(browser, receipt, "refuse", "户口簿页缺失")).status_code == 302
    late = await decide(browser, receipt, "approve")
    assert late.status_code == 409
    await sign_in_as(browser, "member", psn_no=owner)
    shown = (await browser.get(receipt)).text
    assert "申请没有通过" in shown
    assert "户口簿页缺失" in shown


async def test_what_was_asked_may_be_taken_back(browser: Browser) -> None:
    owner, user = WORLD.member("civil_servant"), WORLD.member("chronic")
    await sign_in_as(browser, "member", psn_no=owner)
    receipt = await apply(browser, user, "parent")
    await browser.send_form(f"{receipt}/withdraw", {})
    assert "申请已撤回" in (await browser.get(receipt)).text
    assert (await decide(browser, receipt, "approve")).status_code == 409


async def test_an_officer_of_another_area_and_another_member_see_no_application(browser: Browser) -> None:
    owner, user = WORLD.member("retired_in_2024"), WORLD.member("chronic")
    await sign_in_as(browser, "member", psn_no=owner)
    receipt = await apply(browser, user, "parent")
    number = receipt.rsplit("/", 1)[1]
    await sign_in_as(browser, "member", psn_no=user)
    assert (await browser.get(receipt)).status_code == 404
    assert (await browser.send_form(f"{receipt}/withdraw", {})).status_code == 404
    for area, status in (("6210", 404), ("1402", 404), ("1401", 200), ("14", 200)):
        await sign_in_as(browser, "second_review", area=area)
        assert (await browser.get(f"/console/bindings/{number}")).status_code == status
        assert (number in (await browser.get("/console/bindings")).text) == (status == 200)
    for bent in ("0", "9" * 30, "x", "-1"):
        assert (await browser.get(f"/console/bindings/{bent}")).status_code == 404
        assert (await browser.get(f"/portal/family/applications/{bent}")).status_code == 403
    await sign_in_as(browser, "clerk", area="14")
    assert (await browser.get("/console/bindings")).status_code == 403


async def test_who_looks_at_an_application_is_recorded_for_both_persons(
    browser: Browser, platform: Platform
) -> None:
    owner, user = WORLD.member("waiting"), WORLD.member("chronic")
    await sign_in_as(browser, "member", psn_no=owner)
    receipt = await apply(browser, user, "parent")
    await sign_in_as(browser, "first_review", area="14", name="高红")
    await browser.get(f"/console/bindings/{receipt.rsplit('/', 1)[1]}")
    async with platform.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT psn_no FROM members_access WHERE purpose LIKE 'console.binding %' AND psn_no = ANY($1)", [owner, user]
        )  # fmt: skip
    assert {row["psn_no"] for row in rows} == {owner, user}


LENDER, BORROWER = WORLD.member("family_owner"), WORLD.member("family_user")


async def key_of(browser: Browser) -> str:
    await sign_in_as(browser, "member", psn_no=LENDER)
    found = re.search(r'/portal/family/users/([^"/]+)"', (await browser.get("/portal/family")).text)
    assert found is not None
    return found[1]


async def test_the_owner_sets_a_limit_and_lifts_it(browser: Browser) -> None:
    key = await key_of(browser)
    bad = await browser.send_form(f"/portal/family/users/{key}/limit", {"per_year_fen": "abc"})
    assert bad.status_code == 400
    assert "请填金额" in bad.text
    assert (
        await browser.send_form(f"/portal/family/users/{key}/limit", {"per_year_fen": "-1"})
    ).status_code == 400
    done = await follow(
        browser, await browser.send_form(f"/portal/family/users/{key}/limit", {"per_year_fen": "500"})
    )
    assert "每年最多 500.00 元" in done.text
    await sign_in_as(browser, "member", psn_no=BORROWER)
    assert "限额内还可用 500.00 元" in (await browser.get("/portal/family")).text
    await sign_in_as(browser, "member", psn_no=LENDER)
    done = await follow(browser, await browser.send_form(f"/portal/family/users/{key}/limit", {}))
    assert "没有限额" in done.text


async def test_the_user_changes_the_order_of_the_accounts(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=BORROWER)

    async def order() -> list[str]:
        text = (await browser.get("/portal/family")).text
        return re.findall(r"<b>\d\. ([^<]+)</b>", text)

    before = await order()
    assert len(before) == 2
    up = re.search(r'name="up" value="([^"]+)"', (await browser.get("/portal/family")).text)
    assert up is not None
    await browser.send_form("/portal/family/order", {"up": up[1]})
    assert await order() == list(reversed(before))
    await browser.send_form("/portal/family/order", {"up": "nobody"})
    assert await order() == list(reversed(before))
    mine = (await browser.get("/portal/family")).text
    assert mine.count("自 <time>2022-01-01</time>") == 2, "another order begins no binding anew"
    assert "以前授权过我的" not in mine
    await sign_in_as(browser, "member", psn_no=LENDER)
    theirs = (await browser.get("/portal/family")).text
    assert "自 <time>2022-01-01</time>" in theirs
    assert "以前用过我的账户的" not in theirs


async def test_another_members_binding_has_no_page(browser: Browser) -> None:
    key = await key_of(browser)
    await sign_in_as(browser, "member", psn_no=WORLD.member("chronic"))
    for address in (f"/portal/family/users/{key}", f"/portal/family/users/{key}/limit"):
        assert (await browser.get(address)).status_code == 404
    assert (await browser.send_form(f"/portal/family/users/{key}/revoke", {})).status_code == 404


async def test_a_binding_is_ended_after_it_is_said_what_that_means(
    browser: Browser, platform: Platform
) -> None:
    key = await key_of(browser)
    page = await browser.get(f"/portal/family/users/{key}/revoke")
    assert "从今天起" in page.text
    await follow(browser, await browser.send_form(f"/portal/family/users/{key}/revoke", {}))
    assert (await browser.send_form(f"/portal/family/users/{key}/revoke", {})).status_code == 404
    async with platform.pool.acquire() as conn:
        bindings = await bindings_of_owner(conn, LENDER)
    assert all(binding.until_on is not None for binding in bindings)
    assert "以前用过我的账户的（1）" in (await browser.get("/portal/family")).text
    await sign_in_as(browser, "member", psn_no=BORROWER)
    text = (await browser.get("/portal/family")).text
    assert "以前授权过我的（1）" in text
    assert "<b>2. " not in text


@pytest.mark.parametrize(
    ("archetype", "said"),
    [("flexible_without_account", "没有建立个人账户"), ("qingyang_active", "您要让谁用您的个人账户")],
)
async def test_who_has_no_account_cannot_lend_it(browser: Browser, archetype: str, said: str) -> None:
    await sign_in_as(browser, "member", psn_no=WORLD.member(archetype))
    assert said in (await browser.get("/portal/family/apply")).text


def binding(number: int, from_on: date, until_on: date | None, user: str = "U") -> Binding:
    return Binding(user, number, from_on, until_on, "O", "spouse", None, 0)


def test_bindings_that_touch_are_one_and_those_with_a_gap_are_two() -> None:
    first = binding(1, date(2024, 1, 1), date(2024, 3, 31))
    anew = binding(3, date(2024, 4, 1), date(2024, 5, 31))
    again = binding(4, date(2024, 6, 2), None)
    other = binding(5, date(2024, 4, 1), None, "V")
    assert unbroken([again, anew, other, first]) == [
        binding(3, date(2024, 1, 1), date(2024, 5, 31)),
        again,
        other,
    ]
