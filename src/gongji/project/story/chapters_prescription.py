"""The chapters of the prescription story, in their order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from gongji.project.story.chapters_rx import fill, give_back, issue
from gongji.project.story.chapters_rx_more import by_proxy, expire, forge, in_parts, withdraw
from gongji.project.story.dispensary import Dispensary

__all__ = ["CHAPTERS"]

Chapter = tuple[str, Callable[[Dispensary], Awaitable[None]]]

CHAPTERS: Final[tuple[Chapter, ...]] = (
    ("开方和流转", issue),
    ("分在两家药店取药", fill),
    ("退药退费", give_back),
    ("代购", by_proxy),
    ("过期", expire),
    ("长期处方分次取药", in_parts),
    ("医师撤销", withdraw),
    ("伪造的报文", forge),
)
"""Title and telling of every chapter."""
