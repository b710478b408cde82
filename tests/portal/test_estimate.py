"""这次要花多少钱: the answer is pre-settlement's to the fen, the law compares, nothing is written, mistakes are named."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest
from django.http import QueryDict

from gongji.base.money import format_yuan
from gongji.base.times import CHINA
from gongji.catalog.values import Item
from gongji.demo_data import generate
from gongji.gateway import inside
from gongji.gateway.platform import Platform
from gongji.portal.asking import AMOUNTS, Good, Question, asked, lines_of
from gongji.portal.assuming import Counted, assumptions
from gongji.portal.comparing import Place
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.granting import OPEN_STATES
from gongji.providers.values import ProviderDay
from tests.gateway.test_outpatient import row_counts
from tests.portal.test_settlements import shown
from tests.web.asgi import Browser, sign_in_as

WORLD = generate()
ME = WORLD.member("active")
HOSPITAL = WORLD.institution("演示省人民医院")
DRUG = WORLD.item("阿托伐他汀钙片")
RESULT = "/portal/estimate/result"


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    """The demonstration with its past: the year has used something."""
    return lived_url


class Counter:
    """The counter of an institution: what its pre-settlement says of a bill of a member now."""

    def __init__(self, platform: Platform, place: str) -> None:
        self.platform = platform
        self.place = WORLD.institution(place)
        self.stamp = f"{platform.now().astimezone(CHINA):%Y-%m-%d} 00:00:30"

    async def trade(self, infno: str, nodes: dict[str, Any]) -> dict[str, Any]:
        operator = inside.Operator(self.place.code, "9001", "收费员", "140100")
        answer = await inside.trade(self.platform, operator, infno, nodes, f"T{self.platform.ids.next()}")
        assert isinstance(answer, inside.Done), answer
        return answer.output

    async def presettled(self, psn_no: str, rows: list[dict[str, Any]], total: str) -> dict[str, Any]:
        """2206 at a hospital or clinic, 2101 at a pharmacy."""
        asked = self._sale if self.place.kind == "pharmacy" else self._visit
        info: dict[str, Any] = (await asked(psn_no, rows, total))["setlinfo"]
        return info

    async def _visit(self, psn_no: str, rows: list[dict[str, Any]], total: str) -> dict[str, Any]:
        voucher = {"mdtrt_cert_type": "01", "mdtrt_cert_no": f"demo-voucher-{psn_no[-6:]}"}
        made = await self.trade("2201", {"data": {
            "psn_no": psn_no, "insutype": "310", "begntime": self.stamp, **voucher, "ipt_otp_no": f"V{self.platform.ids.next()}",
            "atddr_no": "D1", "dr_name": "医师", "dept_code": "01", "dept_name": "内科", "caty": "A03"}})  # fmt: skip
        number = made["data"]["mdtrt_id"]
        same = {
            "mdtrt_id": number, "psn_no": psn_no, "chrg_bchno": "1", "rx_circ_flag": "0", "fee_ocur_time": self.stamp,
            "medins_list_codg": "本院001", "bilg_dept_codg": "01", "bilg_dept_name": "内科", "bilg_dr_codg": "D1",
            "bilg_dr_name": "医师", "hosp_appr_flag": "0",
        }  # fmt: skip
        await self.trade(
            "2204", {"feedetail": [{"feedetl_sn": str(n), **same, **row} for n, row in enumerate(rows, 1)]}
        )
        return await self.trade("2206", {"data": {
            "psn_no": psn_no, **voucher, "med_type": "11", "medfee_sumamt": total, "psn_setlway": "01", "mdtrt_id": number,
            "chrg_bchno": "1", "acct_used_flag": "1", "insutype": "310", "invono": f"I{number}"}})  # fmt: skip

    async def _sale(self, psn_no: str, rows: list[dict[str, Any]], total: str) -> dict[str, Any]:
        voucher = {"mdtrt_cert_type": "01", "mdtrt_cert_no": f"demo-voucher-{psn_no[-6:]}"}
        bill = f"B{self.platform.ids.next()}"
        return await self.trade("2101", {
            "druginfo": {
                "psn_no": psn_no, **voucher, "begntime": self.stamp, "medfee_sumamt": total, "insutype": "310", "med_type": "41",
                "acct_used_flag": "1", "invono": "", "fixmedins_setl_cnt": bill},
            "drugdetail": [
                {"feedetl_sn": str(n), "rxno": "", "rx_circ_flag": "0", "fee_ocur_time": self.stamp, "medins_list_codg": "本店001",
                 "hosp_appr_flag": "0", **row}
                for n, row in enumerate(rows, 1)
            ],
        })  # fmt: skip


def fen(yuan: object) -> int:
    return int(Decimal(str(yuan or 0)) * 100)


async def test_the_page_says_what_the_hospitals_presettlement_says(
    browser: Browser, platform: Platform
) -> None:
    item = platform.catalogue.get(DRUG.code, platform.now().date(), "140100")
    assert item is not None
    rows = [{"med_list_codg": DRUG.code, "cnt": 3, "pric": "31.37", "det_item_fee_sumamt": "94.11"}]
    info = await Counter(platform, HOSPITAL.name).presettled(ME, rows, "94.11")
    await sign_in_as(browser, "member", psn_no=ME)
    text = (await browser.get(f"{RESULT}?where={HOSPITAL.code}&item={DRUG.code}&quantity=3&price=31.37")).text
    assert f"在{HOSPITAL.name}" in text
    assert f'<td class="money">{shown(fen(info["hifp_pay"]))}</td>' in text
    assert f"{shown(fen(info['psn_part_amt']))} 元" in text
    assert f'<td class="money">{shown(fen(info["psn_cash_pay"]))}</td>' in text
    assert format_yuan(fen(info["preselfpay_amt"])) in text


MEMBERS = (
    "active", "retired", "chronic", "family_user", "empty_account", "civil_servant", "flexible_with_account",
    "filed_in_province", "retired_in_2024", "arrears", "waiting", "flexible_without_account",
)  # fmt: skip
PLACES = (
    "演示省人民医院", "演示区人民医院", "演示街道社区卫生服务中心", "演示内科诊所", "演示大药房总店", "演示市运城中心医院",
)  # fmt: skip


def bill(chance: Random, *, drugs_only: bool) -> list[tuple[str, str, str]]:
    """One to five different goods at prices about their own: code, quantity, price."""
    goods = [item for item in WORLD.items if item.kind == "drug" or not drugs_only]
    found = []
    for item in chance.sample(goods, chance.randint(1, 5)):
        cents = max(1, item.price_micro * chance.randint(50, 160) // 1_000_000)
        found.append((item.code, str(chance.randint(1, 6)), format_yuan(cents)))
    return found


@pytest.mark.parametrize("archetype", MEMBERS)
async def test_whoever_asks_about_whatever_bill_is_told_the_presettlement_to_the_fen(
    browser: Browser, platform: Platform, archetype: str
) -> None:
    psn_no = WORLD.member(archetype)
    chance = Random(f"estimate {archetype}")
    await sign_in_as(browser, "member", psn_no=psn_no)
    for place in chance.sample(PLACES, 3):
        counter = Counter(platform, place)
        pharmacy = counter.place.kind == "pharmacy"
        goods = bill(chance, drugs_only=pharmacy)
        amounts = [fen(price) * int(quantity) for _, quantity, price in goods]
        rows = [
            {"med_list_codg": code, "cnt": quantity, "pric": price, "det_item_fee_sumamt": format_yuan(amount)}
            for (code, quantity, price), amount in zip(goods, amounts, strict=True)
        ]  # fmt: skip
        info = await counter.presettled(psn_no, rows, format_yuan(sum(amounts)))
        query = "&".join(f"item={code}&quantity={quantity}&price={price}" for code, quantity, price in goods)
        page = await browser.get(
            f"{RESULT}?where={counter.place.code}&{query}{'&rx=none' if pharmacy else ''}"
        )
        assert page.status_code == 200
        cells = re.findall(r'<td class="money">([^<]*)</td>', page.text)[:5]
        mutual_fen, accounts_fen = fen(info["acct_mulaid_pay"]), fen(info["acct_pay"])
        told = (
            fen(info["hifp_pay"]),
            accounts_fen - mutual_fen,
            mutual_fen,
            fen(info["psn_cash_pay"]),
            sum(amounts),
        )
        assert cells == [shown(one) for one in told], (place, goods)


async def test_classes_of_places_are_compared_and_the_cheapest_is_named(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    text = (await browser.get(f"{RESULT}?where=class1&drug_a=300.00")).text
    borne = {
        name: int(yuan.replace("\u2009", "").replace(".", ""))
        for name, yuan in re.findall(
            r'<tr><th scope="row">([^<（]+?)(?: <small[^>]*>（这次）</small>)?</th><td class="money">[^<]*</td>'
            r'<td class="money"><b>([^<]+)</b>',
            text,
        )
    }
    assert len(borne) == 4
    chosen, least = borne["一类收费价格医疗机构"], min(borne.values())
    assert least < chosen
    assert "在三类收费价格及以下医疗机构看可以少付" in text
    assert f"<b>{shown(chosen - least)} 元</b>" in text
    assert "可以少付" not in (await browser.get(f"{RESULT}?where=class3&drug_a=300.00")).text


async def test_a_pharmacy_is_compared_only_for_drugs_and_asks_for_a_prescription(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    assert "定点零售药店</th>" not in (await browser.get(f"{RESULT}?where=class1&service_a=80")).text
    assert "定点零售药店</th>" in (await browser.get(f"{RESULT}?where=class1&drug_a=80")).text
    without = (await browser.get(f"{RESULT}?where=pharmacy&drug_a=80&rx=none")).text
    assert "没有门诊统筹定点医疗机构开具的处方" in without
    assert "统筹基金不付" in without
    assert "统筹基金不付" not in (await browser.get(f"{RESULT}?where=pharmacy&drug_a=80&rx=new")).text


async def test_accounts_pay_only_when_the_member_lets_them(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    text = (await browser.get(f"{RESULT}?where=class1&drug_a=100&own=0&family=0")).text
    assert re.search(r'本人个人账户</th><td class="money">0\.00</td>', text)
    assert re.search(r'家庭共济账户</th><td class="money">0\.00</td>', text)


async def test_an_estimate_leaves_no_trace(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    await browser.get("/portal/estimate")
    before = await row_counts(platform)
    assert (await browser.get(f"{RESULT}?where=class1&drug_b=120.50")).status_code == 200
    assert await row_counts(platform) == before


async def test_items_are_found_by_name_initials_and_code_and_added_once(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    for words in ("阿托伐", "atft", DRUG.code):
        text = (await browser.get(f"/portal/estimate/goods?where=class1&q={words}")).text
        assert f'name="add" value="{DRUG.code}"' in text, words
    added = await browser.get(f"/portal/estimate/goods?where=class1&q=阿托伐&drug_a=5&add={DRUG.code}")
    assert added.status_code == 302
    address = added.headers["location"]
    assert address.count(DRUG.code) == 1
    assert "drug_a=5" in address
    again = await browser.get(f"{address}&add={DRUG.code}")
    assert again.headers["location"].count(DRUG.code) == 1
    dropped = await browser.get(f"{address}&drop=0")
    assert DRUG.code not in dropped.headers["location"]
    assert "drug_a=5" in dropped.headers["location"]


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("", "q", "请先选一个项目，或填一个金额"),
        ("drug_a=abc", "drug_a", "请填金额"),
        ("drug_a=-5", "drug_a", "金额要大于 0"),
        ("drug_a=5.001", "drug_a", "请填金额"),
        ("item=NOSUCH&quantity=1&price=1", "quantity-0", "目录里没有这个项目"),
        (f"item={DRUG.code}&quantity=0&price=1", "quantity-0", "请填大于 0 的数"),
        (f"item={DRUG.code}&quantity=1&price=", "price-0", "请填单价"),
        (f"item={DRUG.code}&quantity=1000000&price=9999999", "price-0", "金额太小或太大"),
        ("drug_a=5&on=2026-13-01", "on", "请填 2026-11-21 这样的日期"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    browser: Browser, query: str, field: str, said: str
) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    answer = await browser.get(f"/portal/estimate/goods?where=class1&go=1&{query}")
    assert answer.status_code == 200
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert said in answer.text
    result = await browser.get(f"{RESULT}?where=class1&{query}")
    assert result.status_code == 302
    assert result.headers["location"].startswith("/portal/estimate/goods?")


async def test_a_place_that_does_not_exist_leads_back_to_the_first_question(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    for where in ("nowhere", "", "H99999999999"):
        answer = await browser.get(f"/portal/estimate/goods?where={where}")
        assert answer.status_code == 302
        assert answer.headers["location"].startswith("/portal/estimate?")


async def test_institutions_are_found_by_name_and_near_home(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    text = (await browser.get("/portal/estimate?name=康民")).text
    assert "演示康民药房" in text
    assert "附近的" in text
    assert "没有找到名字里有" in (await browser.get("/portal/estimate?name=不存在的医院")).text


async def test_a_region_with_a_draft_is_estimated_with_a_warning(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=WORLD.member("qingyang_active"))
    assert "三级医疗机构" in (await browser.get("/portal/estimate")).text
    text = (await browser.get(f"{RESULT}?where=level3&drug_a=1000")).text
    assert "征求意见稿" in text
    assert f"{shown(65000)} 元" in text, "300 起付，其余 700 报销一半"


async def test_who_is_in_arrears_is_told_that_the_pool_pays_nothing_and_why(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=WORLD.member("arrears"))
    text = (await browser.get(f"{RESULT}?where=class1&drug_a=100")).text
    assert "统筹基金不付" in text
    assert "补缴" in text


async def test_a_day_without_law_is_refused_in_words(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    answer = await browser.get(f"{RESULT}?where=class1&drug_a=100&on=2039-01-01")
    assert answer.status_code == 200
    assert "现在算不出来" in answer.text


def test_the_address_of_a_question_is_read_back_as_it_was() -> None:
    question = Question(
        where="class1",
        on="2026-11-22",
        goods=(Good("X1", "2", "3.50"), Good("X2", "1", "")),
        amounts={"drug_a": "5"},
        own=False,
    )
    assert asked(QueryDict(question.query())) == question


def test_every_amount_becomes_a_line_of_its_category() -> None:
    question = Question(amounts={one.name: "1.23" for one in AMOUNTS})
    lines, faults = lines_of(question, lambda _: None)
    assert not faults
    assert [line.amount_fen for line in lines] == [123] * len(AMOUNTS)
    assert [line.stands_for.name for line in lines if line.stands_for] == [one.title for one in AMOUNTS]


async def test_a_prescription_in_hand_fills_the_form_and_is_priced_with_its_visits_deductible(
    browser: Browser, platform: Platform
) -> None:
    async with platform.pool.acquire() as conn:
        cases = [
            case for person in ("active", "chronic", "filed_in_province")
            for case in await prescriptions.of_person(conn, WORLD.member(person), OPEN_STATES)
        ]  # fmt: skip
    assert cases, "the demonstration's past leaves prescriptions that wait"
    case = cases[0]
    await sign_in_as(browser, "member", psn_no=case.psn_no)
    pharmacy = WORLD.institution("演示大药房总店").code
    text = (await browser.get(f"/portal/estimate/goods?where={pharmacy}&rx={case.rx_no}")).text
    assert f'<option value="{case.rx_no}" selected>' in text
    typed = {
        name: re.findall(rf'name="{name}" value="([^"]*)"', text) for name in ("item", "quantity", "price")
    }
    assert typed["item"] == [drug.item for drug in case.prescription.drugs if drug.item in typed["item"]]
    query = "&".join(
        f"item={item}&quantity={quantity}&price={price or '20.00'}"
        for item, quantity, price in zip(*typed.values(), strict=True)
    )
    result = (await browser.get(f"{RESULT}?where={pharmacy}&rx={case.rx_no}&{query}")).text
    assert "大约要您自己负担" in result
    assert "统筹基金不付" not in result
    assert "用您手里的处方" in result


async def test_a_prescription_that_is_not_in_hand_is_refused_in_the_same_words_whatever_it_is(
    browser: Browser, platform: Platform
) -> None:
    async with platform.pool.acquire() as conn:
        waiting = [
            (person, case) for person in ("active", "chronic", "filed_in_province")
            for case in await prescriptions.of_person(conn, WORLD.member(person), OPEN_STATES)
        ]  # fmt: skip
        row = await conn.fetchrow(
            "SELECT psn_no, rx_id FROM prescriptions_current WHERE state = 'filled' LIMIT 1"
        )
    assert row is not None
    person, case = waiting[0]
    pharmacy = WORLD.institution("演示大药房总店").code
    asked_by = [
        (WORLD.member("retired"), case.rx_no),
        (WORLD.member(person), "912169235086258176"),
        (WORLD.member(person), "-1"),
        (row["psn_no"], str(row["rx_id"])),
    ]
    for psn_no, number in asked_by:
        await sign_in_as(browser, "member", psn_no=psn_no)
        sent = await browser.get(f"{RESULT}?where={pharmacy}&drug_a=80&rx={number}")
        assert sent.status_code == 302, number
        page = await browser.get(sent.headers["location"])
        assert page.status_code == 200
        assert "您没有这张可以取药的处方" in page.text
        assert 'href="#rx"' in page.text
        assert 'id="rx"' in page.text
        assert f'value="{number}"' not in page.text
        assert not any(drug.name in page.text for drug in case.prescription.drugs if psn_no != case.psn_no)


async def test_kinds_of_places_are_told_by_institutions_that_one_knows(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    text = (await browser.get("/portal/estimate")).text
    assert re.search(r"一类收费价格医疗机构</b><small[^>]*>如 演示省人民医院", text)
    assert "庆阳" not in text


def test_an_estimate_says_what_it_takes_for_granted() -> None:
    here, today = date(2026, 11, 22), date(2026, 11, 22)
    pharmacy = Place("定点零售药店", day("pharmacy"))
    hospital = Place("某医院", day("hospital"), "H1")
    plain = AMOUNTS[0].item
    limited = msgspec.structs.replace(plain, name="某药", restricted=True, restriction="限二线用药")

    def said(question: Question, place: Place, items: list[Item], on: date = here, drugs: str = "") -> str:
        return "".join(assumptions(question, place, items, on, today, drugs, Counted(True, True)))

    visit = said(Question(), hospital, [plain])
    assert "今天有效的规定" in visit
    assert "单独的一次就诊" in visit
    assert "处方" not in visit
    assert "任何一家" not in visit
    assert "2026-12-01 以前没有别的就诊" in said(Question(), hospital, [], date(2026, 12, 1))
    assert "2025-01-02 有效的规定" in said(Question(), hospital, [], date(2025, 1, 2))
    assert "医生开了电子处方" in said(Question(), pharmacy, [])
    assert "定点零售药店里的任何一家" in said(Question(), pharmacy, [])
    assert "没有处方" in said(Question(rx="none"), pharmacy, [])
    assert "某药有限定支付范围（限二线用药），没有医生确认符合，按自费" in said(
        Question(), hospital, [limited]
    )
    in_hand = said(Question(rx="912"), pharmacy, [limited], drugs="某药")
    assert "用您手里的处方（某药）" in in_hand
    assert "按自费" not in in_hand
    assert "不用本人账户和家人的账户" in said(Question(own=False, family=False), hospital, [])
    assert "不知道支付标准" in said(Question(amounts={"drug_a": "5"}), hospital, [])


def day(kind: str) -> ProviderDay:
    return ProviderDay(
        code="", name="", region="140100", kind=kind, hosp_lv="", designated=True, pooled_agreement=True, fee_class="",
        level="", direct_settlement=True,
    )  # fmt: skip
