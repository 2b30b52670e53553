"""From answers to points lost: exact, addable by hand, untouched by statistics.

Source: design/scoring.md, sections 1 and 2. Scores and weights are whole numbers, so
everything here is a ratio of integers; rounding belongs to display (``rounding``).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from auditapp.domain.answer_values import (
    NEVER,
    as_list,
    as_mapping,
    observations,
    sound_answers,
    was_not_observed,
)
from auditapp.domain.form import is_asked, item_bands, item_requirement

Form = Mapping[str, Any]
FormItem = Mapping[str, Any]

FULL = 100
_SCALE_STEP = 25
_NOTHING = Fraction(0)

# why a line leaves the sum but its weight still was to be answered
_OPEN = ("unanswered", "not-observed")


@dataclass(frozen=True, slots=True)
class Line:
    """What one item did to the score.

    ``score`` and ``lost`` are points out of 100, unrounded; ``lost`` is out of the
    whole audit's 100. ``not_counted`` is None for a line that counts, else the reason:
    ``not-applicable``, ``optional``, ``unscored``, ``not-asked``, ``unanswered``,
    ``not-observed`` or ``skipped``. ``cause`` is where a loss comes from: presumed, or
    as a reviewer confirmed it; only then does the line name an ``owner`` of its own.
    """

    item_id: str
    requirement: str
    rule: int
    weight: int
    score: Fraction | None
    lost: Fraction
    is_failed: bool
    not_counted: str | None
    cause: str
    owner: str | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the line is part of the sum."""
        return self.not_counted is None

    def attributed(self, tags: Mapping[str, Any]) -> dict[str, Any]:
        """Return an item's tags with whose doing this loss is."""
        owner = {"owner": self.owner} if self.owner else {}
        return {**tags, "cause": self.cause, **owner}


@dataclass(frozen=True, slots=True)
class AuditScore:
    """An audit's score and every line that adds up to it.

    Σ ``lost`` of the lines + ``cap_loss`` + ``score`` = 100 exactly. ``raw`` and
    ``score`` are None when nothing was counted. ``coverage`` is in [0, 1].
    """

    lines: tuple[Line, ...]
    raw: Fraction | None
    score: Fraction | None
    cap_loss: Fraction
    coverage: Fraction
    is_complete: bool
    critical_failures: tuple[str, ...]
    critical_unanswered: tuple[str, ...]


def item_score(
    item: FormItem, answer: object, today: Collection[str]
) -> Fraction | None:
    """Return 0–100 unrounded; None for skipped, unobserved, unsound or no answer.

    ``answer`` is one of the audit document's, ``today`` its facts of the day. With
    ``sample`` the mean over the people who could be asked.
    """
    values = observations(item, answer) or []
    scores = [_score(item, value, today) for value in values]
    counted = [score for score in scores if score is not None]
    return Fraction(sum(counted), len(counted)) if counted else None


def today_of(document: object) -> list[str]:
    """Return the facts of the day that the auditor ticked."""
    facts = as_list(as_mapping(document).get("today"))
    return [fact for fact in facts if isinstance(fact, str)]


def score_audit(form: Form, document: object) -> AuditScore:
    """Score an audit by its own form: the rules effective on the day of the visit."""
    today, answers = today_of(document), sound_answers(form, document)
    drafts = [_line(form, item, answers, today) for item in form["items"]]
    total = sum(line.weight for line in drafts if line.is_counted)
    lines = tuple(_with_loss(line, total) for line in drafts)
    raw = FULL - sum((line.lost for line in lines), _NOTHING) if total else None
    critical = {item["id"] for item in form["items"] if item.get("critical")}
    failures = tuple(
        line.item_id for line in lines if line.is_failed and line.item_id in critical
    )
    unanswered = tuple(
        line.item_id
        for line in lines
        if line.not_counted in _OPEN and line.item_id in critical
    )
    coverage = _coverage(lines)
    score = _capped(raw, form.get("critical_cap") if failures else None)
    return AuditScore(
        lines=lines,
        raw=raw,
        score=score,
        cap_loss=_NOTHING if raw is None or score is None else raw - score,
        coverage=coverage,
        is_complete=coverage * 100 >= form.get("min_coverage", 0)
        and raw is not None
        and not unanswered,
        critical_failures=failures,
        critical_unanswered=unanswered,
    )


def _score(item: FormItem, value: Any, today: Collection[str]) -> int | None:  # noqa: ANN401
    match item["kind"]:
        case "yes_no":
            return FULL if value == "yes" else 0
        case "scale":
            return (int(value) - 1) * _SCALE_STEP
        case "choice":
            score = _chosen(item, value)["score"]
            return None if score == "skip" else int(score)
        case "number" | "timing_seconds":
            return _by_band(item_bands(item, today), value)
        case _:
            return None


def _chosen(item: FormItem, value: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(
        option for option in item["options"] if option["id"] == value
    )
    return found


def _by_band(bands: list[dict[str, Any]], value: Any) -> int | None:  # noqa: ANN401
    if not bands:
        return None
    if value == NEVER:
        return 0
    scores = (int(band["score"]) for band in bands if value <= band["up_to"])
    return next(scores, 0)


def _line(
    form: Form,
    item: FormItem,
    answers: Mapping[str, Mapping[str, Any]],
    today: Collection[str],
) -> Line:
    verdict = item_requirement(item, today)
    answer = answers.get(item["id"])
    score = item_score(item, answer, today)
    not_counted = _why_not_counted(item, verdict.requirement, today)
    if not_counted is None and not is_asked(item, answers):
        not_counted = "not-asked"
    if not_counted is None and score is None:
        not_counted = _why_no_score(item, answer)
    return Line(
        item_id=item["id"],
        requirement=verdict.requirement,
        rule=verdict.rule,
        weight=item["weight"],
        score=score,
        lost=_NOTHING,
        is_failed=not_counted is None
        and score is not None
        and score < form["pass_mark"],
        not_counted=not_counted,
        cause=_cause(item, answer),
    )


def _why_not_counted(
    item: FormItem, requirement: str, today: Collection[str]
) -> str | None:
    """Return why policy leaves the item out, whatever was answered."""
    if requirement != "required":
        return requirement.replace("_", "-")
    is_measured = item["kind"] in ("number", "timing_seconds")
    has_no_score = item["kind"] == "text" or (
        is_measured and not item_bands(item, today)
    )
    return "unscored" if has_no_score or not item["weight"] else None


def _why_no_score(item: FormItem, answer: object) -> str:
    if observations(item, answer):
        return "skipped"
    return "not-observed" if was_not_observed(answer) else "unanswered"


def _cause(item: FormItem, answer: object) -> str:
    """Return the chosen option's own cause where it has one, else the item's."""
    values = observations(item, answer) if item["kind"] == "choice" else None
    causes = {_chosen(item, value).get("cause") for value in values or ()}
    own = causes.pop() if len(causes) == 1 else None
    return str(own or item.get("cause") or "")


def _with_loss(line: Line, total_weight: int) -> Line:
    if line.score is None or not line.is_counted:
        return line
    lost = line.weight * (FULL - line.score) / total_weight
    return replace(line, lost=lost)


def _coverage(lines: tuple[Line, ...]) -> Fraction:
    """Return answered weight over applicable weight; a skipped item is in neither."""
    answered = sum(line.weight for line in lines if line.is_counted)
    open_weight = sum(line.weight for line in lines if line.not_counted in _OPEN)
    applicable = answered + open_weight
    return Fraction(answered, applicable) if applicable else _NOTHING


def _capped(raw: Fraction | None, cap: int | None) -> Fraction | None:
    return raw if raw is None or cap is None else min(raw, Fraction(cap))
