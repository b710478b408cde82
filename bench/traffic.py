"""Messages for the benches: visits of many members at many institutions, as their software would send them.

Built beforehand as whole HTTP requests, signed, so that the generator only writes bytes.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from gongji.base.money import format_yuan
from gongji.demo_data import World
from gongji.project.story.cast import Member
from gongji.project.story.client import GENERIC_PATH, Institution, api_headers

HOSPITALS = (
    "演示街道社区卫生服务中心",
    "演示新区社区卫生服务中心",
    "演示镇卫生院",
    "演示区人民医院",
    "演示市职工医院",
    "演示省人民医院",
)
GOODS = ("普通门诊诊察费", "常规心电图检查", "硫酸氢氯吡格雷片", "养血清脑颗粒", "盐酸二甲双胍片")

_SERIALS = count(1)


class Visits:
    """``count`` visits: one member each, hospitals in turn, five lines, one fee batch."""

    def __init__(self, world: World, count: int, at: datetime, hospitals: Sequence[str] = HOSPITALS) -> None:
        self.at = at
        self.first = next(_SERIALS)
        self.hospitals = [
            Institution(place.code, place.name, place.region, place.access_key, place.secret)
            for place in map(world.institution, hospitals)
        ]
        self.members = list(insured(world))
        self.plan = [
            (self.members[n % len(self.members)], self.hospitals[n % len(self.hospitals)])
            for n in range(count)
        ]
        self.goods = [world.item(name) for name in GOODS]
        self.mdtrt_ids: list[str] = []

    def request(self, infno: str, nodes: dict[str, Any], hospital: Institution) -> bytes:
        """One HTTP request with envelope and signature; every message has its own number and its own signed instant."""
        serial = next(_SERIALS)
        message = {
            "infno": infno,
            "msgid": f"{hospital.code}{self.at:%m%d%H%M%S}{serial:08d}",
            "mdtrtarea_admvs": hospital.region,
            "insuplc_admdvs": hospital.region,
            "recer_sys_code": "BENCH",
            "infver": "V1.0",
            "opter_type": "1",
            "opter": "0001",
            "opter_name": "收费员",
            "inf_time": f"{self.at:%Y-%m-%d %H:%M:%S}",
            "fixmedins_code": hospital.code,
            "fixmedins_name": hospital.name,
            "sign_no": "",
            "input": nodes,
        }
        body = json.dumps(message, ensure_ascii=False).encode()
        signed = api_headers(hospital, infno, self.at + timedelta(milliseconds=serial % 600_000))
        head = "".join(f"{name}: {value}\r\n" for name, value in signed.items())
        return (
            f"POST {GENERIC_PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n{head}\r\n"
        ).encode() + body

    def registrations(self) -> list[bytes]:
        """2201 of every visit."""
        return [
            self.request(
                "2201",
                {
                    "data": {
                        "psn_no": member.psn_no,
                        "insutype": "310",
                        "begntime": self._stamp(),
                        **_voucher(member),
                        "ipt_otp_no": f"B{self.first}-{number}",
                        "dept_code": "0301",
                        "dept_name": "全科",
                        "caty": "A02",
                    }
                },
                hospital,
            )
            for number, (member, hospital) in enumerate(self.plan)
        ]

    def take_ids(self, bodies: list[bytes]) -> None:
        """Remember the visit ids that 2201 gave; answers come in any order, each names its person and visit number."""
        by_number = {}
        for body in bodies:
            data = json.loads(body)["output"]["data"]
            by_number[data["ipt_otp_no"]] = data["mdtrt_id"]
        self.mdtrt_ids = [by_number[f"B{self.first}-{number}"] for number in range(len(self.plan))]

    def visit_infos(self) -> list[bytes]:
        """2203 of every visit."""
        return [
            self.request(
                "2203",
                {
                    "mdtrtinfo": {
                        "mdtrt_id": visit,
                        "psn_no": member.psn_no,
                        "med_type": "11",
                        "begntime": self._stamp(),
                        "dise_codg": "",
                        "dise_name": "",
                    },
                    "diseinfo": [
                        {
                            "diag_type": "1",
                            "diag_srt_no": 1,
                            "diag_code": "I10.x00x002",
                            "diag_name": "高血压",
                            "diag_dept": "全科",
                            "dise_dor_no": "D1",
                            "dise_dor_name": "医师",
                            "diag_time": self._stamp(),
                            "vali_flag": "1",
                        }
                    ],
                },
                hospital,
            )
            for member, hospital, visit in self._each()
        ]

    def uploads(self) -> list[bytes]:
        """2204 of every visit: five lines."""
        return [
            self.request("2204", {"feedetail": list(self._lines(member, visit))}, hospital)
            for member, hospital, visit in self._each()
        ]

    def settlements(self, infno: str) -> list[bytes]:
        """2206 or 2207 of every visit."""
        total = format_yuan(sum(good.price_micro // 10_000 for good in self.goods))
        return [
            self.request(
                infno,
                {
                    "data": {
                        "psn_no": member.psn_no,
                        **_voucher(member),
                        "med_type": "11",
                        "medfee_sumamt": total,
                        "psn_setlway": "01",
                        "mdtrt_id": visit,
                        "chrg_bchno": "1",
                        "acct_used_flag": "1",
                        "insutype": "310",
                    }
                },
                hospital,
            )
            for member, hospital, visit in self._each()
        ]

    def _lines(self, member: Member, visit: str) -> Iterator[dict[str, Any]]:
        for number, good in enumerate(self.goods, start=1):
            yield {
                "feedetl_sn": str(number),
                "mdtrt_id": visit,
                "psn_no": member.psn_no,
                "chrg_bchno": "1",
                "rx_circ_flag": "0",
                "fee_ocur_time": self._stamp(),
                "med_list_codg": good.code,
                "medins_list_codg": good.code,
                "det_item_fee_sumamt": format_yuan(good.price_micro // 10_000),
                "cnt": 1,
                "pric": format_yuan(good.price_micro // 10_000),
                "bilg_dept_codg": "0301",
                "bilg_dept_name": "全科",
                "bilg_dr_codg": "D1",
                "bilg_dr_name": "医师",
                "hosp_appr_flag": "0",
            }

    def _each(self) -> Iterator[tuple[Member, Institution, str]]:
        for (member, hospital), visit in zip(self.plan, self.mdtrt_ids, strict=True):
            yield member, hospital, visit

    def _stamp(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


def _voucher(member: Member) -> dict[str, str]:
    return {"mdtrt_cert_type": "01", "mdtrt_cert_no": member.token}


def insured(world: World) -> Iterator[Member]:
    """Members who are insured in the province and carry an e-voucher."""
    tokens = {
        str(row["psn_no"]): str(row["number"])
        for row in world.tables["members_credential"]
        if row["kind"] == "voucher"
    }
    regions = {
        str(row["psn_no"]): str(row["region"])
        for row in world.tables["members_relation"]
        if str(row["region"]).startswith("14")
    }
    for row in world.tables["members_person"]:
        psn_no = str(row["psn_no"])
        if psn_no in tokens and psn_no in regions and row["died_on"] is None:
            yield Member(psn_no, str(row["name"]), str(row["cert_no"]), tokens[psn_no], regions[psn_no])
