"""One past month under a draft: audits scored anew, halls composed anew."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from auditapp.domain.applicability import Place
from auditapp.domain.checklist import Checklist
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.composite import Composite, compose
from auditapp.domain.document_merge import differences
from auditapp.domain.form import build_form
from auditapp.domain.policy import Policy, read_policy
from auditapp.domain.replay import Replay, place_of, replay
from auditapp.domain.rounding import MILLI_PER_POINT, to_milli
from auditapp.domain.scoring import AuditScore
from auditapp.domain.version_difference import is_worded
from auditapp.domain.vocabulary import Vocabulary
from auditapp.domain.what_if import HallChange
from auditapp.estimation.bands import HALF_WIDTH, assign_bands
from auditapp.reads.month_audits import MYSTERY, taken_audits
from auditapp.reads.month_inputs import MonthInputs, read_inputs, tier_means
from auditapp.reads.organisation import list_hall_places
from auditapp.reads.policies import get_policy_in_force
from auditapp.reads.replays import StoredAudit, stream_audits
from auditapp.services.drafts import Draft
from auditapp.services.standard_versions import POLICY, version_document

STEP = 100  # audits between two words about the progress
# scorings of one audit that trying every change alone may cost, on average; with more
# changes only every second, third … audit is tried
MOST_ALONE = 12

Progress = Callable[[int, int], None]
Results = dict[UUID, tuple[Fraction, bool]]  # points, whether a critical item failed


@dataclass(slots=True)
class MonthReplay:
    """One month under a draft: its halls, and what is counted beside them."""

    changes: list[HallChange] = field(default_factory=list)
    audits: int = 0
    reproduced: int = 0
    earlier: int = 0  # audits made by an earlier version than the one in force
    unknown: Counter[str] = field(default_factory=Counter)  # by item
    # what each change does alone and all do together, over the audits it was tried on
    alone: int = 0
    moved_milli: Counter[str] = field(default_factory=Counter)  # by item
    together_milli: int = 0


class _Trial(NamedTuple):
    """A month's inputs by the version in force and by the draft; unknown by hall."""

    before: MonthInputs
    after: MonthInputs
    unknown: Counter[str]


def replay_month(
    session: Session, draft: Draft, month: str, progress: Progress
) -> MonthReplay:
    """Compute a month as it was and as it would have been; nothing is written."""
    before = get_policy_in_force(session, month).policy
    after = read_policy(draft.document) if draft.kind == POLICY else before
    inputs = read_inputs(session, before, month)
    found = MonthReplay()
    by_hall: Counter[str] = Counter()
    if draft.kind == POLICY:
        changed = read_inputs(session, after, month)
    else:
        trial = _replayed(session, draft, inputs, found, progress)
        inputs, changed, by_hall = trial.before, trial.after, trial.unknown
    places = {place.hall_id: place.traits for place in list_hall_places(session, month)}
    old, new = _composites(before, inputs), _composites(after, changed)
    bands = _bands(old), _bands(new)
    means = _audit_means(inputs), _audit_means(changed)
    for hall in inputs.halls:
        one, other = old[hall.hall_id], new.get(hall.hall_id)
        found.changes.append(
            HallChange(
                month=month,
                hall_id=hall.hall_id,
                region_id=hall.region_id,
                tier=hall.tier,
                traits=tuple(sorted(places.get(hall.hall_id, ()))),
                before_milli=one.score_milli,
                after_milli=other.score_milli if other else None,
                half_milli=one.half_milli,
                grade_before=one.grade,
                grade_after=other.grade if other else None,
                band_before=bands[0].get(hall.hall_id),
                band_after=bands[1].get(hall.hall_id),
                unknown_items=by_hall[hall.hall_id],
                audits_before_milli=means[0].get(hall.hall_id),
                audits_after_milli=means[1].get(hall.hall_id),
            )
        )
    return found


def _replayed(
    session: Session,
    draft: Draft,
    inputs: MonthInputs,
    found: MonthReplay,
    progress: Progress,
) -> _Trial:
    """Return the inputs with the audits of the draft's source scored anew."""
    words = Vocabulary.from_document(draft.vocabulary)
    standing = version_document(session, draft.kind, draft.subject, draft.based_on)
    forms = _Forms(
        read_checklist(standing, words), read_checklist(draft.document, words), words
    )
    stride = _stride(standing, draft.document)
    source = draft.document["source"]
    taken = {
        audit.audit_id: hall_id
        for hall_id, audits in inputs.audits.items()
        for audit in taken_audits(audits).get(source, ())
        if audit.numerator is not None
    }
    before: Results = {}
    after: Results = {}
    unknown: Counter[str] = Counter()
    for audit in stream_audits(session, list(taken)):
        result = forms.replayed(audit)
        _count(found, audit, result, stride)
        unknown[taken[audit.audit_id]] += len(result.unknown)
        before[audit.audit_id] = _result(result.before, audit)
        after[audit.audit_id] = _result(result.after, audit)
        if found.audits % STEP == 0:
            progress(found.audits, len(taken))
    return _Trial(_with_scores(inputs, before), _with_scores(inputs, after), unknown)


class _Forms:
    """The version in force and the draft, each resolved for a place once."""

    def __init__(
        self, standing: Checklist, draft: Checklist, words: Vocabulary
    ) -> None:
        self._checklists, self._words = (standing, draft), words
        self._known: dict[Place, tuple[Mapping[str, Any], ...]] = {}

    def replayed(self, audit: StoredAudit) -> Replay:
        """Return an audit by its own form, by the version in force, by the draft."""
        place = place_of(audit.form)
        if place not in self._known:
            self._known[place] = tuple(
                build_form(checklist, self._words, audit.form["hall"], place)
                for checklist in self._checklists
            )
        standing, draft = self._known[place]
        is_earlier = audit.form["version"] != standing["version"]
        base = standing if is_earlier else None
        return replay(audit.form, draft, audit.document, base)


def _stride(standing: Mapping[str, Any], draft: Mapping[str, Any]) -> int:
    """Return of how many visits one is tried: the same for all places.

    Or places with few changes would count for more than those with many.
    """
    changed = {
        change.item_id
        for change in differences(standing, draft)
        if change.item_id and not is_worded(change)
    }
    return 1 + len(changed) // MOST_ALONE


def _count(found: MonthReplay, audit: StoredAudit, result: Replay, stride: int) -> None:
    found.audits += 1
    found.reproduced += result.stored.score == _stored(audit)
    found.earlier += result.before is not result.stored
    found.unknown.update(result.unknown)
    if audit.audit_id.int % stride:
        return
    found.alone += 1
    found.together_milli += to_milli(result.together)
    for item in result.changed_items():
        found.moved_milli[item] += to_milli(result.alone(item, audit.document))


def _stored(audit: StoredAudit) -> Fraction:
    return Fraction(audit.numerator or 0, audit.denominator or 1)


def _result(score: AuditScore, audit: StoredAudit) -> tuple[Fraction, bool]:
    """Return points and whether a critical item failed.

    Where nothing of a visit counts any more it stays what it was.
    """
    points = _stored(audit) if score.score is None else score.score
    return points, bool(score.critical_failures)


def _with_scores(inputs: MonthInputs, results: Results) -> MonthInputs:
    audits = {
        hall_id: [
            audit._replace(
                numerator=results[audit.audit_id][0].numerator,
                denominator=results[audit.audit_id][0].denominator,
                has_critical_failure=results[audit.audit_id][1],
            )
            if audit.audit_id in results
            else audit
            for audit in held
        ]
        for hall_id, held in inputs.audits.items()
    }
    return MonthInputs(inputs.halls, audits, inputs.tallies)


def _audit_means(inputs: MonthInputs) -> dict[str, int]:
    """Return the mean of each hall's mystery visits that count, in milli-points."""
    found = {}
    for hall_id, audits in inputs.audits.items():
        points = [
            Fraction(audit.numerator, audit.denominator or 1)
            for audit in taken_audits(audits).get(MYSTERY, ())
            if audit.numerator is not None
        ]
        if points:
            found[hall_id] = to_milli(sum(points, Fraction(0)) / len(points))
    return found


def _composites(policy: Policy, inputs: MonthInputs) -> dict[str, Composite]:
    anchors = tier_means(policy, inputs)
    return {
        hall.hall_id: compose(policy, inputs.evidence(policy, hall, anchors))
        for hall in inputs.halls
    }


def _bands(composites: Mapping[str, Composite]) -> dict[str, int]:
    """Return the band of every ranked hall by its official score and range."""
    ranked = [
        (hall, each.score_milli, each.half_milli)
        for hall, each in composites.items()
        if each.is_ranked and each.score_milli is not None and each.half_milli
    ]
    if not ranked:
        return {}
    halls, scores, halves = zip(*ranked, strict=True)
    bands = assign_bands(
        np.array(scores) / MILLI_PER_POINT,
        np.array(halves) / MILLI_PER_POINT / HALF_WIDTH,
    )
    return dict(zip(halls, (int(each) for each in bands.band), strict=True))
