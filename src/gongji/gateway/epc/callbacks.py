"""One POST to a hospital's callback address, bounded in every way: the registered address only, no redirects, little time.

Blocking; the sender runs it in threads of its own, so that a slow hospital costs nobody else anything.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from urllib.parse import urlsplit

import msgspec

from gongji.gateway.epc.envelope import Keys, Opened, open_answer

CONNECT_S = 5.0
TOTAL_S = 10.0
ANSWER_BYTES = 64 * 1024
HEADERS = {"Content-Type": "application/json; charset=utf-8", "Connection": "close"}
TRUE = (True, 1, "1", "true", "True")
ZERO = (0, "0")

_decode = msgspec.json.Decoder().decode


class Address(msgspec.Struct, frozen=True):
    """Where a notice goes."""

    tls: bool
    host: str
    port: int
    path: str


class Unsent(msgspec.Struct, frozen=True):
    """Why a notice was not taken, in Chinese. ``unreachable``: nobody answered, so that others will not get through either."""

    text: str
    unreachable: bool = False


def address_of(callback_url: str, function_path: str) -> Address | None:
    """The address ``{callback_url}/{function_path}``; None if that is no plain http or https address."""
    try:
        parts = urlsplit(callback_url.strip())
        port = parts.port
    except ValueError:
        return None
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        return None
    tls = parts.scheme == "https"
    path = f"{parts.path.rstrip('/')}/{function_path}"
    if not (path.isascii() and path.isprintable() and " " not in path and parts.hostname.isascii()):
        return None
    return Address(tls, parts.hostname, port or (443 if tls else 80), path)


def post(address: Address, body: bytes) -> bytes | Unsent:
    """The body of the answer with status 200, or why there is none."""
    connection, overdue = _connection(address), threading.Event()
    watch = threading.Timer(TOTAL_S, _cut, (connection, overdue))
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", address.path, body, HEADERS)
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            return Unsent(f"HTTP 状态 {response.status}")
        answer = response.read(ANSWER_BYTES + 1)
        if overdue.is_set():
            return Unsent("超时", unreachable=True)
        return answer if len(answer) <= ANSWER_BYTES else Unsent("答复过长")
    except ssl.SSLError:
        return Unsent("TLS 证书或握手有问题", unreachable=True)
    except TimeoutError:
        return Unsent("超时", unreachable=True)
    except (OSError, http.client.HTTPException):
        return Unsent("连接失败", unreachable=True)
    finally:
        watch.cancel()
        connection.close()


def taken(keys: Keys, public_key: bytes, answer: bytes) -> bool:
    """Whether the hospital says that it has the notice, in one of the shapes that answers have.

    ``{"success": true}`` plainly, in ``data`` or in ``output``, ``code`` or ``infcode`` 0, or any of that sealed and signed by it.
    """
    try:
        said = _decode(answer)
    except (ValueError, RecursionError):
        return False
    if isinstance(said, dict) and said.get("encData"):
        opened = open_answer(keys, public_key, answer)
        if not isinstance(opened, Opened):
            return False
        return _yes(opened.data) or _yes(opened.fields)
    return _yes(said)


def _yes(said: object) -> bool:
    if not isinstance(said, dict):
        return False
    if "success" in said:
        return said["success"] in TRUE
    within = [part for name in ("data", "output") if isinstance(part := said.get(name), dict)]
    if any("success" in part for part in within):
        return any(_yes(part) for part in within)
    codes = [said[name] for name in ("code", "infcode") if name in said]
    return any(code in ZERO and not isinstance(code, bool) for code in codes)


def _connection(address: Address) -> http.client.HTTPConnection:
    if address.tls:
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(address.host, address.port, timeout=CONNECT_S, context=context)
    return http.client.HTTPConnection(address.host, address.port, timeout=CONNECT_S)


def _cut(connection: http.client.HTTPConnection, overdue: threading.Event) -> None:
    """End a connection whose other end answers drop by drop: each drop is in time, all of them are not."""
    overdue.set()
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
