"""The verbs of the prescription centre, by who takes them: the hospital, the member, the pharmacy, the clock."""

from gongji.prescriptions.delivering import Delivery, Receipt, deliver, sign_for
from gongji.prescriptions.dispensing import Dispensed, dispense, undispense
from gongji.prescriptions.expiry import expire
from gongji.prescriptions.granting import Code, Grant, authorise, authorise_online, decode, show_code
from gongji.prescriptions.hospital import Signed, check, circulate, confirm, sign, withdraw
from gongji.prescriptions.office import RxOffice
from gongji.prescriptions.pharmacy import (
    Accepted,
    ReviewDone,
    Verified,
    accept,
    release,
    review,
    split,
    verify,
)
from gongji.prescriptions.signed import SignedFields, Upload, fields_of

__all__ = [
    "Accepted",
    "Code",
    "Delivery",
    "Dispensed",
    "Grant",
    "Receipt",
    "ReviewDone",
    "RxOffice",
    "Signed",
    "SignedFields",
    "Upload",
    "Verified",
    "accept",
    "authorise",
    "authorise_online",
    "check",
    "circulate",
    "confirm",
    "decode",
    "deliver",
    "dispense",
    "expire",
    "fields_of",
    "release",
    "review",
    "show_code",
    "sign",
    "sign_for",
    "split",
    "undispense",
    "verify",
    "withdraw",
]
