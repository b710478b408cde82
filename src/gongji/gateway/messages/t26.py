"""2601 冲正: undo a message whose answer was lost."""

import msgspec

from gongji.gateway.fields import PersonNumber, Text10, Text30


class Undo(msgspec.Struct, frozen=True):
    """data of 2601; oinfno may carry a suffix (2207A)."""

    psn_no: PersonNumber
    omsgid: Text30
    oinfno: Text10
