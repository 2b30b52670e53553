"""Kills the server again and again while phones send, then looks for what was promised.

Every answer that acknowledges something is written down. At the end each acknowledged
photo and audit must be there exactly once, byte for byte, and nothing half-written may
be visible through any read.
"""

import argparse
import hashlib
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.gateways.storage import photo_key
from auditapp.store.audits import AuditRow, PhotoHolderRow, PhotoRow
from load import servers
from load.bench import PHOTO_BYTES, prepared
from load.wire import Audit, BrokenWireError, Connection
from load.world import World, photos_without_end

CLIENTS, PHOTOS = 8, 4
ACKNOWLEDGED, BUSY = frozenset({200, 201}), 503
PATIENCE_SECONDS = 900  # kills may come faster than answers
VISITS = 4_000  # for each client, more than it can send


@dataclass
class Diary:
    """What the server has acknowledged."""

    photos: set[str] = field(default_factory=set)
    audits: dict[str, tuple[Audit, int]] = field(default_factory=dict)  # and its phone
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def main() -> int:
    """Run on each database and print the counts; fail when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--only", nargs="+", default=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    broken = 0
    for kind in wanted.only:
        folder = Path(
            tempfile.mkdtemp(prefix="crash-", dir=os.environ.get("BENCH_DIR"))
        )
        try:
            broken += len(crash(kind, folder, wanted.kills, wanted.seed))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if broken else 0


def crash(kind: str, folder: Path, kills: int, seed: int) -> list[str]:
    """Send, kill, restart; then compare. Return the broken promises."""
    world, diary, stop = World(CLIENTS), Diary(), threading.Event()
    with ExitStack() as stack:
        url = f"sqlite:///{folder}/auditapp.db"
        if kind == "postgresql":
            url = stack.enter_context(servers.postgresql())
        session = stack.enter_context(prepared(url, world))
        visits = [world.make_visits(session, n, VISITS) for n in range(CLIENTS)]
        session.commit()
        server = servers.product(folder, url)
        stack.callback(server.kill)
        server.start()
        phones = [
            threading.Thread(
                target=send,
                args=(server, world, n, visits[n], diary, stop),
                daemon=True,
            )
            for n in range(CLIENTS)
        ]
        for phone in phones:
            phone.start()
        starts = kill_again_and_again(server, kills, random.Random(seed))
        stop.set()
        for phone in phones:
            phone.join()
        faults = [*diary.faults, *compare(session, server, world, folder, diary)]
        report(kind, folder, sorted(starts), diary, faults)
    return faults


def kill_again_and_again(
    server: servers.Server, kills: int, chance: random.Random
) -> list[float]:
    """``kill -9`` the server at random moments; return the seconds to be back."""
    starts = []
    for _ in range(kills):
        time.sleep(chance.uniform(0.05, 2.5))
        server.kill()
        starts.append(server.start())
    time.sleep(1)
    return starts


def send(
    server: servers.Server,
    world: World,
    number: int,
    visits: list[UUID],
    diary: Diary,
    stop: threading.Event,
) -> None:
    """Send audit after audit, every request again until it is acknowledged."""
    wire = Connection(server.port, world.tokens[number], patience=10)
    pictures, chance = photos_without_end(PHOTO_BYTES), random.Random(number)
    start = hashlib.sha256(next(pictures)[0])
    for visit in visits:
        if stop.is_set():
            break
        audit = Audit(world, visit, list(islice(pictures, PHOTOS)), start)
        document = (f"/field/audits/{audit.id}", (audit.body,), "application/json")
        requests = [
            (f"/field/evidence/{name}", photo, "image/jpeg")
            for name, photo in audit.photos
        ]
        requests.append(document)
        requests.append(chance.choice(requests))  # one of them twice
        chance.shuffle(requests)
        if not all(send_until_acknowledged(wire, each, diary) for each in requests):
            break
        diary.photos.update(name for name, _ in audit.photos)
        diary.audits[audit.id] = (audit, number)
    wire.close()


def send_until_acknowledged(
    wire: Connection, request: tuple[str, tuple[bytes, ...], str], diary: Diary
) -> bool:
    """Send one request until the server says that it has it; tell whether it did."""
    path, body, kind = request
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        try:
            status, answer = wire.send("PUT", path, body, kind)
        except BrokenWireError:
            diary.answers["none"] += 1
            time.sleep(0.05)
            continue
        diary.answers[str(status)] += 1
        if status in ACKNOWLEDGED:
            return True
        if status != BUSY:
            diary.faults.append(f"{status} for {path}: {answer[:200]!r}")
            return False
    diary.faults.append(f"{path} was never acknowledged")
    return False


def compare(
    session: Session, server: servers.Server, world: World, folder: Path, diary: Diary
) -> list[str]:
    """Return every promise that was broken."""
    stored = set(session.scalars(select(PhotoRow.sha256)))
    holders = session.scalar(select(func.count()).select_from(PhotoHolderRow))
    documents = dict(
        session.execute(select(AuditRow.audit_id, AuditRow.document_sha256)).all()
    )
    session.rollback()
    faults = compare_photos(folder / "photos", stored, diary.photos)
    if holders != len(diary.photos):
        faults.append(f"{holders} holders of {len(diary.photos)} photos")
    if len(documents) != len(diary.audits):
        faults.append(f"{len(documents)} audits stored, {len(diary.audits)} sent")
    wires = [Connection(server.port, token) for token in world.tokens]
    for audit, number in diary.audits.values():
        if documents.get(UUID(audit.id)) != audit.digest:
            faults.append(f"audit lost or altered: {audit.id}")
        status, answer = wires[number].send("GET", f"/field/audits/{audit.id}")
        is_whole = status in ACKNOWLEDGED and b'"state": "complete"' in answer
        if not is_whole or audit.body not in answer:
            faults.append(f"audit not whole through the wire: {answer[:200]!r}")
    for wire in wires:
        wire.close()
    return faults


def compare_photos(folder: Path, stored: set[str], sent: set[str]) -> list[str]:
    """Return which photos are lost, torn, or there without having been acknowledged."""
    faults = [f"photo lost: {name}" for name in sent - stored]
    faults += [f"photo nobody sent: {name}" for name in stored - sent]
    for name in sent & stored:
        path = folder / photo_key(name)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != name:
            faults.append(f"photo torn: {name}")
    files = (path for path in (folder / "originals").rglob("*") if path.is_file())
    faults += [f"file without a row: {p.name}" for p in files if p.name not in stored]
    return faults


def report(
    kind: str, folder: Path, starts: list[float], diary: Diary, faults: list[str]
) -> None:
    """Print the counts."""
    leftovers = len(list((folder / "photos" / "incoming").iterdir()))
    answers = (f"{count} x {what}" for what, count in sorted(diary.answers.items()))
    audits, photos = len(diary.audits), len(diary.photos)
    print(f"{kind}: {len(starts)} times killed with kill -9 and started again")
    print(
        f"  ready again in {starts[len(starts) // 2]:.2f} s, at most {starts[-1]:.2f} s"
    )
    print(f"  acknowledged and checked: {audits} audits, {photos} photos")
    print(f"  answers: {', '.join(answers)} (none: killed while sending)")
    print(f"  leftovers of killed uploads, visible to nobody: {leftovers}")
    print(f"  lost, doubled, torn, altered or never acknowledged: {len(faults)}")
    for fault in faults[:20]:
        print(f"    {fault}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
