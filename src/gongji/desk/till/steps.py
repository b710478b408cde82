"""The steps of a sale at the till, each through the trade that decides it: read, take over, pre-settle. Whatever is refused is said
on the screen, and the sale stays as it is.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from gongji.base.money import QUANTITY_UNIT
from gongji.base.reasons import Refusal
from gongji.catalog.restrictions import SEXES
from gongji.desk import drafts
from gongji.desk.cashier.read import Customer, read_member
from gongji.desk.cashier.split import promised, split_of
from gongji.desk.till import messages
from gongji.desk.till.sale import Prepared, Sale
from gongji.desk.till.sheet import HELD, Drug, Held, Offer, Proxy, sheet_lines
from gongji.desk.till.shelf import is_code, priced, scanned, searched, shelf_line, shelves, short_of
from gongji.gateway.inside import Refused
from gongji.prescriptions import selectors as prescriptions
from gongji.web.pages import Page

__all__ = ["accept", "add", "laid_out", "let_go", "operator_of", "preview", "read", "taken_over"]

SHEET_CODE: Final = re.compile(r"[0-9A-Za-z_-]{32}")
WORDS: Final = re.compile(r"[\u4e00-\u9fff]|^[A-Za-z]{1,7}$")
ITEM_CODE: Final = re.compile(r"[A-Z][0-9A-Z]{9,39}")


def operator_of(page: Page) -> tuple[str, str]:
    """Number and name of who stands at the till."""
    who = page.visitor
    return who.staff_code or who.username, who.name


async def read(page: Page, sale: Sale, text: str, msgid: str) -> Sale:
    """Whatever was scanned or typed: a pack, a prescription's code, a voucher, a word to search by."""
    text = text.strip()
    if not text:
        return sale.refused("MISSING_FIELD", "请扫码或输入：处方二维码、医保凭证、药品追溯码，或药名")
    if len(text) > 200 or not text.isprintable():
        return sale.refused("BAD_FIELD", "读到的内容不是可以识别的码")
    if WORDS.search(text) or catalogued_code(page, text):
        found = searched(page, text)
        told = "" if found else f"目录中没有名称、编码或首字母与「{text[:20]}」相符的药品"
        return msgspec.structs.replace(sale, found=found, notice=None, told=told)
    if await is_code(page, text):
        return await scanned(page, sale, text)
    if SHEET_CODE.fullmatch(text):
        return await _decode(page, sale, text, msgid)
    return await _member(page, sale, text, msgid)


def catalogued_code(page: Page, text: str) -> bool:
    """Whether the text is a code of the catalogue."""
    return bool(ITEM_CODE.fullmatch(text)) and text in page.platform.catalogue


async def add(page: Page, sale: Sale, code: str) -> Sale:
    """One more of an item that was searched for."""
    line = next((one for one in sale.lines if one.item == code), None)
    if line is not None and not line.prescribed_e4:
        line = msgspec.structs.replace(line, quantity_e4=line.quantity_e4 + QUANTITY_UNIT)
    line = line or await shelf_line(page, sale, code)
    if line is None:
        unknown = Refusal("ITEM_UNKNOWN", code[:50])
        return sale.refused(unknown.code, unknown.text)
    return msgspec.structs.replace(sale.with_line(msgspec.structs.replace(line, chosen=True)), found=())


async def _member(page: Page, sale: Sale, text: str, msgid: str) -> Sale:
    who = await read_member(page, text, msgid)
    if isinstance(who, Refused):
        return sale.refused(who.code, who.text, "member" if sale.lines else "scan")
    if sale.rx_psn_no and sale.rx_psn_no != who.psn_no:
        wrong = Refusal("VOUCHER_MISMATCH", "医保凭证和处方不是同一位参保人")
        return sale.refused(wrong.code, wrong.text, "member")
    sale = sale.changed(customer=who, found=())
    return sale if sale.lines else await _offers(page, sale, who, msgid)


async def _offers(page: Page, sale: Sale, who: Customer, msgid: str) -> Sale:
    """What the member could fetch here now (7201)."""
    register_no = f"GT{page.platform.ids.next()}"
    nodes = messages.authorisation(page.visitor.institution, operator_of(page), who, register_no)
    answer = await page.trade("7201", nodes, f"{msgid}p")
    if isinstance(answer, Refused):
        return sale.refused(answer.code, answer.text)
    offers = tuple(
        Offer(
            row["authRxno"],
            row["epcToken"],
            row["fixmedinsName"],
            row["prscTime"] or "",
            row["valiEndTime"] or "",
            row["diseName"] or "",
        )
        for row in answer.output["data"]
    )
    return sale.changed(
        offers=offers, told="" if offers else "这位参保人没有可在本店取药的处方，可以直接购药"
    )


async def _decode(page: Page, sale: Sale, code: str, msgid: str) -> Sale:
    """A prescription's code (7203), taken over at once; what is no such code may be a voucher."""
    if sale.rx_no:
        return sale.refused("RX_STATE", "这笔购药已经有一张处方；请先结算，或按 Esc 放弃后再读下一张")
    nodes = messages.decoding(page.visitor.institution, operator_of(page), code)
    answer = await page.trade("7203", nodes, f"{msgid}q")
    if isinstance(answer, Refused):
        if answer.code == "RX_CODE_UNKNOWN":
            who = await read_member(page, code, msgid)
            if isinstance(who, Customer):
                return await _member(page, sale, code, f"{msgid}m")
        return sale.refused(answer.code, answer.text)
    row = answer.output["data"]
    return await accept(page, sale, Offer(row["authRxno"], row["epcToken"], "", "", ""), msgid)


async def accept(page: Page, sale: Sale, offer: Offer, msgid: str) -> Sale:
    """Take the prescription over (7204), see that it is genuine (7205), and lay its drugs out as a sale."""
    who = page.visitor.institution
    answer = await page.trade(
        "7204", messages.download(who, operator_of(page), offer, sale.proxy), f"{msgid}d"
    )
    if isinstance(answer, Refused):  # the code is used up, but what it opened can be tried again
        kept = sale if offer in sale.offers else msgspec.structs.replace(sale, offers=(offer,))
        return kept.refused(answer.code, answer.text)
    held = taken_over(answer.output, offer.token, sale.proxy)
    await drafts.keep(page, HELD, held.rx_no, held)
    sale = await laid_out(page, sale, held)
    document = answer.output["data"]["rxFile"]
    verified = await page.trade("7205", messages.verification(who, held, document), f"{msgid}v")
    if isinstance(verified, Refused):
        return sale.refused(verified.code, verified.text, "review")
    return sale


async def laid_out(page: Page, sale: Sale, held: Held) -> Sale:
    """The drugs of a prescription in hand as a sale."""
    async with page.connection() as conn:
        case = await prescriptions.case(conn, held.rx_no)
    items = [drug.item for drug in held.drugs if not drug.taken]
    lines = sheet_lines(held.drugs, await shelves(page, items), await priced(page, items))
    missing = any(not line.chosen for line in lines)
    sale = sale.changed(
        offers=(),
        rx_no=held.rx_no,
        rx_psn_no=case.psn_no if case is not None else "",
        lines=lines,
        reason=sale.reason or ("本店缺药" if missing else ""),
    )
    if sale.customer is not None and sale.customer.psn_no != sale.rx_psn_no:
        sale = sale.changed(customer=None)
    return sale


def taken_over(output: dict[str, Any], token: str, proxy: Proxy | None = None) -> Held:
    """What 7204 answered, as the till keeps it."""
    head, patient = output["data"], output["rxOtpinfo"]
    return Held(
        rx_no=head["hiRxno"],
        token=token,
        trace_code=head["rxTraceCode"],
        issuer=head["fixmedinsName"],
        issued_at=head["prscTime"] or "",
        valid_until=head["valiEndTime"] or "",
        long=head["longRxFlag"] == "1",
        patient=patient["patnName"],
        sex=SEXES.get(patient["gend"], ""),
        age=_age(patient["patnAge"]),
        department=head["prscDeptName"],
        diagnoses=tuple(row["diagName"] for row in output["rxDiseList"]),
        allergies=patient["algsHis"] or "",
        drugs=tuple(_drug(row) for row in output["rxDetlList"]),
        proxy=proxy or Proxy(),
    )


def _age(years: Any) -> str:
    """As one says it: completed years, months of a child below one."""
    if years is None:
        return ""
    return f"{int(years)} 岁" if years >= 1 else f"{int(years * 12)} 个月"


def _drug(row: dict[str, Any]) -> Drug:
    dose = f"每次 {row['sinDoscnt']} {row['sinDosunt'] or ''}" if row["sinDoscnt"] else ""
    days = f"{row['medcDays']:g} 天".replace(".00", "") if row["medcDays"] else ""
    return Drug(
        item=row["medListCodg"],
        name=row["drugGenname"] or row["medListCodg"],
        spec=row["drugSpec"] or "",
        quantity_e4=int(row["drugCnt"] * QUANTITY_UNIT),
        unit=row["drugDosunt"] or "",
        use="，".join(word for word in (row["medcWayDscr"], dose, row["usedFrquName"], days) if word),
        taken=row["takeDrugFlag"] == "1",
    )


async def preview(page: Page, sale: Sale) -> Sale:
    """What a settlement would pay now (2101), with the message that would settle just this."""
    wrong = await _unready(page, sale)
    if wrong is not None:
        return wrong
    assert sale.customer is not None
    nodes = messages.purchase(sale, sale.customer, messages.stamp(page.at))
    answer = await page.trade("2101", nodes, page.msgid(), insured_region=sale.customer.region)
    if isinstance(answer, Refused):
        return sale.refused(answer.code, answer.text)
    sale, split = sale.changed(), split_of(answer.output)
    info = nodes["druginfo"]
    settling = nodes | {"druginfo": info | {"exp_content": info.get("exp_content", {}) | promised(split)}}
    return msgspec.structs.replace(sale, prepared=Prepared(page.msgid(), settling, split))


async def _unready(page: Page, sale: Sale) -> Sale | None:
    """The sale with what is still missing before anybody can say what it costs."""
    if not sale.chosen:
        return sale.refused(
            "MISSING_NODE", "还没有要买的药品：请扫处方二维码、药品追溯码，或按 / 查找", "scan"
        )
    if sale.customer is None:
        return sale.refused("MISSING_FIELD", "请按 F2 读取参保人的医保凭证", "member")
    for line in sale.chosen:
        if not line.price_micro:
            return sale.refused("MISSING_FIELD", f"请填写{line.name}的单价", f"line-{line.key}")
    if sale.proxy.given and not sale.proxy.signed:
        unsigned = Refusal("PROXY_SIGNATURE_MISSING")
        return sale.refused(unsigned.code, unsigned.text, "proxy")
    if sale.partial and not sale.reason and await _reason_asked(page, sale.rx_no):
        asked = Refusal("RX_SPLIT_REASON_MISSING", "", "SX2022-27.art14.b")
        return sale.refused(asked.code, asked.text, "reason")
    short = await short_of(page, sale)
    return None if short is None else sale.refused(short.code, short.text)


async def _reason_asked(page: Page, rx_no: str) -> bool:
    """Whether the law of the prescription's day asks why not everything is bought here."""
    async with page.connection() as conn:
        case = await prescriptions.case(conn, rx_no)
    return case is not None and case.prescription.terms.split_reason.on


async def let_go(page: Page, sale: Sale, reason: str, msgid: str) -> Sale:
    """The prescription is given free for others (7291), and the screen is empty again."""
    held = await drafts.draft(page, HELD, sale.rx_no, Held)
    if held is None:
        return Sale()
    answer = await page.trade("7291", messages.release(page.visitor.institution, held, reason[:200]), msgid)
    if isinstance(answer, Refused) and answer.code not in ("RX_NOT_HELD", "RX_STATE", "RX_ALREADY_DISPENSED"):
        return sale.refused(answer.code, answer.text)
    await drafts.drop(page, HELD, sale.rx_no)
    return Sale(told="处方已释放，其他药店可以接单")
