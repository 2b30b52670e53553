"""The floor: bare Flask that hashes, fsyncs, renames, fsyncs the folder and commits.

No sign-in, no check, no manifest, no receipt: only what durability costs.
"""

import hashlib
import json
import os
import sqlite3
import threading
from pathlib import Path

from flask import Flask, request

FOLDER = Path(os.environ["FLOOR_DIR"])
FOLDER.mkdir(exist_ok=True, parents=True)
local = threading.local()
app = Flask(__name__)


def database() -> sqlite3.Connection:
    """Return this thread's connection: WAL, synchronous=FULL."""
    if not hasattr(local, "connection"):
        connection = sqlite3.connect(
            FOLDER / "floor.db", timeout=30, isolation_level=None
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        local.connection = connection
    return local.connection


with sqlite3.connect(FOLDER / "floor.db", timeout=30) as setup:
    setup.execute("PRAGMA journal_mode=WAL")
    setup.execute(
        "CREATE TABLE IF NOT EXISTS photos (sha256 TEXT PRIMARY KEY, bytes INT)"
    )
    setup.execute(
        "CREATE TABLE IF NOT EXISTS audits (id TEXT PRIMARY KEY, document BLOB)"
    )


@app.get("/healthz")
def alive() -> str:
    """Answer."""
    return "ok"


@app.put("/api/v1/field/evidence/<name>")
def photo(name: str) -> tuple[str, int]:
    """Store a photo."""
    seen = hashlib.sha256()
    part = FOLDER / f"{name}.part"
    size = 0
    with part.open("wb", buffering=0) as file:
        while chunk := request.stream.read(65536):
            seen.update(chunk)
            size += file.write(chunk)
        os.fsync(file.fileno())
    if seen.hexdigest() != name:
        return "hash", 422
    part.rename(FOLDER / name)
    folder = os.open(FOLDER, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    database().execute("INSERT OR IGNORE INTO photos VALUES (?, ?)", (name, size))
    return "{}", 201


@app.put("/api/v1/field/audits/<name>")
def audit(name: str) -> tuple[str, int]:
    """Store a document."""
    body = request.get_data()
    json.loads(body)
    database().execute("INSERT OR REPLACE INTO audits VALUES (?, ?)", (name, body))
    return '{"state": "complete"}', 201
