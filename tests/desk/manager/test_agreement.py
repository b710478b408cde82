"""Agreements: what the institution is, what is due, and what it may apply for and report itself; keys without secrets; months."""

from datetime import timedelta
from io import BytesIO

import asyncpg
import pytest
from python_calamine import CalamineWorkbook

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.times import CHINA, add_months
from gongji.desk.manager.agreement import office_of
from gongji.gateway.platform import Platform
from gongji.providers import standing
from gongji.providers.files import dossiers
from gongji.providers.office import Taker
from gongji.providers.selectors import refresh
from gongji.providers.standing import Proposal
from gongji.settlement.sums import institution_sums
from tests.desk.managing import CENTRE, SHOP, WORLD, fields_of
from tests.web.asgi import Browser, sign_in_as

UNPOOLED = WORLD.institution("演示惠民药房（未开通门诊统筹）").code
ENDED = WORLD.institution("演示福康药房（协议已终止）").code


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


async def own(platform: Platform, code: str) -> list[str]:
    async with platform.pool.acquire() as conn:
        return [f"{one.layer}:{one.state}" for one in await dossiers(conn, [code])]


async def test_what_the_institution_is_stands_in_words(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=CENTRE)
    assert "已开通门诊统筹" in (await browser.get("/desk/agreement")).text
    await sign_in_as(browser, "manager", institution=ENDED)
    assert "协议已终止" in (await browser.get("/desk/agreement")).text
    assert "协议已终止" in (await browser.get("/desk/")).text


async def test_a_pharmacy_without_the_pool_applies_hands_in_and_withdraws(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "manager", institution=UNPOOLED)
    assert "申请门诊统筹补充协议" in (await browser.get("/desk/agreement")).text
    form = {"opened_on": "2020-01-01", "level": "", "fee_class": "", "class_document": "", "scope": ""}
    answer = await browser.send_form("/desk/agreement/apply/pooled", form)
    assert answer.status_code == 302, answer.text
    number = answer.headers["location"].rsplit("/", 1)[-1]
    assert "pooled:received" in await own(platform, UNPOOLED)
    dossier = await browser.get(f"/desk/agreement/{number}")
    assert "还缺" in dossier.text
    page = await browser.get(f"/desk/agreement/{number}/supplement")
    proof = page.text.split('name="proof_', 1)[1].split('"', 1)[0]
    lacking = dossier.text.count('class="why"')
    done = await browser.send_form(
        f"/desk/agreement/{number}/supplement", {f"proof_{proof}": "承诺书〔2026〕1 号", "note": ""}
    )
    assert done.status_code == 302, done.text
    assert (await browser.get(f"/desk/agreement/{number}")).text.count('class="why"') == lacking - 1
    assert (await browser.get("/desk/agreement/apply/pooled")).status_code == 409
    await sign_in_as(browser, "manager", institution=CENTRE)
    for step in ("", "/supplement", "/withdraw"):
        assert (await browser.get(f"/desk/agreement/{number}{step}")).status_code == 404
    await sign_in_as(browser, "manager", institution=UNPOOLED)
    assert (
        await browser.send_form(f"/desk/agreement/{number}/withdraw", {"note": "不办了"})
    ).status_code == 302
    assert "pooled:withdrawn" in await own(platform, UNPOOLED)


async def test_an_application_that_was_given_back_is_said_on_the_workbench(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=WORLD.institution("演示口腔诊所").code)
    for address in ("/desk/", "/desk/agreement"):
        assert "门诊统筹补充协议申请已退回补正" in (await browser.get(address)).text, address


async def test_a_prescription_that_waits_is_said_on_the_workbench_of_who_reviews_it(browser: Browser) -> None:
    for role, institution, words, link in (
        ("pharmacist", CENTRE, "张处方待院内审方", "/desk/review"),
        ("pharmacist", SHOP, "张处方待审方", "/desk/till/reviews"),
    ):
        await sign_in_as(browser, role, institution=institution)
        page = (await browser.get("/desk/")).text
        assert words in page
        assert f'href="{link}"' in page
        assert 'class="empty"' not in (await browser.get(link)).text


async def test_a_suspension_stands_in_full_with_its_ground_and_its_days(
    browser: Browser, platform: Platform
) -> None:
    today = platform.now().astimezone(CHINA).date()
    office, code = office_of(platform), WORLD.institution("演示中医诊所").code
    first, second = (Taker(Actor("agency", name), platform.now()) for name in ("经办员甲", "复核员乙"))
    pause = Proposal(from_on=today, until_on=today + timedelta(days=20), ground="risk", note="限期整改")
    async with platform.pool.acquire() as conn:
        number = await standing.adopted(conn, office, first, code, "base")
        assert isinstance(number, int)
        for done in (
            await standing.suspend(conn, office, number, first, pause),
            await standing.confirm(conn, office, number, second),
        ):
            assert not isinstance(done, Refusal), done
        await refresh(conn, platform.providers, platform.vault)
    await sign_in_as(browser, "manager", institution=code)
    page = (await browser.get("/desk/agreement")).text
    for words in (
        "协议中止",
        str(today),
        str(today + timedelta(days=20)),
        "限期整改",
        "不能办理医保结算",
        'class="why"',
    ):
        assert words in page, words
    assert "限期整改" in (await browser.get(f"/desk/agreement/{number}")).text
    assert "协议中止" in (await browser.get("/desk/")).text


async def test_a_change_is_reported_and_waits_for_the_agency(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "manager", institution=CENTRE)
    today = platform.now().date()
    form = {
        "value": "演示路 18 号", "from_on": str(today), "approved_on": str(today),
        "document": "批复 1 号", "note": "",
    }  # fmt: skip
    answer = await browser.send_form("/desk/agreement/report?field=address", form)
    assert answer.status_code == 302, answer.text
    assert "变更已报告，待复核" in (await browser.get(answer.headers["location"])).text
    future = await browser.send_form(
        "/desk/agreement/report?field=address", form | {"approved_on": str(today + timedelta(days=9))}
    )
    assert future.status_code == 422
    assert 'id="id_approved_on_error"' in future.text


async def test_a_report_asks_only_for_what_has_changed_and_shows_words_for_codes(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    shop = (await browser.get("/desk/agreement/report")).text
    assert "收费类别</a>" not in shop, "a pharmacy has no fee class"
    bank = (await browser.get("/desk/agreement/report?field=bank")).text
    assert 'name="bank_number"' in bank
    assert 'name="value"' not in bank
    await sign_in_as(browser, "manager", institution=CENTRE)
    address = "/desk/agreement/report?field=fee_class"
    assert "二类收费价格" in (await browser.get(address)).text
    today = str(platform.now().astimezone(CHINA).date())
    form = {"value": "2", "from_on": today, "approved_on": today, "document": "批复 2 号", "note": ""}
    assert (await browser.send_form(address, form | {"value": "9"})).status_code == 422
    done = await browser.send_form(address, form)
    assert done.status_code == 302, done.text
    assert "收费类别改为 二类收费价格" in (await browser.get(done.headers["location"])).text


async def test_keys_are_shown_with_their_days_and_without_their_secrets(browser: Browser) -> None:
    place = WORLD.institution("演示大药房总店")
    await sign_in_as(browser, "manager", institution=SHOP)
    page = await browser.get("/desk/keys")
    assert place.access_key in page.text
    assert place.secret not in page.text
    assert "有效" in page.text


async def test_months_are_the_sum_of_the_institutions_own_settlements(
    browser: Browser, world_url: str, platform: Platform
) -> None:
    conn = await asyncpg.connect(world_url)
    today = platform.now().date()
    rows = await conn.fetch(
        "SELECT kind, total_fen, pool_fen + chronic_pay_fen AS fund, account_fen, mutual_fen, cash_fen FROM settlement_v_settlement"
        " WHERE provider = $1 AND NOT claim AND settled_at >= $2::date - 330",
        CENTRE, today,
    )  # fmt: skip
    sums = await institution_sums(conn, CENTRE, today.replace(year=today.year - 2), today, "month")
    days = await institution_sums(conn, CENTRE, today.replace(year=today.year - 2), today, "day")
    await conn.close()
    assert sum(one.settled for one in sums) >= sum(row["kind"] == 1 for row in rows) > 20
    assert sum(one.reversed for one in sums) > 0
    for one in sums:
        assert one.total_fen == one.fund_fen + one.account_fen + one.mutual_fen + one.cash_fen
        assert one.total_fen == one.charged_fen - one.refunded_fen
    assert sum(one.total_fen for one in days) == sum(one.total_fen for one in sums)
    await sign_in_as(browser, "manager", institution=CENTRE)
    page = await browser.get("/desk/months")
    assert page.text.count('class="fill"') >= 12
    csv = (await browser.get("/desk/months?as=csv")).content.decode("utf-8-sig").splitlines()
    assert len(csv) == 13
    assert "统筹基金（元）" in csv[0]
    month = await browser.get(f"/desk/months?month={today:%Y-%m}")
    assert f"{today:%Y-%m} 每日合计" in month.text


async def test_the_workbook_of_the_year_agrees_with_the_settlements_to_the_fen_by_month_and_by_kind_of_visit(
    browser: Browser, world_url: str, platform: Platform
) -> None:
    first = add_months(platform.now().astimezone(CHINA).date().replace(day=1), -11)
    conn = await asyncpg.connect(world_url)
    booked = await conn.fetchrow(
        "SELECT count(*) FILTER (WHERE kind = 1) AS settled, sum(total_fen)::bigint AS total,"
        " sum(pool_fen + chronic_pay_fen)::bigint AS fund, sum(cash_fen)::bigint AS cash FROM settlement_v_settlement"
        " WHERE provider = $1 AND NOT claim AND settled_at >= $2::date::timestamp AT TIME ZONE 'Asia/Shanghai'",
        CENTRE, first,
    )  # fmt: skip
    await conn.close()
    await sign_in_as(browser, "manager", institution=CENTRE)
    for by in ("", "&by=type"):
        book = CalamineWorkbook.from_filelike(
            BytesIO((await browser.get(f"/desk/months?as=xlsx{by}")).content)
        )
        rows = book.get_sheet_by_index(0).to_python()
        head = next(number for number, row in enumerate(rows) if "结算笔数" in row)
        table = [row for row in rows[head + 1 :] if isinstance(row[1], float)]
        column = {
            str(name): [round(row[at] * 100) for row in table] for at, name in enumerate(rows[head]) if at
        }
        assert sum(column["结算笔数"]) == booked["settled"] * 100
        assert sum(column["净额（元）"]) == booked["total"]
        assert sum(column["统筹基金（元）"]) == booked["fund"]
        assert sum(column["现金（元）"]) == booked["cash"]
    shown = (await browser.get("/desk/months?by=type")).text
    assert "普通门诊" in shown
    assert "门诊慢特病" in shown


async def test_a_stock_form_carries_its_own_number(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    first, second = await fields_of(browser, "/desk/stock/add"), await fields_of(browser, "/desk/stock/add")
    assert first["msgid"] != second["msgid"]
