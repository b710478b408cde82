"""Who may have a prescription signed and circulated now, and whose it is: asked of the register, not of the message.

Source: SX2022-27 第八、十条, 处方管理办法 第八至十条.
"""

from __future__ import annotations

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.members import selectors as members
from gongji.members.personal import cert_no, normal_cert_no
from gongji.prescriptions.case import Case
from gongji.prescriptions.issuing import doctor_refusal
from gongji.prescriptions.office import RxOffice, open_private
from gongji.prescriptions.signed import SignedFields, same_name
from gongji.providers.rules import standing_refusal

__all__ = ["entitled", "pharmacist", "strange"]


def entitled(office: RxOffice, case: Case) -> Refusal | None:
    """Why institution or doctor may not have it signed today: a sheet can be dated back before a suspension, a signature cannot."""
    place = office.place(case.issuer)
    if isinstance(place, Refusal):
        return place
    code = case.prescription.doctor_code
    return standing_refusal(place) or doctor_refusal(
        office.book.staff(case.issuer, code, office.on), code, "prescribe"
    )


async def strange(conn: Connection, office: RxOffice, case: Case, fields: SignedFields) -> Refusal | None:
    """RX_SIGNED_CONTENT when the information names another patient than the sheet; what it names is not repeated."""
    person = await members.find(conn, office.vault, psn_no=case.psn_no)
    if person is None:
        return Refusal("UNKNOWN_MEMBER")
    wrong = [
        name
        for name, same in (
            ("patnName", same_name(fields.patient, open_private(office.vault, case).patient)),
            ("psnCertType", fields.cert_type.zfill(2) == person.cert_type.zfill(2)),
            ("certno", normal_cert_no(fields.cert_no) == cert_no(office.vault, person)),
        )
        if not same
    ]
    return Refusal("RX_SIGNED_CONTENT", f"{'、'.join(wrong)} 与预核验不一致") if wrong else None


def pharmacist(office: RxOffice, code: str, staff_code: str) -> Refusal | None:
    """The hospital's own pharmacist has reviewed the sheet before it circulates."""
    found = office.book.staff(code, staff_code, office.on)
    if found is not None and found.may("review"):
        return None
    return Refusal("PHARMACIST_NOT_REGISTERED", staff_code)
