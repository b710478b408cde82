"""Orders while they are written: what the prescription centre would say is said at the field, and nothing is lost or sent twice."""

import asyncio

import pytest

from gongji.catalog.restrictions import Restriction
from gongji.catalog.values import ItemSpell
from gongji.encounters import selectors as encounters
from gongji.gateway.platform import Platform
from tests.desk import doctoring
from tests.desk.doctoring import HOSPITAL, WORLD, Visit, as_doctor, begun, code_of
from tests.web.asgi import Browser

DRUG = "苯磺酸氨氯地平片"
HTML = '<img src=x onerror="alert(1)">"\'&'


@pytest.fixture
async def visit(browser: Browser) -> Visit:
    await as_doctor(browser)
    opened = await begun(browser)
    await opened.diagnosed()
    return opened


async def checked(visit: Visit, name: str, **fields: str) -> str:
    """What is said while the order is typed."""
    code = code_of(name)
    given = {
        "item": code, "place": "away", "quantity": "1", "dose": "1", "dose_unit": "片", "frequency": "11", "way": "1",
        "days": "7", "approval": "0",
    }  # fmt: skip
    answer = await visit.browser.send_form(
        f"{visit.address}/check", given | fields, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    return answer.text


async def test_an_order_that_may_be_written_is_said_to_be_good(visit: Visit) -> None:
    text = await checked(visit, DRUG)
    assert "可以开具" in text
    assert "需要 7片，即 1盒" in text


async def test_more_than_the_usual_days_asks_for_a_reason_and_the_terms_give_it(visit: Visit) -> None:
    assert "须注明理由" in await checked(visit, DRUG, days="8")
    assert (await visit.order(DRUG, days="8")).status_code == 302
    assert "须注明理由" in await visit.text()
    await visit.post("terms", {"reason": "外出十天"})
    assert "须注明理由" not in await visit.text()


async def test_a_quantity_beyond_the_law_is_refused_where_it_is_typed(visit: Visit) -> None:
    assert "最长" in await checked(visit, DRUG, days="200")
    answer = await visit.order(DRUG, days="200")
    assert answer.status_code == 422
    assert "超过最长可开具的期限" in answer.text
    assert "data-error-summary" in answer.text
    assert f"（{code_of(DRUG)}" not in answer.text
    assert "还没有医嘱" in await visit.text()


async def test_a_drug_that_may_not_circulate_is_refused_for_the_pharmacy(visit: Visit) -> None:
    kept = next(item for item in WORLD.items if item.control or item.circulation_excluded)
    text = await checked(visit, kept.name)
    assert "不得流转" in text
    assert (await visit.order(kept.name)).status_code == 422


async def test_a_restriction_is_self_paid_until_the_doctor_confirms_it_in_words(visit: Visit) -> None:
    limited = "骨化三醇软胶囊"
    assert "按自费" in await checked(visit, limited)
    assert "须写明依据" in await checked(visit, limited, approval="1")
    assert "已由您确认" in await checked(visit, limited, approval="1", confirmation="骨密度 -2.8")
    answer = await visit.order(limited, approval="1", confirmation="骨密度 -2.8")
    assert answer.status_code == 302
    assert "限定支付已确认" in await visit.text()


@pytest.mark.parametrize(
    ("limit", "words"),
    [(Restriction("sex", ("9",)), "限性别"), (Restriction("age", low=140, high=150), "限年龄")],
)
async def test_what_a_machine_can_tell_nobody_confirms_away(
    visit: Visit, platform: Platform, limit: Restriction, words: str
) -> None:
    plain = WORLD.item(DRUG).row
    code = f"{plain['code'][:-3]}{limit.kind[:3].upper()}"  # type: ignore[index]
    given = {name: plain[name] for name in ItemSpell.__struct_fields__ if name in plain}
    spell = ItemSpell(**given | {"code": code, "name": f"试验{limit.kind}片", "restrictions": (limit,)})  # type: ignore[arg-type]
    platform.catalogue.merge([spell], [])
    given = {"item": code, "approval": "1", "confirmation": "确认", "place": "away", "quantity": "1", "dose": "1",
             "dose_unit": "片", "frequency": "11", "way": "1", "days": "7"}  # fmt: skip
    answer = await visit.browser.send_form(f"{visit.address}/check", given)
    assert "不符合药品的限定支付范围" in answer.text
    assert words in answer.text
    assert (await visit.browser.send_form(f"{visit.address}/add", given)).status_code == 422
    plainly = await visit.browser.send_form(
        f"{visit.address}/check", given | {"approval": "0", "confirmation": ""}
    )
    assert "不能确认" in plainly.text


async def test_a_service_is_no_drug_and_stands_apart(visit: Visit) -> None:
    assert (await visit.service("常规心电图检查", "45")).status_code == 302
    text = await visit.text()
    assert "诊疗项目" in text
    assert "外配处方（流转到药店）" not in text
    assert 'href="/desk/doctor/visit/' + visit.number + '/issue"' not in text


async def test_the_same_drug_twice_on_a_sheet_is_said(visit: Visit) -> None:
    await visit.order(DRUG)
    await visit.order(DRUG)
    assert "同一药品在一张处方上重复" in await visit.text()


async def test_a_form_sent_twice_orders_once(visit: Visit) -> None:
    code = code_of(DRUG)
    page = await visit.text(f"?item={code}")
    fields = doctoring.form_of(page, f"{visit.address}/add") | {
        "place": "away", "quantity": "1", "dose": "1", "dose_unit": "片", "frequency": "11", "way": "1", "days": "7",
        "approval": "0",
    }  # fmt: skip
    await asyncio.gather(*(visit.browser.send_form(f"{visit.address}/add", fields) for _ in range(3)))
    assert (await visit.text()).count(f'aria-label="删除 {DRUG}"') == 1


async def test_an_order_is_changed_and_dropped_and_outlives_the_page(visit: Visit) -> None:
    await visit.order(DRUG)
    assert "每天一次" in await visit.text()
    page = await visit.text("?change=1")
    assert 'name="no" value="1"' in page
    code = code_of(DRUG)
    await visit.browser.send_form(
        f"{visit.address}/add",
        {"no": "1", "item": code, "place": "away", "quantity": "2", "dose": "1", "dose_unit": "片", "frequency": "12",
         "way": "1", "days": "7", "approval": "0"},
    )  # fmt: skip
    text = await visit.text()
    assert "每天二次" in text
    assert "2盒" in text
    await visit.post("drop", {"no": "1"})
    assert "还没有医嘱" in await visit.text()


async def test_what_the_house_charges_is_found_at_the_till_and_taken_back(
    visit: Visit, platform: Platform
) -> None:
    await visit.service("常规心电图检查", "45")
    await visit.order(DRUG, place="here", price="4.2")
    text = await visit.text()
    assert "本院（未送收费台）" in text
    hidden = doctoring.form_of(text, f"{visit.address}/charge")
    sent = [visit.browser.send_form(f"{visit.address}/charge", hidden) for _ in range(2)]
    answers = await asyncio.gather(*sent, visit.post("charge", {}))
    assert {answer.status_code for answer in answers} == {302}
    text = await visit.text()
    assert "已送收费台：2 项，49.20 元" in text.replace("\u2009", "")
    async with platform.pool.acquire() as connection:
        found = await encounters.visit_of_institution(connection, HOSPITAL.code, int(visit.number))
        assert found is not None
        key = (found.psn_no, found.visit_id)
        (batch,) = (await encounters.batches_of_visits(connection, [key]))[key]
    assert [line.amount_fen for line in batch.lines] == [4500, 420]
    assert batch.lines[1].doctor_code == doctoring.DOCTOR
    await visit.post("uncharge", {"batch": batch.batch_no})
    text = await visit.text()
    assert "已送收费台" not in text
    assert "每次 1片，每天一次，口服" in text


async def test_html_in_every_field_stays_text(visit: Visit) -> None:
    await visit.post("seen", {"diagnosis": f"I11 {HTML}", "condition": HTML, "med_type": "11"})
    await visit.order("骨化三醇软胶囊", approval="1", confirmation=HTML, dose_unit="片")
    await visit.post("terms", {"reason": HTML})
    for query in ("", f"?q={HTML}", "?change=1"):
        text = await visit.text(query)
        assert "<img src=x" not in text
    assert "&lt;img src=x" in text
    found = await visit.browser.get(
        f"{visit.address}/find", params={"q": HTML}, headers={"HX-Request": "true"}
    )
    assert "<img" not in found.text
    issued = await visit.issue()
    assert issued.status_code in (302, 422)
    if issued.status_code == 302:
        assert "<img src=x" not in (await visit.browser.get(issued.headers["location"])).text


@pytest.mark.parametrize(
    ("field", "value"),
    [("quantity", "0"), ("quantity", "-1"), ("quantity", "1e400"), ("quantity", "NaN"), ("days", "0"), ("days", "三"),
     ("dose", ""), ("frequency", "99"), ("way", "x"), ("place", "elsewhere"), ("price", "-1"), ("dose_unit", "片" * 50)],
)  # fmt: skip
async def test_what_is_no_number_or_no_choice_is_said_at_its_field(
    visit: Visit, field: str, value: str
) -> None:
    answer = await visit.order(DRUG, **{field: value})
    assert answer.status_code == 422
    assert f'href="#o_{field}"' in answer.text
    assert "还没有医嘱" in await visit.text()


async def test_an_item_that_is_not_in_the_catalogue_is_no_order(visit: Visit) -> None:
    answer = await visit.browser.send_form(f"{visit.address}/add", {"item": "X000", "quantity": "1"})
    assert answer.status_code == 302
    assert "还没有医嘱" in await visit.text()


async def test_items_are_found_by_name_initials_and_code(visit: Visit) -> None:
    for text in (DRUG[2:6], "aldp", code_of(DRUG)):
        answer = await visit.browser.get(
            f"{visit.address}/find", params={"q": text}, headers={"HX-Request": "true"}
        )
        assert DRUG in answer.text
    assert "目录中没有" in (await visit.text("?q=没有这种药"))
