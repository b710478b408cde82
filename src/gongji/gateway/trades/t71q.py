"""7105-7107 查询: the hospital sees its own prescription, its review at the pharmacy, and what was taken.

Somebody else's prescription does not exist here; the visit, the name and the certificate of the message must be this patient's.
"""

from collections.abc import Callable

import msgspec

from gongji.base.reasons import Refusal
from gongji.gateway.accesses import shown
from gongji.gateway.calls import Call, Output, Reply, output
from gongji.gateway.centre import SHEET_FIELDS, answered, for_hospitals, same_certificate, today
from gongji.gateway.folding import data_of
from gongji.gateway.messages import rxout, t71
from gongji.gateway.persons import at_counter
from gongji.gateway.rxsheet import diagnoses, drugs, patient_of_issuer, sheet
from gongji.gateway.rxtaken import collection, review
from gongji.gateway.visits import number_of, own_visit
from gongji.members.values import Person
from gongji.prescriptions import selectors
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import open_private

IDENTITY_CARD = "02"


class Found(msgspec.Struct, frozen=True):
    """A prescription of the caller, whose it is, and the insurance of its visit."""

    case: Case
    person: Person
    insutype: str


async def details(call: Call) -> Reply:
    """7105: the sheet as it was written, and where it stands."""

    def answer(found: Found) -> Output:
        case, private = found.case, open_private(call.platform.vault, found.case)
        return output(
            rxout.Found(
                data=sheet(case, call.provider.name, call.received_at),
                rxDetlList=drugs(case),
                rxOtpinfo=patient_of_issuer(case, private, found.person, found.insutype),
                rxDiseList=diagnoses(private),
            )
        )

    return await _asked(call, SHEET_FIELDS, answer)


async def reviewed(call: Call) -> Reply:
    """7106: what the pharmacist said of it."""
    return await _asked(call, ("rxChkInfo",), lambda found: answered(review(found.case, call.received_at)))


async def collected(call: Call) -> Reply:
    """7107: what was taken of it, and when it was settled."""
    return await _asked(
        call, ("rxSetlInfo", "seltdelts"), lambda found: output(collection(found.case, call.received_at))
    )


async def _asked(call: Call, fields: tuple[str, ...], answer: Callable[[Found], Output]) -> Reply:
    asked = data_of(t71.RxQuery, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_hospitals(call, asked.fixmedinsCode)
    if wrong is not None:
        return wrong
    found = await _find(call, asked)
    if isinstance(found, Refusal):
        return found
    await shown(call, found.case.psn_no, fields)
    return answer(found)


async def _find(call: Call, asked: t71.RxQuery) -> Found | Refusal:
    async with call.platform.pool.acquire() as connection:
        case = await selectors.case(connection, asked.hiRxno)
        if case is None or case.issuer != call.caller:
            return Refusal("RX_NOT_FOUND")
        visit = await own_visit(connection, call.caller, case.psn_no, asked.mdtrtId)
        if isinstance(visit, Refusal):
            return visit
        if number_of(asked.mdtrtId) != case.prescription.visit_id:
            return Refusal("RX_NOT_FOUND", "mdtrtId 不是开具这张处方的就诊")
        identity = await at_counter(
            connection,
            call.platform.vault,
            today(call),
            IDENTITY_CARD,
            asked.certno,
            psn_no=case.psn_no,
            psn_name=asked.psnName,
        )
    if isinstance(identity, Refusal):
        return identity
    wrong = same_certificate(identity.person, asked.psnCertType, "data.psnCertType")
    return wrong or Found(case, identity.person, visit.insutype)
