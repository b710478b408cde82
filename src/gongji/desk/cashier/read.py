"""Who stands at the counter: what was scanned, held out or typed, read by 1101; the same at hospitals and pharmacies."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import msgspec

from gongji.catalog.restrictions import SEXES
from gongji.gateway.inside import Refused
from gongji.web.pages import Page

__all__ = ["IDENTIFIED", "Customer", "age_of", "fen", "read_member"]

IDENTITY_NUMBER: Final = re.compile(r"[0-9]{17}[0-9Xx]")
VOUCHER, IDENTITY, CARD = "01", "02", "03"
VOUCHER_NAMES: Final = {VOUCHER: "医保电子凭证", IDENTITY: "居民身份证", CARD: "社会保障卡"}
STATES: Final = {"0": "未参保", "1": "正常参保", "2": "暂停参保", "4": "终止参保"}
STATUSES: Final = {"11": "在职", "12": "退休"}
NORMAL: Final = "1"
IDENTIFIED: Final = ("psn_name", "gend", "brdy")
"""What a screen with a member on it shows in clear."""


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """The member as 1101 answers, and the voucher by which he showed himself. Kept in sealed drafts only."""

    psn_no: str
    name: str
    sex: str
    born_on: str
    cert_type: str
    cert_no: str
    voucher_type: str
    voucher_no: str
    region: str = ""
    status: str = ""
    insured: str = ""
    employer: str = ""
    balance_fen: int = 0
    entitled: bool = True

    def __repr__(self) -> str:
        """Fit for a log: nobody's name."""
        return "Customer()"

    @property
    def voucher_name(self) -> str:
        return VOUCHER_NAMES[self.voucher_type]

    @property
    def voucher(self) -> dict[str, str]:
        """The voucher as messages show it."""
        return {"mdtrt_cert_type": self.voucher_type, "mdtrt_cert_no": self.voucher_no}

    @property
    def hidden_number(self) -> str:
        """The certificate as a screen shows it: enough to compare with the card."""
        return f"{self.cert_no[:6]}********{self.cert_no[-4:]}" if len(self.cert_no) > 10 else "********"


def fen(amount: Any) -> int:
    """Fen of an amount of an answer (yuan, through its digits; null is nothing)."""
    return 0 if amount is None else int(amount * 100)


def age_of(born_on: str, on: date) -> int | None:
    """Completed years on the day; None when the day of birth is not known."""
    if not born_on:
        return None
    born = date.fromisoformat(born_on)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


async def read_member(page: Page, text: str, msgid: str) -> Customer | Refused:
    """The member behind an e-voucher's token, an identity number or a card's number, whichever ``text`` is."""
    kinds = (IDENTITY,) if IDENTITY_NUMBER.fullmatch(text) else (VOUCHER, CARD)
    answer: Any = None
    for number, kind in enumerate(kinds):
        answer = await page.trade(
            "1101",
            {"data": {"mdtrt_cert_type": kind, "mdtrt_cert_no": text.upper() if kind == IDENTITY else text}},
            f"{msgid}{number}",
        )
        if not isinstance(answer, Refused):
            return _customer(answer.output, kind, text)
        if answer.code != "UNKNOWN_MEMBER":
            break
    return answer if isinstance(answer, Refused) else Refused("UNKNOWN_MEMBER", "没有查到参保人")


def _customer(output: dict[str, Any], kind: str, number: str) -> Customer:
    base = output["baseinfo"]
    insured = next(iter(output["insuinfo"]), None)
    shown = Customer(
        psn_no=base["psn_no"],
        name=base["psn_name"],
        sex=SEXES.get(base["gend"], ""),
        born_on=base["brdy"] or "",
        cert_type=base["psn_cert_type"],
        cert_no=base["certno"],
        voucher_type=kind,
        voucher_no=number,
        insured="未参保",
        entitled=False,
    )
    if insured is None:
        return shown
    return msgspec.structs.replace(
        shown,
        region=insured["insuplc_admdvs"],
        status=STATUSES.get(insured["psn_type"][:2], ""),
        insured=STATES.get(insured["psn_insu_stas"], ""),
        employer=insured["emp_name"],
        balance_fen=fen(insured["balc"]),
        entitled=insured["psn_insu_stas"] == NORMAL,
    )
