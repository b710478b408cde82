"""What several trades ask about a visit: its number, its rows, and how other institutions' visits look from here."""

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.encounters.selectors import visits
from gongji.encounters.values import Visit

HIDDEN = {
    "VISIT_OF_ANOTHER_INSTITUTION": "UNKNOWN_VISIT",
    "VISIT_OF_ANOTHER_PERSON": "UNKNOWN_VISIT",
    "SETTLEMENT_OF_ANOTHER_INSTITUTION": "SETTLEMENT_NOT_FOUND",
    "UNKNOWN_MEMBER": "UNKNOWN_MEMBER",
}
"""What belongs to another institution or person does not exist for a caller: an answer must not confirm a guess. Details
of these refusals, which may name a person, are left out."""


def number_of(text: str) -> int | None:
    """The platform's own number in a message, or None when it can be none of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 2**63 else None


def hidden(refusal: Refusal) -> Refusal:
    """``refusal`` without a word about other institutions."""
    code = HIDDEN.get(refusal.code)
    return refusal if code is None else Refusal(code)


async def own_visit(connection: Connection, caller: str, psn_no: str, mdtrt_id: str) -> Visit | Refusal:
    """The caller's visit of this person."""
    number = number_of(mdtrt_id)
    if number is None:
        return Refusal("UNKNOWN_VISIT")
    visit = (await visits(connection, [(psn_no, number)])).get((psn_no, number))
    return Refusal("UNKNOWN_VISIT") if visit is None or visit.caller != caller else visit
