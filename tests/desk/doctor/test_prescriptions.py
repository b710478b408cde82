"""What happens to a prescription at its hospital: reviewed by another than its doctor, returned, answered, withdrawn, confirmed;
and who may not prescribe at all."""

import asyncio
import re
from datetime import datetime

import pytest

from gongji.base.actors import Actor
from gongji.base.times import CHINA
from gongji.demo_data.register import doctors
from gongji.gateway.centre import office_at
from gongji.gateway.platform import Platform
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions import services
from gongji.prescriptions.case import Case
from gongji.project.history.hands import stated
from gongji.providers import staff
from gongji.providers.selectors import refresh
from gongji.providers.writing import Act, Written
from tests.desk import doctoring
from tests.desk.counter import PHARMACY, at_till, counter_on
from tests.desk.doctoring import (
    HOSPITAL,
    WORLD,
    Visit,
    accepted,
    as_doctor,
    as_pharmacist,
    begun,
    form_of,
)
from tests.vaults import VAULT
from tests.web.asgi import Browser, sign_in_as

DRUG = "苯磺酸氨氯地平片"


async def case_of(platform: Platform, rx_no: str) -> Case:
    async with platform.pool.acquire() as connection:
        case = await prescriptions.case(connection, rx_no)
    assert case is not None
    return case


async def written(browser: Browser, *names: str) -> tuple[Visit, str]:
    await as_doctor(browser)
    visit = await begun(browser)
    return visit, await visit.issued(*names)


async def reviewed(browser: Browser, rx_no: str, **fields: str) -> str:
    page = (await browser.get(f"/desk/review/{rx_no}")).text
    answer = await browser.send_form(f"/desk/review/{rx_no}", form_of(page, f"/desk/review/{rx_no}") | fields)
    return answer.text if answer.status_code != 302 else ""


async def withdrawn(browser: Browser, rx_no: str, **fields: str) -> int:
    address = f"/desk/doctor/rx/{rx_no}/withdraw"
    page = (await browser.get(address)).text
    return (await browser.send_form(address, form_of(page, address) | fields)).status_code


async def test_the_paper_says_what_was_prescribed_and_is_what_was_signed(
    browser: Browser, platform: Platform
) -> None:
    visit, rx_no = await written(browser)
    first = await browser.get(f"/desk/doctor/rx/{rx_no}/paper")
    assert first.headers["content-type"] == "application/pdf"
    assert first.content.startswith(b"%PDF")
    assert (await browser.get(f"/desk/doctor/rx/{rx_no}/paper")).content == first.content
    await accepted(browser, rx_no)
    await as_doctor(browser)
    assert (await browser.get(f"/desk/doctor/rx/{rx_no}/paper")).content != first.content
    assert (await case_of(platform, rx_no)).state == "circulating"
    assert visit.number


async def test_a_prescription_sent_twice_is_one(browser: Browser, platform: Platform) -> None:
    await as_doctor(browser)
    visit = await begun(browser)
    await visit.diagnosed()
    await visit.order(DRUG)
    page = (await browser.get(f"{visit.address}/issue")).text
    hidden = form_of(page, f"{visit.address}/issue")
    answers = await asyncio.gather(*(browser.send_form(f"{visit.address}/issue", hidden) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {302}
    async with platform.pool.acquire() as connection:
        key = ((await prescriptions.of_institution(connection, HOSPITAL.code))[0].psn_no, int(visit.number))
        cases = (await prescriptions.cases_of_visits(connection, [key]))[key]
    assert [case.state for case in cases] == ["signed"]
    assert "还没有医嘱" in await visit.text()


async def test_the_pharmacist_returns_with_a_reason_and_the_doctor_answers(
    browser: Browser, platform: Platform
) -> None:
    _, rx_no = await written(browser)
    await as_pharmacist(browser)
    assert rx_no in (await browser.get("/desk/review")).text
    assert "须写明理由" in await reviewed(browser, rx_no, verdict="return", reason="")
    assert await reviewed(browser, rx_no, verdict="return", reason="剂量偏大 <b>请核对</b>") == ""
    assert rx_no not in (await browser.get("/desk/review")).text
    assert "刚被他人处理" in await reviewed(browser, rx_no, verdict="accept", msgid="W1", made=now_text())
    await as_doctor(browser)
    page = (await browser.get(f"/desk/doctor/rx/{rx_no}")).text
    assert "剂量偏大 &lt;b&gt;请核对&lt;/b&gt;" in page
    assert "剂量偏大" in (await browser.get("/desk/doctor")).text
    answered = await browser.send_form(f"/desk/doctor/rx/{rx_no}/answer", {"reason": "血压控制不佳，坚持"})
    assert answered.status_code == 302
    await as_pharmacist(browser)
    assert "医师已答复" in (await browser.get("/desk/review")).text
    assert await reviewed(browser, rx_no, verdict="accept") == ""
    assert (await case_of(platform, rx_no)).state == "circulating"


async def test_what_a_pharmacy_sends_back_is_told_with_its_reason_and_confirmed_by_the_doctor(
    browser: Browser, platform: Platform, world_url: str
) -> None:
    _, rx_no = await written(browser)
    await accepted(browser, rx_no)
    case = await case_of(platform, rx_no)
    async with counter_on(platform, world_url) as counter:
        office = office_at(platform, Actor("member", case.psn_no), platform.now())
        code = stated(await services.show_code(counter.hands.conn, office, case.psn_no, rx_no)).text
        till = await at_till(browser, counter.place(PHARMACY))
        await till.read(code)
        await till.review(rx_no, "refuse", opinion="剂量偏大 <b>请核实</b>")
    assert (await case_of(platform, rx_no)).state == "returned"
    await as_doctor(browser)
    assert "剂量偏大" in (await browser.get("/desk/doctor")).text
    page = (await browser.get(f"/desk/doctor/rx/{rx_no}")).text
    assert f"{PHARMACY}（" in page
    assert "药师审核不通过：</strong>剂量偏大 &lt;b&gt;请核实&lt;/b&gt;" in page
    hidden = form_of(page, f"/desk/doctor/rx/{rx_no}/confirm")
    sent = [browser.send_form(f"/desk/doctor/rx/{rx_no}/confirm", hidden) for _ in range(2)]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {302}
    case = await case_of(platform, rx_no)
    assert case.state == "circulating"
    assert [event.verb for event in case.events].count("confirm") == 1


def now_text() -> str:
    return datetime.now(CHINA).strftime("%Y-%m-%d %H:%M:%S")


async def test_nobody_reviews_his_own_prescription(browser: Browser, platform: Platform) -> None:
    _, rx_no = await written(browser)
    await sign_in_as(
        browser, "doctor", "pharmacist", institution=HOSPITAL.code, staff_code=doctoring.DOCTOR, name="双岗"
    )
    assert "请由其他药师审核" in (await browser.get(f"/desk/review/{rx_no}")).text
    assert "不能审核自己的处方" in await reviewed(
        browser, rx_no, verdict="accept", msgid="W2", made=now_text()
    )
    assert (await case_of(platform, rx_no)).state == "signed"


async def test_two_pharmacists_at_once_put_it_into_circulation_once(
    browser: Browser, platform: Platform
) -> None:
    _, rx_no = await written(browser)
    await as_pharmacist(browser)
    page = (await browser.get(f"/desk/review/{rx_no}")).text
    hidden = form_of(page, f"/desk/review/{rx_no}") | {"verdict": "accept"}
    await asyncio.gather(*(browser.send_form(f"/desk/review/{rx_no}", hidden) for _ in range(3)))
    case = await case_of(platform, rx_no)
    assert [event.verb for event in case.events].count("circulate") == 1


async def test_withdrawing_says_what_happens_and_gives_the_drugs_back(
    browser: Browser, platform: Platform
) -> None:
    visit, rx_no = await written(browser)
    await accepted(browser, rx_no)
    await as_doctor(browser)
    assert "撤销不能恢复" in (await browser.get(f"/desk/doctor/rx/{rx_no}/withdraw")).text
    assert await withdrawn(browser, rx_no, reason="") == 422
    assert await withdrawn(browser, rx_no, reason="调整用药", again="on") == 302
    case = await case_of(platform, rx_no)
    assert (case.state, case.events[-1].reason) == ("withdrawn", "调整用药")
    assert "每天一次，口服" in await visit.text()
    assert (await visit.issue()).status_code == 302
    assert "处方已经结束" in (await browser.get(f"/desk/doctor/rx/{rx_no}/withdraw")).text


async def as_colleague(browser: Browser) -> None:
    await sign_in_as(
        browser, "doctor", "manager", institution=HOSPITAL.code, staff_code=doctors(HOSPITAL)[1], name="同事"
    )


async def test_another_doctors_patients_do_not_exist(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser, WORLD.member("retired"))
    rx_no = await visit.issued()
    await as_colleague(browser)
    for address in (
        visit.address, f"{visit.address}/issue", f"{visit.address}/cancel", f"{visit.address}/find?q=a",
        f"/desk/doctor/rx/{rx_no}", f"/desk/doctor/rx/{rx_no}/paper", f"/desk/doctor/rx/{rx_no}/withdraw",
    ):  # fmt: skip
        assert (await browser.get(address)).status_code == 404, address
    for address in (
        f"{visit.address}/seen", f"{visit.address}/add", f"{visit.address}/drop", f"{visit.address}/terms",
        f"{visit.address}/charge", f"{visit.address}/uncharge", f"{visit.address}/again", f"{visit.address}/cancel",
        f"{visit.address}/check", f"{visit.address}/issue",
        f"/desk/doctor/rx/{rx_no}/answer", f"/desk/doctor/rx/{rx_no}/confirm", f"/desk/doctor/rx/{rx_no}/sign",
    ):  # fmt: skip
        assert (await browser.send_form(address, {"msgid": "W1", "no": "1"})).status_code == 404, address


async def test_who_treats_the_patient_reads_what_a_colleague_did_and_changes_nothing(
    browser: Browser,
) -> None:
    await as_doctor(browser)
    patient = WORLD.member("chronic")
    visit = await begun(browser, patient)
    rx_no = await visit.issued()
    await as_colleague(browser)
    await begun(browser, patient)
    text = await visit.text()
    assert "同事的就诊，只能查看" in text
    assert '<form method="post" action="/desk/doctor' not in text
    assert (await browser.get(f"/desk/doctor/rx/{rx_no}")).status_code == 200
    assert (await browser.get(f"/desk/doctor/rx/{rx_no}/withdraw")).status_code == 403
    assert (await browser.send_form(f"{visit.address}/seen", {"diagnosis": "I10 高血压"})).status_code == 404


async def test_other_institutions_prescriptions_and_visits_do_not_exist(browser: Browser) -> None:
    visit, rx_no = await written(browser)
    other = WORLD.institution("演示街道社区卫生服务中心")
    await as_doctor(browser, other.code, doctors(other)[0])
    for address in (
        visit.address, f"{visit.address}/issue", f"/desk/doctor/rx/{rx_no}", f"/desk/doctor/rx/{rx_no}/paper",
        f"/desk/doctor/rx/{rx_no}/withdraw", "/desk/doctor/visit/abc", "/desk/doctor/visit/99999999999999999999",
        "/desk/doctor/rx/0",
    ):  # fmt: skip
        assert (await browser.get(address)).status_code == 404, address


async def test_a_forged_voucher_a_blocked_card_and_an_expired_one_are_said_in_words(browser: Browser) -> None:
    await as_doctor(browser)
    cards = {row["psn_no"]: str(row["number"]) for row in WORLD.tables["members_credential"]}
    for code, words in (
        ("forged-voucher-0001", "没有查到参保人"),
        (cards[WORLD.member("blocked_card")], "冻结"),
        (cards[WORLD.member("expired_card")], "失效"),
        ("", "请扫描"),
        ("<script>alert(1)</script>", "没有查到参保人"),
    ):
        home = (await browser.get("/desk/doctor")).text
        answer = await browser.send_form(
            "/desk/doctor/identify", form_of(home, "/desk/doctor/identify") | {"code": code}
        )
        assert answer.status_code == 422, code
        assert words in answer.text, code
        assert "<script>alert" not in answer.text


async def test_what_the_member_may_not_enjoy_is_said_before_the_visit(browser: Browser) -> None:
    await as_doctor(browser)
    for member, words in (("paused", "暂停参保"), ("qingyang_active", "异地就医"), ("arrears", "不能享受")):
        home = (await browser.get("/desk/doctor")).text
        hidden = form_of(home, "/desk/doctor/identify")
        code = doctoring.voucher(WORLD.member(member))
        answer = await browser.send_form("/desk/doctor/identify", hidden | {"code": code})
        assert words in answer.text, member


async def test_a_chronic_disease_is_chosen_from_what_the_member_is_entitled_for(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser, WORLD.member("chronic"), "14:M03900")
    assert "门诊慢特病" in await visit.text()
    assert "高血压" in await visit.text()


async def test_an_emergency_sheet_is_for_three_days(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser, benefit="13")
    await visit.diagnosed()
    await visit.order(DRUG, days="4")
    assert "须注明理由" in await visit.text()
    assert 'value="3"' in await visit.text(f"?item={doctoring.code_of(DRUG)}")


async def test_a_long_prescription_needs_reason_and_assessment(browser: Browser, platform: Platform) -> None:
    await as_doctor(browser)
    visit = await begun(browser)
    await visit.diagnosed()
    await visit.order(DRUG, days="84", quantity="3")
    await visit.post("terms", {"long": "on", "reason": "病情稳定", "fills": "3", "interval": "28"})
    assert "须评估并由患者确认" in await visit.text()
    await visit.post(
        "terms", {"long": "on", "reason": "病情稳定", "fills": "3", "interval": "28", "assessed": "on"}
    )
    answer = await visit.issue()
    assert answer.status_code == 302
    found = re.search(r"/rx/(\d+)", answer.headers["location"])
    assert found is not None
    sheet = (await case_of(platform, found[1])).prescription
    assert (sheet.long, sheet.fills, sheet.interval_days, sheet.long_reason) == (True, 3, 28, "病情稳定")


async def test_herbs_are_prescribed_apart_by_dose_and_number_of_doses(
    browser: Browser, platform: Platform
) -> None:
    herbs = [item for item in WORLD.items if item.code.startswith("T")][:2]
    await as_doctor(browser)
    visit = await begun(browser)
    await visit.diagnosed()
    await visit.order(DRUG)
    for herb in herbs:
        assert (
            await visit.order(herb.name, dose="10", days="7", quantity="70", note="先煎")
        ).status_code == 302
    answer = await visit.issue("?kind=herbs")
    assert answer.status_code == 302, answer.text
    found = re.search(r"/rx/(\d+)", answer.headers["location"])
    assert found is not None
    sheet = (await case_of(platform, found[1])).prescription
    assert (sheet.rx_type, len(sheet.drugs), sheet.drugs[0].herb_note) == ("2", 2, "先煎")
    assert "外配处方" in await visit.text()


async def test_an_institution_without_agreement_cannot_prescribe_for_the_pool(browser: Browser) -> None:
    place = WORLD.institution("演示口腔诊所")
    await as_doctor(browser, place.code, doctors(place)[0])
    visit = await begun(browser)
    await visit.diagnosed()
    await visit.order(DRUG)
    assert "现在不能开具处方" in await visit.text()
    assert "签名并送本院药师审核" not in (await browser.get(f"{visit.address}/issue")).text
    assert (await visit.issue_anyway()).status_code == 422


async def test_a_doctor_who_is_in_no_register_is_told_so(browser: Browser) -> None:
    place = WORLD.institution("演示镇卫生院")
    await as_doctor(browser, place.code, "D999999")
    answer = await browser.get("/desk/doctor")
    assert answer.status_code == 403
    assert "人员登记" in answer.text


async def test_a_suspended_doctor_is_told_why_and_issues_nothing(
    browser: Browser, platform: Platform
) -> None:
    place = WORLD.institution("演示区人民医院")
    code = doctors(place)[0]
    await as_doctor(browser, place.code, code)
    visit = await begun(browser)
    await visit.diagnosed()
    await visit.order(DRUG)
    await suspend(platform, place.code, code)
    assert "已被暂停" in (await browser.get("/desk/doctor")).text
    assert "已被暂停" in await visit.text()
    answer = await visit.issue_anyway()
    assert answer.status_code == 422
    assert "已被暂停" in answer.text


async def suspend(platform: Platform, place: str, code: str) -> None:
    at = platform.now()
    today = at.date()
    one, two = (Act(Actor("agency", name), at, "试验") for name in ("甲", "乙"))
    async with platform.pool.acquire() as connection:
        proposed = await staff.propose_suspension(connection, one, place, code, today, None, "超量开药")
        assert isinstance(proposed, Written)
        await staff.second(connection, two, place, proposed.changes[0].spell_no, confirmed=True)
        await refresh(connection, platform.providers, VAULT)


async def test_whoever_looks_at_a_visit_is_recorded_first(browser: Browser, platform: Platform) -> None:
    visit, rx_no = await written(browser)
    async with platform.pool.acquire() as connection:
        rows = await connection.fetch("SELECT actor, purpose FROM members_access ORDER BY access_id")
    purposes = {row["purpose"] for row in rows}
    assert f"desk.doctor.visit 就诊 {visit.number}" in purposes
    await browser.get(f"/desk/doctor/rx/{rx_no}")
    async with platform.pool.acquire() as connection:
        assert await connection.fetchval(
            "SELECT count(*) FROM members_access WHERE purpose = $1", f"desk.doctor.rx 处方 {rx_no}"
        )


async def test_an_old_form_is_not_taken(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser)
    for made in ("2020-01-01 00:00:00", "2999-01-01 00:00:00", "x", ""):
        answer = await browser.send_form(
            f"{visit.address}/seen",
            {"msgid": "W1", "made": made, "med_type": "11", "diagnosis": "I10 高血压"},
        )
        assert answer.status_code == 400
        assert "页面已过期" in answer.text


async def test_a_visit_of_nothing_is_taken_back(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser)
    await visit.service("常规心电图检查", "45")
    page = (await browser.get(f"{visit.address}/cancel")).text
    answer = await browser.send_form(f"{visit.address}/cancel", form_of(page, f"{visit.address}/cancel"))
    assert answer.status_code == 302
    text = await visit.text()
    assert "就诊已撤销" in text
    assert "没有未送出的医嘱" in text
    late = await browser.send_form(f"{visit.address}/seen", {"msgid": "W1", "made": now_text()})
    assert late.status_code == 409


@pytest.mark.parametrize("text", ["没有人得过的病", "Q99", "?? 高血压", "<b>I10 x</b>"])
async def test_a_diagnosis_without_code_or_name_is_said_to_be_none(browser: Browser, text: str) -> None:
    await as_doctor(browser)
    visit = await begun(browser)
    answer = await visit.diagnosed(text)
    assert answer.status_code == 422
    assert "编码 名称" in answer.text


async def test_a_diagnosis_that_the_house_has_made_is_known_by_its_name(browser: Browser) -> None:
    await as_doctor(browser)
    await (await begun(browser)).diagnosed("K29.500 慢性胃炎")
    visit = await begun(browser)
    assert (await visit.diagnosed("慢性胃炎")).status_code == 302
    assert "K29.500" in await visit.text()


async def test_diagnoses_are_ordered_and_dropped(browser: Browser) -> None:
    await as_doctor(browser)
    visit = await begun(browser)
    await visit.diagnosed("I10.x00x002 高血压")
    await visit.diagnosed("E11.900 2型糖尿病")
    text = await visit.text()
    assert text.index("高血压</b>") < text.index("2型糖尿病</b>")
    await visit.post("seen", {"main": "E11.900"})
    text = await visit.text()
    assert text.index("2型糖尿病</b>") < text.index("高血压</b>")
    await visit.post("seen", {"drop": "E11.900"})
    text = await visit.text()
    assert "2型糖尿病</b>" not in text
    assert "高血压</b>" in text
    assert "I10.x00x002 高血压" in text  # offered the next time
