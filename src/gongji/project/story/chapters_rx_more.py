"""Chapters of the prescription story, second half: a proxy, an expiry, a long prescription in parts, a withdrawal, forgeries."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import date
from typing import Final

from gongji.base.actors import Actor
from gongji.base.noise import libraries_silent
from gongji.base.reasons import Refusal
from gongji.gateway.epc.envelope import seal_request
from gongji.prescriptions import services as prescriptions
from gongji.project.story.cast import good_of
from gongji.project.story.chapters_rx import CENTRE, PHARMACIES
from gongji.project.story.dispensary import Dispensary
from gongji.project.story.household import Role
from gongji.project.story.messages import decimal
from gongji.project.story.sheets import Dose, purchase

__all__ = ["by_proxy", "expire", "forge", "in_parts", "withdraw"]

MOTHER: Final = Role("孙桂兰", date(1951, 11, 12), False, "140100")
DAUGHTER: Final = Role("钱小芳", date(1979, 2, 8), False, "140100")
SIGNATURE: Final = "钱小芳（代购人签名）".encode()
WEEKS: Final = 28
"""Days of one part of the long prescription."""


async def by_proxy(play: Dispensary) -> None:
    """A retired member stays at home; her daughter fetches the drugs, shows both identities and signs."""
    on = play.turn(date(2025, 4, 7))
    centre, pharmacy = play.shop(CENTRE), play.shop(PHARMACIES[0])
    mother = await play.insure("mother", MOTHER, "retired")
    daughter = await play.insure("daughter", DAUGHTER, "employee")
    drug = good_of(play.world, "达格列净片")
    mdtrt_id = await play.registered(centre, mother)
    rx_no = str((await play.issued(centre, play.sheet(centre, mother, mdtrt_id, Dose(drug, 7))))["hiRxno"])
    shelf = play.packs(drug, "E2504")
    await play.stock(pharmacy, shelf)
    grants = await play.centre(
        pharmacy,
        "rxOfflineAuth",
        {
            "psnName": mother.name,
            "psnCertType": "01",
            "certno": mother.cert_no,
            "ecToken": "",
            "regSn": f"DJ{play.stage.ids.next()}",
            **play.operator(pharmacy),
        },
    )
    grant = next(row for row in _rows(grants) if row["fixmedinsCode"] == centre.place.code)
    hold = await play.accepted(
        pharmacy,
        grant,
        agnterName=daughter.name,
        agnterCertType="01",
        agnterCertno=daughter.cert_no,
        agnterTel="13900000000",
        agnterRlts="2",
    )
    play.say(on, f"{daughter.name}代{mother.name}取药，药店查验两人证件并登记")
    review_sn = await play.reviewed(pharmacy, hold)
    info = await play.bought(pharmacy, mother, hold, shelf, account="0")
    why = await play.refusal(pharmacy, "rxSaleDetlUpld", play.sale(pharmacy, hold, review_sn, shelf))
    play.check("代购人没有签字，不能发药", "签" in why)
    await play.handed_out(pharmacy, hold, review_sn, shelf, signature=SIGNATURE)
    play.check("处方没有医院费用时，起付标准在药店扣收", decimal(info["act_pay_dedc"]) > 0)
    play.check("代购取完，处方已取完", await play.state(rx_no) == "filled")
    play.settled["proxy"] = info


def _rows(answer: object) -> list[dict[str, str]]:
    data = answer.get("data", answer) if isinstance(answer, dict) else answer
    return data if isinstance(data, list) else [data]  # type: ignore[list-item]


async def expire(play: Dispensary) -> None:
    """Issued on the first day, the prescription is good to the end of the third, and not on the fourth (decision A12)."""
    on = play.turn(date(2025, 5, 6))
    centre, pharmacy = play.shop(CENTRE), play.shop(PHARMACIES[0])
    patient = play.people["patient"]
    drug = good_of(play.world, "苯磺酸氨氯地平片")
    mdtrt_id = await play.registered(centre, patient)
    rx_no = str((await play.issued(centre, play.sheet(centre, patient, mdtrt_id, Dose(drug, 7))))["hiRxno"])
    play.turn(date(2025, 5, 8))
    shown = await play.refusal(
        pharmacy, "rxQrCodeDecode", {"epcQrcd": await play.code_of(patient, rx_no), **play.operator(pharmacy)}
    )
    play.check("第三天仍可取药", shown == "")
    on = play.turn(date(2025, 5, 9))
    await play.sweep()
    play.check("第四天处方已失效", await play.state(rx_no) == "expired")
    shelf = play.packs(drug, "F2505")
    nodes = purchase(patient, rx_no, (shelf,), play.now())
    info = (await play.national(pharmacy, "2102", nodes, patient.region))["setlinfo"]
    play.check(
        "凭失效处方购药，统筹不付，个人账户可用", decimal(info["hifp_pay"]) == 0 < decimal(info["acct_pay"])
    )
    play.say(on, f"处方 {rx_no} 三天未取，已失效；{patient.name}用个人账户购药")


async def in_parts(play: Dispensary) -> None:
    """Twelve weeks in three parts of four: one deductible, each part not before its day."""
    on = play.turn(date(2025, 6, 2))
    centre, pharmacy = play.shop(CENTRE), play.shop(PHARMACIES[0])
    mother = play.people["mother"]
    drug = good_of(play.world, "恩格列净片", 3)
    part = good_of(play.world, drug.name, 1)
    mdtrt_id = await play.registered(centre, mother)
    sheet = play.sheet(
        centre,
        mother,
        mdtrt_id,
        Dose(drug, 3 * WEEKS),
        fills=3,
        interval=WEEKS,
        reason="病情稳定，长期服药",
    )
    rx_no = str((await play.issued(centre, sheet))["hiRxno"])
    play.say(on, f"长期处方 {rx_no}：{drug.name} 12 周，分三次取")
    deductibles = []
    for number, day in enumerate((date(2025, 6, 3), date(2025, 7, 1), date(2025, 7, 29)), start=1):
        if number > 1:
            play.turn(date.fromordinal(day.toordinal() - 3))
            why = await _early(play, rx_no)
            play.check(f"第 {number} 次取药不能提前", why != "")
        play.turn(day)
        shelf = play.packs(part, f"G25{number:02d}")
        await play.stock(pharmacy, shelf)
        hold = await play.accepted(pharmacy, await play.granted(pharmacy, await play.code_of(mother, rx_no)))
        review_sn = await play.reviewed(pharmacy, hold)
        info = await play.bought(pharmacy, mother, hold, shelf, account="0")
        await play.handed_out(pharmacy, hold, review_sn, shelf)
        deductibles.append(decimal(info["act_pay_dedc"]))
        if number < 3:
            play.check(f"第 {number} 次取药后，处方等待下一次", await play.state(rx_no) == "circulating")
    play.check("三次取完，处方已取完", await play.state(rx_no) == "filled")
    play.check("同一处方三次取药只在第一次扣起付", deductibles[0] > 0 and not any(deductibles[1:]))


async def _early(play: Dispensary, rx_no: str) -> str:
    """What is said to somebody who comes before the part's day."""
    pharmacy, mother = play.shop(PHARMACIES[0]), play.people["mother"]
    office = play.office(Actor("member", mother.psn_no))
    shown = await prescriptions.show_code(play.stage.conn, office, mother.psn_no, rx_no)
    if isinstance(shown, Refusal):
        return shown.text
    return await play.refusal(pharmacy, "rxQrCodeDecode", {"epcQrcd": shown.text, **play.operator(pharmacy)})


async def withdraw(play: Dispensary) -> None:
    """The doctor takes a prescription back while a pharmacy holds it: the pharmacy's next step is told so."""
    on = play.turn(date(2025, 8, 4))
    centre, pharmacy = play.shop(CENTRE), play.shop(PHARMACIES[1])
    patient = play.people["patient"]
    drug = good_of(play.world, "养血清脑颗粒")
    mdtrt_id = await play.registered(centre, patient)
    rx_no = str((await play.issued(centre, play.sheet(centre, patient, mdtrt_id, Dose(drug, 7))))["hiRxno"])
    hold = await play.accepted(pharmacy, await play.granted(pharmacy, await play.code_of(patient, rx_no)))
    doctor = centre.doctors[0]
    await play.centre(
        centre,
        "rxUndo",
        {
            "hiRxno": rx_no,
            "fixmedinsCode": centre.place.code,
            "drCode": doctor.code,
            "undoDrName": doctor.name,
            "undoDrCertType": "01",
            "undoDrCertno": doctor.cert_no,
            "undoRea": "调整用药",
            "undoTime": f"{play.now():%Y-%m-%d %H:%M:%S}",
        },
    )
    why = await play.refusal(
        pharmacy,
        "rxFileVerify",
        {
            "hiRxno": rx_no,
            "fixmedinsCode": pharmacy.place.code,
            "rxTraceCode": hold.download["rxTraceCode"],
            "rxFile": hold.download["rxFile"],
            "epcToken": hold.token,
        },
    )
    play.check("医师撤销后，已接单的药店下一步即被告知", "撤销" in why)
    play.say(on, f"医师撤销处方 {rx_no}")


async def forge(play: Dispensary) -> None:
    """A message with one digit changed, and one signed with another institution's key, are believed by nobody."""
    play.turn(date(2025, 8, 5))
    centre, pharmacy = play.shop(CENTRE), play.shop(PHARMACIES[1])
    line = centre.centre
    data = {"fixmedinsCode": centre.place.code, "hiRxno": "1", "mdtrtId": "1"}
    body = seal_request(line.keys, pharmacy.centre.keys.private_key, data, play.now())
    with libraries_silent():
        answer = json.loads(await asyncio.to_thread(line.post, "hospRxDetlQuery", body))
    play.check("用别家机构的密钥签名，被拒绝", answer.get("code") != 0)
    fields = json.loads(seal_request(line.keys, line.keys.private_key, data, play.now()))
    signature = bytearray(base64.b64decode(fields["signData"]))
    signature[7] ^= 1
    fields["signData"] = base64.b64encode(bytes(signature)).decode()
    body = json.dumps(fields).encode()
    with libraries_silent():
        answer = json.loads(await asyncio.to_thread(line.post, "hospRxDetlQuery", body))
    play.check("签名被改动一位，被拒绝", answer.get("code") != 0)
