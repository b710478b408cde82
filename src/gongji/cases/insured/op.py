"""What an operation is: the names that its steps state and those that it computes, each with its kind of value."""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.cases import form
from gongji.cases.form import DAY, MONEY, TEXT, WORDS

MONTH: Final = "month"
WORD: Final = "word"


class Field(msgspec.Struct, frozen=True):
    """One name of a step: how its value is written, whether it must be there, which words it may be, and whether
    it says something when it is empty."""

    kind: str
    required: bool = False
    words: tuple[str, ...] = ()
    empty: bool = False


class Op(msgspec.Struct, frozen=True):
    """One operation. ``lines``: it states a visit (place, facts, fee lines) as ``settle`` does, ``place`` one without lines."""

    title: str
    fields: dict[str, Field]
    expect: dict[str, str]
    visit: str = ""
    dated: bool = True


def words(*known: str, required: bool = True) -> Field:
    """A field that is one of ``known``."""
    return Field(WORD, required, known)


NEEDED_TEXT: Final = Field(TEXT, required=True)
NEEDED_MONEY: Final = Field(MONEY, required=True)
NEEDED_DAY: Final = Field(DAY, required=True)

REFUSED: Final = {"reason": TEXT, "clause": TEXT}
"""Every operation says why it was refused, and by which clause; ``reason`` empty means that it was accepted."""
HELD: Final = {"own_account": MONEY, "receivable": MONEY, "account_state": TEXT}
"""The person's account afterwards."""
NOTED: Final = {**REFUSED, "notes": WORDS}
DOCUMENTS: Final = {"documents": Field(WORDS)}
PERIOD: Final = {"from": Field(DAY), "until": Field(DAY)}
SETTLED: Final = {**form.EXPECTATIONS[form.SETTLE], "clause": TEXT, "benefit": TEXT, "draws": WORDS}
