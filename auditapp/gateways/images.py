"""Pictures, opened by children only: a pool of them, each replaced when it fails."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import LifoQueue
from threading import Timer
from typing import IO, Any, cast

LARGEST_PICTURE_BYTES = 12 * 1024 * 1024
# by the clock on the wall; the child itself may use ten seconds of a processor, which
# a low-priority worker on a busy machine gets late
PATIENCE_SECONDS = 30.0
CHILDREN = 2
THUMB_SIDES = (320, 1280)  # pixels of the long side

TOO_SLOW, FATAL = "too-slow", "fatal"
_PROGRAM = Path(__file__).with_name("picture_worker.py")


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture is, upright; ``dhash`` has 64 bits and is None without structure.

    ``thumbs`` are JPEGs in the order of the sides asked for.
    """

    width: int
    height: int
    dhash: int | None
    thumbs: tuple[bytes, ...]


class UnreadableError(Exception):
    """Nothing can be shown of these bytes.

    ``fault`` is ``not-a-picture``, ``no-heic-decoder``, ``broken``, ``too-many-bytes``,
    ``too-many-pixels``, ``too-much-memory``, ``too-slow`` or ``fatal``.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class PicturePool:
    """Opens pictures in child processes that live on from one picture to the next.

    A child that dies or dawdles takes nothing with it: its picture is unreadable and
    the next one gets a new child.
    """

    def __init__(
        self, children: int = CHILDREN, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._patience = patience_seconds
        self._seats: LifoQueue[_Child | None] = LifoQueue()
        for _ in range(children):
            self._seats.put(None)

    def open(
        self,
        picture: bytes,
        sides: Sequence[int] = (),
        covers: Sequence[Sequence[int]] = (),
    ) -> Picture:
        """Decode one picture and make its thumbnails.

        ``covers`` are filled beforehand: left, top, width and height in per mille.

        Raises:
            UnreadableError: It is no picture, or too much of one.
        """
        if len(picture) > LARGEST_PICTURE_BYTES:
            raise UnreadableError("too-many-bytes")  # noqa: EM101
        request = {"bytes": len(picture), "sides": list(sides), "covers": list(covers)}
        facts, thumbs = self._ask(picture, request)
        if facts.get("fault") == FATAL:  # or it was the machine that ended the child
            facts, thumbs = self._ask(picture, request)
        if "fault" in facts:
            raise UnreadableError(facts["fault"])
        return Picture(facts["width"], facts["height"], facts["dhash"], tuple(thumbs))

    def pids(self) -> list[int]:
        """Return the process ids of the children that wait for work."""
        return [child.pid for child in self._seats.queue if child]

    def close(self) -> None:
        """End the children that are not at work."""
        # all are taken first: a seat put back is the next one the stack hands out
        for child in [self._seats.get() for _ in range(self._seats.qsize())]:
            if child is not None:
                child.end()
            self._seats.put(None)

    def _ask(
        self, picture: bytes, request: dict[str, Any]
    ) -> tuple[dict[str, Any], list[bytes]]:
        with self._child() as child:
            return child.ask(picture, request, self._patience)

    @contextmanager
    def _child(self) -> Iterator["_Child"]:
        child = self._seats.get()
        try:
            if child is None or not child.is_alive():
                child = _Child()
            yield child
        finally:
            self._seats.put(child)


class _Child:
    """One picture opener and the pipes to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 (our own program)
            # isolated: it sees neither our environment (secrets) nor our folder
            [sys.executable, "-I", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,  # Ctrl-C is for the parent
        )
        self.pid = self._process.pid
        self._owner = os.getpid()

    def is_alive(self) -> bool:
        """Tell whether it can be asked, by this process."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(
        self, picture: bytes, request: dict[str, Any], patience_seconds: float
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Return its answer; it is dead afterwards when it gave none in time."""
        deadline = time.monotonic() + patience_seconds
        watch = Timer(patience_seconds, self._process.kill)
        watch.start()
        try:
            return self._exchange(picture, request)
        except (OSError, ValueError):  # the pipe broke, or the answer was cut short
            self.end()
            is_late = time.monotonic() >= deadline
            is_busy = self._process.returncode == -signal.SIGXCPU
            return {"fault": TOO_SLOW if is_late or is_busy else FATAL}, []
        finally:
            watch.cancel()

    def end(self) -> None:
        """Kill it and clear up."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                cast("IO[bytes]", pipe).close()

    def _exchange(
        self, picture: bytes, request: dict[str, Any]
    ) -> tuple[dict[str, Any], list[bytes]]:
        to_child = cast("IO[bytes]", self._process.stdin)
        from_child = cast("IO[bytes]", self._process.stdout)
        to_child.write(json.dumps(request).encode() + b"\n")
        to_child.write(picture)
        to_child.flush()
        facts = json.loads(from_child.readline())
        thumbs = [from_child.read(size) for size in facts.pop("bytes")]
        return facts, thumbs
