"""Who stands behind an access token, remembered for a few seconds."""

import time
from collections.abc import Callable
from hashlib import sha256

from auditapp.domain.actor import Actor

REMEMBERED_SECONDS = 5  # so long at most does a revoked token still open the door
MOST_TOKENS = 2_000


class TokenMemory:
    """Spares a program that sends a thousand requests a thousand look-ups.

    Unknown tokens are not remembered: nobody fills the memory by guessing.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[float, Actor]] = {}

    def find(self, token: str, look_up: Callable[[str], Actor | None]) -> Actor | None:
        """Return the person behind a token, from memory or by asking."""
        key = sha256(token.encode()).digest()
        until, actor = self._known.get(key, (0.0, None))
        if actor is not None and time.monotonic() < until:
            return actor
        found = look_up(token)
        if found is None:
            self._known.pop(key, None)
            return None
        if len(self._known) >= MOST_TOKENS:
            self._known.clear()
        self._known[key] = (time.monotonic() + REMEMBERED_SECONDS, found)
        return found
