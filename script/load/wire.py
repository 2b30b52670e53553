"""The phones' end of the wire, spoken over plain sockets to cost little."""

import socket
from hashlib import sha256
from typing import Any
from uuid import UUID

from load.world import World, as_json

JPEG = "image/jpeg"


class BrokenWireError(Exception):
    """Nobody answered, or not to the end; what became of the request is unknown."""


class Connection:
    """One kept-alive connection; opened when needed."""

    def __init__(self, port: int, token: str, patience: float = 30) -> None:
        self._port = port
        self._patience = patience
        self._fixed = f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        self._socket: socket.socket | None = None

    def send(
        self, method: str, path: str, body: tuple[bytes, ...] = (), kind: str = JPEG
    ) -> tuple[int, bytes]:
        """Send one request; return status and body of the answer."""
        length = sum(map(len, body))
        head = (
            f"{method} /api/v1{path} HTTP/1.1\r\n{self._fixed}"
            f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        )
        try:
            if self._socket is None:
                self._socket = socket.create_connection(
                    ("127.0.0.1", self._port), self._patience
                )
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if length < 65536:  # noqa: PLR2004 (one packet less)
                self._socket.sendall(b"".join((head.encode(), *body)))
            else:
                self._socket.sendall(head.encode())
                for part in body:
                    self._socket.sendall(part)
            return self._answer(self._socket, has_body=method != "HEAD")
        except OSError as error:
            self.close()
            raise BrokenWireError from error

    def close(self) -> None:
        """Forget the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _answer(self, wire: socket.socket, *, has_body: bool) -> tuple[int, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive(wire)
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next(
            (int(x.split(":")[1]) for x in lines if x.startswith("content-length:")), 0
        )
        while has_body and len(body) < length:
            body += self._receive(wire)
        if "connection: close" in lines:
            self.close()
        return int(lines[0].split()[1]), body

    def _receive(self, wire: socket.socket) -> bytes:
        data = wire.recv(65536)
        if not data:
            self.close()
            raise BrokenWireError
        return data


class Audit:
    """One audit to be sent: its document and photos, each photo new to the world."""

    def __init__(
        self,
        world: World,
        visit: UUID,
        photos: list[tuple[bytes, bytes]],
        start: Any,  # noqa: ANN401
    ) -> None:
        self.photos = []
        for parts in photos:
            known = start.copy()  # the hash of what all photos begin with
            known.update(parts[1])
            self.photos.append((known.hexdigest(), parts))
        manifest = [(name, len(a) + len(b)) for name, (a, b) in self.photos]
        self.document = world.document(visit, manifest)
        self.body = as_json(self.document)

    @property
    def id(self) -> str:
        """Return the name of the audit."""
        return str(self.document["id"])

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the document's bytes."""
        return sha256(self.body).hexdigest()
