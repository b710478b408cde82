"""Staff and departments are the institution's own to register; identity numbers stay masked."""

import re
from datetime import timedelta

import pytest

from gongji.gateway.platform import Platform
from tests.desk.managing import CENTRE, SHOP, WORLD, fields_of
from tests.web.asgi import Browser, sign_in_as

DOCTOR = next(
    row for row in WORLD.tables["providers_staff"] if row["code"] == CENTRE and row["kind"] == "doctor"
)
FOREIGN = next(row for row in WORLD.tables["providers_staff"] if row["code"] == SHOP)


def person(code: str, **more: str | list[str]) -> dict[str, str | list[str]]:
    return {
        "staff_code": code, "name": "周新来", "kind": "doctor", "rights": ["prescribe"], "title": "医师", "department": "全科",
        "cert_no": "", "phone": "", "from_on": "2026-01-01", **more,
    }  # fmt: skip


async def test_a_doctor_is_entered_changed_and_leaves(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "manager", institution=CENTRE, name="院长")
    answer = await browser.send_form("/desk/staff/enter", person("D140100911001"))
    assert answer.headers["location"] == "/desk/staff/D140100911001", answer.text
    today = platform.now().date()
    known = platform.providers.staff(CENTRE, "D140100911001", today)
    assert known is not None
    assert known.may("prescribe")
    changed = await browser.send_form(
        "/desk/staff/D140100911001/change", person("", title="主治医师", from_on=str(today))
    )
    assert changed.status_code == 302, changed.text
    page = await browser.get("/desk/staff/D140100911001")
    assert "主治医师" in page.text
    assert "院长" in page.text, "who did it stands in the history"
    left = await browser.send_form("/desk/staff/D140100911001/leave", {"last_on": str(today)})
    assert left.status_code == 302, left.text
    assert platform.providers.staff(CENTRE, "D140100911001", today + timedelta(days=1)) is None


async def test_refusals_of_the_register_stand_at_the_field(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=CENTRE)
    twice = await browser.send_form("/desk/staff/enter", person(str(DOCTOR["staff_code"])))
    assert twice.status_code == 422
    assert 'id="id_staff_code_error"' in twice.text
    rights = await browser.send_form("/desk/staff/enter", person("HY140100911009", kind="pharmacist"))
    assert 'id="id_rights_error"' in rights.text
    wrong = await browser.send_form(
        "/desk/staff/enter", person("D140100911002", cert_no="110101199001010011")
    )
    assert 'id="id_cert_no_error"' in wrong.text


async def test_identity_numbers_are_masked_and_strangers_people_are_not_here(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=CENTRE)
    page = await browser.get(f"/desk/staff/{DOCTOR['staff_code']}")
    assert str(DOCTOR["cert_no"]) not in page.text
    assert re.search(r"140199\*+", page.text)
    for step in ("", "/change", "/leave"):
        assert (await browser.get(f"/desk/staff/{FOREIGN['staff_code']}{step}")).status_code == 404


async def test_departments_go_through_the_trades(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=CENTRE)
    form = await fields_of(browser, "/desk/departments/open")
    said = {
        "dept_code": "K90", "name": "康复科", "caty": "A21", "from_on": "2026-01-01", "beds": "6", "head_name": "", "scope": "",
        "memo": "",
    }  # fmt: skip
    answer = await browser.send_form("/desk/departments/open", form | said)
    assert answer.status_code == 302, answer.text
    assert "康复科" in (await browser.get("/desk/departments")).text
    twice = await browser.send_form(
        "/desk/departments/open", await fields_of(browser, "/desk/departments/open") | said
    )
    assert twice.status_code == 422
    assert 'id="id_dept_code_error"' in twice.text
    form = await fields_of(browser, "/desk/departments/K90/change")
    changed = await browser.send_form("/desk/departments/K90/change", form | said | {"name": "康复医学科"})
    assert changed.status_code == 302, changed.text
    assert "康复医学科" in (await browser.get("/desk/departments")).text
    asked = await fields_of(browser, "/desk/departments/K90/close")
    assert (await browser.send_form("/desk/departments/K90/close", asked)).status_code == 302
    assert "已撤销" in (await browser.get("/desk/departments?q=K90")).text
    assert (await browser.get("/desk/departments/K77/change")).status_code == 404


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url
