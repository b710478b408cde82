"""Settings of the interface are read strictly: a typing mistake must not switch a protection off."""

import pytest

from gongji.gateway.settings import GatewaySettings, from_environment


def test_without_any_setting_signatures_are_checked() -> None:
    assert from_environment({}) == GatewaySettings(signature="api")


def test_every_setting_is_read() -> None:
    given = {
        "GONGJI_SIGNATURE": "OFF",
        "GONGJI_REQUIRE_SIGN_IN": "1",
        "GONGJI_READ_ONLY": "yes",
        "GONGJI_ADMDVS": "140800",
        "GONGJI_MAX_BODY": "1000",
        "GONGJI_DEMO": "是",
    }
    assert from_environment(given) == GatewaySettings("off", True, True, "140800", 1000, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GONGJI_SIGNATURE", "of"),
        ("GONGJI_ADMDVS", "14"),
        ("GONGJI_MAX_BODY", "8MB"),
        ("GONGJI_MAX_BODY", "-1"),
        ("GONGJI_READ_ONLY", "ture"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        from_environment({name: value})
