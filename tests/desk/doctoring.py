"""What tests of the doctor's station share: a hospital, its doctor and pharmacist, a patient, and the steps of a visit."""

import re
from dataclasses import dataclass

import httpx

from gongji.demo_data import World, generate
from gongji.demo_data.register import doctors, pharmacists
from tests.web.asgi import Browser, sign_in_as

WORLD: World = generate()
HOSPITAL = WORLD.institution("演示省人民医院")
PHARMACY = WORLD.institution("演示大药房总店")
DOCTOR = doctors(HOSPITAL)[0]
PHARMACIST = pharmacists(HOSPITAL)[0]
HIDDEN = re.compile(r'name="(msgid|made)" value="([^"]*)"')
NUMBER = re.compile(r"/desk/doctor/visit/(\d+)")
RX = re.compile(r"/desk/doctor/rx/(\d+)")


def voucher(psn_no: str) -> str:
    return next(
        str(row["number"])
        for row in WORLD.tables["members_credential"]
        if row["psn_no"] == psn_no and row["kind"] == "voucher"
    )


def code_of(name: str) -> str:
    return WORLD.item(name).code


async def as_doctor(browser: Browser, institution: str = HOSPITAL.code, staff_code: str = DOCTOR) -> None:
    await sign_in_as(browser, "doctor", institution=institution, staff_code=staff_code, name="测试医师")


async def as_pharmacist(browser: Browser, staff_code: str = PHARMACIST) -> None:
    await sign_in_as(browser, "pharmacist", institution=HOSPITAL.code, staff_code=staff_code, name="测试药师")


def form_of(text: str, action: str) -> dict[str, str]:
    """Hidden fields of the form that is sent to ``action``; none where the page has no such form."""
    start = text.find(f'action="{action}"')
    if start < 0:
        return {}
    end = text.index("</form>", start)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text[start:end]))


@dataclass
class Visit:
    """One visit under way in a browser."""

    browser: Browser
    number: str

    @property
    def address(self) -> str:
        return f"/desk/doctor/visit/{self.number}"

    async def text(self, query: str = "") -> str:
        answer = await self.browser.get(self.address + query)
        assert answer.status_code == 200, answer.text[:2000]
        return answer.text

    async def post(self, verb: str, fields: dict[str, str], hidden_from: str = "") -> httpx.Response:
        page = await self.text(hidden_from)
        action = f"{self.address}/{verb}"
        hidden = form_of(page, action) if f'action="{action}"' in page else {}
        return await self.browser.send_form(action, hidden | fields)

    async def diagnosed(self, text: str = "I10.x00x002 高血压", kind: str = "") -> httpx.Response:
        return await self.post("seen", {"diagnosis": text, "condition": "头晕一周", "kind": kind})

    async def order(self, name: str, **fields: str) -> httpx.Response:
        code = code_of(name)
        given = {
            "item": code, "place": "away", "quantity": "1", "dose": "1", "dose_unit": "片", "frequency": "11", "way": "1",
            "days": "7", "approval": "0", "confirmation": "", "price": "",
        }  # fmt: skip
        return await self.post("add", given | fields, f"?item={code}")

    async def service(self, name: str, price: str = "20", quantity: str = "1") -> httpx.Response:
        code = code_of(name)
        return await self.post("add", {"item": code, "quantity": quantity, "price": price}, f"?item={code}")

    async def issue(self, query: str = "") -> httpx.Response:
        page = await self.browser.get(f"{self.address}/issue{query}")
        assert page.status_code == 200, page.text[:500]
        return await self.browser.send_form(
            f"{self.address}/issue", form_of(page.text, f"{self.address}/issue")
        )

    async def issue_anyway(self) -> httpx.Response:
        """As a page would send that was opened before something came between."""
        hidden = form_of(await self.text(), f"{self.address}/seen")
        return await self.browser.send_form(f"{self.address}/issue", hidden)

    async def issued(self, *names: str) -> str:
        """A prescription of these drugs; answers its number."""
        await self.diagnosed()
        for name in names or ("苯磺酸氨氯地平片",):
            assert (await self.order(name)).status_code == 302
        answer = await self.issue()
        assert answer.status_code == 302, answer.text
        found = RX.search(answer.headers["location"])
        assert found is not None
        return found[1]


async def begun(browser: Browser, psn_no: str = "", benefit: str = "11") -> Visit:
    """The patient shows the voucher, the doctor opens the visit."""
    psn_no = psn_no or WORLD.member("active")
    home = (await browser.get("/desk/doctor")).text
    shown = await browser.send_form(
        "/desk/doctor/identify", form_of(home, "/desk/doctor/identify") | {"code": voucher(psn_no)}
    )
    assert shown.status_code == 200, shown.text
    hidden = form_of(shown.text, "/desk/doctor/open")
    opened = await browser.send_form("/desk/doctor/open", hidden | {"benefit": benefit})
    assert opened.status_code == 302, opened.text
    found = NUMBER.search(opened.headers["location"])
    assert found is not None
    return Visit(browser, found[1])


async def accepted(browser: Browser, rx_no: str) -> httpx.Response:
    """The house's pharmacist accepts the prescription."""
    await as_pharmacist(browser)
    page = (await browser.get(f"/desk/review/{rx_no}")).text
    hidden = form_of(page, f"/desk/review/{rx_no}")
    return await browser.send_form(f"/desk/review/{rx_no}", hidden | {"verdict": "accept"})
