"""The months one may choose in the list of visits, by what one sees."""

import pytest
from sqlalchemy import select

from auditapp.reads.visits import list_months
from auditapp.store.visits import VisitRow
from desk_world import make_audit, make_world, person


@pytest.fixture(autouse=True)
def _world(session):
    world = make_world(session)
    for hall, month in (("BD01", "2026-11"), ("BD02", "2026-09"), ("SX01", "2026-10")):
        make_audit(session, world, hall_id=hall, photos=0)
        latest = session.scalars(select(VisitRow).where(VisitRow.hall_id == hall)).one()
        latest.month = month
    session.commit()


@pytest.mark.parametrize(
    ("login", "months"),
    [
        ("hq", ["2026-11", "2026-10", "2026-09"]),
        ("rm_north", ["2026-11", "2026-09"]),
        ("rm_east", ["2026-10"]),
        ("hall_bd01", []),  # nothing is released
        ("a10", []),
    ],
)
def test_everybody_finds_the_months_of_the_visits_they_see(session, login, months):
    assert list_months(session, person(session, login)) == months
