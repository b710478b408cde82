"""9101, 9102: an institution's file comes in whole, is its own alone, and goes out as it came."""

import base64
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from gongji.gateway import files, uploads
from gongji.gateway.platform import Platform
from tests.gateway import messages, world
from tests.gateway.client import Caller, envelope, fresh

TEXT = "人员\t就诊\t结算\n1\t2\t3\n".encode()


def packed(content: bytes = TEXT, name: str = "result.txt") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


async def download(caller: Caller, number: str, /, *, code: str = world.HOSPITAL, **fields: Any) -> bytes:
    asked = {"fsDownloadIn": {"file_qury_no": number, **fields}}
    return await caller.raw(json.dumps(envelope("9102", asked, caller=code)).encode())


async def sent(caller: Caller, content: bytes, name: str = "a.zip", **fields: Any) -> dict[str, Any]:
    output: dict[str, Any] = await caller.output(
        "9101", messages.file_upload(content, filename=name, **fields)
    )
    return output


async def test_a_file_goes_out_as_it_came(caller: Caller) -> None:
    archive = packed()
    kept = await sent(caller, archive, "对账.zip")
    assert kept["filename"] == "对账.zip"
    assert kept["fixmedins_code"] == world.HOSPITAL
    got = await download(caller, kept["file_qury_no"], filename="对账.zip", fixmedins_code=world.HOSPITAL)
    assert got == archive
    assert caller.headers["content-type"] == "application/octet-stream"
    assert "%E5%AF%B9%E8%B4%A6.zip" in caller.headers["content-disposition"]


@pytest.mark.parametrize("signed", [False, True])
async def test_bytes_may_come_as_numbers(caller: Caller, signed: bool) -> None:
    archive = packed()
    numbers = [byte - 256 if signed and byte > 127 else byte for byte in archive]
    kept = await caller.output("9101", messages.file_upload(filename="a.zip", **{"in": numbers}))
    assert await download(caller, kept["file_qury_no"]) == archive


async def test_a_file_may_come_beside_its_message(caller: Caller) -> None:
    archive = packed() + b"\r\n--X\r\n"
    nodes = messages.file_upload(filename="a.zip")
    del nodes["fsUploadIn"]["in"]
    message = json.dumps(envelope("9101", nodes)).encode()
    body = (
        b'--B1\r\nContent-Disposition: form-data; name="jsonStr"\r\n\r\n' + message +
        b'\r\n--B1\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + archive + b"\r\n--B1--\r\n"
    )  # fmt: skip
    headers = {"Content-Type": 'multipart/form-data; boundary="B1"'}
    answer = json.loads(await caller.raw(body, headers=headers))
    assert answer["infcode"] == 0, answer["err_msg"]
    again = json.loads(await caller.raw(body, headers=headers))
    assert again["output"] == answer["output"]
    other = json.loads(await caller.raw(body.replace(b"result", b"resulX"), headers=headers))
    assert "MESSAGE_REUSED" in other["err_msg"]
    assert await download(caller, answer["output"]["file_qury_no"]) == archive


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--B1--",
        b'--B1\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--B1--',
        b"\x00" * 100,
    ],
)
@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=B1"])
async def test_a_form_without_a_message_is_refused(caller: Caller, body: bytes, kind: str) -> None:
    answer = json.loads(await caller.raw(body, headers={"Content-Type": kind}))
    assert "BAD_ENVELOPE" in answer["err_msg"]


async def test_another_institutions_file_does_not_exist(caller: Caller) -> None:
    kept = await sent(caller, packed())
    stolen = json.loads(await download(caller, kept["file_qury_no"], code=world.OTHER_HOSPITAL))
    assert "FILE_NOT_FOUND" in stolen["err_msg"]
    public = json.loads(
        await download(caller, kept["file_qury_no"], code=world.OTHER_HOSPITAL, fixmedins_code="plc")
    )
    assert "FILE_NOT_FOUND" in public["err_msg"]
    posing = json.loads(
        await download(caller, kept["file_qury_no"], code=world.OTHER_HOSPITAL, fixmedins_code=world.HOSPITAL)
    )
    assert "FORBIDDEN" in posing["err_msg"]


async def test_nobody_sends_a_file_for_another(caller: Caller) -> None:
    refused = await caller.refused("9101", messages.file_upload(fixmedins_code=world.OTHER_HOSPITAL))
    assert "FORBIDDEN" in refused


async def test_a_file_of_another_name_or_number_is_not_found(caller: Caller) -> None:
    kept = await sent(caller, packed())
    for number, name in ((kept["file_qury_no"], "b.zip"), ("F0", ""), ("' OR 1=1 --", "")):
        assert "FILE_NOT_FOUND" in json.loads(await download(caller, number, filename=name))["err_msg"]


async def test_an_expired_file_is_not_handed_out(caller: Caller, platform: Platform) -> None:
    kept = await sent(caller, packed())
    now = platform.now
    platform.now = lambda: now() + files.LIFE + timedelta(seconds=1)
    assert "FILE_EXPIRED" in json.loads(await download(caller, kept["file_qury_no"]))["err_msg"]
    platform.now = lambda: now() + files.LIFE + files.GRACE + timedelta(days=1)
    await sent(caller, packed())
    assert "FILE_NOT_FOUND" in json.loads(await download(caller, kept["file_qury_no"]))["err_msg"]


async def test_a_file_is_sealed_at_rest(caller: Caller, platform: Platform) -> None:
    kept = await sent(caller, TEXT, "a.txt")
    async with platform.pool.acquire() as connection:
        stored = await connection.fetchval(
            "SELECT content FROM gateway_file WHERE file_no = $1", kept["file_qury_no"]
        )
    assert TEXT not in stored


BOMB = packed(b"\x00" * (uploads.MAX_UNPACKED_BYTES + 1))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.exe", b"MZ", "FILE_KIND_WRONG"),
        ("a", TEXT, "FILE_KIND_WRONG"),
        ("a.txt", "编码".encode("gbk"), "FILE_KIND_WRONG"),
        ("a.txt", b"a\x00b", "FILE_KIND_WRONG"),
        ("a.zip", TEXT, "FILE_DAMAGED"),
        ("a.zip", packed()[:-30], "FILE_DAMAGED"),
        ("a.zip", packed(name="run.sh"), "FILE_KIND_WRONG"),
        ("a.zip", b"PK\x05\x06" + b"\x00" * 18, "FILE_KIND_WRONG"),
        ("a.zip", BOMB, "FILE_TOO_LARGE"),
        ("../a.txt", TEXT, "BAD_FIELD"),
        ('a".txt', TEXT, "BAD_FIELD"),
        ("a.txt", b"x" * (uploads.MAX_BYTES + 1), "FILE_TOO_LARGE"),
    ],
)
async def test_a_file_that_is_not_one_is_refused(
    caller: Caller, name: str, content: bytes, reason: str
) -> None:
    assert reason in await caller.refused("9101", messages.file_upload(content, filename=name))


def test_a_flipped_byte_is_found_by_the_check_sum() -> None:
    archive = bytearray(packed(TEXT * 50))
    archive[45] ^= 0xFF
    found = uploads.problem("a.zip", bytes(archive))
    assert found is not None
    assert found.code == "FILE_DAMAGED"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (base64.b64encode(packed()).decode()[:-3], "FILE_DAMAGED"),
        ("不是base64", "FILE_DAMAGED"),
        ("'; DROP TABLE gateway_file; --", "FILE_DAMAGED"),
        ([80, 75, "3"], "FILE_DAMAGED"),
        ([80, 75, 300], "FILE_DAMAGED"),
        ([True, False], "FILE_DAMAGED"),
        ({"a": 1}, "BAD_FIELD"),
        (5, "BAD_FIELD"),
        ("", "MISSING_FIELD"),
        ([], "MISSING_FIELD"),
        (None, "MISSING_FIELD"),
    ],
)
async def test_bytes_that_are_none_are_refused(caller: Caller, given: Any, reason: str) -> None:
    asked = messages.file_upload(filename="a.zip", **{"in": given})
    assert reason in await caller.refused("9101", asked)


async def test_an_institution_cannot_fill_the_store(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "QUOTA_BYTES", 1_000)
    asked = messages.file_upload(b"x" * 600, fixmedins_code=world.CLINIC)
    await caller.output("9101", asked, caller=world.CLINIC, msgid=fresh("Q"))
    assert "FILE_QUOTA_USED" in await caller.refused("9101", asked, caller=world.CLINIC)
