"""Sends every file of a folder to a real server: as a photo and as a document.

Folders of tables (``csv``, ``sheets_…``) are brought as imports instead; what is
started is run by a worker, as an installation would.

No answer may be a 5xx, no connection may drop, no process may die, no memory may grow.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from uuid import uuid4

from load import servers
from load.bad_imports import Browser, settle_bringer
from load.bench import prepared
from load.wire import BrokenWireError, Connection
from load.world import World

KINDS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PN": "image/png",
    b"RIF": "image/webp",
}
SERVER_FAULT = 500
TABLES = ("csv", "sheets")


def main() -> int:
    """Send every file twice; print the statuses per folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    wanted = parser.parse_args()
    folder, world = Path(tempfile.mkdtemp(prefix="bad-input-")), World(1)
    try:
        with ExitStack() as stack:
            url = f"sqlite:///{folder}/auditapp.db"
            session = stack.enter_context(prepared(url, world))
            password = settle_bringer(session)
            server = servers.product(folder, url)
            stack.callback(server.stop)
            server.start()
            browser = Browser(server.port, password)
            as_photo = partial(send_file, server.port, world.tokens[0])
            broken = [
                send_folder(
                    server,
                    browser.bring if each.name.startswith(TABLES) else as_photo,
                    each,
                )
                for each in wanted.folders
            ]
            run_worker(server)
            files, formulas = browser.unsafe_faults()
            print(f"{files} files of rows to correct, {formulas} cells that compute")
            broken.append(formulas)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if any(broken) else 0


def run_worker(server: servers.Server) -> None:
    """Do what is due in a process of its own, and say what became of the imports."""
    program = (
        "from wsgi import app; from auditapp.jobs.runner import Runner;"
        "print(Runner(app).run_due(), 'jobs done')"
    )
    environment = {**os.environ, **server.environment}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


def send_folder(
    server: servers.Server, send: Callable[[Path], list[str]], folder: Path
) -> int:
    """Send one folder's files in two passes; return how many broke something."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    broken = 0
    for turn in ("first", "second"):
        before = server.usage().resident_bytes
        statuses: Counter[str] = Counter()
        for path in files:
            for status in send(path):
                statuses[status] += 1
                if status.endswith(("dropped", "50", "500", "502")):
                    print(f"  {status}: {path}")
                    broken += 1
        grown = (server.usage().resident_bytes - before) / 1e6
        counts = ", ".join(f"{n} x {s}" for s, n in sorted(statuses.items()))
        print(
            f"{folder.name}, {turn} pass, {len(files)} files: {counts}; {grown:+.0f} MB"
        )
    return broken


def send_file(port: int, token: str, path: Path) -> list[str]:
    """Send a file's bytes as a photo under their hash, and as a document."""
    content = path.read_bytes()
    kind = KINDS.get(content[:3], "image/heic")
    photo = f"/field/evidence/{hashlib.sha256(content).hexdigest()}"
    document = f"/field/audits/{uuid4()}"
    return [
        f"photo {answer_to(port, token, photo, content, kind)}",
        f"document {answer_to(port, token, document, content, 'application/json')}",
    ]


def answer_to(port: int, token: str, path: str, content: bytes, kind: str) -> str:
    """Return the status, or that the connection dropped."""
    wire = Connection(port, token)
    try:
        return str(wire.send("PUT", path, (content,), kind)[0])
    except BrokenWireError:
        return "dropped"
    finally:
        wire.close()


if __name__ == "__main__":
    sys.exit(main())
