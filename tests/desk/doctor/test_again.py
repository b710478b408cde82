"""A patient who comes for the same again; what the patient is allergic to or takes already; what the patient will pay."""

import asyncio
import re

import pytest

from gongji.catalog.values import Item
from gongji.desk.doctor.allergies import allergens, allergy_to
from gongji.gateway.platform import Platform
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.office import open_private
from tests.desk import doctoring
from tests.desk.doctoring import HOSPITAL, WORLD, Visit, as_doctor, as_pharmacist, begun, code_of, form_of
from tests.web.asgi import Browser

DRUG = "苯磺酸氨氯地平片"
SAME_CLASS = "非洛地平缓释片"
PENICILLIN = "阿莫西林胶囊"
SERVICE = "常规心电图检查"
SPENT = re.compile(r"统筹基金付 ([0-9 .]+) 元，患者付 <b>([0-9 .]+) 元")


def patient(number: int) -> str:
    """A member of the world whom no other test here treats."""
    return sorted(WORLD.tables["members_person"], key=lambda row: str(row["psn_no"]))[number]["psn_no"]  # type: ignore[return-value]


async def again(visit: Visit, before: Visit, **more: str) -> int:
    page = await visit.text()
    hidden = form_of(page, f"{visit.address}/again")
    answer = await visit.browser.send_form(f"{visit.address}/again", hidden | {"visit": before.number} | more)
    return answer.status_code


async def test_the_last_visits_diagnoses_drugs_services_and_terms_are_ordered_again(browser: Browser) -> None:
    await as_doctor(browser)
    before = await begun(browser, WORLD.member("retired"))
    await before.diagnosed()
    await before.order(DRUG, days="84", quantity="3")
    await before.post(
        "terms", {"long": "on", "reason": "病情稳定", "fills": "3", "interval": "28", "assessed": "on"}
    )
    assert (await before.issue()).status_code == 302
    await before.service(SERVICE, "45")
    await before.post("charge", {})
    visit = await begun(browser, WORLD.member("retired"))
    assert "照开" in await visit.text()
    assert await again(visit, before) == 302
    text = await visit.text()
    assert "高血压</b>" in text
    assert f'aria-label="删除 {DRUG}"' in text
    assert f'aria-label="删除 {SERVICE}"' in text
    assert 'value="病情稳定"' in text
    assert "须评估并由患者确认" in text  # the patient's state is to be assessed anew
    assert "重复用药" in text
    await visit.post(
        "terms", {"long": "on", "reason": "病情稳定", "fills": "3", "interval": "28", "assessed": "on"}
    )
    assert (await visit.issue()).status_code == 302


async def test_ordering_again_twice_orders_once(browser: Browser) -> None:
    await as_doctor(browser)
    before = await begun(browser, WORLD.member("retired"))
    await before.issued()
    visit = await begun(browser, WORLD.member("retired"))
    hidden = form_of(await visit.text(), f"{visit.address}/again") | {"visit": before.number}
    sent = [browser.send_form(f"{visit.address}/again", hidden) for _ in range(3)]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {302}
    assert (await visit.text()).count(f'aria-label="删除 {DRUG}"') == 1


async def test_pressed_again_on_the_page_that_came_nothing_is_ordered_twice(browser: Browser) -> None:
    await as_doctor(browser)
    before = await begun(browser, WORLD.member("retired"))
    await before.issued()
    visit = await begun(browser, WORLD.member("retired"))
    for _ in range(2):
        assert await again(visit, before) == 302
    assert (await visit.text()).count(f'aria-label="删除 {DRUG}"') == 1


async def test_nothing_of_another_persons_visit_is_ordered(browser: Browser) -> None:
    await as_doctor(browser)
    other = await begun(browser, WORLD.member("chronic"))
    await other.issued()
    visit = await begun(browser)
    hidden = form_of(await visit.text(), f"{visit.address}/seen")
    for number in (other.number, "0", "abc", ""):
        answer = await browser.send_form(f"{visit.address}/again", hidden | {"visit": number})
        assert answer.status_code == 404, number
    assert "还没有医嘱" in await visit.text()


async def test_an_allergy_warns_goes_with_the_sheet_and_is_known_the_next_time(
    browser: Browser, platform: Platform
) -> None:
    await as_doctor(browser)
    visit = await begun(browser, WORLD.member("chronic"))
    await visit.post("seen", {"diagnosis": "J01.900 急性鼻窦炎", "allergies": "青霉素过敏，海鲜"})
    page = await visit.text(f"?item={code_of(PENICILLIN)}")
    fields = form_of(page, f"{visit.address}/add") | {
        "place": "away", "quantity": "1", "dose": "1", "dose_unit": "粒", "frequency": "13", "way": "1", "days": "7",
        "approval": "0",
    }  # fmt: skip
    typed = await browser.send_form(f"{visit.address}/check", fields)
    assert "过敏史里有“青霉素”" in typed.text
    assert (await browser.send_form(f"{visit.address}/add", fields)).status_code == 302
    assert "过敏史：青霉素" in await visit.text()
    answer = await visit.issue()
    found = doctoring.RX.search(answer.headers["location"])
    assert found is not None, answer.text
    async with platform.pool.acquire() as connection:
        case = await prescriptions.case(connection, found[1])
    assert case is not None
    assert dict(open_private(platform.vault, case).more)["algsHis"] == "青霉素过敏，海鲜"
    later = await begun(browser, WORLD.member("chronic"))
    assert 'value="青霉素过敏，海鲜"' in await later.text()
    await as_pharmacist(browser)
    assert "青霉素过敏，海鲜" in (await browser.get(f"/desk/review/{found[1]}")).text


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ("青霉素过敏、海鲜", ("青霉素", "海鲜")),
        ("头孢类抗生素过敏史；对磺胺药过敏", ("头孢", "磺胺")),
        ("无", ()), ("否认药物过敏史", ()), ("", ()), ("，、；", ()), ("药", ()),
    ],
)  # fmt: skip
def test_an_allergy_history_names_substances(history: str, words: tuple[str, ...]) -> None:
    assert allergens(history) == words


def test_a_drug_meets_an_allergy_by_name_or_by_its_family() -> None:
    def item(name: str) -> Item:
        row = WORLD.item(name).row
        return Item(**{key: row.get(key) for key in Item.__struct_fields__ if key in row} | EMPTY)  # type: ignore[arg-type]

    assert allergy_to("青霉素", item(PENICILLIN)) == "青霉素"
    assert allergy_to("阿莫西林过敏", item(PENICILLIN)) == "阿莫西林"
    assert allergy_to("青霉素", item(DRUG)) == ""
    assert allergy_to("无", item(PENICILLIN)) == ""


EMPTY = {"standard_micro": None, "ceiling_micro": None}


async def test_another_drug_of_the_same_class_is_said_while_it_is_typed(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser, WORLD.member("arrears"))
    await visit.diagnosed()
    await visit.order(DRUG)
    answer = await visit.browser.send_form(
        f"{visit.address}/check",
        {"item": code_of(SAME_CLASS), "place": "away", "quantity": "1", "dose": "1", "dose_unit": "片", "frequency": "11",
         "way": "1", "days": "7", "approval": "0"},
    )  # fmt: skip
    assert f"同类药品：本次已开{DRUG}" in answer.text


async def test_what_the_patient_will_pay_is_what_pre_settlement_says_to_the_fen(browser: Browser) -> None:
    await as_doctor(browser)
    for number, benefit in ((WORLD.member("active"), "11"), (WORLD.member("retired"), "13")):
        visit = await begun(browser, number, benefit)
        await visit.diagnosed()
        await visit.service(SERVICE, "333.33")
        await visit.order(DRUG, place="here", price="41.27", quantity="3")
        foretold = SPENT.findall((await visit.text()).replace("\u2009", ""))
        await visit.post("charge", {})
        text = (await visit.text()).replace("\u2009", "")
        assert "已送收费台" in text
        assert SPENT.findall(text) == foretold
        assert len(foretold) == 1


async def test_the_share_is_said_with_the_order_that_is_being_typed(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser, WORLD.member("retired"))
    await visit.diagnosed()
    fields = {"item": code_of(SERVICE), "quantity": "2", "price": "45"}
    typed = await browser.send_form(f"{visit.address}/check", fields)
    (told,) = SPENT.findall(typed.text.replace("\u2009", ""))
    await browser.send_form(f"{visit.address}/add", fields)
    assert told in SPENT.findall((await visit.text()).replace("\u2009", ""))


async def test_only_a_disease_that_the_member_has_been_accepted_for_is_chosen(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser, WORLD.member("chronic"))
    assert "门诊慢特病：" in await visit.text()
    refused = await visit.post("seen", {"kind": "14:M99999"})
    assert refused.status_code == 422
    assert "只能选患者已经办理的病种" in refused.text
    assert (await visit.post("seen", {"kind": "14"})).status_code == 422
    assert (await visit.post("seen", {"kind": "14:M03900"})).status_code == 302
    assert 'value="14:M03900" selected' in await visit.text()
    assert (await visit.post("seen", {"kind": "11"})).status_code == 302
    assert 'value="11" selected' in await visit.text()
    plain = await begun(browser)
    assert "门诊慢特病：" not in await plain.text()


async def test_the_draft_is_sealed_and_the_doctors_own(browser: Browser, platform: Platform) -> None:
    await as_doctor(browser)
    visit = await begun(browser, WORLD.member("retired"))
    await visit.diagnosed()
    await visit.order(DRUG)
    async with platform.pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT content FROM desk_draft WHERE institution = $1 AND kind = 'doctor' AND key = $2",
            HOSPITAL.code,
            visit.number,
        )
    assert len(rows) == 1
    assert DRUG.encode() not in rows[0]["content"]
    assert code_of(DRUG).encode() not in rows[0]["content"]


async def test_deductible_and_ceiling_are_shown_before_anything_was_settled(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser, WORLD.member("chronic"))
    text = await visit.text()
    assert "今年累计起付" in text
    assert "今年统筹报销额度" in text
    assert "年度限额" in text
    away = await begun(browser, WORLD.member("qingyang_active"))
    assert "今年的起付和额度" in await away.text()


async def test_what_was_typed_stays_where_a_diagnosis_is_not_accepted(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser)
    answer = await visit.post(
        "seen", {"diagnosis": "不知道的病", "condition": "头痛三天", "allergies": "花粉", "kind": "13"}
    )
    assert answer.status_code == 422
    for kept in ('value="不知道的病"', 'value="头痛三天"', 'value="花粉"', 'value="13" selected'):
        assert kept in answer.text
    assert "没有诊断不能开具处方" in await visit.text()
