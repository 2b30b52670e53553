"""Measures how fast audits are taken in, beside the machine's own limits."""

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from secrets import token_bytes
from uuid import UUID, uuid4

from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from auditapp.store.engine import make_durable
from auditapp.store.tables import metadata
from auditapp.store.work import JobRow
from load import servers
from load.wire import Audit, Connection
from load.world import World, photos_without_end

PHOTO_BYTES = 200_000
WARM_UP_SECONDS = 5
VISITS_PER_SECOND = 1_000  # nobody is faster
HEADER = (
    "photos clients      server  audits/s    p50    p95    p99  CPU ms  RSS MB"
    "  KB stored  of floor"
)


@dataclass
class Target:
    """A server with the data it was given."""

    name: str
    server: servers.Server
    world: World
    session: Session | None  # None: the floor, which knows no visits
    folder: Path

    def size(self) -> int:
        """Return how many bytes are stored: photos and database."""
        files = sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file())
        if self.session is None or self.session.get_bind().dialect.name == "sqlite":
            return files
        database = self.session.scalar(
            text("SELECT pg_database_size(current_database())")
        )
        self.session.rollback()
        return files + int(database or 0)


@dataclass(frozen=True)
class Result:
    """What one round of load has shown."""

    audits_per_second: float
    milliseconds: list[float]  # per audit, sorted
    cpu_milliseconds: float  # of the server's processes, per audit
    resident_bytes: int
    stored_bytes: float  # per audit

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which this share was taken in."""
        return self.milliseconds[int((len(self.milliseconds) - 1) * share)]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="of each round")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--photos", type=int, nargs="+", default=[4, 0])
    parser.add_argument(
        "--only", nargs="+", default=["floor", "sqlite", "postgresql"], metavar="SERVER"
    )
    parser.add_argument("--workers", type=int, help="processes of the product's server")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=os.environ.get("BENCH_DIR")))
    try:
        with ExitStack() as stack:
            rate = fsyncs_per_second(folder)
            print(f"{os.cpu_count()} cores; {rate:.0f} files of 200 KB")
            print("written, fsynced and renamed per second by this disk alone\n")
            targets = [
                stack.enter_context(target(kind, wanted, folder / kind))
                for kind in wanted.only
            ]
            for each in targets:  # folders made, statements compiled, caches filled
                one_round(each, 4, max(wanted.clients), WARM_UP_SECONDS)
            print(HEADER)
            for photos in wanted.photos:
                for clients in wanted.clients:
                    compare(targets, photos, clients, wanted.seconds)
                print()
            print_backlogs(targets)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def fsyncs_per_second(folder: Path, seconds: float = 2) -> float:
    """Return how many photos this disk makes durable in a second, one after another."""
    content, count, began = token_bytes(PHOTO_BYTES), 0, time.monotonic()
    handle = os.open(folder, os.O_RDONLY)
    while time.monotonic() - began < seconds:
        part = folder / "photo.part"
        with part.open("wb", buffering=0) as file:
            file.write(content)
            os.fsync(file.fileno())
        part.rename(folder / f"photo-{count}")
        os.fsync(handle)
        count += 1
    os.close(handle)
    took = time.monotonic() - began
    for path in folder.iterdir():
        path.unlink()
    return count / took


@contextmanager
def target(kind: str, wanted: argparse.Namespace, folder: Path) -> Iterator[Target]:
    """Lend a started server on an empty database of its own."""
    folder.mkdir()
    world = World(max(wanted.clients))
    with ExitStack() as stack:
        session = None
        if kind == "floor":
            server = servers.floor(folder)
        else:
            url = f"sqlite:///{folder}/auditapp.db"
            if kind == "postgresql":
                url = stack.enter_context(servers.postgresql())
            session = stack.enter_context(prepared(url, world))
            server = servers.product(folder, url, wanted.workers)
        stack.callback(server.stop)
        server.start()
        yield Target(kind, server, world, session, folder)


@contextmanager
def prepared(url: str, world: World) -> Iterator[Session]:
    """Make the tables and the world's people, and lend a session for more visits."""
    engine = create_engine(url)
    make_durable(engine)
    metadata.create_all(engine)
    with Session(engine) as session:
        world.settle(session)
        session.commit()
        yield session
    engine.dispose()


def compare(targets: list[Target], photos: int, clients: int, seconds: float) -> None:
    """Load every server once with this many clients, and print a line for each."""
    floor = 0.0
    for each in targets:
        result = one_round(each, photos, clients, seconds)
        if each.name == "floor":
            floor = result.audits_per_second
        share = f"{result.audits_per_second / floor:.0%}" if floor else "-"
        print(
            f"{photos:>6} {clients:>7} {each.name:>11} {result.audits_per_second:>9.1f}"
            f" {result.percentile(0.5):>6.1f} {result.percentile(0.95):>6.1f}"
            f" {result.percentile(0.99):>6.1f} {result.cpu_milliseconds:>7.2f}"
            f" {result.resident_bytes / 1e6:>7.0f} {result.stored_bytes / 1e3:>10.1f}"
            f" {share:>9}",
            flush=True,
        )


def one_round(each: Target, photos: int, clients: int, seconds: float) -> Result:
    """Let clients send audits for some seconds."""
    stop, times = threading.Event(), list[float]()
    phones = [
        threading.Thread(
            target=send_audits,
            args=(each, number, visits_of(each, number, clients, seconds), photos),
            kwargs={"stop": stop, "times": times},
        )
        for number in range(clients)
    ]
    stored, used, began = each.size(), each.server.usage(), time.monotonic()
    for phone in phones:
        phone.start()
    time.sleep(seconds)
    stop.set()
    for phone in phones:
        phone.join()
    took, after = time.monotonic() - began, each.server.usage()
    return Result(
        len(times) / took,
        sorted(times),
        (after.cpu_seconds - used.cpu_seconds) * 1000 / len(times),
        after.resident_bytes,
        (each.size() - stored) / len(times),
    )


def visits_of(each: Target, number: int, clients: int, seconds: float) -> list[UUID]:
    """Assign more visits to a client than it can ever send."""
    count = int(seconds * VISITS_PER_SECOND / clients)
    if each.session is None:
        return [uuid4() for _ in range(count)]
    visits = each.world.make_visits(each.session, number, count)
    each.session.commit()
    return visits


def send_audits(
    each: Target,
    number: int,
    visits: list[UUID],
    photos: int,
    *,
    stop: threading.Event,
    times: list[float],
) -> None:
    """Send one audit after the other, photos first, as a phone does."""
    wire = Connection(each.server.port, each.world.tokens[number])
    pictures = photos_without_end(PHOTO_BYTES)
    start = hashlib.sha256(next(pictures)[0])
    for visit in visits:
        if stop.is_set():
            break
        audit = Audit(each.world, visit, list(islice(pictures, photos)), start)
        began = time.monotonic()
        for name, photo in audit.photos:
            expect(201, *wire.send("PUT", f"/field/evidence/{name}", photo))
        path = f"/field/audits/{audit.id}"
        answer = wire.send("PUT", path, (audit.body,), "application/json")
        times.append((time.monotonic() - began) * 1000)
        expect(201, *answer)
        if b'"complete"' not in answer[1]:
            raise RuntimeError(answer[1])
    wire.close()


def expect(status: int, got: int, body: bytes) -> None:
    """Stop the measurement when the server did not do what is measured."""
    if got != status:
        message = f"{got}: {body[:500]!r}"
        raise RuntimeError(message)


def print_backlogs(targets: list[Target]) -> None:
    """Say what the rounds have left for the background worker, which did not run."""
    for each in targets:
        if each.session is not None:
            counts = each.session.execute(
                select(JobRow.kind, func.count()).group_by(JobRow.kind)
            )
            left = ", ".join(f"{count} {kind}" for kind, count in counts)
            print(f"left for the worker on {each.name}: {left}")


if __name__ == "__main__":
    sys.exit(main())
