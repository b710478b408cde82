"""Chapters of the prescription story, first half: one prescription over a hospital and two pharmacies, with everything refused that
must be, and a refund that opens it again."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Final

from gongji.project.story.cast import Good, good_of
from gongji.project.story.client import CallFailed
from gongji.project.story.dispensary import Dispensary
from gongji.project.story.household import Role
from gongji.project.story.messages import decimal
from gongji.project.story.sheets import Dose, Pack, purchase, sheet_data
from gongji.project.story.shops import Held, Shop

__all__ = ["CENTRE", "HOSPITAL", "PATIENT", "PHARMACIES", "fill", "give_back", "issue"]

HOSPITAL: Final = "演示省人民医院"
CENTRE: Final = "演示街道社区卫生服务中心"
PHARMACIES: Final = ("演示大药房总店", "演示康民药房")
CLOSED: Final = "演示福康药房（协议已终止）"
PATIENT: Final = Role("赵国强", date(1972, 5, 6), True, "140100")
TWO, ONE = 2, 1


def goods(play: Dispensary) -> tuple[Good, Good, Good]:
    """The three drugs of the first prescription."""
    return (
        good_of(play.world, "苯磺酸氨氯地平片", ONE),
        good_of(play.world, "养血清脑颗粒", TWO),
        good_of(play.world, "阿托伐他汀钙片", ONE),
    )


async def issue(play: Dispensary) -> None:
    """A class-1 hospital prescribes three drugs; what may not be prescribed is refused; one drug is bought at the hospital."""
    on = play.turn(date(2025, 3, 3))
    hospital = play.shop(HOSPITAL)
    patient = await play.insure("patient", PATIENT, "employee")
    first, second, third = goods(play)
    mdtrt_id = await play.registered(hospital, patient)
    doses = (Dose(first, 7), Dose(second, 7), Dose(third, 7))
    sheet = play.sheet(hospital, patient, mdtrt_id, *doses)
    limited = good_of(play.world, "骨化三醇软胶囊")
    apart = play.sheet(hospital, patient, mdtrt_id, Dose(limited, 7))
    unconfirmed = str((await play.centre(hospital, "uploadChk", sheet_data(apart)))["rxTraceCode"])
    play.check(
        "限定支付范围的药品没有医师确认，按自费开具",
        unconfirmed != "" and await play.self_paid(apart) == (limited.code,),
    )
    why = await play.refusal(hospital, "uploadChk", sheet_data(sheet.with_doses(Dose(first, 8))))
    play.check("超过 7 日用量而没有理由，不能开具", "7" in why)
    examination = good_of(play.world, "常规心电图检查")
    why = await play.refusal(hospital, "uploadChk", sheet_data(sheet.with_doses(Dose(examination, 1))))
    play.check("诊疗项目不能和药品开在一张处方上", why != "")
    await _suspended_doctor(play, hospital, mdtrt_id, first)
    checked = await play.issued(hospital, sheet)
    rx_no = play.numbers["first"] = str(checked["hiRxno"])
    play.say(
        on,
        f"{hospital.place.name}开具处方 {rx_no}：{first.name}、{second.name}、{third.name}，已签名、审方、流转",
    )
    play.check("处方上传后进入流转", await play.state(rx_no) == "circulating")
    again = await play.refusal(hospital, "uploadChk", sheet_data(sheet))
    play.check("同一院内处方号不能再开一张", again != "")
    consultation = good_of(play.world, "普通门诊诊察费")
    scan = good_of(play.world, "心脏彩色多普勒超声")
    info = await play.charged(hospital, patient, mdtrt_id, consultation, scan, first, rx_no=rx_no)
    play.deductible = decimal(info["act_pay_dedc"])
    play.check(
        "一味药在医院购买，医院按本类别扣起付、统筹支付",
        play.deductible > 0 and decimal(info["hifp_pay"]) > 0,
    )


async def _suspended_doctor(play: Dispensary, hospital: Shop, mdtrt_id: str, drug: Good) -> None:
    """A doctor whose right has been suspended by two officers may not prescribe."""
    doctor = hospital.doctors[-1]
    await play.suspend(hospital, doctor)
    sheet = play.sheet(hospital, play.people["patient"], mdtrt_id, Dose(drug, 3))
    data = sheet_data(sheet)
    data["mdtrtinfo"]["drCode"] = doctor.code
    data["mdtrtinfo"]["prscDrName"] = doctor.name
    why = await play.refusal(hospital, "uploadChk", data)
    play.check("被暂停医保服务的医师不能开方", "暂停" in why)


async def fill(play: Dispensary) -> None:
    """Two pharmacies want the rest; one wins; what it has not got goes to the other, with the reason registered."""
    on = play.turn(date(2025, 3, 4))
    patient, rx_no = play.people["patient"], play.numbers["first"]
    winner, other = (play.shop(name) for name in PHARMACIES)
    first, second, third = goods(play)
    shelf = play.packs(second, "B2501")
    await play.stock(winner, shelf)
    why = await play.refusal(
        winner, "rxQrCodeDecode", {"epcQrcd": "GJRX00000000000000000000", **play.operator(winner)}
    )
    play.check("伪造的处方二维码被拒绝", why != "")
    closed = play.shop(CLOSED)
    code = await play.code_of(patient, rx_no)
    why = await play.refusal(closed, "rxQrCodeDecode", {"epcQrcd": code, **play.operator(closed)})
    play.check("协议已终止的药店不能取处方", why != "")
    held, loser = await _race(play, winner, other, rx_no)
    winner, other = (winner, other) if held[0] is winner else (other, winner)
    play.check(
        "两家药店同时接单，只有一家接到；另一家知道是谁、从何时起", loser != "" and winner.place.name in loser
    )
    if winner.place.name != PHARMACIES[0]:
        shelf = play.packs(second, "B2502")
        await play.stock(winner, shelf)
    hold = held[1]
    play.say(on, f"{winner.place.name}接单，药师审方")
    review_sn = await play.reviewed(winner, hold)
    why = await play.national_refusal(winner, "2102", _purchase(play, hold, first, reason="缺药"))
    play.check("同一药品已在医院购买，药店不能再卖", "同一药品" in why)
    why = await play.national_refusal(winner, "2102", _purchase(play, hold, second))
    play.check("在不同机构购药而没有登记原因，不予结算", "原因" in why)
    more = good_of(play.world, second.name, second.quantity + 1)
    why = await play.national_refusal(winner, "2102", _purchase(play, hold, more, reason="医院缺药"))
    play.check("购买数量不能超过处方数量", "数量" in why)
    info = await play.bought(winner, patient, hold, shelf, reason="医院药房缺药")
    play.settled["second"] = info
    play.winner, play.other, play.shelf = winner.place.name, other.place.name, shelf
    play.check("起付标准与开具处方的医院合并计算，药店不再扣", decimal(info["act_pay_dedc"]) == 0)
    play.check("药店按药店的比例支付", decimal(info["hifp_pay"]) > 0)
    await play.handed_out(winner, hold, review_sn, shelf)
    why = await play.refusal(
        winner, "rxSaleDetlUpld", play.sale(winner, hold, review_sn, play.packs(third, "B9999"))
    )
    play.check("库存没有的药品不能发药", why != "")
    await play.let_go(winner, hold, "库存不足", third)
    play.say(on, f"{winner.place.name}发出{second.name}，{third.name}缺货，登记原因后释放处方")
    shelf = play.packs(third, "C2501")
    await play.stock(other, shelf)
    grant = await play.granted(other, await play.code_of(patient, rx_no))
    hold = await play.accepted(other, grant)
    review_sn = await play.reviewed(other, hold)
    assert play.shelf is not None
    why = await play.national_refusal(other, "2102", _purchase(play, hold, third, codes=play.shelf.codes[:1]))
    play.check("已经结算过的追溯码不能再结算", "追溯码" in why)
    info = await play.bought(other, patient, hold, shelf)
    await play.handed_out(other, hold, review_sn, shelf)
    play.check("第二家药店也不再扣起付", decimal(info["act_pay_dedc"]) == 0)
    play.check("三味药在三处取完，处方已取完", await play.state(rx_no) == "filled")


async def _race(play: Dispensary, one: Shop, two: Shop, rx_no: str) -> tuple[tuple[Shop, Held], str]:
    """Both pharmacies read a code of the member's and download at the same moment; who holds it, and what the other was told."""
    patient = play.people["patient"]
    grants = [(shop, await play.granted(shop, await play.code_of(patient, rx_no))) for shop in (one, two)]
    tried = await asyncio.gather(
        *(play.accepted(shop, grant) for shop, grant in grants), return_exceptions=True
    )
    held = next((shop, done) for (shop, _), done in zip(grants, tried, strict=True) if isinstance(done, Held))
    lost = next((str(done) for done in tried if isinstance(done, CallFailed)), "")
    return held, lost


def _purchase(
    play: Dispensary, held: Held, good: Good, *, reason: str = "", codes: tuple[str, ...] = ()
) -> dict[str, object]:
    """Data of 2102 for so many packs of a drug, with codes of their own or ``codes``."""
    pack = Pack(good, "B0000", codes) if codes else play.packs(good, "B0000")
    return purchase(play.people["patient"], held.rx_no, (pack,), play.now(), reason=reason)


async def give_back(play: Dispensary) -> None:
    """A refund: money to each source, the drug into stock, its packs and its line of the prescription free again."""
    on = play.turn(date(2025, 3, 5))
    patient, rx_no = play.people["patient"], play.numbers["first"]
    winner, other, shelf = play.shop(play.winner), play.shop(play.other), play.shelf
    assert shelf is not None
    info = play.settled["second"]
    before = await play.on_hand(winner, shelf.good)
    answer = await play.national(
        winner,
        "2103",
        {"data": {"psn_no": patient.psn_no, "setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"]}},
        patient.region,
    )
    play.check(
        "退费各付款来源各退各的",
        decimal(answer["setlinfo"]["hifp_pay"]) == -decimal(info["hifp_pay"])
        and decimal(answer["setlinfo"]["acct_pay"]) == -decimal(info["acct_pay"]),
    )
    after = await play.on_hand(winner, shelf.good)
    play.check("退费后药品回到库存", after == before + shelf.good.quantity * 10_000)
    play.check("退费后处方重新流转", await play.state(rx_no) == "circulating")
    play.say(on, f"{winner.place.name}退药退费，处方中的{shelf.good.name}可以再取")
    again = play.packs(shelf.good, "D2501")
    await play.stock(other, again)
    hold = await play.accepted(other, await play.granted(other, await play.code_of(patient, rx_no)))
    review_sn = await play.reviewed(other, hold)
    await play.bought(other, patient, hold, again)
    await play.handed_out(other, hold, review_sn, again)
    play.check("退掉的药在另一家药店取到，处方已取完", await play.state(rx_no) == "filled")
