"""Messages of the prescription centre in any spelling."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from gongji.base.reasons import Refusal
from gongji.gateway.calls import Call
from gongji.gateway.envelope import Envelope, Head
from gongji.gateway.epc.shape import shaped
from gongji.gateway.folding import as_sent, as_text, data_of, decoded, extended, listed, rows_of
from gongji.gateway.messages import t71, t72
from gongji.gateway.messages.rx import SheetWords
from gongji.gateway.platform import Platform
from gongji.providers.values import Provider
from tests.gateway import rx, world

AT = datetime(2024, 8, 15, 2, tzinfo=UTC)
RELEASE = {"hiRxno": "1", "fixmedinsCode": world.PHARMACY, "releaFlag": "1", "splitRea": "缺货"}


def call(nodes: dict[str, Any]) -> Call:
    head = Head(infno="7101", msgid="1", fixmedins_code=world.HOSPITAL)
    message = Envelope(head, shaped(nodes), b"")
    return Call(cast(Platform, None), cast(Provider, None), message, AT)


@pytest.mark.parametrize(
    "nodes",
    [
        {"data": RELEASE},
        {"data": [RELEASE]},
        {"Data": RELEASE},
        RELEASE,
        {"anything_of_theirs": RELEASE},
        {"data": {"hi_rxno": "1", "fixmedins_code": world.PHARMACY, "relea_flag": "1", "split_rea": "缺货"}},
        {"data": {"HIRXNO": "1", "FIXMEDINSCODE": world.PHARMACY, "RELEAFLAG": 1, "SPLITREA": "缺货"}},
        {"data": {"hiRxno": "", "hi_rxno": "1", **{k: v for k, v in RELEASE.items() if k != "hiRxno"}}},
    ],
)
def test_one_message_is_read_alike_in_every_spelling(nodes: dict[str, Any]) -> None:
    read = data_of(t72.Release, call(nodes))
    assert read == t72.Release(hiRxno="1", fixmedinsCode=world.PHARMACY, releaFlag="1", splitRea="缺货")


def test_a_node_is_found_with_underscores_too() -> None:
    row = rx.sold(AT)
    read = rows_of(t72.SaleRow, call({"data": {"x": 1}, "rx_sale_drug_detl": row}), "rxSaleDrugDetl")
    assert isinstance(read, list)
    assert read[0].drugTotlcnt == 10_000


@pytest.mark.parametrize(
    "nodes", [{}, {"data": {}}, {"data": []}, {"data": None}, {"data": "x"}, {"data": [[]]}]
)
def test_without_a_row_the_node_or_a_field_is_missing(nodes: dict[str, Any]) -> None:
    read = data_of(t72.Release, call(nodes))
    assert isinstance(read, Refusal)
    assert read.code in ("MISSING_NODE", "MISSING_FIELD", "BAD_FIELD")


def test_an_error_names_the_field_as_the_table_does() -> None:
    read = data_of(t72.Release, call({"data": {**RELEASE, "hi_rxno": "", "hiRxno": None}}))
    assert isinstance(read, Refusal)
    assert read.detail == "data.hiRxno"


@pytest.mark.parametrize(
    "extras",
    [
        {"longRxRea": "慢病"},
        {"long_rx_rea": "慢病"},
        '{"longRxRea": "慢病"}',
        {"longRxRea": "慢病", "other": [1]},
    ],
)
def test_extension_fields_come_as_an_object_or_as_json(extras: object) -> None:
    assert extended(SheetWords, SheetWords(), extras, "data") == SheetWords(longRxRea="慢病")


def test_what_stands_in_the_row_is_not_overwritten_by_extras() -> None:
    given = SheetWords(longRxRea="在行内")
    assert extended(SheetWords, given, {"longRxRea": "别的"}, "data") == given


@pytest.mark.parametrize(
    "extras", ["[1]", "{", [1], 5, {"longRxRea": ["x"]}, {"longRxAsesFlag": "7"}, "x" * 5_000]
)
def test_extras_that_cannot_be_read_are_refused(extras: object) -> None:
    refused = extended(SheetWords, SheetWords(), extras, "data")
    assert isinstance(refused, Refusal)
    assert refused.code == "BAD_FIELD"


def test_a_list_is_an_array_or_words_with_commas() -> None:
    assert listed(["A", "", None, "B", "A"], "x") == ("A", "B")
    assert listed("A,B", "x") == ("A", "B")
    assert listed(None, "x") == ()
    for wrong in ([1], ["x" * 51], ["a\nb"], [str(n) for n in range(101)]):
        assert isinstance(listed(wrong, "x"), Refusal)


def test_base64_is_decoded_and_anything_else_refused() -> None:
    assert decoded("JVBE\nRg==", "x") == b"%PDF"
    for wrong in ("!", "JVBER", "中"):
        assert isinstance(decoded(wrong, "x"), Refusal)
    assert as_text("张三") == "张三".encode()
    assert as_text("JVBERg==") == b"%PDF"
    assert as_text("") == b""


def test_what_is_signed_is_kept_as_sent() -> None:
    sent = {"pharChkTime": "20240815100000", "psn_cert_type": "01", "strange": 1}
    assert as_sent(t71.RxUpload, call({"data": sent})) == {
        "pharChkTime": "20240815100000",
        "psnCertType": "01",
    }
