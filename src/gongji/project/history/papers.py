"""What a member of the demonstration photographs: a made-up invoice in squares and figures, so that a claim has a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from gongji.base.money import format_yuan

__all__ = ["invoice"]

SIZE: Final = (900, 640)
PAPER, INK, RULE, STAMP = "#fbf8ef", "#33302a", "#b9a98c", "#b3392f"
TOP, LEFT, ROW = 150, 70, 58


def invoice(number: str, amounts_fen: Sequence[int]) -> bytes:
    """A photograph of an invoice of this number and these amounts."""
    sheet = Image.new("RGB", SIZE, PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(28)
    right = SIZE[0] - LEFT
    pen.rectangle((LEFT - 20, 40, right + 20, SIZE[1] - 40), outline=RULE, width=3)
    pen.rectangle((LEFT, 66, LEFT + 260, 96), fill=INK)
    pen.text((right, 66), f"No. {number}", INK, font, anchor="ra")
    for row, fen in enumerate((*amounts_fen, sum(amounts_fen))):
        y = TOP + ROW * row
        pen.line((LEFT, y, right, y), RULE, 2)
        pen.rectangle((LEFT, y + 20, LEFT + 180 + 37 * (fen % 7), y + 38), fill=RULE)
        pen.text((right, y + 14), format_yuan(fen), INK, font, anchor="ra")
    pen.ellipse((right - 210, SIZE[1] - 190, right - 70, SIZE[1] - 60), outline=STAMP, width=5)
    written = io.BytesIO()
    sheet.rotate(-2, fillcolor="#d8d2c4", expand=True).save(written, "JPEG", quality=80)
    return written.getvalue()
