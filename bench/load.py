"""A load generator for the interface: many keep-alive connections, requests made beforehand, answers counted.

It costs about 30 µs a request, so that on two cores the server, not the generator, is what is measured. Latency is taken
from the write of a request to the last byte of its answer.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import uvloop


@dataclass
class Result:
    """Answers of one run: count, seconds, latencies in milliseconds, and what failed."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    failures: list[bytes] = field(default_factory=list)
    bodies: list[bytes] | None = None

    @property
    def per_second(self) -> float:
        """Answered requests a second."""
        return len(self.latencies_ms) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, share: float) -> float:
        """Latency below which ``share`` of the answers lie."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class _Connection(asyncio.Protocol):
    """One keep-alive connection; takes its next request as soon as an answer is whole."""

    def __init__(self, take: Callable[[], bytes | None], result: Result, done: Callable[[], None]) -> None:
        self.take, self.result, self.done = take, result, done
        self.buffer = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._next()

    def _next(self) -> None:
        request = self.take()
        if request is None:
            self.transport.close()
            self.done()
            return
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head_end = self.buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return
        head = self.buffer[:head_end].lower()
        at = head.index(b"content-length:") + 15
        length = int(head[at : head.find(b"\r\n", at) if head.find(b"\r\n", at) > 0 else None])
        if len(self.buffer) < head_end + 4 + length:
            return
        body = self.buffer[head_end + 4 : head_end + 4 + length]
        self.buffer = b""
        self.result.latencies_ms.append((time.perf_counter() - self.sent_at) * 1000)
        if b'"infcode":0' not in body and b'"infcode": 0' not in body:
            self.result.failures.append(body)
        if self.result.bodies is not None:
            self.result.bodies.append(body)
        self._next()


async def _drive(
    host: str, port: int, requests: Iterator[bytes], connections: int, keep_bodies: bool
) -> Result:
    result = Result(bodies=[] if keep_bodies else None)
    loop = asyncio.get_running_loop()
    waiting = connections
    finished = loop.create_future()

    def done() -> None:
        nonlocal waiting
        waiting -= 1
        if waiting == 0:
            finished.set_result(None)

    started = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(
            lambda: _Connection(lambda: next(requests, None), result, done), host, port
        )
    await finished
    result.seconds = time.perf_counter() - started
    return result


def drive(
    host: str, port: int, requests: list[bytes], connections: int, *, keep_bodies: bool = False
) -> Result:
    """Send ``requests`` over ``connections`` at once, each connection one after the other."""
    return uvloop.run(_drive(host, port, iter(requests), connections, keep_bodies))


async def _drive_at_rate(
    host: str, port: int, requests: list[bytes], connections: int, per_second: float
) -> Result:
    """Open-loop load: requests become due at a steady rate whether or not earlier ones are answered."""
    result = Result()
    started = time.perf_counter()
    lock = asyncio.Queue[tuple[float, bytes]]()

    async def feed() -> None:
        for number, request in enumerate(requests):
            due = started + number / per_second
            delay = due - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            lock.put_nowait((due, request))

    async def worker(count: list[int]) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        while count[0] > 0:
            count[0] -= 1
            due, request = await lock.get()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(
                next(
                    line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
                ).split(b":")[1]
            )
            body = await reader.readexactly(length)
            result.latencies_ms.append((time.perf_counter() - due) * 1000)
            if b'"infcode":0' not in body and b'"infcode": 0' not in body:
                result.failures.append(body)
        writer.close()

    left = [len(requests)]
    await asyncio.gather(feed(), *(worker(left) for _ in range(connections)))
    result.seconds = time.perf_counter() - started
    return result


def drive_at_rate(host: str, port: int, requests: list[bytes], connections: int, per_second: float) -> Result:
    """Latency under a steady arrival of ``per_second`` requests, counted from when each was due."""
    return uvloop.run(_drive_at_rate(host, port, requests, connections, per_second))
