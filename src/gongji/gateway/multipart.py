"""A file sent beside its message (9101): ``multipart/form-data`` with the text part ``jsonStr`` and the part ``file``. Pure.

The specification's own sample sends 9101 so; everybody else writes the bytes into the message. Both become the same message.
"""

import base64
import re
from collections.abc import Mapping

import msgspec

from gongji.base.reasons import Refusal
from gongji.gateway.envelope import Envelope, Unreadable, decode, request_hash
from gongji.gateway.nodes import find

__all__ = ["received"]

KIND = b"multipart/form-data"
BOUNDARY = re.compile(rb'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
NAME = re.compile(rb'(?:^|[;\s])name="?([\w.-]+)"?', re.IGNORECASE)
NODE = "fsUploadIn"


def received(headers: Mapping[bytes, bytes], body: bytes) -> Envelope | Unreadable:
    """The message in ``body``, whatever way it was posted."""
    kind = headers.get(b"content-type", b"")
    if not kind.lower().startswith(KIND):
        return decode(body)
    boundary = BOUNDARY.search(kind)
    parts = _parts(body, boundary[1] or boundary[2]) if boundary else {}
    message = parts.get(b"jsonstr")
    if message is None:
        return Unreadable(Refusal("BAD_ENVELOPE", "multipart/form-data 缺少 jsonStr"))
    decoded = decode(message)
    content = parts.get(b"file")
    if isinstance(decoded, Unreadable) or content is None:
        return decoded
    return _with_file(decoded, content)


def _parts(body: bytes, boundary: bytes) -> dict[bytes, bytes]:
    """Contents of the parts by their name in lower case."""
    found: dict[bytes, bytes] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:]:
        head, separator, content = part.partition(b"\r\n\r\n")
        name = NAME.search(head)
        if separator and name is not None:
            found[name[1].lower()] = content
    return found


def _with_file(message: Envelope, content: bytes) -> Envelope:
    """The message as if its file had been written into it."""
    node = find(message.nodes, NODE)
    row = {**node, "in": base64.b64encode(content).decode()} if isinstance(node, dict) else node
    nodes = {name: value for name, value in message.nodes.items() if name.lower() != NODE.lower()}
    nodes[NODE] = row
    head = message.head
    return msgspec.structs.replace(
        message, nodes=nodes, request_hash=request_hash(head.fixmedins_code, head.infno, nodes)
    )
