"""A small insured world for the interface: members of several kinds, institutions with keys, a few items. All made up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

from gongji.accounts.services import open_balance
from gongji.base.sqlfiles import Connection
from gongji.members.personal import cert_index, seal_cert_no
from gongji.providers.sealing import seal_secret
from tests.vaults import VAULT

HOSPITAL = "H14083000001"
"""Class 3 (三类收费) hospital with a pooled agreement."""
OTHER_HOSPITAL = "H14083000002"
UNPOOLED_HOSPITAL = "H14083000003"
"""Designated, without pooled agreement."""
SUSPENDED_HOSPITAL = "H14083000004"
"""Its pooled agreement ended on 15 August 2024."""
AWAY_HOSPITAL = "H14010500001"
"""In another city of the province."""
FAR_HOSPITAL = "H11010100001"
"""In another province."""
PHARMACY = "P14083000001"
CLINIC = "H14083000009"
REGION = "140830"

ACTIVE = "14083000000000000000000001"
RETIRED = "14083000000000000000000002"
ARREARS = "14083000000000000000000003"
FAMILY = "14083000000000000000000005"
"""Has a spouse's account bound beside an own one."""
SPOUSE = "14083000000000000000000006"
EXPIRED = "14083000000000000000000004"

DRUG_A = "XA01ABD075A002010100483"
DRUG_B = "XB05BAF613B001010178321"
"""乙类 with a payment standard of 10.00."""
RESTRICTED = "XC07AAX001C001010100001"
SELF_PAY = "XZ99ZZZ001Z001010100001"
SERVICE = "001102000010000-110200001"
UNKNOWN_ITEM = "XNOSUCH0000000000000001"

PSN_NOS = (ACTIVE, RETIRED, ARREARS, EXPIRED, FAMILY, SPOUSE)
START = date(2020, 1, 1)


def name_of(psn_no: str) -> str:
    return f"测试人{'甲乙丙丁戊己庚辛'[int(psn_no[-1]) - 1]}"


def certno_of(psn_no: str) -> str:
    return f"99999919900101{int(psn_no[-4:]):04d}"


def token_of(psn_no: str) -> str:
    return f"TOKEN{psn_no[-6:]}AAAA"


def card_of(psn_no: str) -> str:
    return f"CARD{psn_no[-6:]}"


def secret_of(code: str) -> str:
    return f"secret-{code}"


async def add_person(conn: Connection, psn_no: str, *, status: str = "active", own_fen: int = 0) -> None:
    """A member with card, voucher and account."""
    await conn.execute(
        "INSERT INTO members_person (psn_no, name, cert_type, cert_sealed, cert_index, gender, ethnicity, born_on, died_on)"
        " VALUES ($1, $2, '01', $3, $4, '1', '01', $5, NULL)",
        psn_no,
        name_of(psn_no),
        seal_cert_no(VAULT, psn_no, certno_of(psn_no)),
        cert_index(VAULT, certno_of(psn_no)),
        date(1990, 1, 1) if status == "active" else date(1955, 1, 1),
    )
    await conn.execute(
        "INSERT INTO members_relation (psn_no, spell_no, from_on, until_on, insutype, status, psn_type, region, employer,"
        " civil_servant, has_account)"
        " VALUES ($1, 1, $2, NULL, '310', $3, $4, $5, '测试单位', false, true)",
        psn_no,
        START,
        status,
        "1101" if status == "active" else "1102",
        REGION,
    )
    for kind, number in (("card", card_of(psn_no)), ("voucher", token_of(psn_no))):
        await conn.execute(
            "INSERT INTO members_credential (psn_no, kind, number, card_sn, from_on, until_on, blocked_from, blocked_until)"
            " VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)",
            psn_no,
            kind,
            number,
            "SN1" if kind == "card" else "",
            START,
            date(2023, 1, 1) if psn_no == EXPIRED and kind == "card" else None,
        )
    at = datetime(2020, 1, 1, tzinfo=UTC)
    await open_balance(conn, psn_no, own_fen, "opening", at, entry_id=int(psn_no[-9:]) + 1)


_adoptions = count(1)


async def record_history(conn: Connection) -> None:
    """The lines that account for what was written about members and institutions directly."""
    at = datetime(2020, 1, 1, tzinfo=UTC)
    await conn.execute(
        "SELECT members_adopt($1, $2, 'system:tests', '测试')", next(_adoptions) * 1_000_000, at
    )
    await conn.execute("SELECT providers_adopt(NULL, $1, 'system:tests')", at)
    await conn.execute("SELECT providers_register_adopt($1, 'system:tests', '测试')", at)


async def add_institution(
    conn: Connection,
    code: str,
    name: str,
    kind: str,
    fee_class: str,
    *,
    pooled: bool = True,
    designated: bool = True,
    region: str = "",
) -> None:
    await conn.execute(
        "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address)"
        " VALUES ($1, $2, $3, $4, '8', $5, '')",
        code,
        name,
        f"9999{code}",
        kind,
        region or REGION,
    )
    await conn.execute(
        "INSERT INTO providers_state (code, state_no, from_on, until_on, designated, pooled_agreement, fee_class, level,"
        " direct_settlement) VALUES ($1, 1, $2, NULL, $3, $4, $5, '', true)",
        code,
        START,
        designated,
        pooled,
        fee_class,
    )
    await conn.execute(
        "INSERT INTO providers_credential (access_key, code, spell_no, secret_sealed, from_on) VALUES ($1, $2, 1, $3, $4)",
        f"key-{code}",
        code,
        seal_secret(VAULT, f"key-{code}", secret_of(code)),
        START,
    )


async def add_item(
    conn: Connection,
    code: str,
    name: str,
    level: str,
    *,
    kind: str = "drug",
    restricted: bool = False,
    standard_micro: int | None = None,
) -> None:
    await conn.execute(
        "INSERT INTO catalog_item (code, from_on, until_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform,"
        " maker, restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, version)"
        " VALUES ($1, $2, NULL, $3, $4, $5, $6, $7, '10mg', '盒', '片剂', '', $8, '', true, true, false, false, true, 0)",
        code,
        START,
        name,
        kind,
        "101" if kind == "drug" else "201",
        level,
        "09" if kind == "drug" else "02",
        restricted,
    )
    if standard_micro is not None:
        await conn.execute(
            "INSERT INTO catalog_price (code, region, from_on, until_on, standard_micro, version)"
            " VALUES ($1, 'CN', $2, NULL, $3, 0)",
            code,
            START,
            standard_micro,
        )


async def build(conn: Connection) -> None:
    """Fill a migrated database with this world."""
    await add_person(conn, ACTIVE, own_fen=100_00)
    await add_person(conn, RETIRED, status="retired", own_fen=0)
    await add_person(conn, ARREARS, own_fen=50_00)
    await add_person(conn, EXPIRED)
    await add_person(conn, FAMILY, own_fen=10_00)
    await add_person(conn, SPOUSE, own_fen=30_00)
    await conn.execute(
        "INSERT INTO members_nonbenefit (psn_no, spell_no, from_on, until_on, kind) VALUES ($1, 1, $2, NULL, 'arrears')",
        ARREARS,
        START,
    )
    await conn.execute(
        "INSERT INTO members_family (psn_no, spell_no, from_on, until_on, owner, relation)"
        " VALUES ($1, 1, $2, NULL, $3, 'spouse')",
        FAMILY,
        START,
        SPOUSE,
    )
    await add_institution(conn, HOSPITAL, "测试县医院", "hospital", "3")
    await add_institution(conn, OTHER_HOSPITAL, "测试市医院", "hospital", "1")
    await add_institution(conn, UNPOOLED_HOSPITAL, "测试未签约医院", "hospital", "3", pooled=False)
    await add_institution(conn, SUSPENDED_HOSPITAL, "测试暂停医院", "hospital", "3")
    await conn.execute(
        "UPDATE providers_state SET until_on = $2 WHERE code = $1", SUSPENDED_HOSPITAL, date(2024, 8, 15)
    )
    await conn.execute(
        "INSERT INTO providers_state (code, state_no, from_on, until_on, designated, pooled_agreement, fee_class, level,"
        " direct_settlement) VALUES ($1, 2, $2, NULL, true, false, '3', '', true)",
        SUSPENDED_HOSPITAL,
        date(2024, 8, 16),
    )
    await add_institution(conn, AWAY_HOSPITAL, "测试省会医院", "hospital", "1", region="140105")
    await add_institution(conn, FAR_HOSPITAL, "测试外省医院", "hospital", "1", region="110101")
    await add_institution(conn, PHARMACY, "测试大药房", "pharmacy", "")
    await add_institution(conn, CLINIC, "测试诊所", "clinic", "")
    await add_item(conn, DRUG_A, "测试甲类片", "01")
    await add_item(conn, DRUG_B, "测试乙类片", "02", standard_micro=10_000_000)
    await add_item(conn, RESTRICTED, "测试限定片", "02", restricted=True)
    await add_item(conn, SELF_PAY, "测试自费片", "03")
    await add_item(conn, SERVICE, "测试诊查费", "01", kind="service")
    await record_history(conn)
