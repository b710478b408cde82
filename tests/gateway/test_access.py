"""Who may call, and that nobody acts as, or sees, another institution."""

import json
from datetime import timedelta
from typing import Any

import pytest

from gongji.gateway.platform import Platform
from gongji.gateway.settings import GatewaySettings
from gongji.providers.sealing import seal_secret
from gongji.providers.selectors import refresh
from tests.gateway import messages, world
from tests.gateway.client import Caller, envelope, fresh, signed
from tests.gateway.test_outpatient import row_counts

QUERY = {"medinsinfo": {"fixmedins_type": "1", "fixmedins_code": world.HOSPITAL}}


@pytest.fixture
def settings() -> GatewaySettings:
    return GatewaySettings(signature="api")


async def test_a_signed_message_is_answered(caller: Caller, platform: Platform) -> None:
    answer = await caller.send(envelope("1201", QUERY), headers=signed(world.HOSPITAL, platform.now()))
    assert answer["infcode"] == 0


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda h: {}, "缺少服务网关的请求头!"),
        (lambda h: {**h, "_api_signature": "x"}, "签名不一致!"),
        (lambda h: {**h, "_api_name": "other"}, "签名不一致!"),
        (lambda h: {**h, "_api_access_key": "nobody"}, "非法用户!"),
        (lambda h: {**h, "_api_access_key": world.HOSPITAL}, "非法用户!"),
        (lambda h: {**h, "_api_timestamp": "1"}, "签名时间戳超时!"),
    ],
)
async def test_a_wrong_signature_is_refused_as_the_specification_says(
    caller: Caller, platform: Platform, spoil: Any, message: str
) -> None:
    before = await row_counts(platform)
    answer = await caller.send(
        envelope("2201", messages.registration()), headers=spoil(signed(world.HOSPITAL, platform.now()))
    )
    assert caller.status == 200
    assert answer["code"] == 401
    assert answer["message"] == message
    assert answer["infcode"] == -1
    assert message in answer["err_msg"]
    assert await row_counts(platform) == before


async def test_a_signature_older_than_the_window_is_refused(caller: Caller, platform: Platform) -> None:
    old = signed(world.HOSPITAL, platform.now() - timedelta(minutes=31))
    assert (await caller.send(envelope("1201", QUERY), headers=old))["code"] == 401


async def test_a_key_belongs_to_one_institution(caller: Caller, platform: Platform) -> None:
    headers = signed(world.OTHER_HOSPITAL, platform.now())
    answer = await caller.send(envelope("1201", QUERY, caller=world.HOSPITAL), headers=headers)
    assert "FORBIDDEN" in answer["err_msg"]


async def test_a_replayed_query_is_refused(caller: Caller, platform: Platform) -> None:
    message, headers = envelope("1201", QUERY), signed(world.HOSPITAL, platform.now())
    assert (await caller.send(message, headers=headers))["infcode"] == 0
    again = await caller.send(message, headers=headers)
    assert "NONCE_REPLAYED" in again["err_msg"]


async def test_a_replayed_writing_message_changes_nothing(caller: Caller, platform: Platform) -> None:
    message, headers = envelope("2201", messages.registration()), signed(world.HOSPITAL, platform.now())
    first = await caller.send(message, headers=headers)
    before = await row_counts(platform)
    again = await caller.send(message, headers=headers)
    assert again["output"] == first["output"]
    assert await row_counts(platform) == before


async def test_a_withdrawn_key_is_refused(caller: Caller, platform: Platform) -> None:
    async with platform.pool.acquire() as connection:
        await connection.execute(
            "INSERT INTO providers_credential (access_key, code, spell_no, secret_sealed, from_on, until_on)"
            " VALUES ('old', $1, 2, $2, '2020-01-01', '2020-12-31')",
            world.HOSPITAL,
            seal_secret(platform.vault, "old", "old"),
        )
        await refresh(connection, platform.providers, platform.vault)
    headers = signed(world.HOSPITAL, platform.now(), key="old", secret="old")
    assert (await caller.send(envelope("1201", QUERY), headers=headers))["message"] == "非法用户!"


class Signing(Caller):
    """A caller that signs for the institution that the message names."""

    platform: Platform

    async def send(self, message: Any, **options: Any) -> dict[str, Any]:
        headers = signed(message["fixmedins_code"], self.platform.now(), name=fresh())
        return await super().send(message, headers=headers, **options)


@pytest.fixture
def signing(caller: Caller, platform: Platform) -> Signing:
    made = Signing(caller.app)
    made.platform = platform
    return made


async def test_another_institutions_visit_does_not_exist(signing: Signing, platform: Platform) -> None:
    mdtrt_id, batch = await messages.charged(signing)
    done = (
        await signing.output(
            "2207", messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00"), msgid="LOST1"
        )
    )["setlinfo"]
    key = {"psn_no": world.ACTIVE, "mdtrt_id": mdtrt_id, "setl_id": done["setl_id"]}
    tries = {
        "2202": {"data": {**key, "ipt_otp_no": "V"}},
        "2203": messages.visit_info(world.ACTIVE, mdtrt_id),
        "2204": {"feedetail": messages.line(world.ACTIVE, mdtrt_id, "B9")},
        "2205": {"data": {**key, "chrg_bchno": batch}},
        "2206": messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00"),
        "2207": messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00"),
        "2208": {"data": key},
        "5202": {"data": key},
        "5203": {"data": key},
        "5204": {"data": key},
        "2103": {"data": key},
    }
    before = await row_counts(platform)
    for infno, nodes in tries.items():
        theirs = await signing.refused(infno, nodes, caller=world.OTHER_HOSPITAL)
        assert "UNKNOWN_VISIT" in theirs or "SETTLEMENT_NOT_FOUND" in theirs, infno
        assert world.HOSPITAL not in theirs
    undo = {"data": {"psn_no": world.ACTIVE, "omsgid": "LOST1", "oinfno": "2207"}}
    assert await row_counts(platform) == before
    assert "MESSAGE_NOT_FOUND" in await signing.refused("2601", undo, caller=world.OTHER_HOSPITAL)
    period = {"psn_no": world.ACTIVE, "begntime": "2020-01-01", "endtime": "2030-01-01"}
    assert (await signing.output("5201", {"data": period}, caller=world.OTHER_HOSPITAL))["mdtrtinfo"] == []
    assert (await signing.output("5205", {"data": period}, caller=world.OTHER_HOSPITAL))["feedetail"] == []
    assert await signing.output("2601", undo) is None


async def test_benefits_are_asked_for_ones_own_institution_only(signing: Signing) -> None:
    asked = {
        "psn_no": world.ACTIVE,
        "med_type": "11",
        "begntime": "2024-08-15",
        "fixmedins_code": world.OTHER_HOSPITAL,
    }
    assert "FORBIDDEN" in await signing.refused("2001", {"data": asked})


async def test_addresses_of_every_style_answer(signing: Signing, platform: Platform) -> None:
    body = json.dumps(envelope("1201", QUERY)).encode()
    for path in (
        "/fsi/api/rsfComIfsService/callService",
        "/fsi/api/rsfComIfsService/callService/1201",
        "/fsi/api/fsiFixMedInsService/queryFixMedIns",
        "/ebus/rio_fsi/fsi/api/fsiFixMedInsService/queryFixMedIns",
        "/mbs/fmi/fsi/api/callFsiService/callService",
        "/1201",
        "/ebus/gdyb_api/prd/hsa/hgs/1201",
        "/isp-api/powercsb/2207A",
    ):
        for kind in ("text/plain; charset=utf-8", "application/json", "application/x-www-form-urlencoded"):
            headers = {**signed(world.HOSPITAL, platform.now(), name=fresh()), "Content-Type": kind}
            answer = json.loads(await signing.raw(body, path=path, headers=headers))
            assert answer["infcode"] == 0, path


@pytest.mark.parametrize("path", ["/other", "/fsi/api", "/fsi/api/../x", "/12", "/fsi/other/1"])
async def test_other_addresses_do_not_exist(signing: Signing, path: str) -> None:
    await signing.raw(b"{}", path=path)
    assert signing.status == 404


class TestSignIn:
    """The switch that asks for a sign-in."""

    @pytest.fixture
    def settings(self) -> GatewaySettings:
        return GatewaySettings(signature="off", require_sign_in=True)

    async def test_without_a_sign_in_of_the_day_nothing_is_answered(self, caller: Caller) -> None:
        assert "NOT_SIGNED_IN" in await caller.refused("1201", QUERY)
        assert "NOT_SIGNED_IN" in await caller.refused("1201", QUERY, sign_no="made up")
        signed_in = (await caller.output("9001", {"signIn": {"opter_no": "1", "mac": "m", "ip": "i"}}))[
            "signinoutb"
        ]
        assert await caller.output("1201", QUERY, sign_no=signed_in["sign_no"])
        other = {"caller": world.OTHER_HOSPITAL, "sign_no": signed_in["sign_no"]}
        assert "NOT_SIGNED_IN" in await caller.refused("1201", QUERY, **other)


class TestReadOnly:
    """The switch for maintenance."""

    @pytest.fixture
    def settings(self) -> GatewaySettings:
        return GatewaySettings(signature="off", read_only=True)

    async def test_writing_trades_are_refused_and_queries_answered(
        self, caller: Caller, platform: Platform
    ) -> None:
        before = await row_counts(platform)
        assert "READ_ONLY" in await caller.refused("2201", messages.registration())
        assert await caller.output("1201", QUERY)
        assert await row_counts(platform) == before
