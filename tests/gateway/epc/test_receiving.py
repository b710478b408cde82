"""Both envelopes of the prescription centre end in one handler, and nothing of a message that is not believed reaches it.

The trades here are stand-ins: one that writes and one that asks, so that what is tested is the way to them.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import asyncpg
import msgspec
import pytest

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.gateway.app import Gateway
from gongji.gateway.calls import Call, Output, Reply, Trade
from gongji.gateway.epc.envelope import MANNERS, Manner, Opened, open_answer, seal_request
from gongji.gateway.epc.names import FUNCTIONS
from gongji.gateway.epc.uses import Uses
from gongji.gateway.idempotency import once
from gongji.gateway.opening import open_platform
from gongji.gateway.platform import Platform
from gongji.gateway.settings import GatewaySettings
from gongji.gateway.trades import TRADES
from gongji.policy import Law
from tests.gateway import world
from tests.gateway.client import Caller, envelope, fresh, signed
from tests.gateway.epc.keys import CENTRE, add_certificate, add_channel, channel_of, pair_of
from tests.vaults import VAULT

HOSPITAL, PHARMACY, STRANGER = world.HOSPITAL, world.PHARMACY, world.OTHER_HOSPITAL
WITHDRAW = "/epc/api/fixmedins/rxUndo"
CONFIRM = "/epc/api/fixmedins/rxReturnConfirm"
ASK = "/epc/api/fixmedins/hospRxDetlQuery"
DATA = {"hiRxno": "7", "fixmedinsCode": HOSPITAL, "undoRea": "开错"}


@pytest.fixture(scope="module")
def seen() -> list[tuple[str, str, dict[str, Any]]]:
    """What reached the stand-ins' effects: trade, caller, nodes."""
    return []


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch, seen: list[Any]) -> Iterator[None]:
    async def withdraw(call: Call) -> Reply:
        async def effect(_: Connection) -> Reply:
            if "undoRea" not in call.nodes["data"]:
                return Refusal("MISSING_FIELD", "data.undoRea")
            seen.append((call.message.infno, call.caller, call.nodes))
            return Output(b'{"data":{"hiRxno":"7","cnt":1.50},"rows":[{"n":%d}]}' % len(seen))

        return await once(call, effect)

    async def ask(call: Call) -> Reply:
        if call.nodes["data"].get("hiRxno") == "bug":
            raise ZeroDivisionError
        return Output(msgspec.json.encode({"data": call.nodes["data"]}))

    monkeypatch.setitem(TRADES, "7104", Trade("7104", "电子处方撤销", withdraw, writes=True))
    monkeypatch.setitem(TRADES, "7105", Trade("7105", "电子处方信息查询", ask))
    seen.clear()
    yield
    seen.clear()


@pytest.fixture(scope="module")
def keyed_url(world_url: str) -> str:
    """The world with channels and the centre's certificate in it."""

    async def fill() -> None:
        connection = await asyncpg.connect(world_url)
        await add_channel(connection, channel_of(HOSPITAL))
        await add_channel(connection, channel_of(PHARMACY))
        ended = msgspec.structs.replace(channel_of(STRANGER), until_on=world.START)
        await add_channel(connection, ended)
        await add_certificate(connection)
        await connection.close()

    asyncio.run(fill())
    return world_url


@pytest.fixture
async def platform(keyed_url: str, law: Law, settings: GatewaySettings) -> AsyncIterator[Platform]:
    async with open_platform(keyed_url, settings, law, VAULT) as opened:
        yield opened


def sealed(
    data: Any = None,
    *,
    code: str = HOSPITAL,
    at: datetime | None = None,
    trans_type: str = "",
    manner: Manner = MANNERS[0],
) -> bytes:
    return seal_request(
        channel_of(code),
        pair_of(code).private,
        DATA if data is None else data,
        at or datetime.now().astimezone(),
        trans_type=trans_type,
        manner=manner,
    )


async def post(caller: Caller, body: bytes, path: str = WITHDRAW, code: str = HOSPITAL) -> Opened:
    """The answer to a sealed message, which must be signed by the centre."""
    answer = open_answer(channel_of(code), CENTRE.public, await caller.raw(body, path=path))
    assert isinstance(answer, Opened), answer
    assert caller.status == 200
    return answer


async def plain(caller: Caller, body: bytes, path: str = WITHDRAW) -> str:
    """The text of an unsigned failure."""
    answer = json.loads(await caller.raw(body, path=path))
    assert caller.status == 200
    assert (answer["code"], answer["success"], answer["infcode"]) == (-1, False, -1)
    assert "encData" not in answer
    return str(answer["message"])


async def test_a_sealed_message_reaches_its_trade_and_gets_a_sealed_answer(
    caller: Caller, seen: list[Any]
) -> None:
    answer = await post(caller, sealed())
    assert answer.data == {"hiRxno": "7", "cnt": "1.50", "rows": [{"n": 1}]}
    assert (answer.fields["code"], answer.fields["success"]) == (0, True)
    assert [(infno, code, nodes["data"]) for infno, code, nodes in seen] == [("7104", HOSPITAL, DATA)]


async def test_the_numbers_of_an_answer_keep_their_digits(caller: Caller) -> None:
    answer = await post(caller, sealed())
    assert answer.data["cnt"] == "1.50"


@pytest.mark.parametrize("manner", MANNERS, ids=lambda m: f"{m.order.value}-{m.own_id}")
async def test_every_manner_of_signing_is_answered_in_the_same(caller: Caller, manner: Manner) -> None:
    data = {"hiRxno": "9", "mdtrtCertNo": "1", "mdtrtareaNo": "2", "aZ": "1", "ab": "1"}
    answer = await post(caller, sealed(data, manner=manner), ASK)
    assert answer.data == data


async def test_both_envelopes_reach_one_handler_in_one_shape(caller: Caller, seen: list[Any]) -> None:
    data = {**DATA, "rxdrugdetail": [{"medListCodg": "X"}]}
    await post(caller, sealed(data))
    rows = data.pop("rxdrugdetail")
    await caller.output("7104", {"data": data, "rxdrugdetail": rows})
    await caller.output("D004", {"data": {**data, "rxdrugdetail": rows}})
    await caller.output("a0004", {"data": [data], "rxdrugdetail": rows}, path=WITHDRAW)
    assert {infno for infno, _, _ in seen} == {"7104"}
    assert all(nodes["rxdrugdetail"] == rows and nodes["data"]["undoRea"] == "开错" for _, _, nodes in seen)
    assert len(seen) == 4


async def test_a_wrapped_message_is_unwrapped(caller: Caller) -> None:
    output = await caller.output("7105", {"rx_info": {"hiRxno": "5", "fixmedins_code": HOSPITAL}})
    assert output["data"]["hiRxno"] == "5"


async def test_the_same_message_twice_has_one_effect_and_one_answer(caller: Caller, seen: list[Any]) -> None:
    body = sealed()
    first = await post(caller, body)
    again = await post(caller, body)
    respelt = json.loads(body)
    other = json.dumps({**respelt, "encData": respelt["encData"].lower(), "x": ""}, indent=1).encode()
    third = await post(caller, other)
    assert first.data == again.data == third.data
    assert len(seen) == 1


async def test_copies_of_one_message_at_once_have_one_effect(caller: Caller, seen: list[Any]) -> None:
    body = sealed()
    answers = await asyncio.gather(*(Caller(caller.app).raw(body, path=WITHDRAW) for _ in range(8)))
    opened = [open_answer(channel_of(HOSPITAL), CENTRE.public, answer) for answer in answers]
    assert {str(found.data) for found in opened if isinstance(found, Opened)} == {
        "{'hiRxno': '7', 'cnt': '1.50', 'rows': [{'n': 1}]}"
    }
    assert len(seen) == 1


@pytest.mark.parametrize("seed", range(40))
async def test_a_message_with_bytes_changed_has_no_effect_but_its_own(
    caller: Caller, seen: list[Any], seed: int
) -> None:
    body, chance = bytearray(sealed()), random.Random(seed)
    for _ in range(chance.randint(1, 3)):
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    answer = json.loads(await caller.raw(bytes(body), path=WITHDRAW))
    assert caller.status == 200
    assert answer["code"] == (0 if seen else -1)
    assert [nodes["data"] for _, _, nodes in seen] in ([], [DATA])


async def test_a_refused_message_may_be_sent_again(caller: Caller, seen: list[Any]) -> None:
    body = sealed({"hiRxno": "7"})
    answer = await post(caller, body)
    assert answer.fields["code"] == -1
    assert "〔MISSING_FIELD〕" in answer.fields["message"]
    assert (await post(caller, body)).fields["message"] == answer.fields["message"]
    assert seen == []


async def test_two_messages_of_one_millisecond_with_other_content_are_two(
    caller: Caller, seen: list[Any], platform: Platform
) -> None:
    at = platform.now()
    await post(caller, sealed(at=at))
    await post(caller, sealed({**DATA, "hiRxno": "8"}, at=at))
    assert len(seen) == 2


async def test_a_message_posted_to_another_function_is_refused(caller: Caller, seen: list[Any]) -> None:
    """The address is not signed: somebody who overheard a query must not turn it into a withdrawal."""
    body = sealed(trans_type="")
    await post(caller, body, ASK)
    answer = await post(caller, body, WITHDRAW)
    assert answer.fields["code"] == -1
    assert "〔NONCE_REPLAYED〕" in answer.fields["message"]
    assert seen == []


async def test_nor_at_another_worker_that_has_not_seen_it(
    caller: Caller, platform: Platform, seen: list[Any]
) -> None:
    body = sealed(trans_type="")
    assert (await post(caller, body)).fields["code"] == 0
    platform.sealed_uses = Uses()
    answer = await post(caller, body, CONFIRM)
    assert answer.fields["code"] == -1
    assert "〔NONCE_REPLAYED〕" in answer.fields["message"]
    assert len(seen) == 1


@pytest.mark.parametrize("named", ["rxUndo", "/fixmedins/rxUndo", "7104", "A0004", "d004", "", "custom.name"])
async def test_a_trans_type_that_names_the_function_or_nothing_known_is_taken(
    caller: Caller, named: str
) -> None:
    assert (await post(caller, sealed(trans_type=named))).fields["code"] == 0


async def test_a_trans_type_that_names_another_function_is_refused(caller: Caller) -> None:
    answer = await post(caller, sealed(trans_type="rxFileUpld"))
    assert "〔NONCE_REPLAYED〕" in answer.fields["message"]


@pytest.mark.parametrize("minutes", [-31, 31])
async def test_a_message_out_of_time_is_refused_signed(
    caller: Caller, platform: Platform, minutes: int
) -> None:
    answer = await post(caller, sealed(at=platform.now() + timedelta(minutes=minutes)))
    assert "〔TIMESTAMP_STALE〕" in answer.fields["message"]


async def test_a_message_that_was_touched_is_refused_without_saying_where(
    caller: Caller, seen: list[Any], log_lines: BytesIO
) -> None:
    fields = json.loads(sealed())
    spoilt = [
        {**fields, "timestamp": str(int(fields["timestamp"]) + 1)},
        {**fields, "encData": "00" * 32},
        {**fields, "signData": fields["signData"][::-1]},
        {**fields, "transType": "rxUndo"},
    ]
    texts = {await plain(caller, json.dumps(one).encode()) for one in spoilt}
    assert len(texts) == 1
    assert "〔SIGNATURE_WRONG〕" in texts.pop()
    assert seen == []
    assert b'"stage":"decrypt"' in log_lines.getvalue().replace(b" ", b"")


async def test_an_unknown_channel_an_ended_one_and_none_are_told_apart(caller: Caller) -> None:
    assert "〔CREDENTIAL_UNKNOWN〕" in await plain(caller, sealed(code="H14083000099"))
    assert "〔CREDENTIAL_REVOKED〕" in await plain(caller, sealed(code=STRANGER))
    assert "〔CREDENTIAL_UNKNOWN〕" in await plain(caller, b'{"appId":["x"],"encData":"00"}')
    assert "〔CREDENTIAL_UNKNOWN〕" in await plain(caller, b'{"encData":"00"}')


async def test_a_message_signed_for_another_channel_is_refused(caller: Caller, seen: list[Any]) -> None:
    stolen = json.loads(sealed(code=PHARMACY))
    stolen["appId"] = channel_of(HOSPITAL).app_id
    assert "〔SIGNATURE_WRONG〕" in await plain(caller, json.dumps(stolen).encode())
    assert seen == []


async def test_a_message_that_names_another_institution_is_refused_in_both_envelopes(
    caller: Caller, seen: list[Any]
) -> None:
    foreign = {**DATA, "fixmedinsCode": PHARMACY}
    answer = await post(caller, sealed(foreign))
    assert "〔FORBIDDEN〕" in answer.fields["message"]
    within = {**DATA, "mdtrtinfo": {"fixmedins_code": PHARMACY}}
    assert "〔FORBIDDEN〕" in (await post(caller, sealed(within))).fields["message"]
    assert "〔FORBIDDEN〕" in await caller.refused("7104", {"data": foreign})
    assert seen == []


@pytest.mark.parametrize("data", [[], "text", 5, [DATA]])
async def test_data_that_is_no_object_is_refused(caller: Caller, data: Any) -> None:
    assert "〔BAD_ENVELOPE〕" in (await post(caller, sealed(data))).fields["message"]


async def test_an_address_without_a_function_is_refused(caller: Caller) -> None:
    assert "〔UNKNOWN_TRADE〕" in await plain(caller, sealed(), "/fixmedins/noSuchThing")


async def test_a_function_that_is_not_offered_says_so(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(TRADES, "7105")
    answer = await post(caller, sealed(), ASK)
    assert "〔TRADE_NOT_OFFERED〕" in answer.fields["message"]
    assert "〔TRADE_NOT_OFFERED〕" in await caller.refused("D005", {"data": {}})


async def test_a_bug_is_an_incident_and_never_a_broken_connection(caller: Caller, log_lines: BytesIO) -> None:
    answer = await post(caller, sealed({"hiRxno": "bug"}), ASK)
    assert "〔INTERNAL〕" in answer.fields["message"]
    assert b"ZeroDivisionError" in log_lines.getvalue()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"appId":' * 3000, b"null"])
async def test_rubbish_at_an_address_of_the_centre_is_refused_in_chinese(caller: Caller, body: bytes) -> None:
    assert "〔" in await plain(caller, body)


async def test_a_body_above_the_limit_is_refused(caller: Caller, platform: Platform) -> None:
    body = json.dumps({"appId": "x", "encData": "0" * platform.settings.max_body}).encode()
    assert "〔BODY_TOO_LARGE〕" in await plain(caller, body)


async def test_a_prescription_file_of_two_megabytes_passes(caller: Caller) -> None:
    answer = await post(caller, sealed({**DATA, "rxFile": "A" * 2_700_000}), ASK)
    assert len(answer.data["rxFile"]) == 2_700_000


async def test_a_national_message_at_the_same_address_is_told_by_its_content(caller: Caller) -> None:
    answer = await caller.send(envelope("7105", {"data": {"hiRxno": "3"}}), path=ASK)
    assert answer["infcode"] == 0
    assert answer["output"] == {"data": {"hiRxno": "3"}}


async def test_a_sealed_message_at_an_address_of_the_national_interface_is_refused(caller: Caller) -> None:
    answer = json.loads(await caller.raw(sealed()))
    assert answer["infcode"] == -1
    assert "infno" in answer["err_msg"]


async def test_without_the_platforms_key_nothing_is_done(
    caller: Caller, platform: Platform, seen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform.signer, "_load", lambda _: None)
    assert "〔SIGNER_UNAVAILABLE〕" in await plain(caller, sealed())
    assert seen == []


async def test_an_answer_that_cannot_be_signed_is_had_by_sending_again(
    caller: Caller, platform: Platform, seen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = sealed()
    with monkeypatch.context() as broken:
        broken.setattr("gongji.base.signing.sm2.sign", lambda *_: 1 / 0)
        assert "原报文" in await plain(caller, body)
    assert (await post(caller, body)).data["rows"] == [{"n": 1}]
    assert len(seen) == 1


async def test_a_sealed_message_is_logged_without_its_content(caller: Caller, log_lines: BytesIO) -> None:
    await post(caller, sealed({**DATA, "patnName": "测试人甲"}))
    line = json.loads(log_lines.getvalue().splitlines()[-1])
    assert (line["infno"], line["infcode"], line["caller"]) == ("7104", 0, HOSPITAL)
    assert "测试人甲" not in log_lines.getvalue().decode()
    assert channel_of(HOSPITAL).app_secret not in log_lines.getvalue().decode()


async def test_a_server_that_is_starting_says_so() -> None:
    starting = Caller(Gateway(lambda _: b""))
    await starting.raw(b"{}", path=WITHDRAW)
    assert starting.status == 503


async def test_nothing_is_written_in_read_only_mode(keyed_url: str, law: Law, seen: list[Any]) -> None:
    settings = GatewaySettings(signature="off", read_only=True)
    async with open_platform(keyed_url, settings, law, VAULT) as reading:
        app = Gateway(lambda _: b"")
        app.platform = reading
        answer = await post(Caller(app), sealed())
        assert "〔READ_ONLY〕" in answer.fields["message"]
        assert (await post(Caller(app), sealed(), ASK)).fields["code"] == 0
    assert seen == []


async def test_a_sealed_message_needs_neither_head_signature_nor_sign_in(keyed_url: str, law: Law) -> None:
    settings = GatewaySettings(signature="api", require_sign_in=True)
    async with open_platform(keyed_url, settings, law, VAULT) as strict:
        app = Gateway(lambda _: b"")
        app.platform = strict
        caller = Caller(app)
        assert (await post(caller, sealed(), ASK)).fields["code"] == 0
        national = envelope("D005", {"data": {"hiRxno": "3"}}, msgid=fresh())
        assert (await caller.send(national, path=ASK))["code"] == 401
        headed = await caller.send(national, path=ASK, headers=signed(HOSPITAL, strict.now()))
        assert "〔NOT_SIGNED_IN〕" in headed["err_msg"]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.path)
async def test_every_function_has_its_address(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, function: Any
) -> None:
    async def here(call: Call) -> Reply:
        return Output(msgspec.json.encode({"data": {"here": call.message.infno}}))

    monkeypatch.setitem(TRADES, function.infno, Trade(function.infno, function.name, here))
    answer = await post(caller, sealed({"hiRxno": "1"}), f"/any/prefix/fixmedins/{function.path}")
    assert answer.data == {"here": function.infno}
    for number in (function.infno, *function.aliases):
        assert (await caller.output(number, {"data": {}}))["data"] == {"here": function.infno}


async def test_a_real_query_of_the_centre_is_answered_in_both_envelopes(caller: Caller) -> None:
    asked = {"fixmedinsCode": HOSPITAL, "medListCodg": world.DRUG_A, "pageNum": 1, "pageSize": 10}
    answer = await post(caller, sealed(asked), "/fixmedins/circDrugQuery")
    assert answer.fields["code"] == 0, answer.fields["message"]
    national = await caller.output("D008", {"data": asked})
    assert int(answer.data["total"]) == national["data"]["total"] == 1
    assert [row["medListCodg"] for row in answer.data["list"]] == [world.DRUG_A]
