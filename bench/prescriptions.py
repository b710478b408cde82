"""The life of prescriptions over HTTP: issue, sign, circulate, accept, verify, review, settle, dispense; against pgbench.

    python -m bench.prescriptions [--lives 600] [--connections 32] [--workers 2]

One embedded PostgreSQL (fsync on), `gongji serve` with its worker processes, signed messages of the national envelope. Each life is
one prescription of one drug: the hospital's 7101, 7102 (an SM2 signature of the server) and 7103, the code of the member's phone,
the pharmacy's 7203, 7204, 7205 (an SM2 verification), 7206, 2102 and 7207 (stock moves). The generator and PostgreSQL share the
cores with the server; pgbench writes the rows of one settlement a transaction on the same server in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import platform
import tempfile
import time
from collections import defaultdict
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
from bench.interface import Rig, served
from bench.traffic import Visits, insured

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.times import CHINA
from gongji.catalog.values import Catalogue
from gongji.demo_data import World
from gongji.demo_data.register import doctors, pharmacists
from gongji.policy import DEMO_OVERLAY, compile_law, load_library
from gongji.prescriptions import services
from gongji.prescriptions.office import RxOffice
from gongji.project.story.cast import Member, good_of, institution_of
from gongji.project.story.client import GENERIC_PATH, Institution, api_headers
from gongji.project.story.paper import paper
from gongji.project.story.sheets import (
    Dose,
    Pack,
    Person,
    Sheet,
    encoded,
    purchase,
    review,
    sale,
    sheet_data,
    signed_fields,
)
from gongji.providers import selectors as providers

HOSPITAL, PHARMACIES, DRUG = "演示街道社区卫生服务中心", ("演示大药房总店", "演示康民药房"), "盐酸二甲双胍片"
STEPS = ("7101", "7102", "7103", "7203", "7204", "7205", "7206", "2102", "7207")
PLENTY = 10**6
_serials = count(1)


class Line:
    """One connection to the server: messages go out and come back one after the other."""

    def __init__(self, port: int, took: dict[str, list[float]]) -> None:
        self.port, self.took = port, took

    async def open(self) -> Line:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def call(self, place: Institution, infno: str, nodes: dict[str, Any]) -> Any:
        """Output of one trade, which must succeed."""
        started = time.perf_counter()
        self.writer.write(_request(place, infno, nodes))
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            int(row.split(b":")[1])
            for row in head.split(b"\r\n")
            if row.lower().startswith(b"content-length")
        )
        answer = json.loads(await self.reader.readexactly(length))
        self.took[infno].append(time.perf_counter() - started)
        if answer["infcode"] != 0:
            raise SystemExit(f"{infno}: {answer['err_msg']}")
        return answer["output"]


def _request(place: Institution, infno: str, nodes: dict[str, Any]) -> bytes:
    at, serial = datetime.now(CHINA), next(_serials)
    body = json.dumps(
        {
            "infno": infno,
            "msgid": f"{place.code}{at:%m%d%H%M%S}{serial:08d}",
            "mdtrtarea_admvs": place.region,
            "insuplc_admdvs": place.region,
            "recer_sys_code": "BENCH",
            "infver": "V1.0",
            "opter_type": "1",
            "opter": "0001",
            "opter_name": "收费员",
            "inf_time": f"{at:%Y-%m-%d %H:%M:%S}",
            "fixmedins_code": place.code,
            "fixmedins_name": place.name,
            "sign_no": "",
            "input": nodes,
        },
        ensure_ascii=False,
    ).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in api_headers(place, infno, at).items())
    return (
        f"POST {GENERIC_PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n{head}\r\n"
    ).encode() + body


class Phone:
    """The member's side: shows a code, as the portal will; a connection of its own to the database."""

    def __init__(self, conn: asyncpg.Connection[Any], office: dict[str, Any]) -> None:
        self.conn, self.office, self.turn = conn, office, asyncio.Lock()

    async def code(self, psn_no: str, rx_no: str) -> str:
        async with self.turn:
            office = RxOffice(**self.office, actor=Actor("member", psn_no), at=datetime.now(CHINA))
            shown = await services.show_code(self.conn, office, psn_no, rx_no)
        if isinstance(shown, Refusal):
            raise SystemExit(shown.text)
        return shown.text


class Lives:
    """Prescriptions of one hospital, filled by pharmacies in turn."""

    def __init__(self, world: World, phone: Phone) -> None:
        self.world, self.phone = world, phone
        self.hospital = institution_of(world, HOSPITAL)
        self.shops = [institution_of(world, name) for name in PHARMACIES]
        names = {str(row["staff_code"]): row for row in world.tables["providers_staff"]}

        def person(code: str) -> Person:
            return Person(code, str(names[code]["name"]), str(names[code]["cert_no"]))

        self.doctor = person(doctors(world.institution(HOSPITAL))[0])
        self.hospital_pharmacist = person(pharmacists(world.institution(HOSPITAL))[0])
        self.pharmacists = [person(pharmacists(world.institution(name))[0]) for name in PHARMACIES]
        self.drug = good_of(world, DRUG)

    async def shelves(self, line: Line) -> None:
        """3501: enough of the drug at each pharmacy."""
        for shop in self.shops:
            row = {
                "med_list_codg": self.drug.code,
                "fixmedins_hilist_id": self.drug.code,
                "fixmedins_hilist_name": self.drug.name,
                "rx_flag": "1",
                "invdate": f"{datetime.now(CHINA):%Y-%m-%d}",
                "inv_cnt": PLENTY,
                "manu_lotnum": "L1",
                "fixmedins_bchno": "L1",
                "manu_date": "2025-01-01",
                "expy_end": "2099-12-31",
            }
            await line.call(shop, "3501", {"invinfo": row})

    async def live(self, line: Line, number: int, member: Member, mdtrt_id: str) -> None:
        """One prescription from the doctor's desk to the member's hand."""
        shop, pharmacist = self.shops[number % 2], self.pharmacists[number % 2]
        at = datetime.now(CHINA).replace(microsecond=0)
        sheet = Sheet(
            self.hospital,
            self.doctor,
            member,
            mdtrt_id,
            f"BX{number}-{at:%H%M%S%f}",
            at,
            (Dose(self.drug, 7),),
        )
        checked = (await line.call(self.hospital, "7101", sheet_data(sheet)))["data"]
        fields = signed_fields(sheet, checked, self.hospital_pharmacist, at)
        asked = {
            "fixmedinsCode": self.hospital.code,
            "originalValue": encoded(fields),
            "originalRxFile": base64.b64encode(paper(sheet)).decode(),
        }
        signed = (await line.call(self.hospital, "7102", {"data": asked}))["data"]
        upload = {**fields, "rxFile": signed["rxFile"], "signDigest": signed["signDigest"]}
        await line.call(self.hospital, "7103", {"data": upload})
        code = await self.phone.code(member.psn_no, checked["hiRxno"])
        desk = {
            "fixmedinsCode": shop.code,
            "devInfo": "",
            "ipInfo": "127.0.0.1",
            "opter": "1",
            "opterName": "收银员",
            "optinsNo": shop.code,
        }
        grant = (await line.call(shop, "7203", {"data": {"epcQrcd": code, **desk}}))["data"]
        asked = {"epcToken": grant["epcToken"], "authRxno": grant["authRxno"], **desk}
        held = (await line.call(shop, "7204", {"data": asked}))["data"]
        asked = {
            "hiRxno": held["hiRxno"],
            "fixmedinsCode": shop.code,
            "rxTraceCode": held["rxTraceCode"],
            "rxFile": held["rxFile"],
            "epcToken": grant["epcToken"],
        }
        verified = (await line.call(shop, "7205", {"data": asked}))["data"]
        held["epcToken"] = grant["epcToken"]
        reviewed = (await line.call(shop, "7206", {"data": review(shop, pharmacist, held, verified, at)}))[
            "data"
        ]
        pack = Pack(self.drug, "L1", ())
        await line.call(shop, "2102", _without_codes(purchase(member, held["hiRxno"], (pack,), at)))
        handed = sale(
            shop,
            held["hiRxno"],
            reviewed["rxChkBizSn"],
            (Pack(self.drug, "L1", ("",)),),
            at,
            f"BS{number}-{at:%H%M%S}",
        )
        await line.call(shop, "7207", handed)


def _without_codes(nodes: dict[str, Any]) -> dict[str, Any]:
    return {name: node for name, node in nodes.items() if name != "drug_trac_info"}


async def _measure(rig: Rig, vault: Vault, arguments: argparse.Namespace) -> dict[str, Any]:
    took: dict[str, list[float]] = defaultdict(list)
    conn = await asyncpg.connect(rig.dsn)
    law = compile_law(load_library(overlay=DEMO_OVERLAY))
    book = await providers.load(conn, vault)
    office = {
        "law": law,
        "catalogue": Catalogue(),
        "book": book,
        "vault": vault,
        "ids": IdSource(1023, lambda: time.time_ns() // 1_000_000),
        "signer": None,
    }
    lives = Lives(rig.world, Phone(conn, office))
    members = list(insured(rig.world))
    visits = Visits(rig.world, arguments.lives, datetime.now(CHINA), hospitals=(HOSPITAL,))
    registered = await asyncio.to_thread(rig.send, visits.registrations(), keep_bodies=True)
    visits.take_ids(registered.bodies or [])
    await asyncio.to_thread(rig.send, visits.visit_infos())
    lines = [await Line(rig.port, took).open() for _ in range(arguments.connections)]
    await lives.shelves(lines[0])
    waiting = iter(range(arguments.lives))

    async def work(line: Line) -> None:
        for number in waiting:
            member = members[number % len(members)]
            await lives.live(line, number, member, visits.mdtrt_ids[number])

    started = time.perf_counter()
    await asyncio.gather(*(work(line) for line in lines))
    elapsed = time.perf_counter() - started
    await conn.close()
    per_second = arguments.lives / elapsed
    written = await asyncio.to_thread(rig.pgbench)
    return {
        "lives_per_second": round(per_second),
        "messages_per_second": round(per_second * len(STEPS)),
        "pgbench_per_second": round(written),
        "messages_to_pgbench": round(per_second * len(STEPS) / written, 2),
        "p50_ms": {infno: round(sorted(took[infno])[len(took[infno]) // 2] * 1000, 1) for infno in STEPS},
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lives", type=int, default=600)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongji-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  the server's own account has to reach its folder
        with served(arguments, Path(folder)) as (rig, vault):
            figures = asyncio.run(_measure(rig, vault, arguments))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(json.dumps({"machine": machine, **figures}, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
