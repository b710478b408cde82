"""The ``_api_*`` signature: computed as the specification says, bounded in time and use."""

import base64
import hashlib
import hmac

import pytest

from gongji.gateway.signature import (
    USES_PER_STAMP,
    WINDOW_MS,
    Denied,
    Replays,
    SignedHead,
    check_signature,
    check_time,
    read_head,
    sign,
)

NOW_MS = 1_700_000_000_000


def head(timestamp: str = str(NOW_MS), signature: str = "s") -> SignedHead:
    return SignedHead("ak", "api_1101", timestamp, "1.0.0", signature)


def test_the_signed_text_is_the_four_names_in_natural_order() -> None:
    text = f"_api_access_key=ak&_api_name=api_1101&_api_timestamp={NOW_MS}&_api_version=1.0.0"
    expected = base64.b64encode(hmac.new(b"sk", text.encode(), hashlib.sha1).digest()).decode()
    assert sign(head(), "sk") == expected
    assert check_signature(head(signature=expected), "sk") is None


def test_another_secret_is_denied_in_the_words_of_the_specification() -> None:
    denied = check_signature(head(signature=sign(head(), "other")), "sk")
    assert denied is not None
    assert denied.message == "签名不一致!"


@pytest.mark.parametrize(
    "missing", ["_api_name", "_api_version", "_api_timestamp", "_api_access_key", "_api_signature"]
)
def test_a_missing_header_is_denied(missing: str) -> None:
    names = ("_api_name", "_api_version", "_api_timestamp", "_api_access_key", "_api_signature")
    found = read_head({name.encode(): b"x" for name in names if name != missing})
    assert isinstance(found, Denied)
    assert found.message == "缺少服务网关的请求头!"


@pytest.mark.parametrize("offset", [-WINDOW_MS, 0, WINDOW_MS])
def test_thirty_minutes_each_way_are_within_the_window(offset: int) -> None:
    assert check_time(head(str(NOW_MS + offset)), NOW_MS) is None


def test_seconds_are_taken_too() -> None:
    assert check_time(head(str(NOW_MS // 1000)), NOW_MS) is None


@pytest.mark.parametrize(
    "timestamp",
    [
        str(NOW_MS - WINDOW_MS - 1),
        str(NOW_MS + WINDOW_MS + 1),
        "",
        "abc",
        "12345",
        "１７０００００００００００",
    ],
)
def test_a_time_outside_the_window_is_denied(timestamp: str) -> None:
    denied = check_time(head(timestamp), NOW_MS)
    assert denied is not None
    assert denied.message == "签名时间戳超时!"


def test_a_query_sent_again_under_its_head_is_a_replay() -> None:
    replays = Replays()
    assert replays.note(head(), b"body", NOW_MS, repeatable=False) is None
    denied = replays.note(head(), b"body", NOW_MS + 1, repeatable=False)
    assert denied is not None
    assert denied.refusal.code == "NONCE_REPLAYED"


def test_a_writing_message_sent_again_under_its_head_is_left_to_idempotency() -> None:
    replays = Replays()
    replays.note(head(), b"body", NOW_MS, repeatable=True)
    assert replays.note(head(), b"body", NOW_MS, repeatable=True) is None


@pytest.mark.parametrize("digits", [13, 10])
def test_one_head_serves_a_bounded_number_of_messages(digits: int) -> None:
    replays, signed = Replays(), head(str(NOW_MS)[:digits])
    uses = USES_PER_STAMP[digits]
    assert all(replays.note(signed, str(n).encode(), NOW_MS, repeatable=True) is None for n in range(uses))
    assert replays.note(signed, b"one more", NOW_MS, repeatable=True) is not None


def test_old_heads_are_forgotten() -> None:
    replays = Replays()
    replays.note(head(), b"body", NOW_MS, repeatable=False)
    assert replays.note(head(), b"body", NOW_MS + 2 * WINDOW_MS + 1, repeatable=False) is None
