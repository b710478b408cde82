"""Operations of the matrix that have no screen of their own, each with the word why."""

from typing import Final

__all__ = ["EXCUSED"]

FILE: Final = "a file"
PART: Final = "a part of another screen"
DONE: Final = "does something and leads on to another screen"
RARE: Final = "appears only in a state that the demonstration does not have"

EXCUSED: Final[dict[str, str]] = {
    "account.session_end": DONE,
    "console.accesses_csv": FILE,
    "console.claim_file": FILE,
    "console.claim_first": DONE,
    "console.claim_second": DONE,
    "console.events_csv": FILE,
    "desk.cashier_settle": DONE,
    "desk.doctor.add": DONE,
    "desk.doctor.again": DONE,
    "desk.doctor.answer": DONE,
    "desk.doctor.charge": DONE,
    "desk.doctor.check": PART,
    "desk.doctor.confirm": DONE,
    "desk.doctor.drop": DONE,
    "desk.doctor.find": PART,
    "desk.doctor.open": DONE,
    "desk.doctor.order": PART,
    "desk.doctor.paper": FILE,
    "desk.doctor.seen": DONE,
    "desk.doctor.sign": DONE,
    "desk.doctor.terms": DONE,
    "desk.doctor.uncharge": DONE,
    "desk.review.paper": FILE,
    "desk.sold_again": DONE,
    "desk.till_review": DONE,
    "desk.till_settle": DONE,
    "desk.till_state": PART,
    "portal.account_file": FILE,
    "portal.claim_draft_file": FILE,
    "portal.claim_file": FILE,
    "portal.complaint_step": DONE,
    "portal.family_order": DONE,
    "portal.family_withdraw": DONE,
    "portal.filing_withdraw": RARE,
    "web.no_role": RARE,
    "web.sign_in_factor": RARE,
    "web.sign_in_oidc": DONE,
    "web.sign_in_oidc_back": DONE,
    "web.sign_in_password": RARE,
    "web.sign_out": DONE,
}
