"""Items and files for the tests of the catalogue."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from gongji.catalog.values import ItemSpell

FROM_ON = date(2023, 1, 1)


def drug(code: str, name: str, **more: Any) -> ItemSpell:
    """A drug of class A from 2023 on."""
    given = {
        "kind": "drug",
        "list_type": "101",
        "chrgitm_lv": "01",
        "charge_type": "09",
        "unit": "盒",
        "account_allowed": True,
    }
    blank = dict.fromkeys(("spec", "dosform", "maker", "restriction"), "")
    flags = dict.fromkeys(("restricted", "base_drug", "negotiated", "child_drug", "prescription_only"), False)
    dates = {"from_on": FROM_ON, "until_on": None}
    return msgspec.convert(blank | flags | given | dates | {"code": code, "name": name} | more, ItemSpell)


def western(number: int) -> str:
    """A code of a western drug, in its national form."""
    return f"XA02BCZ{number:03d}A0010101{number:05d}"


def csv_file(header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> io.BytesIO:
    lines = [",".join(header), *(",".join(map(str, row)) for row in rows)]
    return io.BytesIO("\r\n".join(lines).encode(encoding))
