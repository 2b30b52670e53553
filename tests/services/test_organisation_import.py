from datetime import UTC, datetime
from itertools import chain
from random import SystemRandom

import pytest
from sqlalchemy import func, select

from auditapp.reads.organisation import get_hall_place, list_hall_places
from auditapp.services.organisation import (
    export_organisation,
    import_organisation,
    is_change,
    plan_import,
)
from auditapp.store.organisation import HallRow, RegionRow
from auditapp.store.people import PersonRow
from auditapp.store.work import EventRow
from organisation_samples import organisation_of, small_organisation
from statements import counted, statements_on

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def bring(session, document, **options):
    plan = import_organisation(session, document, now=NOW, **options)
    session.commit()
    return plan


def changes_of(plan):
    return {
        changes.kind.name: [
            (change.key, change.column, change.new) for change in changes.changed
        ]
        for changes in plan
        if changes.changed
    }


def test_an_organisation_is_brought_in_whole(session):
    bring(session, small_organisation())
    place = get_hall_place(session, "SX01")
    assert (place.region_id, place.tier) == ("east", "small")
    assert place.traits == {"rainy", "kiosk"}
    assert [each.hall_id for each in list_hall_places(session)] == ["SX01"]
    assert session.scalar(select(PersonRow.region_ids).filter_by(login="rm")) == [
        "east"
    ]


def test_bringing_it_in_twice_changes_nothing(session):
    bring(session, small_organisation())
    people = session.execute(select(PersonRow.person_id, PersonRow.code)).all()
    plan = bring(session, small_organisation())
    assert not is_change(plan, deactivate_missing=True)
    assert session.execute(select(PersonRow.person_id, PersonRow.code)).all() == people
    assert session.scalar(select(func.count()).select_from(EventRow)) == 1


def test_a_rehearsal_says_what_would_change_and_changes_nothing(session):
    bring(session, small_organisation())
    document = small_organisation()
    document["halls"][0] |= {"staff": 6, "traits_add": ["kiosk", "hot"]}
    document["regions"].append({"id": "west", "zh": "西部", "en": "West"})
    plan = plan_import(session, document)
    assert changes_of(plan) == {
        "halls": [("SX01", "traits_add", ["hot", "kiosk"]), ("SX01", "staff", 6)]
    }
    assert [list(each.added) for each in plan if each.added] == [["west"]]
    assert not session.new
    assert session.scalar(select(func.count()).select_from(RegionRow)) == 1
    assert session.get(HallRow, "SX01").staff == 4


def test_changed_fields_are_written_and_the_rest_is_left_alone(session):
    bring(session, small_organisation())
    document = small_organisation()
    document["halls"][0]["staff"] = 6
    document["users"][2]["zh"] = "乙"
    bring(session, document)
    assert session.get(HallRow, "SX01").staff == 6
    auditor = session.scalar(select(PersonRow).filter_by(login="a1"))
    assert (auditor.name_zh, auditor.name_en, auditor.agency_id) == ("乙", "甲", "ag")


def test_what_the_file_no_longer_names_is_reported_and_rests_only_when_told(session):
    bring(session, organisation_of(3))
    fewer = organisation_of(2)
    del fewer["users"][2]
    plan = bring(session, fewer)
    missing = {each.kind.name: each.missing for each in plan if each.missing}
    assert missing == {"halls": ["H00002"], "users": ["a1"]}
    assert session.get(HallRow, "H00002").is_active
    bring(session, fewer, deactivate_missing=True)
    session.expire_all()
    assert not session.get(HallRow, "H00002").is_active
    assert not is_change(plan_import(session, fewer), deactivate_missing=True)
    bring(session, organisation_of(3))
    session.expire_all()
    assert session.get(HallRow, "H00002").is_active


def test_a_person_gets_a_code_of_their_own_that_says_nothing_about_them(session):
    bring(session, small_organisation())
    codes = session.scalars(select(PersonRow.code)).all()
    assert len(set(codes)) == 4
    assert all(len(code) == 6 for code in codes)


class Stutter(SystemRandom):
    """Draws the same six letters for the first two people."""

    def __init__(self):
        self.letters = chain("AAAAAA", "AAAAAA", "BBBBBB", "CCCCCC", "DDDDDD")

    def choice(self, _letters):
        return next(self.letters)


def test_a_code_that_somebody_has_is_never_given_twice(session):
    bring(session, small_organisation(), randomness=Stutter())
    codes = session.scalars(select(PersonRow.code).order_by(PersonRow.code)).all()
    assert codes == ["AAAAAA", "BBBBBB", "CCCCCC", "DDDDDD"]


def test_new_people_have_a_password_only_in_a_demonstration(session):
    bring(session, small_organisation())
    assert set(session.scalars(select(PersonRow.password_hash))) == {None}
    document = small_organisation()
    document["users"].append({"login": "x", "role": "admin", "zh": "新"})
    bring(session, document, password_hash="hash")  # noqa: S106
    hashes = session.scalars(select(PersonRow.password_hash).order_by(PersonRow.login))
    assert sorted(filter(None, hashes)) == ["hash"]


def test_what_is_exported_is_what_was_imported(session):
    bring(session, small_organisation())
    plan = plan_import(session, export_organisation(session))
    assert not is_change(plan, deactivate_missing=True)


@pytest.mark.perf
@pytest.mark.parametrize("is_new", [True, False])
def test_the_number_of_statements_follows_thousands_of_halls_not_halls(session, is_new):
    if not is_new:
        bring(session, organisation_of(5000))
    document = organisation_of(5000)
    for hall in document["halls"]:
        hall["staff"] = 9
    with statements_on(session.bind) as seen:
        bring(session, document)
    assert session.scalar(select(func.count()).filter(HallRow.staff == 9)) == 5000
    assert len(counted(seen)) <= 7 + 7 + 5000 // 1000 * 2
