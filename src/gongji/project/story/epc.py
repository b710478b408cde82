"""A small caller of the prescription centre (医保电子处方中心): the appId envelope with real SM2, SM3 and SM4, over HTTP.

What a vendor needs to say is in ``gateway.epc.envelope``: pure functions that both ends of the channel share.
"""

import http.client
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from gongji.gateway.epc.envelope import Closed, open_answer, seal_request
from gongji.project.story.client import AnswerLost, CallFailed

__all__ = ["CentreCaller", "ChannelKeys"]

BASE_PATH = "/epc/api/fixmedins/"


@dataclass(frozen=True)
class ChannelKeys:
    """What an institution's software holds: appId, appSecret, its own private key, and the centre's public key."""

    app_id: str
    app_secret: str
    private_key: bytes
    centre_key: bytes


@dataclass
class CentreCaller:
    """One institution's connection to the centre."""

    base_url: str
    code: str
    name: str
    keys: ChannelKeys
    now: Callable[[], datetime]

    def call(self, function: str, data: dict[str, Any]) -> Any:
        """The data of the centre's answer to ``function`` (the last word of its path).

        Raises CallFailed for ``code`` other than 0 and AnswerLost when no answer came, or none that the centre has signed.
        """
        body = seal_request(self.keys, self.keys.private_key, data, self.now())
        answer = open_answer(self.keys, self.keys.centre_key, self.post(function, body))
        if isinstance(answer, Closed):
            raise AnswerLost(f"{function}: 回答没有通过验签（{answer.stage}）")
        if answer.fields.get("code") != 0:
            raise CallFailed(function, str(answer.fields.get("message")))
        return answer.data

    def post(self, function: str, body: bytes) -> bytes:
        """The raw answer to a raw body."""
        parts = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=30)
        try:
            connection.request(
                "POST", BASE_PATH + function, body, {"Content-Type": "application/json; charset=utf-8"}
            )
            return connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise AnswerLost(f"{function}: {error}") from error
        finally:
            connection.close()
