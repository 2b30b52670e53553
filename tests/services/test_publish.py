import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from auditapp.domain.canonical import canonical_json, digest
from auditapp.domain.errors import NotFoundError
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.reads.organisation import get_hall_place
from auditapp.services.checklists import (
    AlreadyPublishedError,
    ItemIdTakenError,
    MonthBegunError,
    form_for,
    forms_for,
    get_version_in_force,
    publish_checklist,
)
from auditapp.services.organisation import import_organisation
from auditapp.store.checklists import ChecklistVersionRow, FormRow, ItemIdRow
from organisation_samples import small_organisation

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
VOCABULARY = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document


def mystery(**changes):
    document = load_yaml(CHECKLIST_DIR / "telecom_hall_mystery.yaml").document
    return document | changes


def publish(session, document, month="2026-11", **options):
    return publish_checklist(
        session, document, VOCABULARY, effective_month=month, now=NOW, **options
    )


def test_a_published_version_is_kept_as_canonical_json_with_its_vocabulary(session):
    assert publish(session, mystery())
    row = session.scalars(select(ChecklistVersionRow)).one()
    assert row.document == canonical_json(json.loads(row.document))
    assert row.digest == digest(json.loads(row.document))
    assert list(json.loads(row.vocabulary)["events"]) == list(VOCABULARY["events"])
    count = session.scalar(select(func.count()).select_from(ItemIdRow))
    assert count == sum(len(section["items"]) for section in mystery()["sections"])


def test_publishing_the_same_again_changes_nothing(session):
    publish(session, mystery())
    assert not publish(session, mystery())
    assert session.scalar(select(func.count()).select_from(ChecklistVersionRow)) == 1


def test_a_version_never_gets_other_content_or_another_month(session):
    publish(session, mystery())
    with pytest.raises(AlreadyPublishedError):
        publish(session, mystery(zh="别的"))
    with pytest.raises(AlreadyPublishedError):
        publish(session, mystery(), "2026-12")


def test_a_standard_does_not_change_within_a_month_that_has_begun(session):
    publish(session, mystery(), "2026-06")
    later = mystery(version="2026.12")
    with pytest.raises(MonthBegunError):
        publish(session, later, "2026-11")
    assert publish(session, later, "2026-12")


def test_an_item_belongs_to_its_checklist_for_ever(session):
    publish(session, mystery())
    with pytest.raises(ItemIdTakenError):
        publish(session, mystery(id="another_checklist"), "2026-12")


def test_each_month_has_the_version_in_force_in_it(session):
    publish(session, mystery(version="2026.06"), "2026-06")
    publish(session, mystery(version="2027.01"), "2027-01")
    versions = [
        get_version_in_force(session, "mystery", month).checklist.version
        for month in ("2026-06", "2026-12", "2027-01", "2027-09")
    ]
    assert versions == ["2026.06", "2026.06", "2027.01", "2027.01"]
    for source, month in (("mystery", "2026-05"), ("callback", "2026-12")):
        with pytest.raises(NotFoundError):
            get_version_in_force(session, source, month)


def test_a_form_is_made_once_and_named_by_its_content(session):
    import_organisation(session, small_organisation(), now=NOW)
    publish(session, mystery())
    version = get_version_in_force(session, "mystery", "2026-11")
    place = get_hall_place(session, "SX01")
    name = form_for(session, version, place, "plan_change", NOW)
    again = forms_for(session, version, [(place, "plan_change")] * 2, NOW)
    other = form_for(session, version, place, "complaint", NOW)
    assert again == [name, name]
    assert other != name
    rows = session.scalars(select(FormRow)).all()
    assert len(rows) == 2
    form = json.loads(next(row.document for row in rows if row.digest == name))
    assert digest(form) == name
    assert (form["hall"], form["tier"], form["scenario"]) == (
        "SX01",
        "small",
        "plan_change",
    )
    assert [event["id"] for event in form["events"]][-1] == "leave"
