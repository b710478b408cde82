"""Whatever is done to a person's relations in whatever order, every day has one of them, and none after the death."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gongji.base.reasons import Refusal
from gongji.members import verbs_benefit, verbs_person, verbs_relation
from gongji.members.dossier import Dossier, Line, dossier_of
from gongji.members.rows import PersonRow
from gongji.members.verbs_relation import Alteration, new_relation
from gongji.members.writing import Plan
from gongji.policy.calendar import working_calendar
from tests.members.acts import TODAY, law

AT = datetime(2024, 8, 15, tzinfo=UTC)
PERSON = PersonRow("测试", "01", "\\x00", "\\x00", None, None, "1", "01", date(1970, 1, 1), None)
CALENDAR = working_calendar()
NOTHING: MappingProxyType = MappingProxyType({})

Step = Callable[[Dossier, date, date], Plan | Refusal]


def begun(until: bool) -> Step:
    def step(dossier: Dossier, on: date, later: date) -> Plan | Refusal:
        row = new_relation(
            from_on=on,
            until_on=later if until else None,
            category="employee",
            region="140100",
            employer="甲公司",
            payer=None,
            psn_type=None,
            civil_servant=False,
            has_account=True,
            insutype="310",
        )
        return verbs_relation.begun(dossier, law(), row)

    return step


def ended(reason: str) -> Step:
    return lambda dossier, on, later: verbs_relation.ended(
        dossier, law(), CALENDAR, on, reason, TODAY, reported_on=TODAY, reported_by="employer"
    )


STEPS: dict[str, Step] = {
    "begun": begun(until=False),
    "begun until": begun(until=True),
    "altered": lambda d, on, later: verbs_relation.altered(d, law(), on, Alteration(employer=f"{on}")),
    "retired": lambda d, on, later: verbs_relation.retired(d, law(), on, TODAY),
    "retired from": lambda d, on, later: verbs_relation.retired(d, law(), on, TODAY, from_on=later),
    "suspended": ended("suspended"),
    "left": ended("leaving"),
    "resumed": lambda d, on, later: verbs_relation.resumed(d, on),
    "died": lambda d, on, later: verbs_person.died(d, law(), CALENDAR, on, TODAY, "relative", TODAY),
    "death revoked": lambda d, on, later: verbs_person.death_revoked(d, NOTHING),
    "first taken back": lambda d, on, later: verbs_benefit.taken_back(d, "relation", 1),
    "last taken back": lambda d, on, later: verbs_benefit.taken_back(d, "relation", d.used["relation"]),
}
DAYS = st.integers(0, 500).map(lambda days: date(2023, 1, 1) + timedelta(days=days))
PATHS = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), DAYS, st.integers(0, 200)), max_size=12)


def walked(path: list[tuple[str, date, int]]) -> Dossier:
    lines = [Line("person", 0, 1, msgspec.json.encode(PERSON).decode(), AT)]
    for name, on, days in path:
        dossier = dossier_of("P", lines)
        assert dossier is not None
        plan = STEPS[name](dossier, on, on + timedelta(days=days))
        for change in () if isinstance(plan, Refusal) else plan.changes:
            content = None if change.row is None else msgspec.json.encode(change.row).decode()
            lines.append(Line(change.part, change.spell_no, change.revision + 1, content, AT))
    dossier = dossier_of("P", lines)
    assert dossier is not None
    return dossier


@given(PATHS)
def test_no_day_has_two_relations_and_none_follows_the_death(path: list[tuple[str, date, int]]) -> None:
    dossier = walked([("begun", date(2023, 1, 1), 0), *path])
    rows = sorted((entry.row for entry in dossier.relations), key=lambda row: row.from_on)
    died_on = dossier.person.row.died_on or date.max
    assert all(row.from_on <= (row.until_on or date.max) <= died_on for row in rows)
    assert all((one.until_on or date.max) < other.from_on for one, other in pairwise(rows))
