"""Sealed messages: the published vector, round trips in every manner, and nothing believed that was touched."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.base import sm2
from gongji.gateway.epc.envelope import (
    MANNERS,
    Closed,
    Manner,
    Opened,
    instant_ms,
    open_answer,
    open_request,
    plain_failure,
    seal_answer,
    seal_request,
    sm4_decrypt,
    sm4_encrypt,
    sm4_key,
)
from gongji.gateway.epc.signtext import Order, sign_text
from tests.gateway.epc.keys import CENTRE, channel_of, pair_of

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CODE = "H00000000001"
CHANNEL = channel_of(CODE)
PAIR = pair_of(CODE)
DATA: dict[str, Any] = {
    "hiRxno": "1",
    "fixmedinsCode": CODE,
    "mdtrtCertNo": "x",
    "mdtrtareaNo": "140830",
    "rxDrugCnt": 2,
    "cnt": 1.5,
    "rows": [{"b": "甲", "a": ""}, {"c": None}],
}


class VectorKeys:
    """The check vector of the reference (made-up credentials, reproduced with a client's own library)."""

    app_id = "TESTAPPID0000000000000000000000A"
    app_secret = "TESTSECRET0000000000000000000001"


VECTOR_DATA = b'{"hiRxno":"FAKE0001","fixmedinsCode":"H00000000001"}'
VECTOR_CIPHER = (
    "6CFD10A0D16E8BF53A516BE004184D499F700823F7ABBAAB306B0F4871B91AAA"
    "379E5A3AA63994DB0464F452706ADB30C4B1FD58B89DB3680733BC5A1676B55D"
)


def test_the_key_of_the_check_vector() -> None:
    assert sm4_key(VectorKeys()) == b"49402A7451716C12"


def test_the_cipher_text_of_the_check_vector() -> None:
    key = sm4_key(VectorKeys())
    assert sm4_encrypt(key, VECTOR_DATA).hex().upper() == VECTOR_CIPHER
    assert sm4_decrypt(key, bytes.fromhex(VECTOR_CIPHER)) == VECTOR_DATA


def request(manner: Manner = MANNERS[0], data: Any = None) -> dict[str, Any]:
    body = seal_request(CHANNEL, PAIR.private, DATA if data is None else data, AT, manner=manner)
    fields: dict[str, Any] = json.loads(body)
    return fields


def opened(fields: dict[str, Any]) -> Opened | Closed:
    return open_request(CHANNEL, PAIR.public, fields)


@pytest.mark.parametrize("manner", MANNERS, ids=lambda m: f"{m.order.value}-{m.own_id}")
def test_a_request_is_believed_in_every_manner_that_clients_have(manner: Manner) -> None:
    found = opened(request(manner))
    assert isinstance(found, Opened)
    assert found.manner == manner
    assert found.data == {**DATA, "cnt": "1.5"}
    assert found.sent_ms == int(AT.timestamp() * 1000)


def test_the_same_message_has_one_number_however_it_is_signed_or_spelt() -> None:
    first, other = request(MANNERS[0]), request(MANNERS[3])
    lower = {**request(), "encData": request()["encData"].lower(), "transType": None}
    digests = {found.digest for found in map(opened, (first, other, lower)) if isinstance(found, Opened)}
    assert len(digests) == 1
    later = opened(request(data={**DATA, "hiRxno": "2"}))
    assert isinstance(later, Opened)
    assert later.digest not in digests


@pytest.mark.parametrize("value", ["sm4", "SM4"])
def test_the_names_of_the_algorithms_are_signed_as_they_are_written(value: str) -> None:
    fields = request()
    assert isinstance(opened({**fields, "encType": value}), Opened if value == "SM4" else Closed)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("appId", CHANNEL.app_id[:-1] + "9"),
        ("version", "1.0.1"),
        ("timestamp", "1732228800123"),
        ("timestamp", None),
        ("encType", "SM1"),
        ("signType", ""),
        ("transType", "rxUndo"),
        ("added", "field"),
        ("signData", ""),
        ("signData", "AAAA"),
        ("signData", None),
        ("signData", base64.b64encode(bytes(64)).decode()),
        ("encData", ""),
        ("encData", "00" * 16),
        ("encData", "zz"),
        ("encData", None),
        ("encData", 5),
        ("encData", " " * 32),
        ("encData", "４" * 32),
    ],
)
def test_a_message_with_one_field_changed_is_not_believed(name: str, value: object) -> None:
    assert isinstance(opened({**request(), name: value}), Closed)


def test_fields_joined_into_one_are_not_believed_although_the_text_is_the_same() -> None:
    fields = json.loads(seal_request(CHANNEL, PAIR.private, DATA, AT, trans_type="rxUndo"))
    assert isinstance(opened(fields), Opened)
    others = {name: value for name, value in fields.items() if name not in ("transType", "version")}
    in_value = {**others, "transType": "rxUndo&version=1.0.0"}
    in_name = {**others, "transType=rxUndo&version": "1.0.0"}
    texts = {sign_text(one, DATA, CHANNEL.app_secret) for one in (fields, in_value, in_name)}
    assert len(texts) == 1
    assert isinstance(opened(in_value), Closed)
    assert isinstance(opened(in_name), Closed)


def test_cipher_blocks_in_another_order_are_not_believed() -> None:
    """ECB would decrypt them; the signature does not hold."""
    fields = request()
    blocks = [fields["encData"][i : i + 32] for i in range(0, len(fields["encData"]), 32)]
    assert isinstance(opened({**fields, "encData": "".join([blocks[1], blocks[0], *blocks[2:]])}), Closed)


def test_another_key_another_secret_and_another_channel_are_not_believed() -> None:
    fields = request()
    assert isinstance(open_request(CHANNEL, CENTRE.public, fields), Closed)
    assert isinstance(open_request(channel_of("H00000000002"), PAIR.public, fields), Closed)
    forged = seal_request(CHANNEL, CENTRE.private, DATA, AT)
    assert isinstance(opened(json.loads(forged)), Closed)


def test_somebody_who_knows_the_secret_but_not_the_private_key_is_not_believed() -> None:
    fields = request()
    other = sm4_encrypt(sm4_key(CHANNEL), b'{"hiRxno":"2"}').hex().upper()
    assert isinstance(opened({**fields, "encData": other}), Closed)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_message_with_any_byte_changed_says_the_same_or_is_not_believed(data: st.DataObject) -> None:
    body = bytearray(SEALED)
    position = data.draw(st.integers(0, len(body) - 1))
    body[position] ^= data.draw(st.integers(1, 255))
    found = open_answer(CHANNEL, PAIR.public, bytes(body))
    if isinstance(found, Opened):
        assert found.digest == ORIGINAL.digest
        assert found.data == ORIGINAL.data


SEALED = seal_request(CHANNEL, PAIR.private, DATA, AT)
ORIGINAL = open_answer(CHANNEL, PAIR.public, SEALED)
assert isinstance(ORIGINAL, Opened)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_nothing_that_a_stranger_sends_raises(body: bytes) -> None:
    assert isinstance(open_answer(CHANNEL, PAIR.public, body), Closed)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["appId", "timestamp", "encData", "signData", "x"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=40)
        | st.lists(st.integers(), max_size=2),
    )
)
def test_no_envelope_of_odd_values_raises(fields: dict[str, Any]) -> None:
    assert isinstance(opened(fields), Closed)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=6), JSONS, max_size=4), st.sampled_from(MANNERS))
def test_whatever_is_sealed_opens_to_the_same(data: dict[str, Any], manner: Manner) -> None:
    found = opened(request(manner, data))
    assert isinstance(found, Opened)
    assert found.data == data


def test_nesting_without_end_is_not_believed() -> None:
    deep = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
    fields = {**request(), "encData": sm4_encrypt(sm4_key(CHANNEL), deep).hex().upper()}
    assert isinstance(opened(fields), Closed)


def centre_signs(text: bytes, user_id: bytes) -> bytes:
    return sm2.sign(CENTRE.private, text, user_id)


@pytest.mark.parametrize("manner", MANNERS, ids=lambda m: f"{m.order.value}-{m.own_id}")
def test_an_answer_is_signed_in_the_manner_of_the_caller(manner: Manner) -> None:
    asked = opened(request(manner))
    assert isinstance(asked, Opened)
    body = seal_answer(CHANNEL, centre_signs, asked, AT, data={"mdtrtCertNo": "1", "mdtrtareaNo": 2})
    answer = open_answer(CHANNEL, CENTRE.public, body)
    assert isinstance(answer, Opened)
    assert answer.data == {"mdtrtCertNo": "1", "mdtrtareaNo": 2}
    assert answer.manner == manner
    assert (answer.fields["code"], answer.fields["success"], answer.fields["type"]) == (0, True, "success")


def test_a_refusal_is_signed_and_holds_no_data() -> None:
    asked = opened(request(Manner(Order.CODE, own_id=False)))
    assert isinstance(asked, Opened)
    answer = open_answer(
        CHANNEL, CENTRE.public, seal_answer(CHANNEL, centre_signs, asked, AT, refused="不可以")
    )
    assert isinstance(answer, Opened)
    assert answer.data is None
    assert (answer.fields["code"], answer.fields["message"]) == (-1, "不可以")
    assert "encData" not in answer.fields


def test_a_refusal_turned_into_a_success_is_not_believed() -> None:
    asked = opened(request())
    assert isinstance(asked, Opened)
    fields = json.loads(seal_answer(CHANNEL, centre_signs, asked, AT, refused="不可以"))
    forged = json.dumps({**fields, "code": 0, "success": True, "type": "success"}).encode()
    assert isinstance(open_answer(CHANNEL, CENTRE.public, forged), Closed)


def test_an_unsigned_failure_is_legible_in_both_envelopes_and_believed_in_none() -> None:
    fields = json.loads(plain_failure("没有这个渠道"))
    assert fields["code"] == fields["infcode"] == -1
    assert fields["message"] == fields["err_msg"] == "没有这个渠道"
    assert isinstance(open_answer(CHANNEL, CENTRE.public, json.dumps(fields).encode()), Closed)


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        (1732228800123, 1732228800123),
        ("1732228800123", 1732228800123),
        ("1732228800123.456", 1732228800123),
        (" 1732228800123 ", 1732228800123),
        ("20241122064000", 1732228800000),
        (20241122064000, 1732228800000),
    ],
)
def test_an_instant_is_read_as_clients_write_it(written: object, ms: int) -> None:
    assert instant_ms(written) == ms


@pytest.mark.parametrize(
    "written",
    [None, "", "x", True, 1.5, "20241341064000", "1732228800", "-1732228800123", "１" * 13, [], {},
     "20241122064000.5", "1732228800123.x"],
)  # fmt: skip
def test_what_is_no_instant_is_none(written: object) -> None:
    assert instant_ms(written) is None
