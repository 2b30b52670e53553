"""What a page costs alone: its statements, its time, and the plan of the slowest."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from auditapp.extensions import db
from auditapp.factory import create_app
from auditapp.settings import DEMO_PASSWORD, Settings

SLOW_MILLISECONDS = 10
AGAIN = 3  # the first finds empty caches
Costs = dict[tuple[str, str], tuple[int, float]]


@dataclass
class Statement:
    """One statement that reached the database, and how long it took there."""

    words: str
    values: Any
    milliseconds: float


def measure_costs(
    folder: Path, url: str, pages: Mapping[str, Sequence[str]], *, has_plan: bool
) -> Costs:
    """Return statements and milliseconds of each person's pages, asked one by one."""
    app = create_app(
        Settings.from_environment(
            {"DATA_DIR": str(folder), "DATABASE_URL": url, "DEMO": "1"}
        )
    )
    with app.app_context():
        engine = db.engine
    costs: Costs = {}
    for who, paths in pages.items():
        client = _signed_in(app, "region0" if who == "region" else who)
        for path in paths:
            took = []
            for _again in range(AGAIN):
                with _statements(engine) as seen:
                    began = time.monotonic()
                    client.get(path, follow_redirects=True)
                    took.append(1000 * (time.monotonic() - began))
            costs[who, path] = len(seen), min(took)
            slow = [each for each in seen if each.milliseconds > SLOW_MILLISECONDS]
            for each in slow if has_plan else []:
                print(f"\n{who} {path}: {each.milliseconds:.0f} ms\n{each.words}")
                print("\n".join(_plan(engine, each)), flush=True)
    engine.dispose()
    return costs


def _signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    page = client.get("/sign-in").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"login": login, "password": DEMO_PASSWORD}
    client.post("/sign-in", data=form | ({"csrf_token": found[1]} if found else {}))
    return client


@contextmanager
def _statements(engine: Engine) -> Iterator[list[Statement]]:
    seen: list[Statement] = []
    began: list[float] = []

    def before(*_all: object) -> None:
        began.append(time.monotonic())

    def after(*of: Any) -> None:  # noqa: ANN401
        took = 1000 * (time.monotonic() - began.pop())
        seen.append(Statement(of[2], of[3], took))

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    yield seen
    event.remove(engine, "before_cursor_execute", before)
    event.remove(engine, "after_cursor_execute", after)


def _plan(engine: Engine, statement: Statement) -> Iterator[str]:
    is_postgresql = engine.dialect.name == "postgresql"
    how = "EXPLAIN (ANALYZE, BUFFERS)" if is_postgresql else "EXPLAIN QUERY PLAN"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{how} {statement.words}", statement.values)
        for row in rows:
            yield f"    {row[-1]}"
