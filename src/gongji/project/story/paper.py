"""A prescription as a file: one page of PDF, as a hospital's system prints it."""

from __future__ import annotations

from gongji.project.story.sheets import Sheet

__all__ = ["paper"]

FONT = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def paper(sheet: Sheet) -> bytes:
    """The prescription as a file: one page of PDF, as a hospital's system prints it (the drugs by code, which needs no font)."""
    lines = [
        f"Rx {sheet.number}  {sheet.at:%Y-%m-%d}",
        *(f"{dose.good.code} x {dose.good.quantity}" for dose in sheet.doses),
    ]
    text = "".join(f"({line}) Tj T* " for line in lines)
    stream = f"BT /F1 12 Tf 72 760 Td 16 TL {text}ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources " + FONT + b" >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + end.encode()
