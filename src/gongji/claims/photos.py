"""What may be handed in as a file: a real photograph or PDF of bearable size, made plain. Pure but for reading the picture.

A photograph is written anew as JPEG, upright, without whatever the telephone noted beside it (place, time, owner). A PDF is kept as
it is. HEIC is refused with words: few desks can open it.
"""

from __future__ import annotations

import io
import warnings
from typing import Final

import msgspec
from PIL import Image, ImageOps, UnidentifiedImageError

from gongji.base.reasons import Refusal

__all__ = ["JPEG", "MAX_BYTES", "MAX_FILES", "PDF", "Plain", "made_plain"]

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_FILES: Final = 12
LONGEST_SIDE: Final = 2_400
"""Pixels; print of an invoice is legible with half of it."""
MAX_PIXELS: Final = 60_000_000
MAX_PIXELS_WHOLE: Final = 25_000_000
"""Of a picture that can only be unpacked whole (not a JPEG): a hundred kilobytes may need a gigabyte."""
QUALITY: Final = 85
KINDS: Final = ("JPEG", "PNG", "WEBP")
HEIC_BRANDS: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"mif1", b"msf1", b"avif")

JPEG: Final = "image/jpeg"
PDF: Final = "application/pdf"


class Plain(msgspec.Struct, frozen=True):
    """A file as it is kept."""

    media: str
    data: bytes


def made_plain(data: bytes) -> Plain | Refusal:
    """The file as it is kept, or why it is not: FILE_TOO_LARGE, FILE_HEIC, FILE_UNREADABLE."""
    if len(data) > MAX_BYTES:
        return Refusal("FILE_TOO_LARGE", f"不能超过 {MAX_BYTES // 1024 // 1024} MB")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return Refusal("FILE_HEIC")
    if data.startswith(b"%PDF-"):
        return Plain(PDF, data) if b"%%EOF" in data[-2048:] else Refusal("FILE_UNREADABLE", "PDF 文件不完整")
    return _photograph(data)


def _photograph(data: bytes) -> Plain | Refusal:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=KINDS) as picture:
                most = MAX_PIXELS if picture.format == "JPEG" else MAX_PIXELS_WHOLE
                if picture.width * picture.height > most:
                    return Refusal("FILE_TOO_LARGE", "照片的像素过多")
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is not unpacked whole
                upright = _on_white(ImageOps.exif_transpose(picture))
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return Refusal("FILE_UNREADABLE")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    upright.save(written, "JPEG", quality=QUALITY)
    return Plain(JPEG, written.getvalue())


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture without transparency: what was clear is paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")
