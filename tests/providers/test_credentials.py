"""Keys of institutions: given out by the agency, withdrawn by day, and never in clear in any table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongji.base import sm2
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.demo_data import generate
from gongji.demo_data import load as load_world
from gongji.demo_data.register import app_id, app_secret, keys
from gongji.providers.credentials import install_certificate, issue_credential, open_channel, withdraw_key
from gongji.providers.register import EPC
from gongji.providers.rows import CertificateRow, ChannelRow, CredentialRow
from gongji.providers.selectors import load, vault_fits
from gongji.providers.staff import enter
from tests.providers.registry import DAY, START, act, doctor, institution, refused
from tests.vaults import VAULT

PAIR = sm2.pair_of(bytes(range(1, 33)))


def counted(length: int) -> bytes:
    return bytes(range(length))


async def test_a_secret_is_told_once_and_known_to_the_book(conn):
    code = await institution(conn)
    issued = await issue_credential(conn, act(), VAULT, code, f"k-{code}", START, None, counted)
    book = await load(conn, VAULT)
    assert book.credential(f"k-{code}").secret == issued.secret == counted(16).hex()
    assert issued.secret not in repr(issued) + repr(book.credential(code))


async def test_a_key_that_somebody_has_is_not_given_out_again(conn):
    one, other = await institution(conn), await institution(conn)
    assert not isinstance(
        await issue_credential(conn, act(), VAULT, one, "shared-key", START, None, counted), Refusal
    )
    answer = await issue_credential(conn, act(), VAULT, other, "shared-key", START, None, counted)
    assert refused(answer) == "KEY_EXISTS"


async def test_a_channel_is_found_by_its_app_and_by_its_institution(conn):
    code = await institution(conn, "pharmacy")
    url = "http://127.0.0.1:8099/notice"
    issued = await open_channel(
        conn, act(), VAULT, code, f"APP{code}", PAIR.public, url, START, None, counted
    )
    book = await load(conn, VAULT)
    channel = book.channel(f"APP{code}")
    assert channel == book.channel_of(code)
    assert (channel.app_secret, channel.public_key, channel.callback_url) == (issued.secret, PAIR.public, url)
    assert channel.usable(DAY)
    assert issued.secret not in repr(channel)
    assert book.channel("APP-none") is None


@pytest.mark.parametrize(
    ("key", "url", "reason"),
    [
        (b"", "", "PUBLIC_KEY_INVALID"),
        (bytes(64), "", "PUBLIC_KEY_INVALID"),
        (b"\x04" + PAIR.public, "", "PUBLIC_KEY_INVALID"),
        (PAIR.public, "ftp://a", "CALLBACK_INVALID"),
        (PAIR.public, "http://user@host/", "CALLBACK_INVALID"),
        (PAIR.public, "javascript:alert(1)", "CALLBACK_INVALID"),
        (PAIR.public, "http://host/?q=1", "CALLBACK_INVALID"),
    ],
)
async def test_a_channel_with_a_wrong_key_or_address_is_refused(conn, key: bytes, url: str, reason: str):
    code = await institution(conn)
    answer = await open_channel(conn, act(), VAULT, code, "APPX", key, url, START, None, counted)
    assert refused(answer) == reason


async def test_the_certificate_of_a_day_is_the_newest_that_holds(conn):
    code = await institution(conn)
    later = sm2.pair_of(bytes(range(2, 34)))
    for number, (pair, from_on) in enumerate([(PAIR, START), (later, DAY)]):
        serial = f"{code}{number}"
        await install_certificate(
            conn, act(), VAULT, code, serial, "CN=测试", pair.public, pair.private, from_on, None
        )
    book = await load(conn, VAULT)
    assert [book.certificate(code, day).public_key for day in (DAY - timedelta(days=1), DAY)] == [
        PAIR.public,
        later.public,
    ]
    assert book.certificate(code, START - timedelta(days=1)) is None
    assert book.certificate(code, DAY).private_key == later.private
    assert book.certificate_of(f"{code}0").public_key == PAIR.public


async def test_a_private_key_that_belongs_to_another_public_one_is_refused(conn):
    code = await institution(conn)
    for private in (bytes(32), bytes(range(2, 34))):
        answer = await install_certificate(
            conn, act(), VAULT, code, "S1", "CN=测试", PAIR.public, private, START, None
        )
        assert refused(answer) == "PUBLIC_KEY_INVALID"


async def test_a_withdrawn_key_holds_no_more_from_the_day_on(conn):
    code = await institution(conn)
    await issue_credential(conn, act(), VAULT, code, f"w-{code}", START, None, counted)
    await withdraw_key(conn, act(), code, CredentialRow, f"w-{code}", DAY)
    credential = (await load(conn, VAULT)).credential(f"w-{code}")
    assert [credential.usable(day) for day in (DAY - timedelta(days=1), DAY)] == [True, False]
    assert (
        refused(await withdraw_key(conn, act(), code, CredentialRow, f"w-{code}", DAY)) == "NOTHING_CHANGED"
    )
    assert refused(await withdraw_key(conn, act(), code, ChannelRow, "none", DAY)) == "KEY_NOT_FOUND"
    await withdraw_key(conn, act(), code, CredentialRow, f"w-{code}", START)
    assert (await load(conn, VAULT)).credential(f"w-{code}") is None


async def test_a_vault_with_other_keys_does_not_fit(conn):
    code = await institution(conn)
    await issue_credential(conn, act(), VAULT, code, f"v-{code}", START, None, counted)
    other = Vault({1: bytes(16)}, bytes(32))
    assert [await vault_fits(conn, vault) for vault in (VAULT, other)] == [True, False]


async def test_only_the_agency_gives_out_keys(conn):
    code = await institution(conn)
    own = act(code, kind="institution")
    assert refused(await issue_credential(conn, own, VAULT, code, "own", START, None, counted)) == "FORBIDDEN"
    assert refused(await withdraw_key(conn, own, code, CertificateRow, "S", DAY)) == "FORBIDDEN"


async def test_no_table_holds_a_secret_or_a_private_key_or_an_identity_number_in_clear(conn):
    world = generate(seed=3, members=50)
    await load_world(conn, world, VAULT)
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor())
    secrets = {"140199196503051025", "13800001111"}
    for row in world.tables["providers_staff"]:
        secrets |= {str(row["cert_no"]), str(row["phone"])}
    for place in world.institutions:
        secrets |= {place.secret, app_secret(place)}
        secrets |= {keys(3, place.code, purpose).private.hex() for purpose in ("channel", "certificate")}
    secrets.add(keys(3, EPC, "certificate").private.hex())
    tables = await conn.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    found = set()
    for (table,) in tables:
        text = await conn.fetchval(f'SELECT string_agg(lower(t::text), chr(10)) FROM "{table}" t') or ""
        found |= {
            (table, secret) for secret in secrets if secret.lower() in text or secret.encode().hex() in text
        }
    assert found == set()


async def test_the_demonstrations_keys_are_those_that_anybody_can_compute(conn):
    world = generate(seed=3, members=50)
    await load_world(conn, world, VAULT)
    book = await load(conn, VAULT)
    place = world.institution("演示大药房总店")
    channel = book.channel(app_id(place))
    assert (channel.code, channel.app_secret) == (place.code, app_secret(place))
    assert channel.public_key == keys(3, place.code, "channel").public
    signed = sm2.sign(book.certificate(EPC, DAY).private_key, b"text")
    assert sm2.verify(keys(3, EPC, "certificate").public, b"text", signed)
