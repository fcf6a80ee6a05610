"""Where chat is posted to in tests: a real HTTP or HTTPS receiver on 127.0.0.1 that answers as told."""

import contextlib
import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """`status`, `answer`, `headers` as told; `silent` seconds before it answers; `posts` is what came."""

    status: int = 200
    answer: bytes = b"{}"
    headers: dict = field(default_factory=dict)
    silent: float = 0
    hang_up: bool = False
    trickle: bool = False
    posts: list = field(default_factory=list)
    port: int = 0

    @property
    def bodies(self) -> list[dict]:
        return [json.loads(body) for _path, _headers, body in self.posts]


def handler(receiver: Receiver, over: threading.Event):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_words):
            pass

        def do_POST(self):  # noqa: N802 - the standard library's name
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            receiver.posts.append((self.path, self.headers, body))
            if receiver.hang_up:
                self.close_connection = True
                return
            if receiver.silent:
                over.wait(receiver.silent)
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            if receiver.trickle:
                self.end_headers()
                while not over.is_set():
                    self.wfile.write(b".")
                    time.sleep(0.05)
                return
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(receiver.answer)

        do_GET = do_POST  # noqa: N815

    return Handler


@contextlib.contextmanager
def listening(tls: ssl.SSLContext | None = None, **told):
    """A receiver in a thread; gives the Receiver, to be changed while it runs."""
    receiver, over = Receiver(**told), threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(receiver, over))
    server.daemon_threads, server.block_on_close = True, False
    server.handle_error = lambda *_: None
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield receiver
    finally:
        over.set()
        server.shutdown()
        server.server_close()
