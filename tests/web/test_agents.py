"""Devices in words, so that somebody recognises the own ones."""

import pytest

from gongji.web.agents import agent_text

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "text"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Edg/120.0", "Windows 电脑，Edge 浏览器"),
        (f"Mozilla/5.0 (Linux; Android 14; ALN-AL00) {WEBKIT}", "安卓手机或平板，Chrome 浏览器"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0", "苹果手机，微信"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0", "Linux 电脑，Firefox 浏览器"),
        ("curl/8.0", "没有说明的设备"),
        ("", "没有说明的设备"),
    ],
)
def test_a_device_has_the_name_that_its_owner_gives_it(agent: str, text: str) -> None:
    assert agent_text(agent) == text
