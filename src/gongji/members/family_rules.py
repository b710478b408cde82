"""Who may be bound to whose account (家庭共济): relation, proof, dates, no clash; pure.

The relation must be one that the law allows on the first day (``account.family.relations``: 晋政办发〔2021〕103号 二（四）,
庆阳 第七条, since 2024-07-26 国办发〔2024〕34号). Nobody is bound twice over the same days, and nobody has two spouses.
Clauses SX2021-103.s2.4.b, QY.art7.b.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.members.terms import FAMILY_RELATION
from gongji.members.values import Standing
from gongji.policy import Law

__all__ = [
    "PROOFS",
    "RELATIONS",
    "Application",
    "Binding",
    "FamilyRequest",
    "allowed_relations",
    "check_request",
]

IN_LAW: Final = {
    "spouse": "spouse",
    "parent": "parents",
    "child": "children",
    "sibling": "siblings",
    "grandparent": "grandparents",
    "grandchild": "grandchildren",
}
"""What ``account.family.relations`` calls a relation (of the user to the owner)."""
RELATIONS: Final = FAMILY_RELATION
"""What the user is to the owner, in Chinese."""
PROOFS: Final = {
    "marriage_certificate": "结婚证",
    "household_register": "户口簿",
    "birth_certificate": "出生医学证明",
    "notarial_certificate": "公证书",
    "promise": "亲属关系承诺书",
}


class FamilyRequest(msgspec.Struct, frozen=True):
    """What an owner asks for: ``user`` is the owner's ``relation``, ``proof`` one of ``PROOFS``; ``declared``: the owner has signed
    that this is so.
    """

    owner: str
    user: str
    relation: str
    proof: str
    declared: bool
    from_on: date
    until_on: date | None = None


class Binding(msgspec.Struct, frozen=True):
    """A spell in which ``user`` may use the account of ``owner``; ``spell_no`` is its place in the user's order."""

    user: str
    spell_no: int
    from_on: date
    until_on: date | None
    owner: str
    relation: str
    declaration_id: int | None
    revision: int

    def meets(self, from_on: date, until_on: date | None) -> bool:
        """Whether the two share a day."""
        return self.from_on <= (until_on or date.max) and from_on <= (self.until_on or date.max)


class Application(msgspec.Struct, frozen=True):
    """An owner's application and its state: submitted, approved, refused, cancelled."""

    declaration_id: int
    request: FamilyRequest
    submitted_by: str
    submitted_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


def check_request(
    law: Law,
    request: FamilyRequest,
    *,
    owner: Standing | None,
    user: Standing | None,
    account_state: str | None,
    bindings: Iterable[Binding],
    on: date,
    backdated: bool = False,
) -> Refusal | None:
    """Why ``request`` may not become a binding, or None.

    ``owner`` and ``user`` stand as on the first day of the binding, ``account_state`` is that of the owner's account
    (None: there is none), ``bindings`` are all of the owner and of the user; ``backdated``: an officer lets it begin before ``on``.
    """
    if request.owner == request.user:
        return Refusal("FAMILY_SELF")
    if owner is None or user is None:
        return Refusal("UNKNOWN_MEMBER", request.owner if owner is None else request.user)
    if request.until_on is not None and request.until_on < request.from_on:
        return Refusal("DATES_CONTRADICT", f"{request.from_on} 至 {request.until_on}")
    if request.from_on < on and not backdated:
        return Refusal("FAMILY_BACKDATED", f"{request.from_on} 早于 {on}")
    if request.proof not in PROOFS or not request.declared:
        return Refusal("FAMILY_PROOF_MISSING", "、".join(PROOFS.values()))
    for standing, who in ((owner, "账户所有人"), (user, "使用人")):
        died_on = standing.person.died_on
        if died_on is not None and died_on <= max(on, request.from_on):
            return Refusal("MEMBER_DECEASED", who)  # not when: the other one is told as well
    if account_state is None:
        return Refusal("NO_PERSONAL_ACCOUNT", request.owner)
    if account_state != "open":
        return Refusal("ACCOUNT_NOT_OPEN", request.owner)
    return _refuse_relation(law, request, owner.region) or _refuse_clash(request, tuple(bindings))


def allowed_relations(law: Law, region: str, on: date) -> tuple[str, ...] | Refusal:
    """Keys of ``RELATIONS`` that may be bound in the region on the day."""
    allowed = law.value("account.family.relations", region, on)
    if isinstance(allowed, Refusal):
        return allowed
    assert isinstance(allowed.raw, tuple)
    return tuple(key for key, name in IN_LAW.items() if name in allowed.raw)


def _refuse_relation(law: Law, request: FamilyRequest, region: str) -> Refusal | None:
    allowed = law.value("account.family.relations", region, request.from_on)
    if isinstance(allowed, Refusal):
        return allowed
    assert isinstance(allowed.raw, tuple)
    if IN_LAW.get(request.relation) not in allowed.raw:
        asked = RELATIONS.get(request.relation, request.relation)
        return Refusal("FAMILY_RELATION_NOT_ALLOWED", asked, allowed.clause, allowed.citation)
    return None


def _refuse_clash(request: FamilyRequest, bindings: Sequence[Binding]) -> Refusal | None:
    met = [one for one in bindings if one.meets(request.from_on, request.until_on)]
    if any(one.owner == request.owner and one.user == request.user for one in met):
        return Refusal("FAMILY_OVERLAP", f"自 {request.from_on} 起")
    if request.relation == "spouse" and any(
        one.relation == "spouse" and {one.owner, one.user} != {request.owner, request.user} for one in met
    ):
        return Refusal("FAMILY_TWO_SPOUSES", f"自 {request.from_on} 起")
    return None
