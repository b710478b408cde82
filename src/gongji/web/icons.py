"""Drawn marks: one path each on a grid of 24, in the colour of the text around them."""

from typing import Final

__all__ = ["ICONS", "STATE_ICONS"]

ICONS: Final = {
    "brand": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5v9M7.5 12h9",
    "home": "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
    "bill": "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
    "wallet": "M4 7h15a1 1 0 0 1 1 1v11H5a1 1 0 0 1-1-1zM4 7l11-4v4M16 13.5h.5",
    "pill": "M9.5 20.5a5 5 0 0 1-7-7l7-7a5 5 0 0 1 7 7zM6 10l7 7",
    "family": "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM17 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM2 19a6 6 0 0 1 12 0M15 15a5 5 0 0 1 7 4",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
    "law": "M12 4v16M7 20h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z",
    "plane": "M3 13l18-9-6 17-3-7z",
    "upload": "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
    "camera": "M4 8h4l2-3h4l2 3h4v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
    "chart": "M4 20V4M4 20h16M8 16v-5M12 16V8M16 16v-8",
    "calculator": "M6 3h12v18H6zM9 7h6M9 12h.01M12 12h.01M15 12h.01M9 16h.01M12 16h.01M15 16h.01",
    "speak": "M4 5h16v11H10l-5 4v-4H4z",
    "user": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
    "users": "M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21a7 7 0 0 1 14 0M16 4.5a4 4 0 0 1 0 7M18 14.5a7 7 0 0 1 4 6.5",
    "doctor": "M6 3v6a4 4 0 0 0 8 0V3M10 13v3a5 5 0 0 0 10 0v-2M20 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
    "cash": "M3 6h18v12H3zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM6 9v.01M18 15v.01",
    "scan": "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
    "box": "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
    "list": "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
    "check": "M4 12.5l5 5L20 6.5",
    "cross": "M6 6l12 12M18 6L6 18",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.01",
    "warn": "M12 4l9 16H3zM12 10v4M12 17h.01",
    "back": "M15 5l-7 7 7 7",
    "next": "M9 5l7 7-7 7",
    "print": "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
    "undo": "M4 10h10a5 5 0 0 1 0 10h-3M8 6l-4 4 4 4",
    "key": "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h9v4M17 12v3",
    "lock": "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
    "eye": "M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
    "building": "M5 21V4h14v17M3 21h18M9 8h2M13 8h2M9 12h2M13 12h2M10 21v-4h4v4",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    "pin": "M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
    "phone": "M7 2h10v20H7zM11 18h2",
    "out": "M14 4h6v16h-6M4 12h11M11 8l4 4-4 4",
    "plus": "M12 5v14M5 12h14",
    "shield": "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z",
    "qr": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 14v2M14 20h2M18 18h2v2",
}
"""Name → path."""

STATE_ICONS: Final = {"wait": "clock", "ok": "check", "bad": "cross", "info": "info"}
"""The shape that goes with the colour of a state."""
