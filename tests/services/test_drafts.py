"""A draft of the standard that two people write at once."""

from copy import deepcopy
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from auditapp.domain.actor import Actor, Role
from auditapp.domain.draft_life import DraftStageError
from auditapp.domain.errors import NotFoundError
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.services.checklists import MonthBegunError, publish_checklist
from auditapp.services.drafts import (
    DraftConflictError,
    NewDraft,
    Save,
    begin_draft,
    get_draft,
    save_draft,
)
from auditapp.services.standard_versions import CHECKLIST
from auditapp.store.standards import DraftRevisionRow, DraftRow
from factories import make_person

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MYSTERY = "telecom_hall_mystery"


@pytest.fixture
def two(session):
    publish_checklist(
        session,
        load_yaml(CHECKLIST_DIR / "telecom_hall_mystery.yaml").document,
        load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document,
        effective_month="2026-11",
        now=NOW,
    )
    people = [make_person(session, role="headquarters") for _ in range(2)]
    return [Actor(each.person_id, each.login, Role.HEADQUARTERS) for each in people]


def begin(session, actor, **more):
    return begin_draft(session, actor, NewDraft(CHECKLIST, MYSTERY, **more), now=NOW)


def weighed(document, item_id, weight):
    changed = deepcopy(document)
    for section in changed["sections"]:
        for item in section["items"]:
            if item["id"] == item_id:
                item["weight"] = weight
    return changed


def save(session, actor, draft, document, **more):
    wanted = Save(document, from_revision=1, reason="太重", **more)
    return save_draft(session, actor, draft.draft_id, wanted, now=NOW)


def test_a_draft_begins_as_the_newest_version_for_the_next_month(session, two):
    draft = get_draft(session, begin(session, two[0]))
    assert (draft.based_on, draft.effective_month) == ("2026.11", "2026-12")
    assert draft.document["sections"][0]["id"] == "exterior"
    assert draft.vocabulary["tiers"]


def test_a_draft_cannot_be_meant_for_a_month_that_has_begun(session, two):
    for month in ("2026-11", "2025-01", "soon"):
        with pytest.raises(MonthBegunError):
            begin(session, two[0], effective_month=month)


def test_what_two_people_save_at_once_is_merged(session, two):
    draft = get_draft(session, begin(session, two[0]))
    save(session, two[0], draft, weighed(draft.document, "ext_open", 4))
    saved = save(session, two[1], draft, weighed(draft.document, "ext_clean", 1))
    assert saved.is_merged
    document = get_draft(session, draft.draft_id).document
    expected = weighed(weighed(draft.document, "ext_open", 4), "ext_clean", 1)
    assert document == expected


def test_the_later_of_two_sees_the_difference_and_nothing_is_lost(session, two):
    draft = get_draft(session, begin(session, two[0]))
    save(session, two[0], draft, weighed(draft.document, "ext_open", 4))
    mine = weighed(draft.document, "ext_open", 3)
    with pytest.raises(DraftConflictError) as caught:
        save(session, two[1], draft, mine)
    (conflict,) = caught.value.conflicts
    assert (conflict.mine, conflict.theirs) == (3, 4)
    save(session, two[1], draft, mine, keep_mine=[conflict.place])
    assert get_draft(session, draft.draft_id).document == mine


def test_every_save_keeps_who_what_and_why(session, two):
    draft = get_draft(session, begin(session, two[0]))
    save(session, two[0], draft, weighed(draft.document, "ext_open", 4))
    row = session.get(DraftRevisionRow, (draft.draft_id, 2))
    assert row.changes == [
        {"place": ["items", "ext_open", "weight"], "before": 5, "after": 4}
    ]
    assert (row.reason, row.changed_by) == ("太重", two[0].person_id)


def test_a_submitted_draft_is_not_saved_any_more(session, two):
    draft = get_draft(session, begin(session, two[0]))
    session.get(DraftRow, draft.draft_id).state = "submitted"
    session.flush()
    with pytest.raises(DraftStageError):
        save(session, two[0], draft, weighed(draft.document, "ext_open", 4))


def test_there_is_no_draft_nobody_began(session, two):
    with pytest.raises(NotFoundError):
        get_draft(session, uuid4())
    with pytest.raises(NotFoundError):
        begin_draft(session, two[0], NewDraft(CHECKLIST, "nothing"), now=NOW)
