"""Whether bytes that an institution sends (9101) are a file that this platform takes. Pure.

Taken: a TXT file in UTF-8, or a ZIP archive of such files, as the national specification has it (TXT 文件的 ZIP 压缩包). The bytes
come as base64 or as an array of numbers (Java writes them from -128 to 127), or as a part of their own (``multipart``).
"""

import base64
import binascii
import io
import zipfile
import zlib
from pathlib import PurePosixPath

from gongji.base.reasons import Refusal

__all__ = ["MAX_BYTES", "file_bytes", "problem", "safe_name"]

MAX_BYTES = 5 * 1024 * 1024
"""Bytes of one file."""
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_MEMBERS = 20
PIECE = 1 << 20
ENCRYPTED = 0x1
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
"""What the archive module raises for bytes that are no archive, or none that it can unpack."""


def file_bytes(content: object) -> bytes | Refusal:
    """The bytes of field ``in``, at most MAX_BYTES; FILE_TOO_LARGE, FILE_DAMAGED."""
    if isinstance(content, str):
        return _from_base64(content)
    if isinstance(content, list):
        return _from_numbers(content)
    return Refusal("BAD_FIELD", "fsUploadIn.in 须为 base64 文字或字节数组")


def _from_base64(text: str) -> bytes | Refusal:
    text = "".join(text.split())
    if len(text) > (MAX_BYTES + 2) // 3 * 4:
        return _too_large()
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return Refusal("FILE_DAMAGED", "fsUploadIn.in 不是完整的 base64")
    return found if len(found) <= MAX_BYTES else _too_large()


def _from_numbers(numbers: list[object]) -> bytes | Refusal:
    if len(numbers) > MAX_BYTES:
        return _too_large()
    found = bytearray()
    for number in numbers:
        if type(number) is not int or not -128 <= number <= 255:
            return Refusal("FILE_DAMAGED", "fsUploadIn.in 须为 -128 到 255 的字节")
        found.append(number & 0xFF)
    return bytes(found)


def _too_large() -> Refusal:
    return Refusal("FILE_TOO_LARGE", f"最多 {MAX_BYTES:,} 字节")


def safe_name(name: str) -> bool:
    """Whether a file's name is only a name: no path, nothing unprintable."""
    return name.isprintable() and not set(name) & set('/\\:*?"<>|') and not name.startswith(".")


def problem(name: str, content: bytes) -> Refusal | None:
    """Why a file is not taken: FILE_KIND_WRONG by its name or what is in it, FILE_DAMAGED when it cannot be read to its end."""
    if not safe_name(name):
        return Refusal("BAD_FIELD", "filename 只写文件名，不含路径和特殊字符")
    if not content:
        return Refusal("FILE_DAMAGED", "文件是空的")
    kind = PurePosixPath(name).suffix.lower()
    if kind == ".txt":
        return _text_problem(content)
    if kind == ".zip":
        return _archive_problem(content)
    return Refusal("FILE_KIND_WRONG", "只受理 .txt 或装着 .txt 的 .zip")


def _text_problem(content: bytes) -> Refusal | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Refusal("FILE_KIND_WRONG", "TXT 文件须为 UTF-8 编码")
    return Refusal("FILE_KIND_WRONG", "TXT 文件含有空字符") if "\0" in text else None


def _archive_problem(content: bytes) -> Refusal | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if not members or len(members) > MAX_MEMBERS:
                return Refusal("FILE_KIND_WRONG", f"压缩包须装有 1 到 {MAX_MEMBERS} 个 TXT 文件")
            if any(not one.filename.lower().endswith(".txt") for one in members):
                return Refusal("FILE_KIND_WRONG", "压缩包里只能有 TXT 文件")
            if any(one.flag_bits & ENCRYPTED for one in members):
                return Refusal("FILE_KIND_WRONG", "压缩包不能加密")
            return _unpacked_problem(archive, members)
    except UNREADABLE:
        return Refusal("FILE_DAMAGED", "ZIP 压缩包")


def _unpacked_problem(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Refusal | None:
    """Reads everything once, so that the check sums are compared; what an entry says about its size is not believed."""
    left = MAX_UNPACKED_BYTES
    for member in members:
        with archive.open(member) as opened:
            while piece := opened.read(PIECE):
                left -= len(piece)
                if left < 0:
                    return Refusal("FILE_TOO_LARGE", f"解压后最多 {MAX_UNPACKED_BYTES:,} 字节")
    return None
