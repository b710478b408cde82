"""Persons that tests put into a real database."""

from datetime import date

from gongji.base.sqlfiles import Connection
from gongji.members.identity import check_character

START = date(2023, 1, 1)


def cert_no(order: int = 1, born: str = "19800101") -> str:
    """A synthetic identity number with a valid check character."""
    body = f"140199{born}{order:03d}"
    return body + check_character(body)


async def add_person(
    conn: Connection, psn_no: str, *, number: str | None = None, died_on: date | None = None
) -> None:
    await conn.execute(
        "INSERT INTO members_person (psn_no, name, cert_type, cert_no, gender, ethnicity, born_on, died_on)"
        " VALUES ($1, '测试', '01', $2, '1', '01', '1980-01-01', $3)",
        psn_no,
        number or cert_no(),
        died_on,
    )


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
) -> None:
    await conn.execute(
        "INSERT INTO members_relation (psn_no, spell_no, from_on, until_on, insutype, status, psn_type, region,"
        " employer, civil_servant, flexible, has_account)"
        " VALUES ($1, $2, $3, $4, '310', $5, $6, $7, '甲公司', false, false, $8)",
        psn_no,
        spell_no,
        from_on,
        until_on,
        status,
        "11" if status == "active" else "12",
        region,
        has_account,
    )


async def add_nonbenefit(
    conn: Connection, psn_no: str, kind: str, from_on: date, until_on: date | None, spell_no: int = 1
) -> None:
    await conn.execute(
        "INSERT INTO members_nonbenefit (psn_no, spell_no, from_on, until_on, kind) VALUES ($1, $2, $3, $4, $5)",
        psn_no,
        spell_no,
        from_on,
        until_on,
        kind,
    )


async def add_filing(conn: Connection, psn_no: str, kind: str, region: str, from_on: date = START) -> None:
    await conn.execute(
        "INSERT INTO members_filing (psn_no, spell_no, from_on, kind, region) VALUES ($1, 1, $2, $3, $4)",
        psn_no,
        from_on,
        kind,
        region,
    )


async def add_chronic(conn: Connection, psn_no: str, code: str, quota_fen: int | None) -> None:
    await conn.execute(
        "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, quota_fen)"
        " VALUES ($1, 1, $2, $3, '高血压', $4)",
        psn_no,
        START,
        code,
        quota_fen,
    )


async def add_family(
    conn: Connection, psn_no: str, owner: str, order: int, from_on: date = START, until_on: date | None = None
) -> None:
    await conn.execute(
        "INSERT INTO members_family (psn_no, spell_no, from_on, until_on, owner, relation)"
        " VALUES ($1, $2, $3, $4, $5, 'spouse')",
        psn_no,
        order,
        from_on,
        until_on,
        owner,
    )


async def add_credential(
    conn: Connection,
    psn_no: str,
    kind: str,
    number: str,
    *,
    card_sn: str = "",
    until_on: date | None = None,
    blocked_from: date | None = None,
) -> None:
    await conn.execute(
        "INSERT INTO members_credential (psn_no, kind, number, card_sn, from_on, until_on, blocked_from)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        psn_no,
        kind,
        number,
        card_sn,
        START,
        until_on,
        blocked_from,
    )
