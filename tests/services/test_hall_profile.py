"""A hall's months beside like halls: means, honest ranges, the right peers."""

import pytest

import closed_months as months
from auditapp.domain.month import later
from auditapp.domain.rounding import FULL_MILLI
from auditapp.estimation.student import student_reach
from auditapp.reads.hall_profile import FEWEST_HALLS, MONTHS, get_hall_profile
from auditapp.store.profiles import HallProfileRow, ProfileSumRow
from desk_world import NOW, make_world

MONTH = "2026-10"


@pytest.fixture(autouse=True)
def _world(session):
    make_world(session)
    months.make_halls(session, 1)


def see(session, month, rater, *, traits=("rainy",)):
    session.add(
        HallProfileRow(
            month=month,
            hall_id="BD01",
            region_id="north",
            tier="standard",
            traits=list(traits),
            is_begging=False,
            alerts=[],
            alert_count=0,
            figures={"rater": rater, "cause": {"process": 5}},
            scored_at=NOW,
        )
    )
    session.flush()


def add_up(session, month, trait, halls, mean_milli, tier="standard"):
    session.add(
        ProfileSumRow(
            month=month,
            trait=trait,
            dimension="rater",
            region_id="",
            tier=tier,
            key="reliability",
            halls=halls,
            total_milli=halls * mean_milli,
            squares_milli=0,
        )
    )
    session.flush()


def test_the_mean_of_months_has_students_range(session):
    for back, value in enumerate((70_000, 80_000, 90_000)):
        see(session, later(MONTH, -back), {"reliability": value})

    found = get_hall_profile(session, "BD01", MONTH)

    figure = found.figures["rater"]["reliability"]
    assert (found.months, figure.halls, figure.mean_milli) == (3, 3, 80_000)
    reach = student_reach(90.0, 2) * 10_000 / 3**0.5
    assert figure.half_milli == pytest.approx(reach)
    assert set(found.figures) == {"rater"}


def test_of_one_month_anything_may_be_true(session):
    see(session, MONTH, {"reliability": 70_000})
    found = get_hall_profile(session, "BD01", MONTH)
    assert found.figures["rater"]["reliability"].half_milli == FULL_MILLI


def test_months_that_are_later_or_long_ago_do_not_count(session):
    see(session, MONTH, {"reliability": 70_000})
    see(session, later(MONTH, 1), {"reliability": 10_000})
    see(session, later(MONTH, -MONTHS), {"reliability": 10_000})

    figure = get_hall_profile(session, "BD01", MONTH).figures["rater"]["reliability"]

    assert (figure.halls, figure.mean_milli) == (1, 70_000)


@pytest.mark.parametrize(
    ("rainy", "trait", "peers"),
    [(FEWEST_HALLS * MONTHS, "rainy", 60_000), (FEWEST_HALLS, "", 80_000)],
)
def test_peers_share_the_rarest_trait_where_there_are_enough_of_them(
    session, rainy, trait, peers
):
    see(session, MONTH, {"reliability": 70_000}, traits=("rainy", "terminals"))
    add_up(session, MONTH, "", 100, 80_000)
    add_up(session, MONTH, "rainy", rainy, 60_000)
    add_up(session, MONTH, "", 100, 10_000, tier="flagship")

    found = get_hall_profile(session, "BD01", MONTH)

    assert found.trait == trait
    assert found.figures["rater"]["reliability"].peers_milli == peers


def test_a_hall_of_which_nothing_was_seen_has_none(session):
    assert get_hall_profile(session, "BD01", MONTH) is None
