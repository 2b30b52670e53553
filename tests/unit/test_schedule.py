"""When work that nobody asks for is due."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.month import HALL_TIME
from auditapp.domain.schedule import Daily, Every

moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
entries = st.one_of(
    st.builds(Daily, st.integers(0, 23), st.integers(0, 59)),
    st.builds(Every, st.sampled_from([1, 5, 15, 60, 1440])),
)


@given(entries, moments, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_a_slot_has_begun_and_slots_follow_one_another(entry, now, later):
    slot = entry.slot_at(now)
    assert slot <= now
    assert entry.slot_at(slot) == slot
    assert entry.slot_at(now + later) >= slot


def test_a_daily_slot_is_a_clock_time_of_the_halls():
    just_before = datetime(2026, 11, 26, 2, 29, tzinfo=HALL_TIME)
    slot = Daily(2, 30).slot_at(just_before)
    assert slot == datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    assert Daily(2, 30).slot_at(just_before + timedelta(minutes=1)) == slot + timedelta(
        days=1
    )


def test_a_slot_of_minutes_lasts_that_long():
    now = datetime(2026, 11, 26, 9, 7, 30, tzinfo=UTC)
    assert Every(5).slot_at(now) == datetime(2026, 11, 26, 9, 5, tzinfo=UTC)
