"""The steps of a bill at a hospital's or clinic's counter, each through the trade that decides it; what is refused is said on the
screen, and the bill stays as it is.
"""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.base.money import QUANTITY_UNIT, format_yuan
from gongji.base.reasons import Refusal
from gongji.catalog.values import Item
from gongji.desk.cashier.bill import Bill, Charge, Presettled, cancelling, registration, settlement, upload
from gongji.desk.cashier.read import Customer, read_member
from gongji.desk.cashier.split import promised, split_of
from gongji.desk.cashier.visit import Charged, charged, open_visits
from gongji.desk.doctor.visit import department_of
from gongji.desk.till.messages import stamp
from gongji.desk.till.steps import ITEM_CODE, WORDS
from gongji.encounters import selectors as encounters
from gongji.encounters.values import FeeBatch
from gongji.gateway.inside import Refused
from gongji.web.pages import Page

__all__ = ["add", "cancel", "presettle", "read", "register", "send_charges"]

VISIT_NUMBER: Final = range(16, 20)
FOUND: Final = 10
UPLOADED: Final = "FEE_DUPLICATE"
"""The visit has these lines already: an answer was lost, or another window was faster."""


def catalogued(page: Page, code: str) -> Item | None:
    """The item today, with the highest price that this institution may take."""
    place = page.platform.provider(page.visitor.institution)
    if place is None:
        return None
    day = place.on(page.today)
    return page.platform.catalogue.get(code, page.today, day.region, day.fee_class)


async def read(page: Page, bill: Bill, text: str, msgid: str) -> Bill:
    """A voucher, an identity number, a visit's number, or a word to search the catalogue by."""
    text = text.strip()
    if not text:
        return bill.refused("MISSING_FIELD", "请读取医保凭证，或输入就诊编号、项目名称")
    if len(text) > 200 or not text.isprintable():
        return bill.refused("BAD_FIELD", "读到的内容不是可以识别的码")
    if WORDS.search(text) or (ITEM_CODE.fullmatch(text) and text in page.platform.catalogue):
        return _searched(page, bill, text)
    if text.isascii() and text.isdigit() and len(text) in VISIT_NUMBER:
        known = await charged(page, text)
        if known is not None:
            return Bill(visit_no=text)
    who = await read_member(page, text, msgid)
    if isinstance(who, Refused):
        return bill.refused(who.code, who.text)
    return await _chosen(page, bill, who)


def _searched(page: Page, bill: Bill, text: str) -> Bill:
    place = page.platform.provider(page.visitor.institution)
    region = place.region if place is not None else "CN"
    found = page.platform.catalogue.search(text, page.today, limit=FOUND, region=region)
    rows = tuple((item.code, item.name, item.spec) for item in found)
    told = "" if rows else f"目录中没有名称、编码或首字母与「{text[:20]}」相符的项目"
    return msgspec.structs.replace(bill, found=rows, notice=None, told=told)


async def _chosen(page: Page, bill: Bill, who: Customer) -> Bill:
    """The member's only visit with unsettled fees is meant; of several the cashier chooses."""
    if bill.visit_no:
        known = await charged(page, bill.visit_no)
        if known is not None and known.visit.psn_no == who.psn_no:
            return bill.changed(customer=who)
    waiting = [one for one in await open_visits(page, who.psn_no) if one.unsettled]
    number = str(waiting[0].visit.visit_id) if len(waiting) == 1 else ""
    return Bill(customer=who, visit_no=number)


async def register(page: Page, bill: Bill, doctor_code: str, msgid: str) -> Bill:
    """2201: a visit of the member who stands here, for counters without a doctor's station."""
    if bill.customer is None:
        return bill.refused("MISSING_FIELD", "请先按 F2 读取参保人的医保凭证")
    doctor = page.platform.providers.staff(page.visitor.institution, doctor_code, page.today)
    if doctor is None or not doctor.may("prescribe"):
        unknown = Refusal("DOCTOR_NOT_REGISTERED")
        return bill.refused(unknown.code, unknown.text, "visit")
    department = await department_of(page, doctor)
    dept = (department.dept_code, department.name) if department is not None else ("", "")
    nodes = registration(
        bill.customer, stamp(page.at), f"MZ{page.platform.ids.next()}", (doctor_code, doctor.name), dept
    )
    answer = await page.trade("2201", nodes, msgid, insured_region=bill.customer.region)
    if isinstance(answer, Refused):
        return bill.refused(answer.code, answer.text, "visit")
    return bill.changed(visit_no=str(answer.output["data"]["mdtrt_id"]))


async def add(page: Page, bill: Bill, code: str) -> Bill:
    """One more of an item that was searched for."""
    item = catalogued(page, code)
    if item is None:
        unknown = Refusal("ITEM_UNKNOWN", code)
        return bill.refused(unknown.code, unknown.text)
    known = next((one for one in bill.charges if one.item == code), None)
    if known is not None:
        more = msgspec.structs.replace(known, quantity_e4=known.quantity_e4 + QUANTITY_UNIT)
        return msgspec.structs.replace(bill.with_charge(more), found=())
    async with page.connection() as conn:
        charged = await encounters.prices_charged(conn, page.visitor.institution, [code])
    price = charged.get(code) or item.ceiling_micro or item.standard_micro or 0
    charge = Charge(
        key=str(max((int(one.key) for one in bill.charges), default=0) + 1),
        item=code,
        name=item.name,
        spec=item.spec,
        unit=item.unit or item.pack_unit,
        quantity_e4=QUANTITY_UNIT,
        price_micro=price,
        ceiling_micro=item.ceiling_micro,
    )
    batch_no = bill.batch_no or str(page.platform.ids.next())
    return msgspec.structs.replace(bill.with_charge(charge), found=(), batch_no=batch_no)


async def send_charges(page: Page, bill: Bill) -> Bill:
    """2204: what was added at the counter belongs to the visit from now on; what has been uploaded before is not uploaded again."""
    known = await charged(page, bill.visit_no) if bill.visit_no else None
    if known is None:
        return bill.refused("UNKNOWN_VISIT", "请先选择就诊，或登记一次就诊", "visit")
    for charge in bill.charges:
        if not charge.price_micro:
            return bill.refused("MISSING_FIELD", f"请填写{charge.name}的单价", f"line-{charge.key}")
    nodes = upload(known.visit, bill.charges, bill.batch_no, stamp(page.at))
    answer = await page.trade("2204", nodes, page.msgid())
    if isinstance(answer, Refused) and answer.code != UPLOADED:
        place = next((f"line-{one.key}" for one in bill.charges if one.item in answer.text), "lines")
        return bill.refused(answer.code, answer.text, place)
    told = "这些费用先前已经上传，没有再上传一次" if isinstance(answer, Refused) else ""
    return bill.changed(charges=(), batch_no="", told=told)


async def cancel(page: Page, bill: Bill, batch_no: str, msgid: str) -> Bill:
    """2205: an unsettled batch is taken back."""
    known = await charged(page, bill.visit_no)
    if known is None:
        return bill
    answer = await page.trade("2205", cancelling(known.visit, batch_no), msgid)
    if isinstance(answer, Refused):
        return bill.refused(answer.code, answer.text, f"batch-{batch_no}")
    return bill.changed(told=f"费用批次 {batch_no} 已删除")


async def presettle(page: Page, bill: Bill, batch_no: str) -> Bill:
    """2206 of one batch, with the message of 2207 that settles what was shown."""
    if bill.charges:
        bill = await send_charges(page, bill)
        if bill.notice is not None:
            return bill
    known = await charged(page, bill.visit_no) if bill.visit_no else None
    if known is None:
        return bill.refused("UNKNOWN_VISIT", "请先读取凭证、选择就诊", "visit")
    batch = _batch(known, batch_no)
    if batch is None:
        return bill.refused(
            "MISSING_NODE", "这次就诊没有未结算的费用：按 / 查找项目并加入，或等医生站上传", "scan"
        )
    nodes = settlement(known.visit, batch, bill.account, bill.customer)
    region = bill.customer.region if bill.customer is not None else ""
    answer = await page.trade("2206", nodes, page.msgid(), insured_region=region)
    if isinstance(answer, Refused):
        return bill.refused(answer.code, answer.text, f"batch-{batch.batch_no}")
    split = split_of(answer.output)
    echoes = {
        "fulamt_ownpay_amt": format_yuan(split.selfpay_fen),
        "overlmt_selfpay": format_yuan(split.over_fen),
        "preselfpay_amt": format_yuan(split.prepay_fen),
        "inscp_scp_amt": format_yuan(split.in_scope_fen),
    }
    settling = {"data": nodes["data"] | echoes | {"exp_content": promised(split)}}
    return msgspec.structs.replace(
        bill.changed(), prepared=Presettled(page.msgid(), batch.batch_no, settling, split)
    )


def _batch(known: Charged, batch_no: str) -> FeeBatch | None:
    """The batch that is meant: the named one, else the first that nobody has settled."""
    waiting = known.unsettled
    return next((one for one in waiting if one.batch_no == batch_no), waiting[0] if waiting else None)
