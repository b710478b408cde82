"""What a browser says of itself, in words that its owner recognises. Nothing is decided by it: anybody can say anything."""

from typing import Final

__all__ = ["agent_text"]

BROWSERS: Final = (
    ("MicroMessenger/", "微信"),
    ("AlipayClient/", "支付宝"),
    ("Edg/", "Edge 浏览器"),
    ("HuaweiBrowser/", "华为浏览器"),
    ("MiuiBrowser/", "小米浏览器"),
    ("Firefox/", "Firefox 浏览器"),
    ("Chrome/", "Chrome 浏览器"),
    ("Safari/", "Safari 浏览器"),
)
"""Sign and name, the special ones before those that they also claim to be."""
SYSTEMS: Final = (
    ("OpenHarmony", "鸿蒙"),
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓手机或平板"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"),
    ("Mac OS X", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


def agent_text(agent: str) -> str:
    """``Mozilla/5.0 (Windows NT 10.0) … Edg/120`` → ``Windows 电脑，Edge 浏览器``."""
    found = [next((name for sign, name in known if sign in agent), "") for known in (SYSTEMS, BROWSERS)]
    return "，".join(part for part in found if part) or "没有说明的设备"
