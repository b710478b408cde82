"""Identifiers that need no agreement: 63 bits of time, worker and sequence, each larger than the one before.

Layout from the top: 41 bits of milliseconds since 2020-01-01 UTC (until the year 2089), 10 bits of worker, 12 bits of
sequence. Time comes from an argument; nothing here awaits, so no other task can slip between reading and stepping.
"""

from collections.abc import Callable

EPOCH_MS = 1_577_836_800_000
"""2020-01-01T00:00:00Z in Unix milliseconds."""
WORKER_BITS = 10
SEQUENCE_BITS = 12
WORKERS = 1 << WORKER_BITS
MAX_MS = (1 << (63 - WORKER_BITS - SEQUENCE_BITS)) - 1


class IdSource:
    """Identifiers of one worker; two live sources must not share a worker number.

    When the clock goes backwards or a millisecond's 4,096 numbers are used up, the source runs ahead of the clock
    instead of waiting or repeating. A process that restarts within that lead must use another worker number.
    Raises ValueError for a worker outside 0-1023 and OverflowError for a clock outside 2020-2089.
    """

    __slots__ = ("_last", "_now_ms", "_worker")

    def __init__(self, worker: int, now_ms: Callable[[], int]) -> None:
        if not 0 <= worker < WORKERS:
            raise ValueError(f"worker must be between 0 and {WORKERS - 1}, not {worker}")
        self._worker = worker << SEQUENCE_BITS
        self._now_ms = now_ms
        self._last = 0
        """Last tick: milliseconds since the epoch and sequence, without the worker."""

    def next(self) -> int:
        """The next identifier: positive, below 2⁶³, above every earlier one of this source."""
        elapsed_ms = self._now_ms() - EPOCH_MS
        if not 0 <= elapsed_ms <= MAX_MS:
            raise OverflowError(f"clock is outside the years 2020-2089: {elapsed_ms + EPOCH_MS} ms")
        tick = max(elapsed_ms << SEQUENCE_BITS, self._last + 1)
        self._last = tick
        time_part, sequence = tick >> SEQUENCE_BITS, tick & ((1 << SEQUENCE_BITS) - 1)
        return time_part << (WORKER_BITS + SEQUENCE_BITS) | self._worker | sequence


def issued_at_ms(identifier: int) -> int:
    """Unix milliseconds at which an identifier was issued (ahead of the clock only in a burst)."""
    return (identifier >> (WORKER_BITS + SEQUENCE_BITS)) + EPOCH_MS


def least_id(ms: int) -> int:
    """The smallest identifier that can be issued at or after a Unix millisecond: what is younger is larger."""
    return max(ms - EPOCH_MS, 0) << (WORKER_BITS + SEQUENCE_BITS)
