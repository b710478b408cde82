"""Prescriptions for members of the demonstration, issued by its hospitals through the centre's own verbs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.demo_data import generate
from gongji.demo_data.register import doctors, pharmacists
from gongji.encounters import services as encounters
from gongji.encounters.values import Registration
from gongji.gateway.centre import office_at
from gongji.gateway.platform import Platform
from gongji.members.personal import open_cert_no
from gongji.members.selectors import find
from gongji.members.values import Person
from gongji.prescriptions import Case, services
from gongji.prescriptions.values import Diagnosis, Drug, Issue, Private
from gongji.stock.services import Upload, post
from gongji.stock.values import Entry

WORLD = generate()
HOSPITAL = WORLD.institution("演示省人民医院")
PHARMACY = WORLD.institution("演示大药房总店")
MEMBER, OTHER = WORLD.member("active"), WORLD.member("retired")
DRUGS = [item for item in WORLD.items if item.row["kind"] == "drug" and item.row["prescription_only"]]
DOCUMENT = b"%PDF-1.4 made up"


def done(answer: Any) -> Any:
    """The answer, which must not be a refusal."""
    assert not isinstance(answer, Refusal), answer
    return answer


def drug(number: int = 0, quantity: int = 2, days: int = 7) -> Drug:
    """One of the demonstration's prescription drugs."""
    item = DRUGS[number]
    return Drug(
        item_no=number + 1,
        item=item.code,
        name=item.name,
        quantity_e4=quantity * 10_000,
        unit="盒",
        days_e2=days * 100,
        dose="1",
        dose_unit="片",
        frequency="每天一次",
    )


async def prescribed(platform: Platform, psn_no: str, *drugs: Drug, **changes: Any) -> Case:
    """A prescription that any pharmacy may take."""
    at = platform.now()
    office = office_at(platform, Actor("institution", HOSPITAL.code), at)
    visit_id = platform.ids.next()
    async with platform.pool.acquire() as conn:
        person = await find(conn, platform.vault, psn_no=psn_no)
        assert person is not None
        registration = Registration(
            psn_no=psn_no, caller=HOSPITAL.code, ipt_otp_no=str(visit_id), insutype="310", voucher_type="01",
            begun_at=at, service_on=office.on,
        )  # fmt: skip
        await encounters.register(conn, registration, visit_id=visit_id, at=at)
        doctor = doctors(HOSPITAL)[0]
        known = platform.providers.staff(HOSPITAL.code, doctor, office.on)
        assert known is not None
        values: dict[str, Any] = {
            "psn_no": psn_no, "visit_id": visit_id, "issuer": HOSPITAL.code, "hosp_rx_no": f"RX{visit_id}", "issued_at": at,
            "doctor_code": doctor, "doctor_name": known.name, "dept_name": "全科", "drugs": drugs or (drug(0), drug(1)),
            "private": Private(
                patient=person.name, diagnoses=(Diagnosis(sort_no=1, code="J06.900", name="急性上呼吸道感染", main=True),)
            ),
        }  # fmt: skip
        case = done(await services.check(conn, office, Issue(**(values | changes))))
        content = json.dumps(_content(platform, case, office.on, person), ensure_ascii=False).encode()
        signed = done(await services.sign(conn, office, HOSPITAL.code, content, DOCUMENT))
        upload = services.Upload(
            fields=services.fields_of(json.loads(content)),
            document=signed.document,
            signature=signed.signature,
        )
        circulated: Case = done(await services.circulate(conn, office, upload))
    return circulated


def _content(platform: Platform, case: Case, on: date, person: Person) -> dict[str, str]:
    sheet = case.prescription
    reviewer = platform.providers.staff(HOSPITAL.code, pharmacists(HOSPITAL)[0], on)
    assert reviewer is not None
    return {
        "rxTraceCode": sheet.trace_code, "hiRxno": sheet.rx_no, "mdtrtId": str(sheet.visit_id), "patnName": person.name,
        "psnCertType": "01", "certno": open_cert_no(platform.vault, person.psn_no, person.cert_sealed),
        "fixmedinsName": HOSPITAL.name, "fixmedinsCode": sheet.issuer, "drCode": sheet.doctor_code,
        "prscDrName": sheet.doctor_name, "pharDeptName": "药学部", "pharDeptCode": "3001",
        "pharCode": pharmacists(HOSPITAL)[0], "pharName": reviewer.name,
        "pharChkTime": platform.now().strftime("%Y-%m-%d %H:%M:%S"),
    }  # fmt: skip


async def stocked(platform: Platform, pharmacy: str, item: str, packs: int) -> None:
    """Packs of a drug on a pharmacy's shelf."""
    entry = Entry(
        kind="purchase", item=item, local_item=item, batch=f"B{platform.ids.next()}", quantity_e4=packs * 10_000,
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC), expires_on=date(2030, 1, 1), key=f"K{platform.ids.next()}",
    )  # fmt: skip
    async with platform.pool.acquire() as conn:
        upload = Upload(pharmacy, "3503", platform.now(), platform.ids, platform.vault)
        (posted,) = await post(conn, upload, [entry])
    assert posted.refusal is None
