"""The wire between a browser and the server, where every request can be seen or cut."""

import http.client
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}
BLOCK_BYTES = 1 << 16


@dataclass(frozen=True)
class Request:
    """One request that reached the server, and what its answer weighed."""

    method: str
    path: str
    status: int
    header_bytes: int
    body_bytes: int
    kind: str  # of the answer

    @property
    def bytes(self):
        """Return the bytes of the whole answer, compressed as it was."""
        return self.header_bytes + self.body_bytes


class Wire:
    """Passes every request on to ``server`` and remembers it.

    ``is_cut`` refuses everything. ``before(method, path)`` is asked with half of a
    request's body sent, ``after(method, path)`` when the server has answered and the
    browser does not know yet; the connection breaks where one of them says False.
    """

    def __init__(self, server):
        self.server = server
        self.requests: list[Request] = []
        self.is_cut = False
        self.before: Callable[[str, str], bool] | None = None
        self.after: Callable[[str, str], bool] | None = None
        wire = self

        class Handler(_Handler):
            """Handles the requests of this wire."""

            def __init__(self, *arguments):
                self.wire = wire
                super().__init__(*arguments)

        self._listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._listener.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._listener.server_port}"
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()

    def close(self):
        """Stop listening."""
        self._listener.shutdown()
        self._listener.server_close()

    def made(self, method, beginning):
        """Return the requests so far of this method under this path."""
        return [
            request
            for request in self.requests
            if request.method == method and request.path.startswith(beginning)
        ]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wire: Wire

    def setup(self):
        super().setup()
        address = urlsplit(self.wire.server.url)
        self.upstream = http.client.HTTPConnection(address.hostname, address.port)

    def finish(self):
        self.upstream.close()
        super().finish()

    def log_message(self, *_arguments):
        """Stay quiet."""

    def pass_on(self):
        """Send the request on and its answer back, or break off in between."""
        try:
            if self.wire.is_cut or not self._ask():
                raise ConnectionAbortedError
            self._answer(self.upstream.getresponse())
        except (OSError, http.client.HTTPException):
            self.close_connection = True
            self.upstream.close()

    do_GET = do_HEAD = do_PUT = do_POST = pass_on  # noqa: N815 (the library's names)

    def _ask(self):
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        self.upstream.putrequest(
            self.command, self.path, skip_host=True, skip_accept_encoding=True
        )
        for name, value in self.headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.upstream.putheader(name, value)
        self.upstream.endheaders()
        half = size // 2
        self.upstream.send(body[:half])
        if self.wire.before and not self.wire.before(self.command, self.path):
            return False
        self.upstream.send(body[half:])
        return True

    def _answer(self, answer):
        body = answer.read()
        if self.wire.after and not self.wire.after(self.command, self.path):
            raise ConnectionAbortedError
        self.send_response_only(answer.status, answer.reason)
        kept = [
            (name, value)
            for name, value in answer.getheaders()
            if name.lower() not in HOP_BY_HOP | {"content-length"}
        ]
        if answer.status != 304:
            kept.append(
                ("Content-Length", answer.headers.get("Content-Length") or len(body))
            )
        for name, value in kept:
            self.send_header(name, str(value))
        header_bytes = sum(len(part) for part in self._headers_buffer)
        self.wire.requests.append(
            Request(
                self.command,
                self.path,
                answer.status,
                header_bytes,
                len(body),
                answer.headers.get_content_type(),
            )
        )
        self.end_headers()
        self.wfile.write(body)
