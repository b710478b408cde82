"""Only the registered address, no redirects, little time, few bytes; and what counts as a hospital's yes."""

from __future__ import annotations

import json
import socket
import threading
from datetime import UTC, datetime

import pytest

from gongji.gateway.epc import callbacks
from gongji.gateway.epc.callbacks import Address, Unsent, address_of, post, taken
from gongji.gateway.epc.envelope import seal_request
from tests.gateway.epc.hospital import hospital
from tests.gateway.epc.keys import CENTRE, channel_of, pair_of

CODE = "H00000000001"
CHANNEL, PAIR = channel_of(CODE), pair_of(CODE)
AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://his.example:8080/back/", Address(False, "his.example", 8080, "/back/fn")),
        ("https://his.example", Address(True, "his.example", 443, "/fn")),
        (" http://10.1.2.3/a/b ", Address(False, "10.1.2.3", 80, "/a/b/fn")),
        ("http://[::1]:80/x", Address(False, "::1", 80, "/x/fn")),
    ],
)
def test_an_address_is_the_registered_one_and_the_function(url: str, address: Address) -> None:
    assert address_of(url, "fn") == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "his.example/back",
        "ftp://his.example/",
        "file:///etc/passwd",
        "http://user:word@his.example/",
        "http://his.example/?a=1",
        "http://his.example/#x",
        "http://his.example:port/",
        "http:///x",
        "http://his.example/a b",
        "http://his.example/a\r\nX: y",
        "http://[::1",
    ],
)
def test_what_is_no_plain_address_is_none(url: str) -> None:
    found = address_of(url, "fn")
    assert found is None or "\r" not in found.path


def address(url: str) -> Address:
    found = address_of(url, "rxChkInfoCallback")
    assert found is not None
    return found


def test_a_notice_is_posted_and_its_answer_read() -> None:
    with hospital() as here:
        assert post(address(here.url), b"{}") == b'{"success":true}'
        assert here.got == [("/his/back/rxChkInfoCallback", b"{}")]


def test_a_redirect_is_not_followed() -> None:
    with hospital() as here:
        here.status, here.headers = 302, {"Location": here.url}
        assert post(address(here.url), b"{}") == Unsent("HTTP 状态 302")
        assert len(here.got) == 1


def test_an_error_status_is_not_taken_for_an_answer() -> None:
    with hospital() as here:
        here.status = 500
        assert post(address(here.url), b"{}") == Unsent("HTTP 状态 500")


def test_an_answer_without_end_is_cut() -> None:
    with hospital() as here:
        here.answer = b" " * (callbacks.ANSWER_BYTES + 1)
        assert post(address(here.url), b"{}") == Unsent("答复过长")


def test_nobody_there_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert post(Address(False, "127.0.0.1", port, "/"), b"{}") == Unsent("连接失败", unreachable=True)


def test_plain_http_where_tls_was_registered_is_refused() -> None:
    with hospital() as here:
        assert post(address(here.url.replace("http", "https", 1)), b"{}") == Unsent(
            "TLS 证书或握手有问题", unreachable=True
        )


def test_an_answer_drop_by_drop_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "TOTAL_S", 0.3)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"X: y\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        answer = post(Address(False, "127.0.0.1", listener.getsockname()[1], "/"), b"{}")
        stop.set()
        thread.join()
    assert isinstance(answer, Unsent)


def test_bytes_that_are_no_http_are_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"hello\r\n\r\n")

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        answer = post(Address(False, "127.0.0.1", listener.getsockname()[1], "/"), b"{}")
        thread.join()
    assert answer == Unsent("连接失败", unreachable=True)


def sealed_answer(data: object, private: bytes = PAIR.private) -> bytes:
    return seal_request(CHANNEL, private, data, AT)


@pytest.mark.parametrize(
    "answer",
    [
        b'{"success":true}',
        b'{"success":"true"}',
        b'{"data":{"success":true}}',
        b'{"code":0,"success":true,"data":{}}',
        b'{"infcode":0,"output":{"data":{"success":true}},"success":true}',
        b'{"infcode":"0","output":null}',
        b'{"code":"0","message":""}',
        sealed_answer({"success": True}),
    ],
)
def test_a_yes_is_understood_in_every_shape(answer: bytes) -> None:
    assert taken(CHANNEL, PAIR.public, answer)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"ok",
        b"true",
        b"[]",
        b"{}",
        b'{"success":false,"code":0}',
        b'{"success":null}',
        b'{"data":{"success":false},"code":0}',
        b'{"code":-1}',
        b'{"code":false}',
        b'{"a":' * 5000,
        sealed_answer({"success": False}),
        sealed_answer({"success": True}, CENTRE.private),
        json.dumps({"encData": "00", "success": True}).encode(),
    ],
)
def test_anything_else_is_no(answer: bytes) -> None:
    assert not taken(CHANNEL, PAIR.public, answer)
