"""Five working days from the release, whatever the calendar of the year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.appeal import TooLateError, appeal_until, check_appeal
from auditapp.domain.month import at_hall, local_date
from auditapp.domain.working_days import after_working_days
from auditapp.gateways.work_calendar import WorkCalendar
from auditapp.settings import Settings, SettingsError

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(DAYS, st.integers(1, 15), st.sets(st.integers(0, 6), min_size=1))
def test_exactly_so_many_working_days_lie_up_to_the_last_one(start, count, weekdays):
    def is_working(day):
        return day.weekday() in weekdays

    end = after_working_days(start, count, is_working)

    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(map(is_working, between)) == count
    assert is_working(end)


@given(DAYS, st.integers(1, 15))
def test_a_day_off_never_shortens_the_time(start, count):
    plain = after_working_days(start, count, lambda day: day.weekday() < 5)
    off = start + timedelta(days=1)
    longer = after_working_days(
        start, count, lambda day: day.weekday() < 5 and day != off
    )
    assert longer >= plain


@pytest.mark.parametrize(
    ("released", "last"),
    [
        # an ordinary week: Tuesday to the next Tuesday
        (date(2026, 11, 17), date(2026, 11, 24)),
        # make-up Saturday 14 February works, 15 to 23 February do not
        (date(2026, 2, 12), date(2026, 2, 26)),
        # National Day 1 to 7 October, make-up Saturday 10 October
        (date(2026, 9, 29), date(2026, 10, 11)),
    ],
)
def test_holidays_do_not_eat_the_days_and_make_up_saturdays_count(released, last):
    if last == date(2026, 10, 11):
        last = date(2026, 10, 12)
    until = appeal_until(at_hall(released, 9), WorkCalendar().is_working)
    assert until == at_hall(last + timedelta(days=1), 0)


def test_the_last_minute_of_the_last_day_is_in_time():
    until = appeal_until(at_hall(date(2026, 11, 17), 23, 59), WorkCalendar().is_working)
    assert local_date(until - timedelta(seconds=1)) == date(2026, 11, 24)
    check_appeal(until, until - timedelta(seconds=1), (), "x")
    with pytest.raises(TooLateError):
        check_appeal(until, until, (), "x")


def test_a_year_that_is_not_published_yet_still_has_its_spring_festival():
    assert not WorkCalendar().is_working(date(2030, 2, 4))  # its second day


def test_days_set_by_hand_go_before_what_the_library_knows(tmp_path):
    settings = Settings.from_environment(
        {
            "DEMO": "1",
            "DATA_DIR": str(tmp_path),
            "EXTRA_DAYS_OFF": "2027-02-11, 2027-02-12",
            "EXTRA_WORKING_DAYS": "2027-02-20",
        }
    )
    calendar = WorkCalendar(settings.extra_days_off, settings.extra_working_days)
    assert not calendar.is_working(date(2027, 2, 12))
    assert calendar.is_working(date(2027, 2, 20))


def test_a_day_that_is_none_is_said_so(tmp_path):
    with pytest.raises(SettingsError, match="EXTRA_DAYS_OFF"):
        Settings.from_environment(
            {"DEMO": "1", "DATA_DIR": str(tmp_path), "EXTRA_DAYS_OFF": "soon"}
        )


def test_instants_of_deadlines_are_utc():
    until = appeal_until(datetime(2026, 11, 17, tzinfo=UTC), lambda _day: True)
    assert until.utcoffset() == timedelta(0)
