"""A small world for the engine: institutions, a catalogue, members; visits with fees to settle.

Everything is written through the tables' own columns or the rooms' own services; the service day lies in 2024 under the
law of Shanxi (class 3: 30.00 deductible, 65 % for the active, 2,500.00 a year).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from time import time_ns
from typing import Any

import asyncpg

from gongji.accounts.services import open_balances
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.times import CHINA
from gongji.encounters import services as encounters
from gongji.encounters.values import FeeLine, Registration
from gongji.members.personal import cert_index, seal_cert_no
from gongji.policy import Law, compile_law, load_library
from gongji.prescriptions.limits import end_of_day
from gongji.prescriptions.uploaded import PrescribedItem, record_upload
from gongji.settlement.commands import Purchase, ReverseCommand, SettleCommand, Settled
from gongji.settlement.engine import Engine
from tests.vaults import VAULT

HOSPITAL = "H14080200001"
LARGE_HOSPITAL = "H14080200002"
PHARMACY = "P14080200003"
REGION = "140800"
DAY = date(2024, 8, 15)
AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)

DRUG_A, DRUG_B, SERVICE_A, SELF_PAID = "XA01", "XB01", "001101", "XC01"

_ids = IdSource(1023, lambda: time_ns() // 1_000_000)
_numbers = itertools.count(1)


def new_id() -> int:
    return _ids.next()


def number() -> str:
    """A caller's own message number, never used before."""
    return f"{HOSPITAL}{next(_numbers):012d}"


@cache
def law() -> Law:
    return compile_law(load_library())


async def build(conn: asyncpg.Connection[Any], persons: Iterable[str], *, own_fen: int | None = None) -> None:
    """Institutions, catalogue and ``persons``, employees insured in Yuncheng since 2020; accounts with ``own_fen``."""
    await conn.executemany(
        "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address) "
        "VALUES ($1, $2, '', $3, $4, $5, '')",
        [
            (HOSPITAL, "某社区卫生服务中心", "hospital", "09", REGION),
            (LARGE_HOSPITAL, "某三甲医院", "hospital", "01", REGION),
            (PHARMACY, "某大药房", "pharmacy", "", REGION),
        ],
    )
    await conn.executemany(
        "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level, "
        "direct_settlement) VALUES ($1, $2, '2020-01-01', true, true, $3, $4, true)",
        [(HOSPITAL, 1, "3", "1"), (LARGE_HOSPITAL, 2, "1", "3"), (PHARMACY, 3, "", "")],
    )
    await conn.execute("SELECT providers_adopt(NULL, $1, 'system:test')", AT)
    await conn.executemany(
        "INSERT INTO catalog_item (code, from_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform, "
        "maker, restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, version) "
        "VALUES ($1, '2020-01-01', $2, $3, $4, $5, $6, '', '', '', '', false, '', true, false, false, false, false, 0)",
        [
            (DRUG_A, "甲类药", "drug", "101", "01", "09"),
            (DRUG_B, "乙类药", "drug", "101", "02", "09"),
            (SERVICE_A, "诊查费", "service", "201", "01", "01"),
            (SELF_PAID, "丙类药", "drug", "101", "03", "09"),
        ],
    )
    await add_persons(conn, persons, own_fen=own_fen)


ADOPT = "SELECT members_adopt($1, $2, 'system:test', '测试')"
"""Rows written straight into the members room enter its history."""


async def add_persons(
    conn: asyncpg.Connection[Any],
    persons: Iterable[str],
    *,
    own_fen: int | None = None,
    region: str = REGION,
    born_on: date = date(1980, 1, 1),
    status: str = "active",
) -> None:
    """Employees insured in ``region``; with an opening balance where ``own_fen`` is given."""
    names = list(persons)
    await conn.executemany(
        "INSERT INTO members_person (psn_no, name, cert_type, cert_sealed, cert_index, gender, ethnicity, born_on) "
        "VALUES ($1, '张三', '01', $3, $4, '1', '01', $2)",
        [(name, born_on, seal_cert_no(VAULT, name, name), cert_index(VAULT, name)) for name in names],
    )
    await conn.executemany(
        "INSERT INTO members_relation (psn_no, spell_no, from_on, insutype, status, psn_type, region, employer, "
        "civil_servant, has_account) "
        "VALUES ($1, $2, '2020-01-01', '310', $4, '1101', $3, '某厂', false, true)",
        [(name, new_id(), region, status) for name in names],
    )
    await conn.execute(ADOPT, new_id(), AT)
    if own_fen is not None:
        await open_balances(conn, [(name, own_fen, new_id()) for name in names], "opening", AT)


async def bind_family(conn: asyncpg.Connection[Any], member: str, owner: str) -> None:
    """Let ``member`` use the account of ``owner``."""
    await conn.execute(
        "INSERT INTO members_family (psn_no, spell_no, from_on, owner, relation) VALUES ($1, $2, '2020-01-01', $3, 'spouse')",
        member,
        new_id(),
        owner,
    )
    await conn.execute(ADOPT, new_id(), AT)


def fee(key: int, amount_fen: int, item: str = DRUG_A, rx_no: str = "") -> FeeLine:
    return FeeLine(
        key=str(key),
        item=item,
        amount_fen=amount_fen,
        price_micro=amount_fen * 10_000,
        quantity_e4=10_000,
        occurred_at=AT,
        rx_no=rx_no,
    )


async def visit(
    conn: asyncpg.Connection[Any],
    psn_no: str,
    lines: Sequence[FeeLine],
    *,
    caller: str = HOSPITAL,
    on: date = DAY,
    batch_no: str = "B1",
) -> int:
    """A registered visit with uploaded fees; its id."""
    visit_id = new_id()
    registration = Registration(
        psn_no=psn_no,
        caller=caller,
        ipt_otp_no=str(visit_id),
        insutype="310",
        voucher_type="01",
        begun_at=AT,
        service_on=on,
    )
    done = await encounters.register(conn, registration, visit_id=visit_id, at=AT)
    assert done == visit_id, done
    await upload(conn, psn_no, visit_id, lines, caller=caller, batch_no=batch_no)
    return visit_id


async def upload(
    conn: asyncpg.Connection[Any],
    psn_no: str,
    visit_id: int,
    lines: Sequence[FeeLine],
    *,
    caller: str = HOSPITAL,
    batch_no: str = "B1",
) -> None:
    refused = await encounters.upload_fees(
        conn,
        psn_no=psn_no,
        visit_id=visit_id,
        caller=caller,
        batches=[(batch_no, lines)],
        part_id=new_id(),
        at=AT,
    )
    assert refused is None, refused


async def prescribe(
    conn: asyncpg.Connection[Any],
    psn_no: str,
    rx_no: str,
    visit_id: int,
    items: Sequence[str],
    *,
    on: date = DAY,
    issuer: str = HOSPITAL,
) -> None:
    """A prescription of the visit, valid for three days from ``on``."""
    refused = await record_upload(
        conn,
        psn_no=psn_no,
        rx_no=rx_no,
        issuer=issuer,
        visit_id=visit_id,
        group_id=visit_id,
        items=[PrescribedItem(item, 10_000) for item in items],
        issued_at=datetime.combine(on, time(10), CHINA),
        valid_until=end_of_day(on + timedelta(days=2)),
    )
    assert refused is None, refused


def plain_render(settled: Settled) -> bytes:
    """A stored answer that states what a gateway's answer would: id, sums, balance."""
    return f"{settled.settlement_id} {settled.outcome.waterfall} {settled.own_after_fen}".encode()


def settle_command(psn_no: str, visit_id: int, **changes: Any) -> SettleCommand:
    values: dict[str, Any] = {
        "caller": HOSPITAL,
        "infno": "2207",
        "msgid": number(),
        "request_hash": b"settle %d" % visit_id,
        "psn_no": psn_no,
        "visit_id": visit_id,
        "batch_no": "B1",
        "received_at": AT,
        "render": plain_render,
    }
    return SettleCommand(**(values | changes))


def reverse_command(psn_no: str, settlement_id: int | None, **changes: Any) -> ReverseCommand:
    values: dict[str, Any] = {
        "caller": HOSPITAL,
        "infno": "2208",
        "msgid": number(),
        "request_hash": b"reverse",
        "psn_no": psn_no,
        "settlement_id": settlement_id,
        "received_at": AT,
        "render": plain_render,
    }
    return ReverseCommand(**(values | changes))


def purchase_command(psn_no: str, lines: Sequence[FeeLine], rx_no: str = "", **changes: Any) -> SettleCommand:
    msgid = number()
    caller = changes.pop("at", PHARMACY)
    on = changes.pop("on", DAY)
    registration = Registration(
        psn_no=psn_no,
        caller=caller,
        ipt_otp_no=msgid,
        insutype="310",
        voucher_type="01",
        med_type="41",
        begun_at=datetime.combine(on, AT.timetz()),
        service_on=on,
    )
    values: dict[str, Any] = {
        "caller": caller,
        "infno": "2102",
        "msgid": msgid,
        "request_hash": b"purchase",
        "psn_no": psn_no,
        "received_at": AT,
        "render": plain_render,
        "purchase": Purchase(registration, tuple(lines), rx_no),
    }
    return SettleCommand(**(values | changes))


async def open_engine(dsn: str, worker: int = 1, **options: Any) -> Engine:
    """An engine on the rooms, as the gateway opens it; its clock stands in August 2024."""
    ticks = itertools.count()
    options.setdefault("vault", VAULT)
    options.setdefault("now", lambda: AT + timedelta(microseconds=next(ticks)))
    return await Engine.open(dsn, options.pop("law", None) or law(), worker, **options)


def done(answer: Any) -> Any:
    """The answer, which must not be a refusal."""
    assert not isinstance(answer, Refusal), answer
    return answer


def seen(preview: Settled | Refusal) -> Settled:
    """The preview, which must not be a refusal."""
    assert isinstance(preview, Settled), preview
    return preview


def refused(answer: Any) -> str:
    """The reason code of an answer, which must be a refusal."""
    assert isinstance(answer, Refusal), answer
    return answer.code
