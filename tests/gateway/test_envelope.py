"""The envelope is read in every shape that clients send, and answered with every key."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from gongji.gateway import envelope
from gongji.gateway.envelope import Envelope, Refmsgid, Unreadable, decode
from tests.gateway.client import envelope as message

AT = datetime(2024, 8, 15, 1, 30, 0, 123456, tzinfo=UTC)
KEYS = {
    "infcode", "inf_refmsgid", "refmsg_time", "respond_time", "err_msg", "output", "warn_msg", "cainfo", "signtype", "enctype",
}  # fmt: skip


def body(**fields: Any) -> bytes:
    return json.dumps(
        {**message("1101", {"data": {"a": 1}}, msgid="M1"), **fields}, ensure_ascii=False
    ).encode()


def test_the_input_may_be_an_object_or_a_json_string() -> None:
    plain, quoted = decode(body()), decode(body(input='{"data":{"a":1}}'))
    assert isinstance(plain, Envelope)
    assert isinstance(quoted, Envelope)
    assert plain.nodes == quoted.nodes == {"data": {"a": 1}}


@pytest.mark.parametrize("given", [None, "", "null", {}])
def test_an_empty_input_is_no_nodes(given: Any) -> None:
    decoded = decode(body(input=given))
    assert isinstance(decoded, Envelope)
    assert decoded.nodes == {}


def test_a_byte_order_mark_is_skipped() -> None:
    assert isinstance(decode(b"\xef\xbb\xbf" + body()), Envelope)


@pytest.mark.parametrize("msgid", ["1", "A" * 30, "9" * 29, "0F1E2D3C4B5A69788796A5B4C3D2E1", 123456])
def test_message_numbers_of_one_to_thirty_characters_are_taken_as_they_are(msgid: Any) -> None:
    decoded = decode(body(msgid=msgid))
    assert isinstance(decoded, Envelope)
    assert decoded.msgid == str(msgid)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (b"", "BAD_JSON"),
        (b"{", "BAD_JSON"),
        (body()[:-20], "BAD_JSON"),
        (b"\xff\xfe", "BAD_JSON"),
        (b"[1]", "BAD_ENVELOPE"),
        (b"null", "BAD_ENVELOPE"),
        (b'{"a":' + b"[" * 20000, "BAD_JSON"),
        (b'{"a":"\\ud800"}', "BAD_JSON"),
        (body(msgid=""), "MISSING_FIELD"),
        (body(infno=None), "MISSING_FIELD"),
        (body(fixmedins_code="null"), "MISSING_FIELD"),
        (body(msgid="x" * 31), "BAD_FIELD"),
        (body(input=[1]), "BAD_ENVELOPE"),
        (body(input="[1]"), "BAD_ENVELOPE"),
        (body(input="{"), "BAD_JSON"),
        (body(input=5), "BAD_ENVELOPE"),
    ],
)
def test_what_is_no_message_is_refused_in_chinese(wrong: bytes, code: str) -> None:
    decoded = decode(wrong)
    assert isinstance(decoded, Unreadable)
    assert decoded.refusal.code == code


def test_numbers_keep_their_digits() -> None:
    decoded = decode(body(input={"data": {"a": 0.1}}).replace(b"0.1", b"0.10"))
    assert isinstance(decoded, Envelope)
    assert decoded.nodes["data"]["a"] == "0.10"


def test_the_digest_tells_content_apart_and_nothing_else() -> None:
    def digest(sent: bytes) -> bytes:
        decoded = decode(sent)
        assert isinstance(decoded, Envelope)
        return decoded.request_hash

    same = digest(body())
    assert digest(body(inf_time="2030-01-01 00:00:00", sign_no="9", opter="2")) == same
    assert digest(body(input={"data": {"a": 2}})) != same
    assert digest(body(infno="1201")) != same
    assert digest(body(fixmedins_code="H00000000000")) != same
    assert digest(body(input={"x": 1, "data": {"a": 1, "b": 2}})) == digest(
        body(input={"data": {"b": 2, "a": 1}, "x": 1})
    )


def test_an_answer_has_every_key_of_the_table() -> None:
    number = Refmsgid("140000", 7).next(AT)
    good = json.loads(envelope.success(number, AT, AT, b'{"x":1}'))
    bad = json.loads(envelope.failure(number, AT, AT, "错误"))
    assert set(good) == set(bad) == KEYS
    assert good["infcode"] == 0
    assert good["output"] == {"x": 1}
    assert bad["infcode"] == -1
    assert bad["output"] is None
    assert good["refmsg_time"] == "20240815093000123"
    assert len(number) == 30
    assert number.isdigit()
    assert number.startswith("14000020240815093000")


def test_answer_numbers_never_repeat() -> None:
    numbers = Refmsgid("140000", 7)
    assert len({numbers.next(AT) for _ in range(1000)}) == 1000


def test_a_trade_without_output_answers_null() -> None:
    assert json.loads(envelope.success("1", AT, AT, None))["output"] is None


def test_an_error_text_is_cut_at_two_thousand_characters() -> None:
    assert len(json.loads(envelope.failure("1", AT, AT, "错" * 5000))["err_msg"]) == 2000


def test_odd_message_numbers_are_logged_as_a_digest() -> None:
    decoded = decode(body(msgid="110101199001011234"))
    assert isinstance(decoded, Envelope)
    assert "110101199001011234" not in envelope.log_name(decoded.head)
