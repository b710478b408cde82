"""A prescription centre for tests: a hospital, three pharmacies, doctors and pharmacists, a few drugs, stock, real SM2 keys."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import shake_256
from time import time_ns
from typing import Any, TypeVar

import asyncpg
import msgspec

from gongji.base import sm2
from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.signing import SigningKey, SoftwareSigner
from gongji.base.times import CHINA
from gongji.catalog.restrictions import Restriction
from gongji.catalog.values import Catalogue, ItemSpell
from gongji.encounters import services as encounters
from gongji.encounters.values import Registration
from gongji.policy import Law, compile_law, load_library
from gongji.policy.loader import DEMO_OVERLAY
from gongji.prescriptions import services
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import RxOffice
from gongji.prescriptions.values import Diagnosis, Drug, Issue, Private, Sale, SaleLine
from gongji.providers.register import Certificate, Keys, Roster, Staff, Suspension
from gongji.providers.values import Provider, ProviderBook, ProviderState
from gongji.stock.services import Upload as StockUpload
from gongji.stock.services import post
from gongji.stock.values import Entry
from tests.pg import world
from tests.vaults import VAULT

HOSPITAL, OTHER_HOSPITAL, UNPOOLED = "H14080210001", "H14080210002", "H14080210003"
PHARMACY, SECOND, THIRD = "P14080210001", "P14080210002", "P14080210003"
PHARMACIES = (PHARMACY, SECOND, THIRD)
SUSPENDED_PHARMACY = "P14080210009"
REGION = "140800"
START = date(2020, 1, 1)
DOCTOR, SUSPENDED_DOCTOR, NURSE = "D140800000001", "D140800000002", "D140800000003"
OTHER_DOCTOR = "D140800000004"
CHECKER = "HY140800000001"
"""The hospital's pharmacist."""
AT = datetime(2024, 8, 15, 10, 0, tzinfo=CHINA)
DAY = date(2024, 8, 15)

A, B, C = "XA02BCA001", "XB01ACA002", "XC07ABA003"
LIMITED, WORDY, MALE_ONLY = "XL01LIM001", "XL01LIM002", "XL01LIM003"
WORDY_AND_GROWN_UP = "XL01LIM004"
NARCOTIC, ANTIBIOTIC, HERB, SERVICE = "XN02NAR001", "XJ01ANT001", "T001700001", "001101000010000"
TABLETS = "XA10TAB001"
"""Packs of 24 tablets."""

IDS = IdSource(1021, lambda: time_ns() // 1_000_000)
_numbers = itertools.count(1)
T = TypeVar("T")


def done(answer: T | Refusal) -> T:
    """The answer, which must not be a refusal."""
    assert not isinstance(answer, Refusal), answer
    return answer


def code_of(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


@cache
def law() -> Law:
    return compile_law(load_library(overlay=DEMO_OVERLAY))


@cache
def pair(code: str) -> sm2.KeyPair:
    return sm2.key_pair(lambda size: shake_256(code.encode()).digest(size))


def _provider(code: str, name: str, kind: str, *, pooled: bool = True, until: date | None = None) -> Provider:
    hospital = kind == "hospital"
    state = ProviderState(START, until, True, pooled, "3" if hospital else "", "1" if hospital else "", True)
    after = () if until is None else (
        ProviderState(until + timedelta(days=1), None, False, False, "", "", False, suspended=True),
    )  # fmt: skip
    return Provider(code, name, "", kind, "09" if hospital else "", REGION, "", (state, *after))


def _item(code: str, **changes: Any) -> ItemSpell:
    values: dict[str, Any] = {
        "code": code, "from_on": START, "until_on": None, "name": f"药品{code[-3:]}", "kind": "drug", "list_type": "101",
        "chrgitm_lv": "01", "charge_type": "09", "spec": "10mg", "unit": "盒", "dosform": "片剂", "maker": "某厂",
        "restricted": False, "restriction": "", "account_allowed": True, "base_drug": False, "negotiated": False,
        "child_drug": False, "prescription_only": True,
    }  # fmt: skip
    return ItemSpell(**(values | changes))


@cache
def catalogue() -> Catalogue:
    held = Catalogue()
    held.merge(
        [
            _item(A), _item(B), _item(C),
            _item(LIMITED, restrictions=(Restriction("indication", ("I10",), text="限高血压"),)),
            _item(WORDY, restricted=True, restriction="限重症"),
            _item(
                WORDY_AND_GROWN_UP,
                restricted=True,
                restriction="限重症",
                restrictions=(Restriction("age", low=18),),
            ),
            _item(MALE_ONLY, restrictions=(Restriction("sex", ("2",)),)),
            _item(NARCOTIC, control="narcotic"), _item(ANTIBIOTIC, antimicrobial=True),
            _item(HERB, list_type="102"), _item(SERVICE, kind="service", list_type="201"),
            _item(TABLETS, pack_units=24, pack_unit="盒", min_unit="片"),
            *(_item(f"XM{number:02d}MANY01") for number in range(6)),
        ],
        [],
    )  # fmt: skip
    return held


def _staff(code: str, staff_code: str, kind: str, *rights: str) -> Staff:
    return Staff(code, staff_code, f"某{staff_code[-3:]}", kind, "", "内科", frozenset(rights), START, None)


def reviewer_of(pharmacy: str) -> str:
    return f"HY{pharmacy[1:]}"


@cache
def book(*more: Suspension, certified: bool = True) -> ProviderBook:
    """The register; with ``more`` suspensions, or without signing keys."""
    held = ProviderBook()
    held.replace_providers(
        1,
        [
            _provider(HOSPITAL, "某医院", "hospital"),
            _provider(OTHER_HOSPITAL, "另一医院", "hospital"),
            _provider(UNPOOLED, "未开通统筹的医院", "hospital", pooled=False),
            *(_provider(code, f"某药房{code[-1]}", "pharmacy") for code in PHARMACIES),
            _provider(SUSPENDED_PHARMACY, "中止的药房", "pharmacy", until=date(2024, 8, 1)),
        ],
    )
    held.replace_roster(
        1,
        Roster(
            [
                _staff(HOSPITAL, DOCTOR, "doctor", "prescribe"),
                _staff(HOSPITAL, SUSPENDED_DOCTOR, "doctor", "prescribe"),
                _staff(HOSPITAL, NURSE, "technician"),
                _staff(HOSPITAL, CHECKER, "pharmacist", "review", "dispense"),
                _staff(OTHER_HOSPITAL, OTHER_DOCTOR, "doctor", "prescribe"),
                _staff(UNPOOLED, DOCTOR, "doctor", "prescribe"),
                *(_staff(code, reviewer_of(code), "pharmacist", "review") for code in PHARMACIES),
            ],
            [Suspension(SUSPENDED_DOCTOR, HOSPITAL, date(2024, 8, 1), None), *more],
        ),
    )
    certificates = [
        Certificate(f"SN{code}", code, f"CN={code}", pair(code).public, pair(code).private, START, None)
        for code in (HOSPITAL, OTHER_HOSPITAL)
    ]
    held.replace_keys(1, Keys(certificates=certificates if certified else ()))
    return held


def _key(serial: str) -> SigningKey | None:
    certificate = book().certificate_of(serial)
    return SigningKey(certificate.public_key, certificate.private_key) if certificate else None


SIGNER = SoftwareSigner(_key)


def office(at: datetime = AT, who: str = HOSPITAL, **changes: Any) -> RxOffice:
    values: dict[str, Any] = {
        "law": law(), "catalogue": catalogue(), "book": book(), "vault": VAULT, "ids": IDS, "signer": SIGNER,
        "actor": Actor("institution", who), "at": at,
    }  # fmt: skip
    return RxOffice(**(values | changes))


def later(**delta: int) -> datetime:
    return AT + timedelta(**delta)


def drug(item: str, quantity: int = 2, days: int = 7, **changes: Any) -> Drug:
    values: dict[str, Any] = {
        "item_no": next(_numbers), "item": item, "name": f"药品{item[-3:]}", "quantity_e4": quantity * 10_000,
        "unit": "盒", "days_e2": days * 100,
    }  # fmt: skip
    return Drug(**(values | changes))


def issue(psn_no: str, visit_id: int, *drugs: Drug, **changes: Any) -> Issue:
    values: dict[str, Any] = {
        "psn_no": psn_no, "visit_id": visit_id, "issuer": HOSPITAL, "hosp_rx_no": f"HRX{next(_numbers)}", "issued_at": AT,
        "doctor_code": DOCTOR, "drugs": drugs or (drug(A), drug(B), drug(C)),
        "private": Private(patient="张三", diagnoses=(Diagnosis(sort_no=1, code="J06.9", name="上呼吸道感染", main=True),)),
    }  # fmt: skip
    values |= changes
    return Issue(**({"doctor_name": f"某{values['doctor_code'][-3:]}"} | values))


def long_issue(psn_no: str, visit_id: int, *drugs: Drug, **changes: Any) -> Issue:
    values: dict[str, Any] = {
        "long": True, "long_reason": "高血压病情稳定", "long_confirmed": True, "fills": 3, "interval_days": 28,
    }  # fmt: skip
    return issue(psn_no, visit_id, *(drugs or (drug(A, 6, 84), drug(B, 7, 84))), **(values | changes))


def name() -> str:
    """A person's number, never used before."""
    return f"N{next(_numbers)}"


async def person(conn: asyncpg.Connection[Any], name: str) -> str:
    await world.add_persons(conn, [name])
    return name


async def visit(conn: asyncpg.Connection[Any], psn_no: str, *, caller: str = HOSPITAL, **changes: Any) -> int:
    visit_id = IDS.next()
    values: dict[str, Any] = {
        "psn_no": psn_no, "caller": caller, "ipt_otp_no": str(visit_id), "insutype": "310", "voucher_type": "01",
        "begun_at": AT, "service_on": DAY,
    }  # fmt: skip
    await encounters.register(conn, Registration(**(values | changes)), visit_id=visit_id, at=AT)
    return visit_id


def content_of(case: Case, **changes: str) -> bytes:
    """The information that is signed: 7103's fields 1–20."""
    sheet = case.prescription
    given = {
        "rxTraceCode": sheet.trace_code, "hiRxno": sheet.rx_no, "mdtrtId": str(sheet.visit_id), "patnName": "张三",
        "psnCertType": "01", "certno": sheet.psn_no, "fixmedinsName": "某医院", "fixmedinsCode": sheet.issuer,
        "drCode": sheet.doctor_code, "prscDrName": sheet.doctor_name, "pharDeptName": "药房", "pharDeptCode": "Y1",
        "pharCode": CHECKER, "pharName": "某药师", "pharChkTime": "2024-08-15 10:05:00",
    }  # fmt: skip
    return json.dumps(given | changes, ensure_ascii=False).encode()


DOCUMENT = b"%PDF-1.7 prescription"


async def checked(conn: asyncpg.Connection[Any], name: str, *drugs: Drug, **changes: Any) -> Case:
    psn_no = await person(conn, name)
    visit_id = await visit(conn, psn_no)
    return done(await services.check(conn, office(), issue(psn_no, visit_id, *drugs, **changes)))


async def signed(conn: asyncpg.Connection[Any], case: Case) -> services.Signed:
    return done(await services.sign(conn, office(), HOSPITAL, content_of(case), DOCUMENT))


async def circulate(conn: asyncpg.Connection[Any], case: Case) -> Case:
    made = await signed(conn, case)
    fields = services.fields_of(json.loads(content_of(case)))
    upload = services.Upload(fields=fields, document=made.document, signature=made.signature)
    return done(await services.circulate(conn, office(), upload))


async def circulating(conn: asyncpg.Connection[Any], name: str, *drugs: Drug, **changes: Any) -> Case:
    """A prescription that any pharmacy may take."""
    return await circulate(conn, await checked(conn, name, *drugs, **changes))


async def circulating_long(conn: asyncpg.Connection[Any], name: str, *drugs: Drug, **changes: Any) -> Case:
    psn_no = await person(conn, name)
    visit_id = await visit(conn, psn_no)
    case = done(await services.check(conn, office(), long_issue(psn_no, visit_id, *drugs, **changes)))
    return await circulate(conn, case)


class Held(msgspec.Struct, frozen=True):
    """A hold with the token that opened it."""

    case: Case
    token: str


async def granted(
    conn: asyncpg.Connection[Any], case: Case, pharmacy: str = PHARMACY, at: datetime = AT
) -> services.Grant:
    grants = done(await services.authorise(conn, office(at, pharmacy), pharmacy, case.psn_no, "voucher"))
    return next(grant for grant in grants if grant.case.rx_no == case.rx_no)


async def accept(
    conn: asyncpg.Connection[Any], case: Case, pharmacy: str = PHARMACY, at: datetime = AT, **changes: Any
) -> Held:
    grant = await granted(conn, case, pharmacy, at)
    taken = done(
        await services.accept(
            conn, office(at, pharmacy), pharmacy, grant.token, grant.auth_no, "收银员", **changes
        )
    )
    return Held(taken.case, grant.token)


class Approved(msgspec.Struct, frozen=True):
    """A hold that a pharmacist has reviewed."""

    case: Case
    review_sn: int
    token: str = ""


async def approved(
    conn: asyncpg.Connection[Any], case: Case, pharmacy: str = PHARMACY, at: datetime = AT, **changes: Any
) -> Approved:
    held = await accept(conn, case, pharmacy, at, **changes)
    desk = office(at, pharmacy)
    proof = done(
        await services.verify(
            conn, desk, pharmacy, case.rx_no, case.prescription.trace_code, held.token, DOCUMENT
        )
    )
    reviewed = done(
        await services.review(
            conn,
            desk,
            pharmacy,
            case.rx_no,
            held.token,
            reviewer_code=reviewer_of(pharmacy),
            passed=True,
            opinion="合理",
            verify_sn=proof.sn,
            reviewed_at=at,
        )
    )
    return Approved(reviewed.case, reviewed.sn, held.token)


async def stock(
    conn: asyncpg.Connection[Any], pharmacy: str, items: Sequence[str] = (A, B, C), quantity: int = 1_000
) -> None:
    """Bring drugs into a pharmacy's stock."""
    entries = [
        Entry(
            kind="purchase",
            item=item,
            local_item=f"L{item}",
            batch=f"B{next(_numbers)}",
            quantity_e4=quantity * 10_000,
            occurred_at=AT - timedelta(days=30),
            expires_on=date(2030, 1, 1),
            key=f"K{next(_numbers)}",
        )
        for item in items
    ]
    posted = await post(conn, StockUpload(pharmacy, "3503", datetime.now(UTC), IDS), entries)
    assert all(one.refusal is None for one in posted), posted


def line(item: str, quantity: int = 2, **changes: Any) -> SaleLine:
    values: dict[str, Any] = {
        "item": item, "quantity_e4": quantity * 10_000, "local_item": f"L{item}", "unit": "盒",
        "document": f"R{next(_numbers)}",
    }  # fmt: skip
    return SaleLine(**(values | changes))


def sale(*items: str, quantity: int = 2, **changes: Any) -> Sale:
    return Sale(lines=tuple(line(item, quantity) for item in items), dispenser="某店员", **changes)
