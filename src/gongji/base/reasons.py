"""The closed set of reasons for which anything is refused: code, Chinese text and, where one law fixes it,
the article.

A reason is a value, never an exception. Its ``article`` is the general source; a ``Refusal`` made from a
dated rule carries the clause that applied on the day. Codes are part of the public interface: a code is
added here, never renamed.
"""

import msgspec

from gongji.base.reason_table import TABLE


class Reason(msgspec.Struct, frozen=True):
    """One code of the closed set. ``group`` is the Chinese heading under which manuals and statistics list
    it.
    """

    code: str
    text: str
    group: str
    article: str | None = None


def _build() -> dict[str, Reason]:
    reasons: dict[str, Reason] = {}
    for group, rows in TABLE.items():
        for code, text, article in rows:
            if code in reasons:
                raise ValueError(f"reason {code} is listed twice")
            reasons[code] = Reason(code, text, group, article)
    return reasons


REASONS: dict[str, Reason] = _build()


class Refusal(msgspec.Struct, frozen=True):
    """Why something is not done. ``code`` is a key of ``REASONS``, ``clause`` the clause id of the law
    library that applied.

    ``article`` says the same clause for people (文号 条); without it the text falls back to the clause id.
    Raises ValueError on an unknown code: inventing a reason is a bug, not something a user can cause.
    """

    code: str
    detail: str = ""
    clause: str | None = None
    article: str | None = None

    def __post_init__(self) -> None:
        if self.code not in REASONS:
            raise ValueError(f"unknown reason {self.code}")

    @property
    def reason(self) -> Reason:
        """The entry of the closed set."""
        return REASONS[self.code]

    @property
    def text(self) -> str:
        """The sentence shown to people: ``〔CODE〕text：detail（依据 …）``."""
        reason = self.reason
        detail = f"：{self.detail}" if self.detail else ""
        source = self.article or self.clause or reason.article
        return f"〔{self.code}〕{reason.text}{detail}" + (f"（依据 {source}）" if source else "")

    def __str__(self) -> str:
        return self.text
