"""What the filings of institutions (2501-2506) share: who files, for whom, and how another institution's filing looks from here."""

from datetime import date

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.regions import is_within
from gongji.base.sqlfiles import Connection
from gongji.gateway.calls import Call
from gongji.members.selectors import standing as member_standing
from gongji.members.writing import Act

EMPLOYEE = "310"
HIDDEN = frozenset({"DECLARATION_OF_ANOTHER"})


def actor_of(call: Call) -> Actor:
    """The calling institution as facts name it."""
    return Actor("institution", call.caller)


def act_of(call: Call, reason: str) -> Act:
    """What the message does, for the reason that it states."""
    return Act(actor_of(call), call.received_at, plain(reason), call.platform.ids)


def plain(text: str) -> str:
    """A text of one line: clients send line breaks in descriptions."""
    return " ".join(text.split())


def seen(refusal: Refusal) -> Refusal:
    """``refusal`` as the caller may see it: what another institution filed does not exist."""
    return Refusal("DECLARATION_NOT_FOUND") if refusal.code in HIDDEN else refusal


async def insured(connection: Connection, psn_no: str, on: date, insu_optins: str) -> Refusal | None:
    """Why nothing can be filed for the member: not insured in the employee scheme on the day, or not where the message says."""
    standing = await member_standing(connection, psn_no, on)
    if standing is None:
        return Refusal("UNKNOWN_MEMBER")
    if not standing.insured or standing.insutype != EMPLOYEE:
        return Refusal("NOT_INSURED", str(on))
    if insu_optins and not same_area(standing.region, insu_optins):
        return Refusal("BAD_FIELD", "insu_optins 不是该参保人的参保地")
    return None


def is_region(code: str) -> bool:
    """Whether ``code`` is written as a region code is."""
    try:
        return is_within(code, code)
    except ValueError:
        return False


def same_area(one: str, other: str) -> bool:
    """Whether one of two regions lies in the other: some write the county, some its city."""
    return is_region(one) and is_region(other) and (is_within(one, other) or is_within(other, one))
