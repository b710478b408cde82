"""Applications, panels and scores as the counter writes them down (YAML or JSON): every mistake is named with its line.

Dates are 2024-07-22, switches yes or no; conditions and papers are written as ``code: what proves it``. ``docs/providers.md`` shows
whole files.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from gongji.policy import LibraryError, Problem
from gongji.policy.fields import Scope
from gongji.policy.yamltree import Node, parse_text
from gongji.providers.dossier import (
    Application,
    Bank,
    Evidence,
    Panelist,
    Personal,
    Profile,
    Representative,
    Score,
)

__all__ = ["read_application", "read_panel", "read_personal", "read_proofs", "read_scores"]

PROFILE: Final = "code name uscc kind region"
PROFILE_MORE: Final = "hosp_lv address scope level fee_class class_document"


def _tree(text: str, name: str) -> tuple[Scope, Node]:
    problems: list[Problem] = []
    tree = parse_text(text, name, problems)
    if tree is None:
        raise LibraryError(tuple(problems))
    return Scope(name, problems), tree


def _checked(scope: Scope) -> None:
    if scope.problems:
        raise LibraryError(tuple(scope.problems))


def read_application(text: str, name: str, today: date) -> tuple[Application, Personal]:
    """The application in ``text``; ``name`` stands for the file in problems. Without a day of receipt it is today's.

    Raises LibraryError with every problem found.
    """
    scope, tree = _tree(text, name)
    fields = scope.fields(
        tree,
        "定点申请",
        "received_on conditions documents host representative bank",
        "layer institution",
    )
    profile = _profile(scope, fields.get("institution"))
    application = Application(
        layer=scope.text(fields.get("layer"), "layer"),
        profile=profile,
        received_on=scope.day(fields.get("received_on"), "received_on") or today,
        conditions=_evidence(scope, fields.get("conditions"), "conditions"),
        documents=_evidence(scope, fields.get("documents"), "documents"),
        host=scope.text(fields.get("host"), "host"),
    )
    personal = _personal(scope, fields.get("representative"), fields.get("bank"))
    _checked(scope)
    return application, personal


def _profile(scope: Scope, node: Node | None) -> Profile:
    fields = scope.fields(node, "机构 institution", f"{PROFILE_MORE} public", f"{PROFILE} opened_on")
    texts = {word: scope.text(fields.get(word), word) for word in f"{PROFILE} {PROFILE_MORE}".split()}
    opened_on = scope.day(fields.get("opened_on"), "opened_on")
    if opened_on is None:
        scope.problem("institution 的 opened_on 须写开业日期", node)
    public = scope.text(fields.get("public"), "public", "no")
    if public not in ("yes", "no"):
        scope.problem("public 须写 yes 或 no", fields.get("public"))
    return Profile(**texts, opened_on=opened_on or date.max, public=public == "yes")


def _evidence(scope: Scope, node: Node | None, what: str) -> tuple[Evidence, ...]:
    if node is None or node.null:
        return ()
    if node.kind != "map":
        scope.problem(f"{what} 须写成 代码: 证明材料", node)
        return ()
    return tuple(Evidence(code, scope.text(item, code)) for code, item in node.items.items())


def _personal(scope: Scope, person: Node | None, account: Node | None) -> Personal:
    representative = bank = None
    if person is not None:
        fields = scope.fields(person, "法定代表人 representative", "phone", "name cert_no")
        representative = Representative(*(scope.text(fields.get(w), w) for w in ("name", "cert_no", "phone")))
    if account is not None:
        fields = scope.fields(account, "银行账户 bank", "", "holder bank number")
        bank = Bank(*(scope.text(fields.get(w), w) for w in ("holder", "bank", "number")))
    return Personal(representative, bank)


def read_proofs(text: str, name: str) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """What is handed in later: conditions and papers."""
    scope, tree = _tree(text, name)
    fields = scope.fields(tree, "补正材料", "conditions documents")
    conditions = _evidence(scope, fields.get("conditions"), "conditions")
    documents = _evidence(scope, fields.get("documents"), "documents")
    _checked(scope)
    return conditions, documents


def read_personal(text: str, name: str) -> Personal:
    """A representative or a bank account that changed."""
    scope, tree = _tree(text, name)
    fields = scope.fields(tree, "变更内容", "representative bank")
    personal = _personal(scope, fields.get("representative"), fields.get("bank"))
    _checked(scope)
    return personal


def read_panel(text: str, name: str) -> tuple[Panelist, ...]:
    """The members of a panel with their employers and professions."""
    scope, tree = _tree(text, name)
    fields = scope.fields(tree, "评估小组", "", "panel")
    panel = []
    for node in scope.children(fields.get("panel"), "panel"):
        one = scope.fields(node, "评估小组成员", "", "name employer fields")
        words = scope.texts(one.get("fields"), "fields")
        panel.append(
            Panelist(scope.text(one.get("name"), "name"), scope.text(one.get("employer"), "employer"), words)
        )
    _checked(scope)
    return tuple(panel)


def read_scores(text: str, name: str) -> tuple[tuple[Score, ...], tuple[str, ...]]:
    """The points of every member, and the conditions that the panel did not find fulfilled."""
    scope, tree = _tree(text, name)
    fields = scope.fields(tree, "评估结果", "unmet", "scores")
    node = fields.get("scores")
    scores = []
    if node is not None and node.kind == "map":
        for member, points in node.items.items():
            if points.kind != "map":
                scope.problem(f"{member} 的评分须写成 项目: 分数", points)
                continue
            scores += [Score(member, word, scope.count(item, word)) for word, item in points.items.items()]
    else:
        scope.problem("scores 须写成 成员: {项目: 分数}", node)
    unmet = scope.texts(fields.get("unmet"), "unmet")
    _checked(scope)
    return tuple(scores), unmet
