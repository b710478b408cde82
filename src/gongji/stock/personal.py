"""Personal data of stock movements in and out of their seals: names and certificate numbers of buyers, doctors and pharmacists."""

from __future__ import annotations

import msgspec

from gongji.base.sealing import Vault
from gongji.members.personal import cert_index
from gongji.stock.values import Entry

__all__ = ["open_personal", "sealed_fields"]

_decode = msgspec.json.Decoder(dict[str, str]).decode


def _context(institution: str, movement_id: int) -> str:
    return f"stock_movement.sealed:{institution}:{movement_id}"


def sealed_fields(
    vault: Vault | None, institution: str, movement_id: int, entry: Entry
) -> dict[str, str | None]:
    """Columns ``sealed`` and ``cert_index`` in hexadecimal; both None where nothing personal was told."""
    told = {name: text for name, text in entry.personal.items() if text}
    if not told and not entry.certno:
        return {"sealed": None, "cert_index": None}
    if vault is None:
        raise ValueError("personal data without a vault")
    text = msgspec.json.encode(told | ({"certno": entry.certno} if entry.certno else {})).decode()
    sealed = vault.seal(text, _context(institution, movement_id)).hex()
    return {"sealed": sealed, "cert_index": cert_index(vault, entry.certno).hex() if entry.certno else None}


def open_personal(vault: Vault, institution: str, movement_id: int, sealed: bytes | None) -> dict[str, str]:
    """What was sealed with the movement, in clear."""
    return {} if sealed is None else _decode(vault.open(sealed, _context(institution, movement_id)))
