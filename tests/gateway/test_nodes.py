"""Nodes are found and read as real clients send them."""

from typing import Any

import pytest

from gongji.base.reasons import Refusal
from gongji.gateway.messages import t11, t21, t22
from gongji.gateway.nodes import MAX_LINES, many, one, read, read_one
from tests.gateway import messages, world


@pytest.mark.parametrize("name", ["signIn", "signin", "SIGNIN", "SignIn"])
def test_node_names_are_matched_without_case(name: str) -> None:
    assert one({name: {"a": 1}}, "signIn") == {"a": 1}


def test_one_object_stands_for_one_row() -> None:
    assert many({"feedetail": {"a": 1}}, "feedetail") == [{"a": 1}]
    assert many({"feedetail": [{"a": 1}, {"a": 2}]}, "feedetail") == [{"a": 1}, {"a": 2}]


def test_an_array_of_one_stands_for_the_row() -> None:
    assert one({"data": [{"a": 1}]}, "data") == {"a": 1}


def test_a_missing_node_is_named() -> None:
    refusal = one({}, "data")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "MISSING_NODE"
    assert "input.data" in refusal.text


def test_more_rows_than_allowed_are_refused() -> None:
    refusal = many({"feedetail": [{}] * (MAX_LINES + 1)}, "feedetail")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "TOO_MANY_LINES"


@pytest.mark.parametrize("rows", ["x", 5, [1], [[]], [None]])
def test_rows_that_are_no_objects_are_refused(rows: Any) -> None:
    assert isinstance(many({"feedetail": rows}, "feedetail"), Refusal)


def test_fields_that_national_clients_never_send_are_optional() -> None:
    sent = messages.settlement(world.ACTIVE, "1", "B", "100")["data"]
    for name in ("card_sn", "psn_cert_type", "certno", "psn_type", "psn_name", "exp_content"):
        assert name not in sent
    assert isinstance(read(t22.Settlement, sent, "data"), t22.Settlement)


@pytest.mark.parametrize("empty", [None, "", "null", "NULL"])
def test_empty_optional_fields_count_as_not_given(empty: Any) -> None:
    sent = {
        **messages.settlement(world.ACTIVE, "1", "B", "100")["data"],
        "fulamt_ownpay_amt": empty,
        "exp_content": empty,
    }
    read_back = read(t22.Settlement, sent, "data")
    assert isinstance(read_back, t22.Settlement)
    assert read_back.fulamt_ownpay_amt is None
    assert read_back.exp_content == {}


@pytest.mark.parametrize("empty", [None, "", "null", "NULL", "  "])
def test_empty_required_fields_are_named(empty: Any) -> None:
    sent = {**messages.settlement(world.ACTIVE, "1", "B", "100")["data"], "mdtrt_id": empty}
    refusal = read(t22.Settlement, sent, "data")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "MISSING_FIELD"
    assert "data.mdtrt_id" in refusal.text


def test_a_bad_field_is_named_with_rule_and_what_came() -> None:
    sent = {**messages.settlement(world.ACTIVE, "1", "B", "１００元")["data"]}
    refusal = read(t22.Settlement, sent, "data")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "BAD_FIELD"
    assert "data.medfee_sumamt" in refusal.text
    assert "１００元" in refusal.text


def test_what_came_in_a_personal_field_is_never_repeated() -> None:
    query = {"mdtrt_cert_type": "02", "mdtrt_cert_no": "9" * 60}
    refusal = read(t11.PersonQuery, query, "data")
    assert isinstance(refusal, Refusal)
    assert "mdtrt_cert_no" in refusal.text
    assert "999" not in refusal.text


def test_a_long_wrong_value_is_shortened() -> None:
    sent = {**messages.settlement(world.ACTIVE, "1", "B", "x" * 500)["data"]}
    refusal = read(t22.Settlement, sent, "data")
    assert isinstance(refusal, Refusal)
    assert len(refusal.text) < 200


@pytest.mark.parametrize("name", ["parent_value", "parentValue"])
@pytest.mark.parametrize("flag", ["Vali_Flag", "valiFlag", "vali_Flag", "vali_flag"])
def test_both_spellings_of_the_dictionary_query_are_read(name: str, flag: str) -> None:
    query = read(t11.DictionaryQuery, {"type": "gend", name: "5", flag: "1"}, "data")
    assert isinstance(query, t11.DictionaryQuery)
    assert (query.parent_value, query.vali_flag) == ("5", "1")


@pytest.mark.parametrize("name", ["durg_trac_info", "drug_trac_info", "drugtracinfo"])
def test_the_trace_node_in_a_line_is_read_in_every_spelling(name: str) -> None:
    codes = [{"drug_trac_codg": "81234567890123456789", "trdn_flag": "0"}]
    row = read(t21.DrugRow, messages.drug(**{name: codes}), "drugdetail")
    assert isinstance(row, t21.DrugRow)
    assert row.drug_trac_info == codes


def test_line_numbers_may_be_texts_of_thirty_characters_or_numbers() -> None:
    for key, read_as in (
        ("yp570", "yp570"),
        ("A" * 30, "A" * 30),
        (5447029818475557845, "5447029818475557845"),
    ):
        row = read(t22.FeeRow, messages.line(world.ACTIVE, "1", "B", feedetl_sn=key), "feedetail")
        assert isinstance(row, t22.FeeRow)
        assert row.feedetl_sn == read_as
    assert isinstance(
        read(t22.FeeRow, messages.line(world.ACTIVE, "1", "B", feedetl_sn="A" * 31), "x"), Refusal
    )


def test_the_row_number_of_a_bad_line_is_told() -> None:
    from gongji.gateway.nodes import read_rows

    rows = [messages.line(world.ACTIVE, "1", "B"), messages.line(world.ACTIVE, "1", "B", cnt="两盒")]
    refusal = read_rows(t22.FeeRow, rows, "feedetail")
    assert isinstance(refusal, Refusal)
    assert "feedetail[2].cnt" in refusal.text


def test_every_message_struct_has_a_reading_plan() -> None:
    from gongji.gateway.messages import t26, t52, t90
    from gongji.gateway.nodes import plans

    for kind in (
        t90.SignIn, t90.SignOut, t11.PersonQuery, t11.InstitutionQuery, t11.DictionaryQuery, t11.BenefitQuery, t21.DrugInfo,
        t21.DrugRow, t21.TraceRow, t22.Registration, t22.Cancellation, t22.VisitInfo, t22.DiagnosisRow, t22.FeeRow,
        t22.FeeCancellation, t22.Settlement, t22.Reversal, t26.Undo, t52.VisitsQuery, t52.DiagnosesQuery, t52.SettlementQuery,
        t52.MedicationQuery, t52.SumsQuery,
    ):  # fmt: skip
        assert plans(kind)


def test_a_field_in_another_letter_case_is_found() -> None:
    query = read_one(t11.PersonQuery, {"DATA": {"MDTRT_CERT_TYPE": "02", "Mdtrt_Cert_No": "1"}}, "data")
    assert isinstance(query, t11.PersonQuery)
