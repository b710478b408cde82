"""What the prescription centre needs beside the world: a register, certificates, goods on shelves, a clock."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from gongji.base import sm2
from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA
from gongji.catalog import selectors as catalog
from gongji.gateway.platform import Platform
from gongji.providers import selectors as providers
from gongji.providers.sealing import seal_private_key
from gongji.stock.services import Upload, post
from gongji.stock.values import Entry
from tests.gateway import world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import row_counts
from tests.vaults import VAULT

SECOND_PHARMACY = "P14083000002"
UNPOOLED_PHARMACY = "P14083000003"
DOCTOR, DOCTOR_NAME = "D140830000001", "测试开方医师"
SUSPENDED_DOCTOR = "D140830000002"
UNLICENSED_DOCTOR = "D140830000003"
"""Without the right to prescribe."""
HOSPITAL_PHARMACIST = "HY140830000001"
PHARMACIST, PHARMACIST_NAME = "HY140830000002", "测试审方药师"
TECHNICIAN = "HY140830000003"
"""At the pharmacy, without the right to review."""
CONTROLLED = "XN02AAM000001010100001"
"""A narcotic drug: it may not circulate."""
SECOND_DRUG = "XA10BAE002A002010100002"


async def build(conn: Connection) -> None:
    """What the prescription centre needs beside the world: who may prescribe and review, certificates, pharmacies, drugs."""
    await world.add_institution(conn, SECOND_PHARMACY, "测试二药房", "pharmacy", "")
    await world.add_institution(conn, UNPOOLED_PHARMACY, "测试未签约药房", "pharmacy", "", pooled=False)
    for number, (code, staff_code, name, kind, rights) in enumerate(
        (
            (world.HOSPITAL, DOCTOR, DOCTOR_NAME, "doctor", ["prescribe"]),
            (world.HOSPITAL, SUSPENDED_DOCTOR, "测试停牌医师", "doctor", ["prescribe"]),
            (world.HOSPITAL, UNLICENSED_DOCTOR, "测试实习医师", "doctor", []),
            (world.HOSPITAL, HOSPITAL_PHARMACIST, "测试院内药师", "pharmacist", ["review", "dispense"]),
            (world.OTHER_HOSPITAL, DOCTOR, DOCTOR_NAME, "doctor", ["prescribe"]),
            (world.PHARMACY, PHARMACIST, PHARMACIST_NAME, "pharmacist", ["review", "dispense"]),
            (world.PHARMACY, TECHNICIAN, "测试调剂员", "technician", ["dispense"]),
            (SECOND_PHARMACY, PHARMACIST, PHARMACIST_NAME, "pharmacist", ["review", "dispense"]),
        ),
        start=1,
    ):
        await conn.execute(
            "INSERT INTO providers_staff (code, spell_no, staff_code, from_on, name, kind, rights)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            code,
            number,
            staff_code,
            world.START,
            name,
            kind,
            rights,
        )
    await conn.execute(
        "INSERT INTO providers_suspension (code, spell_no, staff_code, from_on, everywhere, state, cause, proposed_by, decided_by)"
        " VALUES ($1, 1, $2, $3, true, 'in_force', '测试', 'user:a', 'user:b')",
        world.HOSPITAL,
        SUSPENDED_DOCTOR,
        world.START,
    )
    for code in (world.HOSPITAL, world.OTHER_HOSPITAL):
        await add_certificate(conn, code)
    await world.add_item(conn, SECOND_DRUG, "测试二甲双胍片", "01")
    await world.add_item(conn, CONTROLLED, "测试吗啡片", "01")
    await conn.execute("UPDATE catalog_item SET control = 'narcotic' WHERE code = $1", CONTROLLED)


async def ready(caller: Caller) -> None:
    """Have the register in the test's database, once."""
    platform = caller.app.platform
    assert platform is not None
    if platform.provider(SECOND_PHARMACY) is None:
        async with platform.pool.acquire() as connection:
            async with connection.transaction():
                await build(connection)
            await providers.refresh(connection, platform.providers, platform.vault)
            await catalog.refresh(connection, platform.catalogue)


class Clock:
    """The platform's time in a test: it stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2024, 8, 15, 10, 0, tzinfo=CHINA)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **lapse: float) -> None:
        self.at += timedelta(**lapse)


async def add_certificate(conn: Connection, code: str) -> None:
    """A signing certificate of an institution, with its key."""
    pair = sm2.key_pair(random.Random(f"certificate {code}").randbytes)
    await conn.execute(
        "INSERT INTO providers_certificate (code, spell_no, serial, subject, public_key, private_key_sealed, from_on)"
        " VALUES ($1, 1, $2, $3, $4, $5, $6)",
        code,
        f"SN{code}",
        f"CN={code}",
        pair.public,
        seal_private_key(VAULT, f"SN{code}", pair.private),
        world.START,
    )


def text(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def now_of(caller: Caller) -> datetime:
    assert caller.app.platform is not None
    return caller.app.platform.now()


async def stocked(
    caller: Caller,
    pharmacy: str,
    units: int,
    *,
    item: str = world.DRUG_A,
    local_item: str = "",
    **fields: Any,
) -> None:
    """Goods of an item on a pharmacy's shelf, from one delivery."""
    platform = caller.app.platform
    assert platform is not None
    entry = Entry(
        kind="purchase",
        item=item,
        local_item=local_item or local_of(item),
        batch="B1",
        lot_no="LOT1",
        quantity_e4=units * 10_000,
        occurred_at=platform.now() - timedelta(days=1),
        expires_on=date(2099, 1, 1),
        document=fresh("RK"),
        key=fresh("K"),
        **fields,
    )
    async with platform.pool.acquire() as connection, connection.transaction():
        upload = Upload(pharmacy, "3503", platform.now(), platform.ids, platform.vault)
        (posted,) = await post(connection, upload, [entry])
    assert posted.refusal is None


async def on_hand(caller: Caller, pharmacy: str, item: str = world.DRUG_A) -> float:
    """Units of an item on the shelf."""
    platform = caller.app.platform
    assert platform is not None
    async with platform.pool.acquire() as connection:
        held = await connection.fetchval(
            "SELECT sum(quantity_e4) FROM stock_on_hand WHERE institution = $1 AND local_item = $2",
            pharmacy,
            local_of(item),
        )
    return float(held or 0) / 10_000


def local_of(item: str) -> str:
    """A pharmacy's own code of an item."""
    return f"药店{item[:8]}"


async def refused(client: Caller, platform: Platform, infno: str, nodes: Any, code: str = "") -> str:
    """The refusal of a message, of the hospital or pharmacy unless ``code`` says another sender; nothing is written."""
    code = code or (world.HOSPITAL if infno.startswith("71") else world.PHARMACY)
    before = await row_counts(platform)
    text = await client.refused(infno, nodes, caller=code)
    assert await row_counts(platform) == before
    return text
