"""9101 文件上传, 9102 文件下载."""

import asyncio

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.gateway import uploads
from gongji.gateway.calls import Call, Output, Reply, output
from gongji.gateway.files import fetch, keep_own
from gongji.gateway.idempotency import once
from gongji.gateway.messages import t91
from gongji.gateway.nodes import find, one, read
from gongji.gateway.values import moment

EVERYBODY = "plc"
"""fixmedins_code of 9102 for the lists of the catalogue."""


async def upload(call: Call) -> Reply:
    """9101: a file of the institution's own, to be named by another trade; the number by which it is found."""
    node = one(call.nodes, "fsUploadIn")
    if isinstance(node, Refusal):
        return node
    asked = read(t91.Upload, node, "fsUploadIn")
    if isinstance(asked, Refusal):
        return asked
    if asked.fixmedins_code not in ("", call.caller):
        return Refusal("FORBIDDEN", "fixmedins_code 须为本机构")
    given = find(node, "in")
    if given is None or given in ("", []):
        return Refusal("MISSING_FIELD", "fsUploadIn.in")
    content = await asyncio.to_thread(_checked, asked.filename, given)
    if isinstance(content, Refusal):
        return content
    platform = call.platform

    async def effect(connection: Connection) -> Reply:
        file_no = f"F{platform.ids.next()}"
        until = await keep_own(
            connection, platform.vault, file_no, call.caller, asked.filename, content, call.received_at
        )
        if isinstance(until, Refusal):
            return until
        return output(t91.Uploaded(file_no, asked.filename, call.caller, moment(until)))

    return await once(call, effect)


def _checked(name: str, given: object) -> bytes | Refusal:
    """The bytes, if they are a file of a kind that is taken. Work for a thread."""
    content = uploads.file_bytes(given)
    if isinstance(content, Refusal):
        return content
    return uploads.problem(name, content) or content


async def download(call: Call) -> Reply:
    """9102: a list of the catalogue, or a file of the institution's own, as it is."""
    node = one(call.nodes, "fsDownloadIn")
    if isinstance(node, Refusal):
        return node
    asked = read(t91.Download, node, "fsDownloadIn")
    if isinstance(asked, Refusal):
        return asked
    if asked.fixmedins_code.lower() not in ("", EVERYBODY, call.caller.lower()):
        return Refusal("FORBIDDEN", f"fixmedins_code 填写 {EVERYBODY} 或本机构")
    async with call.platform.pool.acquire() as connection:
        found = await fetch(
            connection, call.platform.vault, asked.file_qury_no, asked.filename, call.caller, call.received_at
        )
    return found if isinstance(found, Refusal) else Output(file=found)
