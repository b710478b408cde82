"""What the encounters room takes and hands out: visits, diagnoses, fee lines. Frozen; instants carry their
zone.
"""

from datetime import date, datetime

import msgspec

from gongji.base.money import line_fen

__all__ = ["Diagnosed", "Diagnosis", "Dispensed", "FeeBatch", "FeeLine", "Registration", "Visit", "VisitInfo"]


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """What a registration (2201) says. ``voucher_type`` is mdtrt_cert_type; its number is not kept."""

    psn_no: str
    caller: str
    ipt_otp_no: str
    insutype: str
    voucher_type: str
    med_type: str = "11"
    dept_code: str = ""
    dept_name: str = ""
    caty: str = ""
    doctor_code: str = ""
    doctor_name: str = ""
    begun_at: datetime
    service_on: date


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit as it is recorded; ``state`` is open or cancelled, ``group_id`` the visit whose deductible it
    shares (A10).
    """

    psn_no: str
    visit_id: int
    caller: str
    ipt_otp_no: str
    insutype: str
    voucher_type: str
    med_type: str
    dept_code: str
    dept_name: str
    caty: str
    doctor_code: str
    doctor_name: str
    begun_at: datetime
    seen_at: datetime | None
    service_on: date
    group_id: int
    state: str
    condition: str
    disease_code: str
    disease_name: str
    registered_at: datetime
    changed_at: datetime


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """One diagnosis (诊断); the valid one with the smallest ``sort_no`` is the main one."""

    diag_type: str
    sort_no: int
    code: str
    name: str
    dept: str = ""
    doctor_code: str = ""
    doctor_name: str = ""
    diagnosed_at: datetime
    valid: bool = True


class Diagnosed(msgspec.Struct, frozen=True):
    """A diagnosis that an institution has made so many ``times`` lately; of nobody in particular."""

    diag_type: str
    code: str
    name: str
    times: int


class VisitInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What the visit's information (2203) says."""

    med_type: str
    seen_at: datetime
    condition: str = ""
    disease_code: str = ""
    disease_name: str = ""
    diagnoses: tuple[Diagnosis, ...] = ()


class FeeLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fee line (费用明细) of 2204 or 2102.

    ``amount_fen`` is det_item_fee_sumamt, the amount charged; price in millionths of a yuan, quantity in
    ten-thousandths. Everything after it is kept as the institution wrote it, for queries and audit.
    """

    key: str
    item: str
    amount_fen: int
    price_micro: int
    quantity_e4: int
    occurred_at: datetime
    rx_no: str = ""
    external: bool = False
    local_item: str = ""
    disease_code: str = ""
    approval: str = "0"
    herb_way: str = ""
    dose: str = ""
    frequency: str = ""
    days: str = ""
    way: str = ""
    dept_code: str = ""
    dept_name: str = ""
    doctor_code: str = ""
    doctor_name: str = ""
    receiving_dept_code: str = ""
    receiving_dept_name: str = ""
    receiving_doctor_code: str = ""
    receiving_doctor_name: str = ""
    external_test: str = ""
    external_hospital: str = ""
    take_home: str = ""
    maternity: str = ""
    memo: str = ""
    traces: tuple[tuple[str, str], ...] = ()
    """药品追溯码 of the line, each with its 拆零标志."""

    @property
    def computed_fen(self) -> int:
        """Price times quantity, rounded once to the fen (decision A03)."""
        return line_fen(self.price_micro, self.quantity_e4)


class FeeBatch(msgspec.Struct, frozen=True):
    """One batch (chrg_bchno) of a visit with all its uploaded lines that are not cancelled, in the order of
    upload.
    """

    psn_no: str
    visit_id: int
    batch_no: str
    lines: tuple[FeeLine, ...]

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)


class Dispensed(msgspec.Struct, frozen=True):
    """A line with a prescription number: who charged it, whether a settlement in force covers it."""

    item: str
    quantity_e4: int
    caller: str
    visit_id: int
    batch_no: str
    settled: bool
