"""A hospital's callback server on this machine: keeps what it gets, answers as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hospital:
    """``answer`` and ``status`` are what it says; ``got`` is path and body of every request."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.answer = b'{"success":true}'
        self.status = 200
        self.headers: dict[str, str] = {}
        self.url = ""


@contextmanager
def hospital() -> Iterator[Hospital]:
    """A hospital that is open while the test lasts."""
    here = Hospital()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            here.got.append((self.path, body))
            self.send_response(here.status)
            for name, value in here.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(here.answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_address[1]}/his/back/"
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
