"""Every page of an institution's management stands on a database with a past, for whoever may see it and for nobody else."""

import pytest

from gongji.demo_data import generate
from tests.web.asgi import Browser, sign_in_as

WORLD = generate()
SHOP = WORLD.institution("演示大药房总店").code
CENTRE = WORLD.institution("演示街道社区卫生服务中心").code
PAGES = (
    "", "staff", "staff/enter", "departments", "departments/open", "items", "items/map", "items/map?q=amlodipine",
    "items/import", "stock", "stock/moves", "stock/add", "stock/add?kind=adjust", "stock/import", "stock/balance",
    "stock/balance?by=sales", "stock/trace", "agreement", "agreement/report", "keys", "months",
)  # fmt: skip


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("institution", [SHOP, CENTRE])
async def test_a_manager_sees_every_page(browser: Browser, address: str, institution: str) -> None:
    await sign_in_as(browser, "manager", institution=institution)
    answer = await browser.get(f"/desk/{address}")
    assert answer.status_code == 200, answer.text
    assert "<h1>" in answer.text


@pytest.mark.parametrize("role", ["doctor", "cashier", "pharmacist"])
async def test_everybody_has_a_workbench_and_nobody_else_changes_the_register(
    browser: Browser, role: str
) -> None:
    await sign_in_as(browser, role, institution=SHOP if role != "doctor" else CENTRE)
    assert (await browser.get("/desk/")).status_code == 200
    for address in (
        "staff/enter",
        "departments/open",
        "items/map",
        "items/import",
        "stock/delete",
        "keys",
        "months",
    ):
        assert (await browser.get(f"/desk/{address}")).status_code == 403
    assert (await browser.get("/desk/stock")).status_code == 200


async def test_a_doctor_is_told_of_the_own_prescriptions_and_the_manager_of_all(browser: Browser) -> None:
    staff = [
        row for row in WORLD.tables["providers_staff"] if row["code"] == CENTRE and row["kind"] == "doctor"
    ]
    who = [str(row["staff_code"]) for row in staff]
    await sign_in_as(browser, "doctor", "cashier", institution=CENTRE, staff_code=who[0])
    assert "张处方尚未签名" in (await browser.get("/desk/")).text
    await sign_in_as(browser, "doctor", "pharmacist", institution=CENTRE, staff_code=who[1])
    assert "张处方" not in (await browser.get("/desk/")).text
    await sign_in_as(browser, "manager", institution=CENTRE)
    assert "张处方待医师签名" in (await browser.get("/desk/")).text
