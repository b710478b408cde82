"""The prescription centre's messages as our own hospital and pharmacies send them, and a prescription's life step by step."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from gongji.base.actors import Actor
from gongji.prescriptions import services
from gongji.prescriptions.office import RxOffice
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.rx_world import (
    DOCTOR,
    DOCTOR_NAME,
    HOSPITAL_PHARMACIST,
    PHARMACIST,
    PHARMACIST_NAME,
    local_of,
    now_of,
    ready,
    text,
)

DOCUMENT = b"%PDF-1.4 made up"


def drug(item: str = world.DRUG_A, /, **fields: Any) -> dict[str, Any]:
    """A row of rxdrugdetail."""
    return {
        "medListCodg": item,
        "fixmedinsHilistId": "本院001",
        "rxItemTypeCode": "11",
        "drugGenname": "测试甲类片",
        "drugDosform": "片剂",
        "drugSpec": "10mg",
        "medcWayCodg": "1",
        "medcWayDscr": "口服",
        "medcBegntime": "2024-08-15 10:00:00",
        "medcEndtime": "2024-08-20 10:00:00",
        "medcDays": "5",
        "sinDosunt": "mg",
        "sinDoscnt": "10",
        "usedFrquCodg": "12",
        "usedFrquName": "每天二次（bid）",
        "drugDosunt": "盒",
        "drugCnt": "1",
        "hospApprFlag": "0",
        **fields,
    }


def sheet(
    psn_no: str,
    mdtrt_id: str,
    at: datetime,
    /,
    *,
    code: str = world.HOSPITAL,
    drugs: list[dict[str, Any]] | None = None,
    visit: dict[str, Any] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """Nodes of 7101."""
    rows = [drug()] if drugs is None else drugs
    return {
        "data": {
            "mdtrtCertType": "01",
            "mdtrtCertNo": world.token_of(psn_no),
            "bizTypeCode": "01",
            "rxExraAttrCode": "02",
            "ecToken": world.token_of(psn_no),
            "authNo": "",
            "hospRxno": fresh("HRX"),
            "rxTypeCode": "1",
            "prscTime": text(at),
            "rxDrugCnt": len(rows),
            "valiDays": 3,
            "valiEndTime": text(at + timedelta(days=3)),
            "rxCotnFlag": "0",
            "longRxFlag": "0",
            **fields,
        },
        "rxdrugdetail": rows,
        "mdtrtinfo": {
            "fixmedinsName": "测试县医院",
            "fixmedinsCode": code,
            "mdtrtId": mdtrt_id,
            "medType": "11",
            "iptOtpNo": "V1",
            "psnNo": psn_no,
            "patnName": world.name_of(psn_no),
            "psnCertType": "01",
            "certno": world.certno_of(psn_no),
            "patnAge": "34.0",
            "patnWt": "60.5",
            "gend": "1",
            "algsHis": "青霉素",
            "prscDeptName": "内科",
            "prscDeptCode": "01",
            "drCode": DOCTOR,
            "prscDrName": DOCTOR_NAME,
            "drProfttlCodg": "234",
            "drProfttlName": "医师",
            "drDeptCode": "01",
            "drDeptName": "内科",
            "mdtrtTime": text(at),
            "spDiseFlag": "0",
            "maindiagCode": "I10.x00",
            "maindiagName": "特发性高血压",
            **(visit or {}),
        },
        "diseinfo": [
            {
                "diagType": "1",
                "maindiagFlag": "1",
                "diagSrtNo": 1,
                "diagCode": "I10.x00",
                "diagName": "特发性高血压",
                "diagDept": "内科",
                "diagDrNo": DOCTOR,
                "diagDrName": DOCTOR_NAME,
                "diagTime": text(at),
            }
        ],
    }


def signed_fields(
    psn_no: str, mdtrt_id: str, at: datetime, checked: dict[str, Any], **fields: Any
) -> dict[str, Any]:
    """Fields 1-20 of 7103."""
    return {
        "rxTraceCode": checked["rxTraceCode"],
        "hiRxno": checked["hiRxno"],
        "mdtrtId": mdtrt_id,
        "patnName": world.name_of(psn_no),
        "psnCertType": "01",
        "certno": world.certno_of(psn_no),
        "fixmedinsName": "测试县医院",
        "fixmedinsCode": world.HOSPITAL,
        "drCode": DOCTOR,
        "prscDrName": DOCTOR_NAME,
        "pharDeptName": "药剂科",
        "pharDeptCode": "09",
        "pharCode": HOSPITAL_PHARMACIST,
        "pharName": "测试院内药师",
        "pharChkTime": text(at),
        **fields,
    }


def signature(signed: dict[str, Any], document: bytes = DOCUMENT) -> dict[str, Any]:
    """Nodes of 7102."""
    original = json.dumps(signed, ensure_ascii=False).encode()
    return {
        "data": {
            "fixmedinsCode": signed["fixmedinsCode"],
            "originalValue": base64.b64encode(original).decode(),
            "originalRxFile": base64.b64encode(document).decode(),
        }
    }


class Rx:
    """One prescription of a member of its own, and what each step answered."""

    def __init__(self, caller: Caller, psn_no: str, mdtrt_id: str, at: datetime) -> None:
        self.caller = caller
        self.psn_no = psn_no
        self.mdtrt_id = mdtrt_id
        self.at = at
        self.checked: dict[str, Any] = {}
        self.signed: dict[str, Any] = {}
        self.file: dict[str, Any] = {}
        self.grant: dict[str, Any] = {}
        self.taken: dict[str, Any] = {}
        self.verify_sn = ""
        self.review_sn = ""
        self.sale_sn = ""

    @property
    def now(self) -> datetime:
        """The platform's time, or without a platform the time of issue."""
        return now_of(self.caller) if self.caller.app.platform else self.at

    @property
    def no(self) -> str:
        return str(self.checked["hiRxno"])

    async def check(self, **given: Any) -> Rx:
        nodes = sheet(self.psn_no, self.mdtrt_id, self.at, **given)
        self.checked = (await self.caller.output("7101", nodes))["data"]
        self.signed = signed_fields(self.psn_no, self.mdtrt_id, self.at, self.checked)
        return self

    async def sign(self) -> Rx:
        self.file = (await self.caller.output("7102", signature(self.signed)))["data"]
        return self

    def upload(self, **fields: Any) -> dict[str, Any]:
        """Nodes of 7103."""
        file = {"rxFile": self.file["rxFile"], "signDigest": self.file["signDigest"]}
        return {"data": {**self.signed, **file, **fields}}

    async def circulate(self) -> Rx:
        await self.caller.output("7103", self.upload())
        return self

    def undo(self, **fields: Any) -> dict[str, Any]:
        """Nodes of 7104."""
        return {
            "data": {
                "hiRxno": self.no,
                "fixmedinsCode": world.HOSPITAL,
                "drCode": DOCTOR,
                "undoDrName": DOCTOR_NAME,
                "undoDrCertType": "01",
                "undoDrCertno": "99999919800101001X",
                "undoRea": "开错药",
                "undoTime": text(self.now),
                **fields,
            }
        }

    def query(self, **fields: Any) -> dict[str, Any]:
        """Nodes of 7105-7107."""
        return {
            "data": {
                "fixmedinsCode": world.HOSPITAL,
                "hiRxno": self.no,
                "mdtrtId": self.mdtrt_id,
                "psnName": world.name_of(self.psn_no),
                "psnCertType": "01",
                "certno": world.certno_of(self.psn_no),
                **fields,
            }
        }

    def authorisation(self, pharmacy: str = world.PHARMACY, **fields: Any) -> dict[str, Any]:
        """Nodes of 7201."""
        return {"data": {**at_counter(self.psn_no), **operator(pharmacy), **fields}}

    async def authorise(self, pharmacy: str = world.PHARMACY) -> Rx:
        rows = (await self.caller.output("7201", self.authorisation(pharmacy), caller=pharmacy))["data"]
        self.grant = rows[0]
        return self

    def download(self, pharmacy: str = world.PHARMACY, **fields: Any) -> dict[str, Any]:
        """Nodes of 7204."""
        token = {"epcToken": self.grant["epcToken"], "authRxno": self.grant["authRxno"]}
        return {"data": {**token, "devInfo": "D", **operator(pharmacy), **fields}}

    async def accept(self, pharmacy: str = world.PHARMACY, **fields: Any) -> Rx:
        self.taken = await self.caller.output("7204", self.download(pharmacy, **fields), caller=pharmacy)
        return self

    def verification(self, pharmacy: str = world.PHARMACY, **fields: Any) -> dict[str, Any]:
        """Nodes of 7205."""
        return {
            "data": {
                "hiRxno": self.no,
                "fixmedinsCode": pharmacy,
                "rxTraceCode": self.checked["rxTraceCode"],
                "rxFile": self.taken["data"]["rxFile"],
                "epcToken": self.grant["epcToken"],
                **fields,
            }
        }

    async def verify(self, pharmacy: str = world.PHARMACY) -> Rx:
        done = await self.caller.output("7205", self.verification(pharmacy), caller=pharmacy)
        self.verify_sn = done["data"]["rxSignVerifySn"]
        return self

    def reviewing(self, pharmacy: str = world.PHARMACY, **fields: Any) -> dict[str, Any]:
        """Nodes of 7206."""
        return {
            "data": {
                "hiRxno": self.no,
                "epcToken": self.grant["epcToken"],
                "ecToken": "PHARMACIST",
                "fixmedinsCode": pharmacy,
                "fixmedinsName": "测试大药房",
                "pharCertType": "01",
                "pharCertno": "99999919800101002X",
                "pharName": PHARMACIST_NAME,
                "pharCode": PHARMACIST,
                "rxChkOpnn": "合理",
                "rxChkStasCodg": "1",
                "rxChkTime": text(self.now),
                "rxSignVerifySn": self.verify_sn,
                **fields,
            }
        }

    async def review(self, pharmacy: str = world.PHARMACY) -> Rx:
        done = await self.caller.output("7206", self.reviewing(pharmacy), caller=pharmacy)
        self.review_sn = done["data"]["rxChkBizSn"]
        return self

    def sale(
        self,
        pharmacy: str = world.PHARMACY,
        rows: list[dict[str, Any]] | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """Nodes of 7207."""
        given = [{}] if rows is None else rows
        return {
            "data": {
                "hiRxno": self.no,
                "fixmedinsCode": pharmacy,
                "fixmedinsName": "测试大药房",
                "dspeerName": "测试调剂员",
                "rxChkBizSn": self.review_sn,
                "hiFeesetlFlag": "1",
                **fields,
            },
            "rxSaleDrugDetl": [sold(self.now, **row) for row in given],
        }

    async def dispense(self, pharmacy: str = world.PHARMACY, **given: Any) -> Rx:
        done = await self.caller.output("7207", self.sale(pharmacy, **given), caller=pharmacy)
        self.sale_sn = done["data"]["selStooutSn"]
        return self

    def taking_back(self, pharmacy: str = world.PHARMACY, **fields: Any) -> dict[str, Any]:
        """Nodes of 7208."""
        return {"data": {"hiRxno": self.no, "fixmedinsCode": pharmacy, "selStooutSn": self.sale_sn, **fields}}

    def delivery(self, pharmacy: str = world.PHARMACY, **fields: Any) -> dict[str, Any]:
        """Nodes of 7209."""
        return {
            "data": {
                "hiRxno": self.no,
                "delvNo": "PS1",
                "delvAddr": "测试路一号",
                "delvEntpName": "测试配送",
                "delverCertType": "01",
                "delverCertno": "99999919800101003X",
                "delverName": "测试配送员",
                "delvStasCodg": "1",
                "delvStasName": "配送中",
                "delvStasTime": text(self.now),
                "delvConner": world.name_of(self.psn_no),
                "fixmedinsCode": pharmacy,
                "fixmedinsName": "测试大药房",
                **fields,
            }
        }

    def receipt(self, **fields: Any) -> dict[str, Any]:
        """Nodes of 7210."""
        return {
            "data": {
                "hiRxno": self.no,
                "delvNo": "PS1",
                "delverCertType": "01",
                "delverCertno": "99999919800101003X",
                "delverName": "测试配送员",
                "delvStasTime": text(self.now),
                "chkWayCodg": "2",
                **fields,
            }
        }

    def release(self, pharmacy: str = world.PHARMACY, **fields: Any) -> dict[str, Any]:
        """Nodes of 7291."""
        return {
            "data": {
                "hiRxno": self.no,
                "fixmedinsCode": pharmacy,
                "epcToken": self.grant.get("epcToken", ""),
                "releaFlag": "1",
                "splitRea": "缺货",
                "medListCodgs": [],
                **fields,
            }
        }


def at_counter(psn_no: str) -> dict[str, Any]:
    return {
        "psnName": world.name_of(psn_no),
        "psnCertType": "01",
        "certno": world.certno_of(psn_no),
        "ecToken": world.token_of(psn_no),
    }


def operator(pharmacy: str) -> dict[str, Any]:
    return {
        "fixmedinsCode": pharmacy,
        "ipInfo": "10.0.0.1",
        "opter": "0001",
        "opterName": "测试店员",
        "optinsNo": pharmacy,
    }


def sold(at: datetime, /, **fields: Any) -> dict[str, Any]:
    """A row of rxSaleDrugDetl."""
    item = str(fields.get("medListCodg", world.DRUG_A))
    return {
        "rtalDocno": fresh("LS"),
        "stooutTime": text(at),
        "medListCodg": world.DRUG_A,
        "medinsListCodg": local_of(item),
        "drugGenname": "测试甲类片",
        "drugSpec": "10mg",
        "manuLotnum": "LOT1",
        "bchno": "B1",
        "drugTotlcnt": "1",
        "drugTotlcntEmp": "盒",
        "drugSumamt": "50.00",
        **fields,
    }


async def visited(caller: Caller, psn_no: str | None = None) -> Rx:
    """Somebody at the hospital, with nothing prescribed yet."""
    await ready(caller)
    person = psn_no or await messages.somebody(caller)
    at = now_of(caller) - timedelta(minutes=5)
    return Rx(caller, person, await messages.visit(caller, person, begntime=text(at)), at)


async def circulating(caller: Caller, psn_no: str | None = None, **given: Any) -> Rx:
    """A prescription that the member may fetch."""
    rx = await visited(caller, psn_no)
    await rx.check(**given)
    await rx.sign()
    return await rx.circulate()


async def held(caller: Caller, pharmacy: str = world.PHARMACY, **given: Any) -> Rx:
    """One that a pharmacy has taken on."""
    rx = await circulating(caller, **given)
    await rx.authorise(pharmacy)
    return await rx.accept(pharmacy)


async def approved(caller: Caller, pharmacy: str = world.PHARMACY, **given: Any) -> Rx:
    """One that the pharmacist has passed."""
    rx = await held(caller, pharmacy, **given)
    await rx.verify(pharmacy)
    return await rx.review(pharmacy)


async def shown_code(caller: Caller, one: Rx, pharmacy: str = "") -> str:
    """What the member shows at a counter, or the number of an online authorisation for ``pharmacy``: the portal's part."""
    platform = caller.app.platform
    assert platform is not None
    office = RxOffice(
        law=platform.law,
        catalogue=platform.catalogue,
        book=platform.providers,
        vault=platform.vault,
        ids=platform.ids,
        signer=platform.signer,
        actor=Actor("member", "self"),
        at=platform.now(),
    )
    async with platform.pool.acquire() as connection:
        code = await services.show_code(connection, office, one.psn_no, one.no, pharmacy=pharmacy)
    assert isinstance(code, services.Code)
    return code.text


def confirmation(one: Rx, **fields: Any) -> dict[str, Any]:
    """Nodes of 7191."""
    return {
        "data": {
            "hiRxno": one.no,
            "fixmedinsCode": world.HOSPITAL,
            "drCode": DOCTOR,
            "prscDrName": DOCTOR_NAME,
            **fields,
        }
    }


def showing(code: str, pharmacy: str = world.PHARMACY) -> dict[str, Any]:
    """Nodes of 7203."""
    return {"data": {"epcQrcd": code, "devInfo": "D", **operator(pharmacy)}}


def online(one: Rx, number: str, pharmacy: str = world.PHARMACY) -> dict[str, Any]:
    """Nodes of 7202."""
    return {"data": {"hiRxno": one.no, "authCircBizSn": number, "epcChnlId": "CHANNEL", **operator(pharmacy)}}


def drug_query(**fields: Any) -> dict[str, Any]:
    """Nodes of 7211."""
    return {
        "data": {
            "fixmedinsCode": world.PHARMACY,
            "medListCodg": world.DRUG_A,
            "pageNum": 1,
            "pageSize": 100,
            **fields,
        }
    }
