"""The operational log: one JSON object a line, without personal data.

What is logged is chosen field by field (trade, result, reason code, institution, numbers of messages, durations). Texts of
errors are not: they may repeat what a client sent, and a database's error repeats keys. A bug is logged as the kind of the
exception and the places it passed.

Clauses: YC2024-16.s2.b.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from functools import cache
from typing import Any, BinaryIO

import msgspec
import structlog

STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"
"""Of every line, ours and the libraries': UTC to the microsecond, so that lines sort as they are read."""
_encode = msgspec.json.Encoder(enc_hook=str).encode


def _bytes(fields: Any, **_: Any) -> bytes:
    return _encode(fields)


def configure(stream: BinaryIO | None = None) -> None:
    """Make structlog write JSON lines to ``stream`` (standard output by default)."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt=STAMP, utc=True, key="at"),
            structlog.processors.JSONRenderer(serializer=_bytes),
        ],
        logger_factory=structlog.BytesLoggerFactory(file=stream or sys.stdout.buffer),
        cache_logger_on_first_use=False,
    )
    log.cache_clear()


@cache
def log() -> Any:
    """The logger; its calls take an event and named fields."""
    return structlog.get_logger().bind()


def anatomy(error: BaseException) -> dict[str, Any]:
    """What may be logged of a bug: kind, SQLSTATE where there is one, and the path through the code."""
    frames = traceback.extract_tb(error.__traceback__)
    path = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    cause = error.__cause__ or error.__context__
    return {
        "error": type(error).__qualname__,
        "sqlstate": getattr(error, "sqlstate", None),
        "cause": type(cause).__qualname__ if cause is not None else None,
        "path": path,
    }


ADDRESSED = ("django.request", "django.server")
"""Loggers whose messages are what happened and at which address."""


SERVER = ("uvicorn.error",)
"""Loggers that speak of the server alone: where it listens, which process began."""
REFUSING = "django.security."
"""Loggers named by the kind of a refusal; their texts are complete and repeat what was sent (a Host header, a field)."""


class JsonLines(logging.Formatter):
    """Messages of libraries as the same JSON lines; an exception is reduced to its anatomy."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "event": "library",
            "logger": record.name,
            "level": record.levelname.lower(),
            "at": f"{datetime.fromtimestamp(record.created, tz=UTC):{STAMP}}",
        }
        if record.exc_info and record.exc_info[1] is not None:
            fields |= {"text": _words(record), **anatomy(record.exc_info[1])}
        else:
            fields["text"] = record.getMessage()[:500] if record.name in SERVER else _words(record)
        return json.dumps(fields, ensure_ascii=False)


def _words(record: logging.LogRecord) -> str:
    """What a library says without what it says it about: an address may name a person. Of "what happened: where" the first."""
    if record.name.startswith(REFUSING):
        return record.name.removeprefix(REFUSING)
    what = record.args[0] if isinstance(record.args, tuple) and record.args else ""
    words = str(what) if record.name in ADDRESSED else str(record.msg)
    return words.split("\n", 1)[0][:200]


def _short(filename: str) -> str:
    """A file within its package: where this machine keeps programs is nobody's business."""
    return filename.rpartition("site-packages/")[2].rpartition("gongji/")[2]
