"""Members (参保人): who a person is, and what holds for the person on a day."""

from gongji.members.identity import is_valid_cert_no, mask_cert_no
from gongji.members.rules import age_on, offsite, standing_on, voucher_state
from gongji.members.values import ChronicEntitlement, Credential, Identity, Person, Records, Standing

__all__ = [
    "ChronicEntitlement",
    "Credential",
    "Identity",
    "Person",
    "Records",
    "Standing",
    "age_on",
    "is_valid_cert_no",
    "mask_cert_no",
    "offsite",
    "standing_on",
    "voucher_state",
]
