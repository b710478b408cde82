"""What can go wrong with the embedded database, in words for the person who runs it."""

from __future__ import annotations

__all__ = ["EmbeddedError", "StartError"]


class EmbeddedError(Exception):
    """The embedded database cannot do what was asked; the message is Chinese and says what to do."""


class StartError(EmbeddedError):
    """The server process ended before it was ready; the message carries the end of its log."""
