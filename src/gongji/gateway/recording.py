"""What a visit's uploads prescribe: kept so that a pharmacy can fill it and share the visit's deductible (decision A10).

Until the prescription centre issues prescriptions, 2204 is where a hospital states them: every line with ``rxno``
belongs to that prescription, and a line with ``rx_circ_flag`` 1 and no amount is one that the member is to buy
elsewhere, which is not charged here.
"""

from collections.abc import Sequence

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.encounters.values import FeeLine, Visit
from gongji.gateway.calls import Call
from gongji.prescriptions.limits import Validity, read_validity
from gongji.prescriptions.uploaded import PrescribedItem, record_upload


def prescribed_only(call: Call, line: FeeLine) -> bool:
    """Whether a line only prescribes: to be bought elsewhere, nothing charged here."""
    return line.external and line.amount_fen == 0 and bool(line.rx_no) and call.provider.kind != "pharmacy"


async def prescriptions(
    call: Call, connection: Connection, visit: Visit, lines: Sequence[FeeLine]
) -> Refusal | None:
    """Record the prescriptions that these lines name.

    Only a line to be bought elsewhere must be recordable; institutions put all sorts of things into ``rxno`` of their own drugs
    (many always send "1"), and a number used before for another visit then simply stays with that visit.
    """
    if call.provider.kind == "pharmacy":
        return None
    by_number: dict[str, list[FeeLine]] = {}
    for line in lines:
        if line.rx_no:
            by_number.setdefault(line.rx_no, []).append(line)
    if not by_number:
        return None
    validity = read_validity(call.platform.law, call.provider.region, visit.service_on)
    for rx_no, named in by_number.items():
        needed = any(prescribed_only(call, line) for line in named)
        refusal = (
            validity
            if isinstance(validity, Refusal)
            else await _record(call, connection, visit, rx_no, named, validity)
        )
        if refusal is not None and needed:
            return refusal
    return None


async def _record(
    call: Call, connection: Connection, visit: Visit, rx_no: str, lines: Sequence[FeeLine], validity: Validity
) -> Refusal | None:
    first = lines[0]
    return await record_upload(
        connection,
        psn_no=visit.psn_no,
        rx_no=rx_no,
        issuer=call.caller,
        visit_id=visit.visit_id,
        group_id=visit.group_id,
        items=[PrescribedItem(line.item, line.quantity_e4, line.local_item, line.days) for line in lines],
        issued_at=first.occurred_at,
        valid_until=validity.last(first.occurred_at),
        doctor_code=first.doctor_code,
        doctor_name=first.doctor_name,
    )
