"""When customers may be asked: never at night, never late, never twice in a month."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.invitation import read_invitation_rules
from auditapp.domain.month import HALL_TIME

RULES = read_invitation_rules(
    {
        "minutes_after": [5, 60],
        "hours": ["09:00", "20:30"],
        "rest_days": 30,
        "reply_window_hours": 48,
        "stop_words_zh": ["TD", "退订", "R"],
    }
)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=700)).map(BEGINNING.__add__)
WAITS = st.timedeltas(timedelta(0), timedelta(days=2))


def at(clock):
    return datetime.fromisoformat(f"2026-11-25T{clock}+08:00").astimezone(UTC)


@given(finished_at=INSTANTS, wait=WAITS)
def test_nobody_is_asked_outside_the_hours_or_at_the_wrong_distance(finished_at, wait):
    now = finished_at + wait
    send_at = RULES.send_at(finished_at, now)
    if send_at is None:
        assert wait > timedelta(minutes=60)
        return
    local = send_at.astimezone(HALL_TIME)
    assert time(9) <= local.time() <= time(20, 30)
    assert send_at >= now
    distance = send_at - finished_at
    assert distance >= timedelta(minutes=5)
    is_same_day = finished_at.astimezone(HALL_TIME).date() == local.date()
    was_before_hours = is_same_day and local.time() < time(10)
    if distance > timedelta(minutes=60):
        assert local.time() <= time(9, 55)  # the next morning, or before opening
        assert was_before_hours or not is_same_day


@given(finished_at=INSTANTS, first=WAITS, second=WAITS)
def test_asking_again_later_never_brings_the_time_forward(finished_at, first, second):
    """A message that waits in the queue is judged anew each time, by the same rule."""
    early, late = sorted((first, second))
    then = RULES.send_at(finished_at, finished_at + early)
    again = RULES.send_at(finished_at, finished_at + late)
    assert again is None or then is not None
    assert again is None or then is None or again >= then


def test_examples_of_a_day():
    def sent(finished, now=None):
        send_at = RULES.send_at(at(finished), at(now or finished))
        return send_at and f"{send_at.astimezone(HALL_TIME):%d %H:%M}"

    assert sent("10:00") == "25 10:05"
    assert sent("10:00", "10:40") == "25 10:40"
    assert sent("10:00", "11:01") is None
    assert sent("08:00") == "25 09:00"
    assert sent("20:10", "20:29") == "25 20:29"
    assert sent("20:10", "20:31") == "26 09:00"
    assert sent("21:15", "23:00") == "26 09:00"


@given(
    last=st.none() | INSTANTS,
    wait=st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_nobody_is_asked_twice_in_the_rest_period(last, wait):
    now = (last or datetime(2026, 5, 1, tzinfo=UTC)) + wait
    is_early = last is not None and wait < timedelta(days=30)
    assert RULES.is_resting(last, now) == is_early
