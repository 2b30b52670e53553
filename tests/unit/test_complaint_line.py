"""A complaint's line: what is done, what is due, and what goes up at once."""

from datetime import UTC, datetime, timedelta

from auditapp.domain.complaint_line import (
    ComplaintStep,
    Escalation,
    StepDone,
    answer_until,
    contact_until,
    escalations,
    stages_of,
)

FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def is_weekday(day):
    return day.weekday() < 5


def done(step, hours):
    return StepDone(step, FRIDAY + timedelta(hours=hours), None, "")


def test_contact_is_due_the_next_working_day_and_if_severe_the_same():
    usual = contact_until(FRIDAY, is_weekday, is_severe=False)
    assert usual == datetime(2026, 11, 23, 16, 0, tzinfo=UTC), (
        "end of Monday in the halls"
    )
    severe = contact_until(FRIDAY, is_weekday, is_severe=True)
    assert severe == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def test_an_answer_is_due_as_promised_and_never_after_a_week():
    soon = FRIDAY + timedelta(days=2)
    assert answer_until(FRIDAY, soon) == soon
    late = answer_until(FRIDAY, FRIDAY + timedelta(days=30))
    assert late == datetime(2026, 11, 27, 16, 0, tzinfo=UTC)


def test_repeats_threats_safety_and_groups_go_up():
    assert escalations("service", "态度冷淡", is_repeat=False) == []
    assert escalations("service", "再不退就打12315", is_repeat=True) == [
        Escalation.REPEAT,
        Escalation.REGULATOR,
    ]
    assert escalations("privacy_safety", "", is_repeat=False) == [Escalation.SAFETY]
    assert escalations("network", "整栋都没信号", is_repeat=False) == [Escalation.GROUP]


def test_what_is_not_solved_is_to_be_answered_again():
    steps = [
        done(ComplaintStep.RECEIVED, 0),
        done(ComplaintStep.REOPENED, 9),
        done(ComplaintStep.CALLED_BACK, 9),
        done(ComplaintStep.ANSWERED, 5),
        done(ComplaintStep.CONTACTED, 2),
    ]
    until = {
        ComplaintStep.CONTACTED: FRIDAY + timedelta(hours=1),
        ComplaintStep.ANSWERED: FRIDAY + timedelta(hours=20),
    }
    stages = stages_of(steps, until, FRIDAY + timedelta(hours=10))
    reached = [stage.step for stage in stages if stage.done]
    assert reached == [ComplaintStep.RECEIVED, ComplaintStep.CONTACTED]
    late = [stage.step for stage in stages if stage.is_late]
    assert late == [ComplaintStep.CONTACTED]
