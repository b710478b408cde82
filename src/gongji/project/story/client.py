"""A small caller of the national interface (国家医保定点医药机构接口), as an institution's software would be.

Only the standard library: what a vendor reads here can be carried over to any language. Time and the running number of
messages are arguments, so that a story can be played again in a test.
"""

import base64
import hashlib
import hmac
import http.client
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

GENERIC_PATH = "/fsi/api/rsfComIfsService/callService"
API_VERSION = "1.0.0"


class CallFailed(Exception):
    """The platform answered ``infcode`` -1; the text is its ``err_msg``."""

    def __init__(self, infno: str, message: str) -> None:
        super().__init__(f"{infno}: {message}")
        self.infno = infno
        self.message = message


class AnswerLost(Exception):
    """The connection ended before an answer came: the caller does not know what happened."""


@dataclass(frozen=True)
class Institution:
    """Who calls: code and name as in the agreement, and the key pair of the ``_api_*`` signature."""

    code: str
    name: str
    region: str
    access_key: str
    secret_key: str


def api_headers(institution: Institution, infno: str, at: datetime) -> dict[str, str]:
    """Headers of the ``_api_*`` scheme: HMAC-SHA1 over the four sorted parameters, base64 (interface annex, table 5)."""
    signed = {
        "_api_access_key": institution.access_key,
        "_api_name": infno,
        "_api_timestamp": str(int(at.timestamp() * 1000)),
        "_api_version": API_VERSION,
    }
    text = "&".join(f"{key}={signed[key]}" for key in sorted(signed))
    digest = hmac.new(institution.secret_key.encode(), text.encode(), hashlib.sha1).digest()
    return {**signed, "_api_signature": base64.b64encode(digest).decode()}


@dataclass
class Caller:
    """One institution's connection to the platform; numbers its messages itself (msgid = code + time + serial)."""

    base_url: str
    institution: Institution
    now: Callable[[], datetime]
    operator: tuple[str, str] = ("0001", "收费员")
    sign_no: str = ""
    numbers: Callable[[], int] | None = None
    """Where the numbers of messages come from when the clock cannot make them different; their last 18 digits count."""
    _serial: int = field(default=0)

    def next_msgid(self) -> str:
        """Message number of the next call: institution (12) + yyyyMMddHHmmss (14) + serial (4)."""
        if self.numbers is not None:
            return f"{self.institution.code}{self.numbers() % 10**18:018d}"
        self._serial += 1
        return f"{self.institution.code}{self.now():%Y%m%d%H%M%S}{self._serial % 10_000:04d}"

    def envelope(self, infno: str, nodes: dict[str, Any], *, msgid: str, insured_region: str = "") -> bytes:
        """Request message of the interface's table 2 around ``nodes``."""
        message = {
            "infno": infno,
            "msgid": msgid,
            "mdtrtarea_admvs": self.institution.region,
            "insuplc_admdvs": insured_region or self.institution.region,
            "recer_sys_code": "GONGJI",
            "dev_no": "",
            "dev_safe_info": "",
            "cainfo": "",
            "signtype": "",
            "infver": "V1.0",
            "opter_type": "1",
            "opter": self.operator[0],
            "opter_name": self.operator[1],
            "inf_time": f"{self.now():%Y-%m-%d %H:%M:%S}",
            "fixmedins_code": self.institution.code,
            "fixmedins_name": self.institution.name,
            "sign_no": self.sign_no,
            "input": nodes,
        }
        return json.dumps(message, ensure_ascii=False).encode()

    def call(
        self, infno: str, nodes: dict[str, Any], *, msgid: str | None = None, insured_region: str = ""
    ) -> Any:
        """Output of one trade. Raises CallFailed for ``infcode`` -1 and AnswerLost when no answer came."""
        body = self.envelope(infno, nodes, msgid=msgid or self.next_msgid(), insured_region=insured_region)
        answer = json.loads(self._post(infno, body))
        if "infcode" not in answer:
            raise CallFailed(infno, str(answer.get("message") or answer))
        if answer["infcode"] != 0:
            raise CallFailed(infno, str(answer.get("err_msg")))
        return answer.get("output") or {}

    def call_and_lose(
        self, infno: str, nodes: dict[str, Any], *, msgid: str, insured_region: str = ""
    ) -> None:
        """Send a trade and hang up as soon as the first byte of the answer is there: the answer is lost on purpose."""
        body = self.envelope(infno, nodes, msgid=msgid, insured_region=insured_region)
        parts = urlsplit(self.base_url)
        with socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or 80), timeout=30
        ) as connection:
            headers = {**api_headers(self.institution, infno, self.now()), **_content_headers(body)}
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            connection.sendall(
                f"POST {GENERIC_PATH} HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}\r\n".encode() + body
            )
            connection.recv(1)

    def _post(self, infno: str, body: bytes) -> bytes:
        parts = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=30)
        try:
            headers = {**api_headers(self.institution, infno, self.now()), **_content_headers(body)}
            connection.request("POST", GENERIC_PATH, body, headers)
            return connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise AnswerLost(f"{infno}: {error}") from error
        finally:
            connection.close()


def _content_headers(body: bytes) -> dict[str, str]:
    return {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
