"""Persons that tests put into a real database: rows and their history, as the verbs write them."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import msgspec

from gongji.base.sqlfiles import Connection
from gongji.members.identity import check_character
from gongji.members.personal import cert_index, phone_index, seal_cert_no, seal_phone
from tests.vaults import VAULT

START = date(2023, 1, 1)
RECORDED_AT = datetime(2023, 1, 1, tzinfo=UTC)
_change_ids = count(1)


def cert_no(order: int = 1, born: str = "19800101") -> str:
    """A synthetic identity number with a valid check character."""
    body = f"140199{born}{order:03d}"
    return body + check_character(body)


async def put(
    conn: Connection,
    psn_no: str,
    part: str,
    spell_no: int,
    content: dict[str, Any] | None,
    *,
    revision: int = 0,
    at: datetime = RECORDED_AT,
) -> None:
    """Write one row of a part by ``members_write``; ``revision`` is the one that it replaces."""
    await conn.execute(
        "SELECT members_write($1, $2::bigint[], $3::text[], $4::bigint[], $5::integer[], $6::text[], $7, 'system:tests', '测试')",
        psn_no,
        [next(_change_ids)],
        [part],
        [spell_no],
        [revision],
        [None if content is None else msgspec.json.encode(content).decode()],
        at,
    )


def _hex(data: bytes | None) -> str | None:
    return None if data is None else "\\x" + data.hex()


async def add_person(
    conn: Connection,
    psn_no: str,
    *,
    number: str | None = None,
    died_on: date | None = None,
    phone: str | None = None,
    born_on: date = date(1980, 1, 1),
    name: str = "测试",
) -> None:
    cert = number or cert_no()
    content = {
        "name": name,
        "cert_type": "01",
        "cert_sealed": _hex(seal_cert_no(VAULT, psn_no, cert)),
        "cert_index": _hex(cert_index(VAULT, cert)),
        "phone_sealed": _hex(seal_phone(VAULT, psn_no, phone)) if phone else None,
        "phone_index": _hex(phone_index(VAULT, phone)) if phone else None,
        "gender": "1",
        "ethnicity": "01",
        "born_on": born_on,
        "died_on": died_on,
    }
    await put(conn, psn_no, "person", 0, content)


async def add_relation(
    conn: Connection,
    psn_no: str,
    spell_no: int = 1,
    *,
    from_on: date = START,
    until_on: date | None = None,
    status: str = "active",
    region: str = "140100",
    has_account: bool = True,
    category: str | None = None,
    payer: str | None = None,
    employer: str = "甲公司",
    insutype: str = "310",
    civil_servant: bool = False,
) -> None:
    active = status == "active"
    content = {
        "from_on": from_on,
        "until_on": until_on,
        "insutype": insutype,
        "status": status,
        "category": category or ("employee" if active else "retired"),
        "psn_type": "11" if active else "12",
        "region": region,
        "employer": employer,
        "payer": payer or ("employer" if active else "none"),
        "civil_servant": civil_servant,
        "has_account": has_account,
        "end_reason": "",
    }
    await put(conn, psn_no, "relation", spell_no, content)


async def add_nonbenefit(
    conn: Connection, psn_no: str, kind: str, from_on: date, until_on: date | None, spell_no: int = 1
) -> None:
    content = {"from_on": from_on, "until_on": until_on, "kind": kind}
    await put(conn, psn_no, "nonbenefit", spell_no, content)


async def add_filing(
    conn: Connection,
    psn_no: str,
    kind: str,
    region: str,
    from_on: date = START,
    *,
    until_on: date | None = None,
    filed_on: date | None = None,
    subtype: str = "",
    spell_no: int = 1,
) -> None:
    content = {
        "from_on": from_on,
        "until_on": until_on,
        "kind": kind,
        "subtype": subtype,
        "region": region,
        "filed_on": filed_on or from_on,
        "declaration_id": None,
    }
    await put(conn, psn_no, "filing", spell_no, content)


async def add_chronic(
    conn: Connection,
    psn_no: str,
    code: str,
    quota_fen: int | None,
    *,
    treatment: str = "",
    ratio_bp: int | None = None,
    quota_month_fen: int | None = None,
    quota_quarter_fen: int | None = None,
    from_on: date = START,
    until_on: date | None = None,
    spell_no: int = 1,
) -> None:
    content = {
        "from_on": from_on,
        "until_on": until_on,
        "disease_code": code,
        "disease_name": "高血压",
        "treatment": treatment,
        "ratio_bp": ratio_bp,
        "quota_month_fen": quota_month_fen,
        "quota_quarter_fen": quota_quarter_fen,
        "quota_fen": quota_fen,
    }
    await put(conn, psn_no, "chronic", spell_no, content)


async def add_family(
    conn: Connection,
    psn_no: str,
    owner: str,
    order: int,
    from_on: date = START,
    until_on: date | None = None,
    *,
    relation: str = "spouse",
) -> None:
    content = {
        "from_on": from_on,
        "until_on": until_on,
        "owner": owner,
        "relation": relation,
        "declaration_id": None,
    }
    await put(conn, psn_no, "family", order, content)


async def add_fixed(
    conn: Connection, psn_no: str, biz_type: str, institution: str, from_on: date = START, spell_no: int = 1
) -> None:
    content = {
        "from_on": from_on,
        "until_on": None,
        "biz_type": biz_type,
        "sort_no": 1,
        "institution": institution,
        "institution_name": "甲医院",
        "declaration_id": None,
    }
    await put(conn, psn_no, "fixed", spell_no, content)


async def add_credential(
    conn: Connection,
    psn_no: str,
    kind: str,
    number: str,
    *,
    card_sn: str = "",
    from_on: date = START,
    until_on: date | None = None,
    blocked_from: date | None = None,
) -> None:
    content = {
        "kind": kind,
        "number": number,
        "card_sn": card_sn,
        "from_on": from_on,
        "until_on": until_on,
        "blocked_from": blocked_from,
        "blocked_until": None,
        "block_reason": "lost" if blocked_from else "",
    }
    line = await conn.fetchval(
        "SELECT coalesce(max(spell_no), 0) + 1 FROM members_change WHERE psn_no = $1 AND part = 'credential'",
        psn_no,
    )
    await put(conn, psn_no, "credential", line, content)
