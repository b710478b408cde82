"""What a prescription of the centre says: the sheet as the doctor wrote it, its drugs, and what others bring to it.

Quantities are in ten-thousandths of ``unit``, days of use in hundredths; instants carry their zone. What is personal beyond the
person number (names, allergies, words of a diagnosis) is in ``Private`` and is stored sealed. Field source: 7101, 7103, 7207.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.times import day_in_china

__all__ = [
    "HERBS",
    "Bought",
    "Diagnosis",
    "Drug",
    "Issue",
    "Prescription",
    "Private",
    "Proxy",
    "Sale",
    "SaleLine",
    "Sheet",
    "Term",
    "Terms",
]

HERBS: Final = "13"
"""rx_item_type_code of 中药饮片."""

Texts = tuple[tuple[str, str], ...]


class Drug(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One drug of a sheet (处方药品明细): ``quantity_e4`` is for the whole prescription, all fills together.

    ``approval`` is hosp_appr_flag (1: the doctor confirms the restriction, in the words of ``confirmation``; 2: self-paid);
    ``item_type`` 11 西药, 12 中成药, 13 中药饮片. ``more`` keeps what no rule reads, by national name, as the hospital wrote it.
    """

    item_no: int
    item: str
    name: str = ""
    spec: str = ""
    dosform: str = ""
    quantity_e4: int
    unit: str = ""
    days_e2: int = 0
    dose: str = ""
    dose_unit: str = ""
    frequency: str = ""
    way: str = ""
    approval: str = "0"
    confirmation: str = ""
    local_item: str = ""
    item_type: str = "11"
    herb_note: str = ""
    more: Texts = ()


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One diagnosis of the sheet (诊断)."""

    sort_no: int
    code: str
    name: str = ""
    diag_type: str = "1"
    main: bool = False
    more: Texts = ()


class Private(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the sheet says of the patient; stored sealed. ``more``: weight, allergies, condition …, by national name."""

    patient: str = ""
    diagnoses: tuple[Diagnosis, ...] = ()
    more: Texts = ()


class Term(msgspec.Struct, frozen=True, omit_defaults=True):
    """A switch of the law on the day of issue, with the article that sets it."""

    on: bool
    clause: str = ""
    article: str = ""


class Terms(msgspec.Struct, frozen=True):
    """What the law of the day of issue says about where the drugs may be bought (SX2022-27 第十四条)."""

    split_allowed: Term
    split_reason: Term
    one_institution: Term


class Sheet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The sheet (处方). ``valid_days`` 0: what the law allows; ``fills`` > 1: a long prescription fetched in parts, part k not
    before ``interval_days`` after part k - 1 was begun.
    """

    psn_no: str
    visit_id: int
    issuer: str
    hosp_rx_no: str
    rx_type: str = "1"
    biz_type: str = "01"
    extra_kind: str = "02"
    voucher: str = ""
    med_type: str = "11"
    issued_at: datetime
    doctor_code: str
    doctor_name: str = ""
    doctor_title: str = ""
    doctor_title_name: str = ""
    dept_code: str = ""
    dept_name: str = ""
    drugs: tuple[Drug, ...]
    valid_days: int = 0
    emergency: bool = False
    quantity_reason: str = ""
    long: bool = False
    long_reason: str = ""
    long_confirmed: bool = False
    fills: int = 1
    interval_days: int = 0
    original_rx_no: str = ""
    more: Texts = ()

    @property
    def issued_on(self) -> date:
        return day_in_china(self.issued_at)

    @property
    def items(self) -> frozenset[str]:
        return frozenset(drug.item for drug in self.drugs)

    def drug(self, item: str) -> Drug | None:
        """The line of the sheet for this catalogue item."""
        return next((drug for drug in self.drugs if drug.item == item), None)

    def share_e4(self, item: str, fill: int) -> int:
        """How much of ``item`` belongs to fill ``fill``: equal parts, whole units as long as the whole is one; 0 if not prescribed.

        The parts of all fills add up to the prescribed quantity.
        """
        drug = self.drug(item)
        if drug is None or not 1 <= fill <= self.fills:
            return 0
        step = 10_000 if drug.quantity_e4 % 10_000 == 0 else 1
        units = drug.quantity_e4 // step
        return (-(-units * fill // self.fills) - -(-units * (fill - 1) // self.fills)) * step


class Issue(Sheet, frozen=True, kw_only=True, omit_defaults=True):
    """A sheet as it comes in (7101), with the patient's own facts."""

    private: Private = Private()


class Prescription(Sheet, frozen=True, kw_only=True, omit_defaults=True):
    """A sheet that the centre has checked. ``valid_until``: last instant of the first retrieval (A12); ``ends_at``: last instant of
    the last fill (A28). ``group_id`` and ``group_on``: the visit group whose deductible it shares, and its first day.
    """

    rx_id: int
    trace_code: str
    group_id: int
    group_on: date
    valid_until: datetime
    ends_at: datetime
    terms: Terms
    law: str
    checked_at: datetime

    @property
    def rx_no(self) -> str:
        """医保处方编号 (hiRxno)."""
        return str(self.rx_id)


class Proxy(msgspec.Struct, frozen=True, kw_only=True):
    """Who fetches the drugs for the member (代购人, SX2022-27 第十二条); stored sealed."""

    name: str
    cert_type: str
    cert_no: str
    phone: str = ""
    relation: str = ""


class Bought(msgspec.Struct, frozen=True):
    """One line of a settlement that buys a prescribed item."""

    item: str
    quantity_e4: int
    line_key: str


class SaleLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a sale (7207 rxSaleDrugDetl). ``traces``: 药品追溯码, each with its 拆零标志."""

    item: str
    quantity_e4: int
    local_item: str = ""
    unit: str = ""
    batch: str = ""
    lot: str = ""
    document: str = ""
    sold_at: datetime | None = None
    amount_fen: int | None = None
    traces: Texts = ()
    more: Texts = ()


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """What a pharmacy hands out (7207). ``signature``: the proxy's, as picture or text (SX2022-27 第十三条);
    ``split_reason``: why what is missing goes elsewhere.
    """

    lines: tuple[SaleLine, ...]
    dispenser: str = ""
    checker: str = ""
    cash_fen: int | None = None
    signature: bytes = b""
    split_reason: str = ""
