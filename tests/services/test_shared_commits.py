"""Requests share a commit, and nobody fails for another."""

from threading import Event, Thread

import pytest
from sqlalchemy import func, select

from auditapp.domain.errors import ConflictError, UnavailableError
from auditapp.extensions import SharedCommits, write_together
from auditapp.store.organisation import RegionRow
from factories import make_region


def region(number):
    return RegionRow(region_id=str(number), name_zh="x", name_en="x", traits=[])


def together(app, works):
    """Run pieces of writing that all wait behind a first one; return the outcomes."""
    held, waiting, outcomes = Event(), Event(), {}

    def first(session):
        held.set()
        waiting.wait(10)
        session.add(region("first"))

    def run(name, work):
        with app.app_context():
            try:
                outcomes[name] = write_together(work)
            except Exception as error:  # noqa: BLE001 (looked at below)
                outcomes[name] = error

    threads = [Thread(target=run, args=("first", first))]
    threads[0].start()
    held.wait(10)
    threads += [Thread(target=run, args=item) for item in works.items()]
    for thread in threads[1:]:
        thread.start()
    commits = app.extensions["shared_commits"]
    while len(commits._waiting) < len(works) and commits._is_shared:  # noqa: SLF001
        pass
    waiting.set()
    for thread in threads:
        thread.join(30)
    return outcomes


def add(number):
    def work(session):
        session.add(region(number))
        session.flush()
        return number

    return work


def refuse(_session):
    raise ConflictError


def test_everybody_gets_the_own_result_after_the_commit(app, session):
    outcomes = together(app, {n: add(n) for n in range(5)})
    assert outcomes == {"first": None} | {n: n for n in range(5)}
    assert session.scalar(select(func.count()).select_from(RegionRow)) == 6


def test_one_that_fails_takes_nobody_along(app, session):
    taken = make_region(session).region_id
    works = {"a": add("a"), "bad": refuse, "twice": add(taken), "b": add("b")}
    outcomes = together(app, works)
    assert (outcomes["a"], outcomes["b"]) == ("a", "b")
    assert isinstance(outcomes["bad"], ConflictError)
    assert isinstance(outcomes["twice"], Exception)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(RegionRow)) == 4


def test_a_database_that_is_away_is_asked_once_for_all(app):
    asked = []

    def away(_session):
        asked.append(1)
        raise UnavailableError

    commits = SharedCommits(is_shared=True)
    with app.app_context(), pytest.raises(UnavailableError):
        commits.do(away)
    assert asked == [1]
