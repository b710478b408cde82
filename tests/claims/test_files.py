"""Photographs of a claim: what is taken, what is left out of them, who gets to see them."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import timedelta

import asyncpg
import pytest
from PIL import Image

from gongji.base.reasons import Refusal
from gongji.claims import Office, files, receiving, services
from gongji.claims.photos import JPEG, MAX_BYTES, MAX_FILES, PDF, Plain, made_plain
from gongji.claims.receiving import Received
from tests.claims.office import AT, PERSONAL, WANG, application, persons, taker, visit
from tests.vaults import VAULT


def photograph(
    kind: str = "JPEG", size: tuple[int, int] = (300, 200), *, colour: str = "white", exif: bool = False
) -> bytes:
    picture, written = Image.new("RGB", size, colour), io.BytesIO()
    if exif:
        notes = Image.Exif()
        notes[0x0112] = 6  # turned
        notes[0x010E] = "SECRET PLACE"
        picture.save(written, kind, exif=notes)
    else:
        picture.save(written, kind)
    return written.getvalue()


def plain(data: bytes) -> Plain:
    made = made_plain(data)
    assert isinstance(made, Plain), made
    return made


def test_a_photograph_is_written_anew_upright_and_without_notes() -> None:
    made = plain(photograph(exif=True))
    assert made.media == JPEG
    assert b"SECRET" not in made.data
    with Image.open(io.BytesIO(made.data)) as picture:
        assert picture.size == (200, 300)
        assert not picture.getexif()


def test_a_large_photograph_is_made_smaller_and_a_png_becomes_jpeg() -> None:
    with Image.open(io.BytesIO(plain(photograph("PNG", (5_000, 2_500))).data)) as picture:
        assert picture.size == (2_400, 1_200)
        assert picture.format == "JPEG"


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("white", "black", "red")]
    for kind in ("PNG", "WEBP"):
        written = io.BytesIO()
        frames[0].save(written, kind, save_all=True, append_images=frames[1:], duration=100)
        with Image.open(io.BytesIO(plain(written.getvalue()).data)) as picture:
            assert getattr(picture, "n_frames", 1) == 1
            assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_what_is_transparent_becomes_white_paper() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(written, "PNG")
    with Image.open(io.BytesIO(plain(written.getvalue()).data)) as picture:
        assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_the_kind_of_a_file_is_what_is_in_it_not_what_it_is_called() -> None:
    assert plain(photograph("WEBP")).media == JPEG
    refused = made_plain(b"<html><script>alert(1)</script></html>")
    assert isinstance(refused, Refusal)
    assert refused.code == "FILE_UNREADABLE"


def test_a_picture_that_is_unpacked_whole_has_a_telephone_s_screen_not_a_camera_s_pixels() -> None:
    assert plain(photograph("JPEG", (5_100, 5_000))).media == JPEG
    for kind in ("PNG", "WEBP"):
        refused = made_plain(photograph(kind, (5_100, 5_000)))
        assert isinstance(refused, Refusal)
        assert refused.code == "FILE_TOO_LARGE"


def test_a_few_bytes_that_unpack_to_a_wall_of_pixels_are_refused() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    for side in (8_000, 60_000, 2**31 - 1):
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        refused = made_plain(
            b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
        )
        assert isinstance(refused, Refusal)
        assert refused.code == ("FILE_TOO_LARGE" if side == 8_000 else "FILE_UNREADABLE")


def test_a_whole_pdf_is_kept_as_it_is() -> None:
    made = plain(b"%PDF-1.4\n...\n%%EOF\n")
    assert made == Plain(PDF, b"%PDF-1.4\n...\n%%EOF\n")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FILE_UNREADABLE"),
        (b"MZ not a picture", "FILE_UNREADABLE"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "FILE_UNREADABLE"),
        (photograph()[:200], "FILE_UNREADABLE"),
        (b"%PDF-1.4 cut off", "FILE_UNREADABLE"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "FILE_HEIC"),
        (bytes(MAX_BYTES + 1), "FILE_TOO_LARGE"),
        (photograph("GIF"), "FILE_UNREADABLE"),
        (photograph("PNG", (9_000, 9_000)), "FILE_TOO_LARGE"),
    ],
)
def test_what_is_no_photograph_or_too_large_is_refused_with_words(data: bytes, code: str) -> None:
    refused = made_plain(data)
    assert isinstance(refused, Refusal)
    assert refused.code == code


async def test_files_of_a_draft_are_the_claims_when_it_is_sent(
    conn: asyncpg.Connection, desk: Office
) -> None:
    await persons(conn, "F1")
    number = desk.ids.next()
    for colour, document in (("white", "invoice"), ("black", "diagnosis")):
        kept = await files.add(conn, desk, "F1", number, document, photograph(colour=colour), AT)
        assert not isinstance(kept, Refusal)
    await files.remove(conn, "F1", number, 2)
    member = taker("F1", kind="member")
    given = application("F1", visit(60_000), documents=("invoice",))
    done = await receiving.receive(conn, desk, given, PERSONAL, member, number)
    assert isinstance(done, Received)
    assert done.claim_id == number
    (kept_file,) = await files.of_claim(conn, "F1", number)
    assert (kept_file.document, kept_file.media) == ("invoice", JPEG)
    assert not await files.drafted(conn, "F1", number)
    opened = await files.opened(conn, VAULT, "F1", number, 1)
    assert opened is not None
    assert opened.data == plain(photograph()).data
    again = await receiving.receive(conn, desk, given, PERSONAL, member, number)
    assert isinstance(again, Refusal)
    assert again.code in ("CLAIM_MOVED_ON", "INVOICE_CLAIMED")


async def test_what_is_handed_in_later_comes_with_its_files(conn: asyncpg.Connection, desk: Office) -> None:
    await persons(conn, "F2")
    number = desk.ids.next()
    member = taker("F2", kind="member")
    given = application("F2", visit(60_000), documents=("invoice",))
    assert isinstance(await receiving.receive(conn, desk, given, PERSONAL, member, number), Received)
    await files.add(conn, desk, "F2", number, "diagnosis", photograph(), AT)
    case = await services.supplement(conn, desk, number, member, ["diagnosis"])
    assert not isinstance(case, Refusal)
    assert "diagnosis" in case.documents
    assert [one.document for one in await files.of_claim(conn, "F2", number)] == ["diagnosis"]
    twice = await files.add(conn, desk, "F2", number, "diagnosis", photograph(), AT)
    assert isinstance(twice, Refusal)
    assert twice.code == "FILE_TWICE"


async def test_a_file_is_sealed_and_never_changed(conn: asyncpg.Connection, desk: Office) -> None:
    await persons(conn, "F3")
    number = desk.ids.next()
    await files.add(conn, desk, "F3", number, "invoice", b"%PDF-1.4 readable words %%EOF", AT)
    await receiving.receive(conn, desk, application("F3", visit(60_000)), PERSONAL, WANG, number)
    row = await conn.fetchrow("SELECT sealed FROM claims_file WHERE claim_id = $1", number)
    assert b"readable" not in row["sealed"]
    with pytest.raises(asyncpg.PostgresError):
        await conn.execute("DELETE FROM claims_file WHERE claim_id = $1", number)
    assert await files.opened(conn, VAULT, "F1", number, 1) is None, "of another person there is none"


async def test_a_draft_takes_only_so_many_files_and_is_forgotten(
    conn: asyncpg.Connection, desk: Office
) -> None:
    number = desk.ids.next()
    for shade in range(MAX_FILES):
        data = b"%%PDF-1.4 %d %%%%EOF" % shade
        assert not isinstance(await files.add(conn, desk, "F4", number, "invoice", data, AT), Refusal)
    more = await files.add(conn, desk, "F4", number, "invoice", b"%PDF-1.4 more %%EOF", AT)
    assert isinstance(more, Refusal)
    assert more.code == "FILE_TOO_MANY"
    strange = await files.add(conn, desk, "F4", number, "selfie", photograph(), AT)
    assert isinstance(strange, Refusal)
    assert strange.code == "UNKNOWN_CODE"
    await files.forget(conn, AT + timedelta(days=8))
    assert not await files.drafted(conn, "F4", number)


async def test_drafts_that_were_given_up_make_room_for_the_newest(
    conn: asyncpg.Connection, desk: Office
) -> None:
    drafts = [desk.ids.next() for _ in range(5)]
    for hour, number in enumerate(drafts):
        at = AT + timedelta(hours=hour)
        assert not isinstance(await files.add(conn, desk, "F5", number, "invoice", photograph(), at), Refusal)
    kept = [number for number in drafts if await files.drafted(conn, "F5", number)]
    assert kept == drafts[-3:]
