"""Off-site filings under laws that say otherwise than today's, or nothing."""

from datetime import date

import pytest

from gongji.base.reasons import Refusal
from gongji.members import verbs_filing, verbs_person
from gongji.members.dossier import Dossier, Entry
from gongji.members.rows import FilingRow, PersonRow, RelationRow
from gongji.policy.answers import Value
from gongji.policy.calendar import Calendar
from tests.members.acts import NOW, TODAY, code

PERSON = PersonRow("测试", "01", "\\x00", "\\x00", None, None, "1", "01", date(1960, 1, 1), None)
RELATION = RelationRow(
    date(2023, 1, 1), None, "310", "retired", "retired", "12", "140100", "甲公司", "none", False, True
)
FILED = Entry(1, 1, FilingRow(TODAY, None, "LONG_TERM_IN_PROVINCE", "", "140800", TODAY))


def dossier(*filings) -> Dossier:
    used = dict.fromkeys(("person", "relation", "filing"), 1)
    return Dossier(
        "P", Entry(0, 1, PERSON), (Entry(1, 1, RELATION),), (), (), (), filings, (), (), (), used, NOW
    )


class Says:
    """A law that answers every question with one value, or with none."""

    def __init__(self, raw: object) -> None:
        self.raw = raw

    def value(self, key, region, on, attributes=None):
        if self.raw is None:
            return Refusal("PARAMETER_UNSPECIFIED", key)
        return Value(self.raw, "X.art1", "found", "choice", "某办法 第一条", False)


def long_term(**fields) -> FilingRow:
    given = {"from_on": date(2024, 8, 1), "until_on": None, "filed_on": TODAY} | fields
    return FilingRow(kind="LONG_TERM_IN_PROVINCE", subtype="", region="140800", **given)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [("before_settlement", "done"), ("not_allowed", "FILING_LATE"), (None, "PARAMETER_UNSPECIFIED")],
)
def test_a_late_filing_is_made_only_where_the_law_allows_it(raw, reason):
    outcome = verbs_filing.filed(dossier(), Says(raw), long_term(), TODAY)
    assert code(outcome) == reason
    assert reason != "FILING_LATE" or outcome.article == "某办法 第一条"


def test_a_filing_from_today_on_asks_no_law_about_being_late():
    assert code(verbs_filing.filed(dossier(), Says(None), long_term(from_on=TODAY), TODAY)) == "done"


def test_without_a_term_in_the_law_a_temporary_filing_needs_its_own_end():
    row = FilingRow(TODAY, None, "TEMPORARY", "emergency", "110000", TODAY)
    assert code(verbs_filing.filed(dossier(), Says(None), row, TODAY)) == "PARAMETER_UNSPECIFIED"
    ended = FilingRow(TODAY, date(2024, 9, 1), "TEMPORARY", "emergency", "110000", TODAY)
    assert code(verbs_filing.filed(dossier(), Says(None), ended, TODAY)) == "done"


def test_without_a_term_in_the_law_a_long_term_filing_is_not_changed():
    outcome = verbs_filing.cancelled(dossier(FILED), Says(None), 1, TODAY)
    assert code(outcome) == "PARAMETER_UNSPECIFIED"


@pytest.mark.parametrize(("months", "reason"), [(0, "done"), (1, "FILING_TOO_EARLY")])
def test_the_law_says_for_how_long_a_long_term_filing_is_kept(months, reason):
    assert code(verbs_filing.cancelled(dossier(FILED), Says(months), 1, TODAY)) == reason


def test_a_report_is_late_by_the_calendar_and_said_to_be_unknown_without_one():
    event, reported = date(2024, 6, 28), date(2024, 7, 29)
    assert verbs_person.report_remark(Says(None), Calendar(()), "140100", event, reported) == ""
    unknown = verbs_person.report_remark(Says(20), Calendar(()), "140100", event, reported)
    assert "未能核对" in unknown
