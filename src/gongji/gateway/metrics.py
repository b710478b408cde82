"""Figures for Prometheus: trades by number and result, how long they took, how the engine's queue stands.

Several worker processes share them through files (``PROMETHEUS_MULTIPROC_DIR``, set by ``gongji serve`` before any of this
is imported); a scrape of any worker answers for all.
"""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from gongji.settlement.slot import MAX_BATCH

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

TRADES = Counter("gongji_trades_total", "Messages answered, by trade and infcode.", ("infno", "infcode"))
REFUSALS = Counter(
    "gongji_refusals_total", "Messages refused, by trade and reason code.", ("infno", "reason")
)
SECONDS = Histogram(
    "gongji_trade_seconds", "Time from a message's last byte to its answer.", ("infno",), buckets=BUCKETS_S
)
OPEN = Gauge("gongji_trades_open", "Messages accepted and not yet answered.", multiprocess_mode="livesum")
BATCH_COMMANDS = Histogram(
    "gongji_batch_commands",
    "Settlements and reversals that the engine took into one batch.",
    buckets=(1, 2, 4, 8, 16, 32, 64, MAX_BATCH),
)
QUEUE = Gauge("gongji_queue_commands", "Commands waiting for the engine.", multiprocess_mode="livesum")

NOTICES = Counter(
    "gongji_notices_total",
    "Notices of the prescription centre that were tried, by trade and result.",
    ("infno", "result"),
)

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition() -> bytes:
    """The text that Prometheus scrapes."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY)
