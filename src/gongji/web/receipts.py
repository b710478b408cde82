"""The 结算单 of a stored settlement, read back from its fact and its fee lines, to be shown on a page or written into one file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.template import Context as PageContext
from django.template import Engine
from django.template.base import Template

from gongji.base.money import format_scaled
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA
from gongji.claims.selectors import ClaimedVisit, claimed_visits
from gongji.encounters import selectors as encounters
from gongji.explain.model import Context
from gongji.explain.receipt import COPIES, Charge, Paper, Receipt, receipt, signer
from gongji.gateway.platform import Platform
from gongji.lawbook import selectors as lawbook
from gongji.members import selectors as members
from gongji.members.identity import mask_cert_no
from gongji.policy import Law
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.collecting import Collected, collected
from gongji.providers import selectors as providers
from gongji.settlement.commands import Settled
from gongji.settlement.selectors import StoredSettlement, settlement

__all__ = ["UnknownLaw", "file_page", "paper_of", "shown", "stored_receipt"]

HERE: Final = Path(__file__).parent
REVERSAL: Final = -1


class UnknownLaw(Exception):
    """The fact was settled by a version of the law that this program does not know; its digest is the argument."""


async def paper_of(platform: Platform, conn: Connection, psn_no: str, settlement_id: int) -> Receipt | None:
    """The paper as the running platform knows it; a version of the law of before is fetched from the lawbook and kept.

    Whose the settlement is to see, and that it was seen, is the caller's to decide. Raises UnknownLaw.
    """
    try:
        return await stored_receipt(conn, platform.vault, platform.laws, psn_no, settlement_id)
    except UnknownLaw as unknown:
        digest = str(unknown)
        law = await lawbook.law(conn, digest)
        if law is None:
            raise
        platform.laws[digest] = law
    return await stored_receipt(conn, platform.vault, platform.laws, psn_no, settlement_id)


async def stored_receipt(
    conn: Connection, vault: Vault, laws: Mapping[str, Law], psn_no: str, settlement_id: int
) -> Receipt | None:
    """The paper of the person's settlement or refund; None when there is none. Raises UnknownLaw."""
    stored = await settlement(conn, psn_no, settlement_id, laws)
    if stored is None:
        return None
    settled = stored.settled
    law = laws.get(settled.policy_digest)
    if law is None:
        raise UnknownLaw(settled.policy_digest)
    place = (await providers.load(conn, vault)).get(settled.provider)
    person = await members.find(conn, vault, psn_no=psn_no)
    claimed = await _claimed(conn, settled)
    said = claimed.place.name if claimed is not None else ""
    context = Context(
        service_on=settled.service_on,
        place=settled.attributes.get("place", ""),
        status=settled.attributes.get("status", ""),
        institution=place.name if place is not None else said or settled.provider,
        person=psn_no,
        settlement=str(settled.settlement_id),
        claim=settled.claim,
    )
    rx_no, came = await _collected(conn, vault, settled)
    paper = Paper(
        institution_code=settled.provider,
        person_name=person.name if person is not None else "",
        settled_at=settled.settled_at.astimezone(CHINA),
        invoice_no=settled.invoice_no,
        rx_no=rx_no,
        proxy=f"{came.proxy.name}（{mask_cert_no(came.proxy.cert_no)}）" if came.proxy is not None else "",
        signed=came.signed,
        void=_void(stored),
    )
    charges = await _charges(conn, settled, claimed)
    return receipt(law, settled.outcome, context, paper, charges, refund=settled.kind == REVERSAL)


async def _claimed(conn: Connection, settled: Settled) -> ClaimedVisit | None:
    """What the application of a manual claim says of the visit; None for a settlement of another kind."""
    return (await claimed_visits(conn, settled.psn_no)).get(settled.visit_id) if settled.claim else None


async def _collected(conn: Connection, vault: Vault, settled: Settled) -> tuple[str, Collected]:
    """The prescription of the centre that the settlement filled ("" for none), and who came for the drugs."""
    key = (settled.psn_no, settled.original_id or settled.settlement_id)
    cases = (await prescriptions.cases_of_settlements(conn, [key])).get(key, ())
    if not cases:
        return "", Collected(None, False)
    return cases[0].rx_no, collected(vault, cases[0], key[1])


def _void(stored: StoredSettlement) -> str:
    if stored.settled.original_id is not None:
        return f"退费：原结算ID {stored.settled.original_id}"
    return f"已退费：退费结算ID {stored.reversed_by}" if stored.reversed_by is not None else ""


async def _charges(conn: Connection, settled: Settled, claimed: ClaimedVisit | None) -> dict[str, Charge]:
    """Quantities and prices as they were uploaded or claimed, by line."""
    key = (settled.psn_no, settled.visit_id, settled.batch_no)
    batch = (await encounters.fee_batches(conn, [key])).get(key)
    lines = claimed.visit.lines if claimed is not None else batch.lines if batch is not None else ()
    return {
        line.key: Charge(format_scaled(line.quantity_e4, 4), format_scaled(line.price_micro, 6, least=2))
        for line in lines
    }


def shown(paper: Receipt, copies: tuple[str, ...] = COPIES, *, explained: bool = False) -> dict[str, Any]:
    """What ``web/parts/_receipt.html`` and ``web/parts/_receipt_narrow.html`` show: the paper once for each of ``copies``.

    ``explained``: the explanation, which A4 always has, also on the narrow paper.
    """
    return {
        "paper": paper,
        "explained": explained,
        "copies": copies,
        "signer": signer(paper),
        "settled_at": f"{paper.settled_at:%Y-%m-%d %H:%M:%S}",
        "service_on": str(paper.service_on or ""),
    }


def file_page(paper: Receipt) -> str:
    """The paper as one HTML file for the printer, both copies; nothing on it is fetched from anywhere."""
    style = (HERE / "static" / "web" / "receipt.css").read_text(encoding="utf-8")
    return _template().render(PageContext({**shown(paper), "style": style}))


@cache
def _template() -> Template:
    return Engine(dirs=[str(HERE / "templates")]).get_template("web/receipt_file.html")
