"""In a real browser: a prescription's code is shown and read back by a pharmacy; a manual claim is sent with a photograph."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import httpx
import segno
from PIL import Image
from playwright.async_api import Page

from gongji.demo_data import generate
from tests.claims.test_files import photograph
from tests.web.chromium import PHONE, Chrome, chrome, served
from tests.web.looking import access_faults, overflow
from tests.web.serving import MEMBER

__all__ = ["chrome", "served"]

WORLD = generate()
PHARMACY, HOSPITAL = WORLD.institution("演示大药房总店"), WORLD.institution("演示省人民医院")
DARK = 128


async def drawn_modules(page: Page, size: int) -> list[list[bool]]:
    """The squares of the code as they are on the screen: the middle of each, dark or not."""
    shot = Image.open(io.BytesIO(await page.locator("svg.qr").screenshot())).convert("L")
    inner = shot.crop((10, 10, shot.width - 10, shot.height - 10))  # without the round corners of the card
    left, top, right, bottom = inner.point(lambda shade: 255 if shade < DARK else 0).getbbox() or (0, 0, 0, 0)

    def dark(column: int, row: int) -> bool:
        x = left + (right - left) * (2 * column + 1) // (2 * size)
        y = top + (bottom - top) * (2 * row + 1) // (2 * size)
        return inner.getpixel((x, y)) < DARK  # type: ignore[operator]

    return [[dark(column, row) for column in range(size)] for row in range(size)]


def trade(url: str, infno: str, nodes: dict[str, Any], *, msgid: str = "") -> dict[str, Any]:
    """One message of the pharmacy's software."""
    message = {
        "infno": infno, "msgid": msgid or f"T{infno}0001", "mdtrtarea_admvs": PHARMACY.region, "insuplc_admdvs": PHARMACY.region,
        "recer_sys_code": "GONGJI", "dev_no": "", "dev_safe_info": "", "cainfo": "", "signtype": "", "infver": "V1.0",
        "opter_type": "1", "opter": "0001", "opter_name": "收银员", "inf_time": "2026-01-01 10:00:00",
        "fixmedins_code": PHARMACY.code, "fixmedins_name": PHARMACY.name, "sign_no": "", "input": nodes,
    }  # fmt: skip
    path = "/fsi/api/rsfComIfsService/callService"
    answer = httpx.post(url + path, content=json.dumps(message).encode(), timeout=20, trust_env=False)
    found: dict[str, Any] = answer.json()
    return found


async def test_the_code_on_the_screen_is_read_back_by_a_pharmacy(chrome: Chrome) -> None:
    page = await chrome.tab(MEMBER, width=PHONE, dark=True)
    await page.goto("/portal/prescriptions")
    await page.locator("main a.list__item").first.click()
    number = page.url.rpartition("/")[2]
    await page.get_by_role("button", name="出示处方码").click()
    await page.wait_for_selector("svg.qr")
    text = await page.locator("#code-text").inner_text()
    code = segno.make(text, error="m", micro=False)
    size = code.symbol_size(border=0)[0]
    assert await drawn_modules(page, size) == [[bool(one) for one in row] for row in code.matrix]
    assert await overflow(page) == []
    assert await access_faults(page) == []
    operator = {
        "fixmedinsCode": PHARMACY.code, "devInfo": "收银台1", "ipInfo": "127.0.0.1", "opter": "0001", "opterName": "收银员",
        "optinsNo": PHARMACY.code,
    }  # fmt: skip
    granted = trade(chrome.served.url, "7203", {"data": {"epcQrcd": text, **operator}})
    assert str(granted["infcode"]) == "0", granted
    right = granted["output"]["data"]
    asked = {"epcToken": right["epcToken"], "authRxno": right["authRxno"], **operator}
    taken = trade(chrome.served.url, "7204", {"data": asked})
    assert taken["output"]["data"]["hiRxno"] == number
    again = trade(chrome.served.url, "7203", {"data": {"epcQrcd": text, **operator}}, msgid="T7203AGAIN")
    assert str(again["infcode"]) != "0", "a code opens a prescription once"
    await page.goto(f"/portal/prescriptions/{number}")
    assert f"{PHARMACY.name}正在为您配药" in await page.inner_text("main")


async def test_a_manual_claim_is_sent_with_a_photograph_from_a_telephone(chrome: Chrome) -> None:
    page = await chrome.tab(MEMBER, width=PHONE)
    await page.goto("/portal/claims")
    await page.get_by_role("link", name="申请报销").click()
    await page.fill("#id_place", HOSPITAL.name)
    await page.get_by_label("本来可以直接结算，系统故障没有结成").check()
    await page.fill("#id_service_on", "2026-11-02")
    await page.fill("#id_diagnosis", "急性支气管炎")
    await page.select_option("#id_voucher_type", label="社会保障卡")
    await page.fill("#id_invoice_no", "8800123456")
    await page.fill("#id_name_1", "普通门诊诊察费")
    await page.fill("#id_amount_1", "12.00")
    await page.fill("#id_total", "12.00")
    await page.set_input_files(
        "#id_files",
        {"name": "发票.jpg", "mimeType": "image/jpeg", "buffer": photograph(size=(1_200, 1_600), exif=True)},
    )
    await page.get_by_role("button", name="上传这些材料").click()
    await page.wait_for_selector("text=收费票据 >> nth=0")
    assert await page.input_value("#id_diagnosis") == "急性支气管炎", "what was written stays"
    assert await overflow(page) == []
    await page.fill("#id_holder", "刘超")
    await page.fill("#id_bank", "某银行太原支行")
    await page.fill("#id_account_no", "6222020000001234567")
    await page.get_by_role("button", name="下一步：核对").click()
    await page.wait_for_selector("text=提交前核对一遍")
    assert await access_faults(page) == []
    await page.get_by_role("button", name="提交申请").click()
    await page.wait_for_selector("text=申请已经收到")
    found = re.search(r"报销编号 (\d{15,})", await page.inner_text("main"))
    assert found is not None
    await page.get_by_role("link", name="收费票据").click()
    await page.wait_for_load_state()
    size = await page.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]")
    assert size == [1_600, 1_200], "upright, as the telephone meant it"
    desk = await chrome.tab("chushen")
    await desk.goto("/console/claims")
    await desk.get_by_role("link", name=found[1]).click()
    assert "急性支气管炎" in await desk.inner_text("main")
    assert await access_faults(desk) == []
    await desk.get_by_role("link", name="收费票据").click()
    await desk.wait_for_load_state()
    assert await desk.evaluate("document.images[0].naturalWidth") == 1_600
