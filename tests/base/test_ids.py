"""Identifiers: unique and rising whatever the clock does."""

from collections.abc import Iterator

import pytest

from gongji.base.ids import EPOCH_MS, MAX_MS, WORKERS, IdSource, issued_at_ms

NOW_MS = EPOCH_MS + 123_456_789_012


def source_at(*instants_ms: int, worker: int = 7) -> IdSource:
    """A source whose clock shows the instants in turn and then stays at the last."""

    def clock() -> Iterator[int]:
        yield from instants_ms
        while True:
            yield instants_ms[-1]

    return IdSource(worker, clock().__next__)


def test_a_burst_within_one_millisecond_has_no_duplicates_and_rises() -> None:
    source = source_at(NOW_MS)
    burst = [source.next() for _ in range(20_000)]
    assert burst == sorted(set(burst))


def test_identifiers_rise_when_the_clock_goes_backwards() -> None:
    source = source_at(NOW_MS, NOW_MS - 5_000, NOW_MS - 60_000, NOW_MS + 1)
    issued = [source.next() for _ in range(5)]
    assert issued == sorted(set(issued))


def test_a_source_returns_to_the_clock_after_a_burst() -> None:
    source = source_at(*[NOW_MS] * 10_000, NOW_MS + 1_000)
    for _ in range(10_000):
        source.next()
    assert issued_at_ms(source.next()) == NOW_MS + 1_000


def test_workers_at_the_same_instant_never_meet() -> None:
    issued = []
    for worker in (0, 1, WORKERS - 1):
        source = source_at(NOW_MS, worker=worker)
        issued += [source.next() for _ in range(5_000)]
    assert len(set(issued)) == 15_000


def test_an_identifier_tells_when_it_was_issued() -> None:
    assert issued_at_ms(source_at(NOW_MS).next()) == NOW_MS


def test_an_identifier_of_the_last_instant_fits_63_bits() -> None:
    assert 0 < source_at(EPOCH_MS + MAX_MS, worker=WORKERS - 1).next() < 2**63


def test_the_first_identifier_of_all_is_positive() -> None:
    assert source_at(EPOCH_MS, worker=0).next() > 0


@pytest.mark.parametrize("worker", [-1, WORKERS])
def test_a_worker_outside_its_bits_is_refused(worker: int) -> None:
    with pytest.raises(ValueError, match="worker"):
        source_at(NOW_MS, worker=worker)


@pytest.mark.parametrize("now_ms", [EPOCH_MS - 1, EPOCH_MS + MAX_MS + 1])
def test_a_clock_outside_the_layout_is_an_error_not_a_wrapped_number(now_ms: int) -> None:
    with pytest.raises(OverflowError):
        source_at(now_ms).next()
