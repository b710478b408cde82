"""A bill under way at a hospital's or clinic's counter: whose visit, what is added by hand, what is pre-settled. Pure.

What has been uploaded is the visit's own and is read from there; only what is not uploaded yet lives here.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from gongji.base.money import format_scaled, format_yuan, line_fen
from gongji.desk.cashier.read import Customer
from gongji.desk.cashier.split import Split
from gongji.desk.counter import OWN_AND_FAMILY, Notice, Priced
from gongji.encounters.values import FeeBatch, Visit

__all__ = ["KIND", "Bill", "Charge", "Presettled", "cancelling", "registration", "settlement", "upload"]

KIND: Final = "cashier"
EMPLOYEE: Final = "310"
BY_ITEM: Final = "01"
Nodes = dict[str, Any]


class Charge(Priced, frozen=True, kw_only=True):
    """A service or drug that is charged at the counter and not uploaded yet."""

    ceiling_micro: int | None = None

    @property
    def above_fen(self) -> int:
        """What the highest price that is allowed here leaves out, 0 for nothing."""
        if self.ceiling_micro is None:
            return 0
        return max(0, self.amount_fen - line_fen(self.ceiling_micro, self.quantity_e4))


class Presettled(msgspec.Struct, frozen=True):
    """What 2206 answered for a batch, with the message of 2207 that would settle just this."""

    msgid: str
    batch_no: str
    nodes: Nodes
    split: Split


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """What is on the counter's screen. ``batch_no``: number under which the charges will be uploaded, the same however often."""

    customer: Customer | None = None
    visit_no: str = ""
    charges: tuple[Charge, ...] = ()
    batch_no: str = ""
    found: tuple[tuple[str, str, str], ...] = ()
    account: str = OWN_AND_FAMILY
    prepared: Presettled | None = None
    notice: Notice | None = None
    told: str = ""

    def __repr__(self) -> str:
        """Fit for a log: nobody's name."""
        return f"Bill({self.visit_no!r})"

    @property
    def total_fen(self) -> int:
        return sum(charge.amount_fen for charge in self.charges)

    @property
    def empty(self) -> bool:
        return not (self.customer or self.visit_no or self.charges)

    def charge(self, key: str) -> Charge | None:
        return next((charge for charge in self.charges if charge.key == key), None)

    def with_charge(self, charge: Charge) -> Bill:
        """The charge in the place of the one with its key, or at the end."""
        known = self.charge(charge.key) is not None
        kept = tuple(charge if one.key == charge.key else one for one in self.charges)
        return self.changed(charges=kept if known else (*self.charges, charge))

    def changed(self, **fields: Any) -> Bill:
        """Another bill than was pre-settled."""
        return msgspec.structs.replace(self, **{"prepared": None, "notice": None, "told": "", **fields})

    def refused(self, code: str, text: str, place: str = "scan") -> Bill:
        return msgspec.structs.replace(self, notice=Notice(code, text, place))


# what the counter says to the platform


def registration(
    who: Customer, at: str, number: str, doctor: tuple[str, str], dept: tuple[str, str]
) -> Nodes:
    """2201: a visit that no doctor's station has registered."""
    return {
        "data": {
            "psn_no": who.psn_no,
            "insutype": EMPLOYEE,
            "begntime": at,
            **who.voucher,
            "ipt_otp_no": number,
            "atddr_no": doctor[0],
            "dr_name": doctor[1],
            "dept_code": dept[0],
            "dept_name": dept[1],
            "caty": "",
        }
    }


def upload(visit: Visit, charges: tuple[Charge, ...], batch_no: str, at: str) -> Nodes:
    """2204: the charges as one new batch of the visit."""
    return {
        "feedetail": [
            {
                "feedetl_sn": f"{batch_no}{number:03d}",
                "mdtrt_id": str(visit.visit_id),
                "psn_no": visit.psn_no,
                "chrg_bchno": batch_no,
                "fee_ocur_time": at,
                "med_list_codg": charge.item,
                "medins_list_codg": charge.item,
                "det_item_fee_sumamt": format_yuan(charge.amount_fen),
                "cnt": charge.quantity,
                "pric": format_scaled(charge.price_micro, 6),
                "bilg_dept_codg": visit.dept_code,
                "bilg_dept_name": visit.dept_name,
                "bilg_dr_codg": visit.doctor_code,
                "bilg_dr_name": visit.doctor_name,
                "hosp_appr_flag": "0",
            }
            for number, charge in enumerate(charges, start=1)
        ]
    }


def cancelling(visit: Visit, batch_no: str) -> Nodes:
    """2205: an unsettled batch is taken back."""
    return {"data": {"mdtrt_id": str(visit.visit_id), "chrg_bchno": batch_no, "psn_no": visit.psn_no}}


def settlement(visit: Visit, batch: FeeBatch, account: str, who: Customer | None) -> Nodes:
    """2206, and 2207 but for its echoes. Without a voucher shown now the one of the registration counts."""
    voucher = who.voucher if who is not None else {"mdtrt_cert_type": visit.voucher_type}
    return {
        "data": {
            "psn_no": visit.psn_no,
            **voucher,
            "med_type": visit.med_type,
            "medfee_sumamt": format_yuan(batch.total_fen),
            "psn_setlway": BY_ITEM,
            "mdtrt_id": str(visit.visit_id),
            "chrg_bchno": batch.batch_no,
            "acct_used_flag": account,
            "insutype": EMPLOYEE,
            "invono": "",
        }
    }
