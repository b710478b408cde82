"""Made-up channels and certificates, and how a test's own software talks to the prescription centre."""

from __future__ import annotations

import random
from datetime import date

from gongji.base import sm2
from gongji.base.sqlfiles import Connection
from gongji.gateway.epc.signer import PLATFORM_CODE
from gongji.providers.register import Channel
from gongji.providers.sealing import seal_app_secret, seal_private_key
from tests.vaults import VAULT

START = date(2020, 1, 1)
CENTRE = sm2.key_pair(random.Random("centre").randbytes)
SERIAL = "EPC0001"


def pair_of(code: str) -> sm2.KeyPair:
    return sm2.key_pair(random.Random(code).randbytes)


def channel_of(code: str, callback_url: str = "") -> Channel:
    """The channel of an institution in these tests."""
    return Channel(
        app_id=f"APP{code}".ljust(32, "0"),
        code=code,
        app_secret=f"SECRET{code}".ljust(32, "0"),
        public_key=pair_of(code).public,
        callback_url=callback_url,
        from_on=START,
        until_on=None,
    )


async def add_channel(conn: Connection, channel: Channel) -> None:
    await conn.execute(
        "INSERT INTO providers_channel (code, spell_no, app_id, app_secret_sealed, public_key, callback_url, from_on, until_on)"
        " VALUES ($1, 1, $2, $3, $4, $5, $6, $7)",
        channel.code,
        channel.app_id,
        seal_app_secret(VAULT, channel.app_id, channel.app_secret),
        channel.public_key,
        channel.callback_url,
        channel.from_on,
        channel.until_on,
    )


async def add_certificate(conn: Connection, *, held: bool = True) -> None:
    """The centre's own certificate; ``held``: with its private key."""
    await conn.execute(
        "INSERT INTO providers_certificate (code, spell_no, serial, subject, public_key, private_key_sealed, from_on)"
        " VALUES ($1, 1, $2, 'CN=测试处方中心', $3, $4, $5)",
        PLATFORM_CODE,
        SERIAL,
        CENTRE.public,
        seal_private_key(VAULT, SERIAL, CENTRE.private) if held else None,
        START,
    )
