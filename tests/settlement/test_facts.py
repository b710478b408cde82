"""The canonical form of a fact, its hash, and the forms that the database and readers get."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from gongji.base.hashing import sm3
from gongji.kernel import layout
from gongji.settlement import facts
from gongji.settlement.facts import Fact
from gongji.settlement.restore import restore, state_of, visit_of


def fact(**changes: Any) -> Fact:
    values: dict[str, Any] = {
        "psn_no": "P1", "settlement_id": 7, "kind": 1, "original_id": None, "year": 2024, "seq": 1,
        "service_on": date(2024, 8, 15), "received_at": datetime(2024, 8, 15, 2, tzinfo=UTC),
        "settled_at": datetime(2024, 8, 15, 2, 0, 1, tzinfo=UTC), "caller": "H1", "infno": "2207", "msgid": "M1",
        "provider": "H1", "place_kind": "hospital", "visit_id": 5, "group_id": 5, "group_year": 2024,
        "group_version": 1, "batch_no": "B1", "med_type": "11", "invoice_no": "", "region": "1408",
        "benefit": "ordinary", "attributes": "kind=hospital;status=active", "options": 3,
        "line_texts": ["1", "XA01", "某药", "drug", "", "2", "XC01", "自费药", "drug", "OUT_OF_CATALOGUE"],
        "lines": [10_000, -1, 1, 1, 500, -1, 0, 1], "splits": [0, 0, 0, 10_000, 500, 0, 0, 0],
        "waterfall": [0] * layout.W_SIZE, "acc_before": [0] * layout.ACC_SIZE, "acc_after": [0] * layout.ACC_SIZE,
        "own_fen": 2_000, "quota_key": "", "quota_fen": -1, "quota_ratio_bp": None,
            "quota_windows": [], "family": ["W1", "W2"], "family_offered": [900, 300],
        "family_drawn": [900, 0], "refusal": "", "ratio_bp": 6_500, "policy_digest": b"\1" * 32, "kernel_version": 1,
        "message_digest": b"\2" * 32, "prev_hash": b"",
    }  # fmt: skip
    return Fact(**(values | changes))


def test_anyone_can_compute_the_hash_from_the_columns() -> None:
    """The canonical form is the JSON array of the columns in order: made here by the standard library alone."""
    row = fact()
    columns = []
    for value in msgspec.structs.astuple(row):
        if isinstance(value, bytes):
            columns.append(base64.b64encode(value).decode())
        elif isinstance(value, datetime):
            columns.append(value.isoformat().replace("+00:00", "Z"))
        else:
            columns.append(value.isoformat() if isinstance(value, date) else value)
    canonical = json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
    assert facts.fact_hash(row) == sm3(canonical)


@pytest.mark.parametrize("field", [f.name for f in msgspec.structs.fields(Fact)])
def test_every_field_is_covered_by_the_hash(field: str) -> None:
    row = fact()
    value = getattr(row, field)
    other: Any = {
        str: "other", int: 4711, bytes: b"other", list: ["other"], type(None): 4711,
        date: date(2000, 1, 1), datetime: datetime(2000, 1, 1, tzinfo=UTC),
    }[type(value)]  # fmt: skip
    assert facts.fact_hash(msgspec.structs.replace(row, **{field: other})) != facts.fact_hash(row)


def test_instants_are_kept_in_utc_and_naive_ones_refused() -> None:
    here = datetime(2024, 8, 15, 10, tzinfo=timezone(timedelta(hours=8)))
    assert facts.utc(here) == datetime(2024, 8, 15, 2, tzinfo=UTC)
    assert facts.utc(here).tzinfo is UTC
    with pytest.raises(ValueError, match="time zone"):
        facts.utc(datetime(2024, 8, 15, 10))  # noqa: DTZ001


def test_a_message_digest_binds_number_question_and_answer() -> None:
    whole = ("H1", "2207", "M1", b"question", b"answer")
    digest = facts.message_digest(*whole)
    for position in range(5):
        changed = list(whole)
        changed[position] = changed[position] + (b"x" if position > 2 else "x")  # type: ignore[operator]
        assert facts.message_digest(*changed) != digest  # type: ignore[arg-type]


def test_attributes_are_written_sorted_and_read_back() -> None:
    text = facts.attributes_text({"status": "active", "kind": "hospital"})
    assert text == "kind=hospital;status=active"
    assert facts.parse_attributes(text) == {"kind": "hospital", "status": "active"}
    assert facts.parse_attributes("") == {}


def test_a_fact_gives_back_the_visit_and_the_state_that_were_decided_on() -> None:
    row = fact(options=facts.OPTION_OWN)
    visit = visit_of(row)
    assert [(line.key, line.amount_fen, line.reason) for line in visit.lines] == [
        ("1", 10_000, None), ("2", 500, "OUT_OF_CATALOGUE"),
    ]  # fmt: skip
    assert (visit.own_allowed, visit.family_allowed, visit.allow_draft) == (True, False, False)
    assert facts.options_of(visit, state_of(row), claim=False) == facts.OPTION_OWN
    assert state_of(row).family == (("W1", 900), ("W2", 300))


def test_relatives_who_paid_nothing_are_no_draws() -> None:
    assert fact().draws == [("W1", 900)]
    assert restore(fact(), None).family_draws == (("W1", 900),)


def test_a_restored_outcome_of_an_unknown_law_has_amounts_but_no_cells() -> None:
    outcome = restore(fact(refusal="ARREARS"), None)
    assert set(outcome.row.cells) == {layout.UNSET}
    assert outcome.refusal is not None
    assert outcome.refusal.code == "ARREARS"


def test_the_row_that_is_sent_has_integer_arrays_as_text_and_ends_with_the_hash() -> None:
    row = fact()
    sent = dict(zip([*(f.name for f in msgspec.structs.fields(Fact)), "hash"], row.row(), strict=True))
    assert sent["lines"] == "{10000,-1,1,1,500,-1,0,1}"
    assert sent["line_texts"] == row.line_texts
    assert sent["hash"] == facts.fact_hash(row)
