"""A hall practises its weakest ability, and later months tell how it went on."""

from datetime import date

import pytest
import time_machine

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.gateways.drill_files import load_drills
from auditapp.reads.drills import get_abilities
from auditapp.services.drills import note_practice
from auditapp.store.profiles import EVERYWHERE, HallProfileRow, ProfileSumRow
from desk_world import NOW, make_world, sign_in

SEEN = {"2026-08": 60000, "2026-09": 62000, "2026-10": 61000, "2026-11": 75000}


@pytest.fixture
def hall(session):
    world = make_world(session)
    for month, milli in SEEN.items():
        session.add(
            HallProfileRow(
                month=month,
                hall_id="BD01",
                region_id="north",
                tier="standard",
                traits=[],
                is_begging=False,
                alerts=[],
                alert_count=0,
                figures={"skill": {"perception": milli}},
                scored_at=NOW,
            )
        )
        for region, halls in (("north", 4), ("east", 4), (EVERYWHERE, 8)):
            session.add(
                ProfileSumRow(
                    month=month,
                    trait="",
                    dimension="skill",
                    region_id=region,
                    tier="standard",
                    key="perception",
                    halls=halls,
                    total_milli=halls * 80000,
                    squares_milli=halls * (80000**2 + 4000**2),
                )
            )
    session.flush()
    person_id = world.people["hall_bd01"]
    return Actor(person_id, "h", Role.HALL_MANAGER, hall_id="BD01")


def practise(session, actor, skill="perception", day=date(2026, 10, 20)):
    note_practice(session, actor, skill, day, known=load_drills(), now=NOW)


@pytest.mark.usefixtures("hall")
def test_the_weakest_ability_is_that_of_the_last_three_months(session):
    found = get_abilities(session, "BD01", "2026-10").weakest
    assert (found.skill, found.own_milli, found.months) == ("perception", 61000, 3)
    assert found.peers_milli == 80000
    assert found.is_clear
    assert get_abilities(session, "BD02", "2026-10").weakest is None


def test_months_around_a_practice_are_compared(session, hall):
    practise(session, hall)
    practise(session, hall)
    (early,) = get_abilities(session, "BD01", "2026-10").practices
    assert early.after_milli is None, "later months are not read"
    (seen,) = get_abilities(session, "BD01", "2026-11").practices
    assert (seen.before_milli, seen.after_milli) == (61000, 75000)
    assert seen.months_after == 1


def test_only_a_hall_practises_and_only_known_abilities(session, hall):
    with pytest.raises(NotFoundError):
        practise(session, hall, "juggling")
    with pytest.raises(NotFoundError):
        practise(session, Actor(hall.person_id, "hq", Role.HEADQUARTERS))


def test_the_page_takes_the_day_for_the_own_hall_alone(client, session, hall):
    session.commit()
    facts = {"skill": "perception", "practised_on": "2026-10-20"}
    with time_machine.travel(NOW, tick=False):
        sign_in(client, "hall_bd01")
        address = "/halls/BD01/months/2026-10/practice"
        assert client.post(address, data=facts).status_code == 303
        client.post(address, data={**facts, "practised_on": "soon"})
        other = client.post("/halls/BD02/months/2026-10/practice", data=facts)
        assert other.status_code == 404
    session.rollback()
    (seen,) = get_abilities(session, hall.hall_id, "2026-10").practices
    assert seen.practised_on == date(2026, 10, 20)
