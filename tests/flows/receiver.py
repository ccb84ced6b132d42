"""A receiver of webhooks on loopback that keeps what it is sent and answers as it is told."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, Mapping[str, str], bytes]
TAKEN: Answer = (204, {}, b"")


@dataclass
class Receiver:
    """``answers`` are given one after the other, the last one for good; without any it takes all."""

    port: int = 0
    got: list[tuple[Mapping[str, str], str]] = field(default_factory=list)
    """Headers (by names in lower case) and body of each message."""
    answers: list[Answer] = field(default_factory=list)
    holds: threading.Event | None = None
    """Where set: an answer waits for it."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/nhan"

    def answer(self) -> Answer:
        if not self.answers:
            return TAKEN
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving(receiver: Receiver | None = None, *, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Serve a receiver on a free port until the end of the block."""
    it = receiver or Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            it.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if it.holds is not None:
                it.holds.wait(20)
            status, headers, words = it.answer()
            try:
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(words)))
                self.end_headers()
                self.wfile.write(words)
            except OSError:  # the caller no longer listens
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    it.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield it
    finally:
        if it.holds is not None:
            it.holds.set()
        server.shutdown()
        server.server_close()
        thread.join()
