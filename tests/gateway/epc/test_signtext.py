"""The text under a signature, written out."""

from __future__ import annotations

import msgspec
import pytest

from gongji.gateway.epc.signtext import Order, sign_text

FIELDS = {
    "appId": "APP",
    "encData": "AB",
    "signData": "x",
    "extra": "y",
    "version": "1.0.0",
    "timestamp": 1732228800123,
    "encType": "SM4",
    "signType": "SM2",
    "transType": "",
}


def test_pairs_are_sorted_without_case_and_end_with_the_secret() -> None:
    data = {"hiRxno": "1", "fixmedinsCode": "H1"}
    assert sign_text(FIELDS, data, "SECRET") == (
        b'appId=APP&data={"fixmedinsCode":"H1","hiRxno":"1"}&encType=SM4&signType=SM2&timestamp=1732228800123&version=1.0.0&'
        b"key=SECRET"
    )


def test_scalars_inside_become_texts_as_they_were_written() -> None:
    data = msgspec.json.Decoder(float_hook=str).decode(b'{"a":2,"b":1.50,"c":true,"d":[1,{"e":2.0}],"f":"x"}')
    assert b'data={"a":"2","b":"1.50","c":"true","d":["1",{"e":"2.0"}],"f":"x"}&' in sign_text({}, data, "K")


def test_what_is_empty_is_dropped_at_every_depth() -> None:
    data = {"a": "", "b": None, "c": [], "d": {"e": "", "f": [{"g": None, "h": "1"}, "", None]}, "i": {}}
    assert sign_text({"x": None, "y": "", "z": []}, data, "K") == b'data={"d":{"f":[{"h":"1"}]},"i":{}}&key=K'


def test_zero_and_false_are_not_empty() -> None:
    assert sign_text({"n": 0}, {"a": 0, "b": False}, "K") == b'data={"a":"0","b":"false"}&n=0&key=K'


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (Order.CODE, b'data={"mdtrtCertNo":"1","mdtrtarea":"2"}&key=K'),
        (Order.LETTER, b'data={"mdtrtarea":"2","mdtrtCertNo":"1"}&key=K'),
        (Order.CIPHER, b"data=AB&key=K"),
    ],
)
def test_clients_write_the_data_in_three_ways(order: Order, text: bytes) -> None:
    assert sign_text({"encData": "AB"}, {"mdtrtarea": "2", "mdtrtCertNo": "1"}, "K", order) == text


def test_a_plain_data_field_of_the_envelope_is_not_what_is_signed() -> None:
    assert sign_text({"data": "forged"}, {"a": "1"}, "K") == b'data={"a":"1"}&key=K'


def test_chinese_and_quotes_are_written_as_json_writes_them() -> None:
    assert sign_text({}, {"a": '“甲”"/\n'}, "K") == 'data={"a":"“甲”\\"/\\n"}&key=K'.encode()
