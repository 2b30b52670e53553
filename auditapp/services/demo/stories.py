"""What is going to happen at each hall in each of the six months."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from auditapp.domain.visit import HALL_CLOSED
from auditapp.services.demo.company import NEW_STANDARD_MONTH, HallStory

IMPROVING = (68, 72, 76, 80, 84, 88)  # points of ZJ02, month by month
OUTAGE_SCORE = 52
SECOND_SCORE = 83
SECOND_VISIT_MONTH, CLOSED_MONTH = NEW_STANDARD_MONTH + 1, NEW_STANDARD_MONTH - 1
APPEAL_HALL, APPEAL_ITEM = "ZJ01", "ent_appearance"
APPEAL_MONTH = NEW_STANDARD_MONTH
PENSION_DAY = 15
TEN_CASES_MONTH = 4
SERIOUS_SHARE = 0.035  # of ordinary visits: one critical item is not met
SERIOUS = (("off_disclose", "less"), ("off_no_push", "no"), ("int_fire_exit", "no"))


@dataclass(frozen=True, slots=True)
class Course:
    """How one visit will turn out.

    ``hard`` and ``soft`` are the shares of such items that are met. ``target`` is the
    score in points that the story tells, ``tolerance`` how near is near enough.
    ``forced`` are the answers, and ``notes`` the words, that the story depends on;
    ``shows`` limits what is photographed.
    """

    hard: float
    soft: float
    target: float | None = None
    tolerance: float = 1.0
    is_exact: bool = False  # the target is a whole number and met to the last digit
    forced: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    day: int | None = None
    is_raining: bool | None = None
    scenario: str | None = None
    shows: frozenset[str] | None = None
    least_stay: float = 560.0  # seconds in the hall; nobody honest takes less
    is_shut: bool = False  # for works: nobody is sent
    outcome: str = "completed"
    again: "Course | None" = None  # of a second visit in the same month


def course_of(hall: HallStory, index: int, chance: random.Random) -> Course:
    """Return the course of a hall's visit in the month with this index, 0 to 5."""
    course = Course(hall.hard, hall.soft)
    tell = _STORIES.get(hall.story or "")
    if tell is not None:
        return tell(course, index)
    if chance.random() < SERIOUS_SHARE:
        item, answer = chance.choice(SERIOUS)
        return replace(course, forced={item: answer})
    return course


def _benchmark(course: Course, _index: int) -> Course:
    return replace(course, target=94, tolerance=2.5)


def _good_with_elderly(course: Course, _index: int) -> Course:
    praised = ("int_reading_aids", "wai_priority", "exp_listen", "off_plain")
    words = {"ovr_delight": "柜员把字写大，给老人念了两遍，还教她用放大镜"}
    return replace(course, forced=dict.fromkeys(praised, "yes"), notes=words)


def _hard_good_soft_bad(course: Course, _index: int) -> Course:
    cold = {"exp_probe": "no", "ent_greet_manner": 2}
    return replace(course, forced=cold, hard=1.0)


def _pension_day_queue(course: Course, index: int) -> Course:
    return replace(
        course,
        day=PENSION_DAY,
        forced={
            "wai_time": 1860 + 90 * index,
            "wai_people": 21 + index,
            "wai_counters": 1,
            "wai_care": "yes",
        },
        notes={
            "wai_time": "养老金发放日，两个窗口只排了一个人上班，员工一直没停",
            "ovr_pain": "发放日排班没有变，是制度问题，不怪柜员",
        },
    )


def _delight_stories(course: Course, index: int) -> Course:
    words = (
        "下雨，柜员借了伞，还送到路口",
        "帮外地游客给民宿打电话问路",
        "雨大，让我在厅里多坐一会儿，倒了热水",
        "给同行的孩子拿了彩笔",
        "借伞只登记了手机号，第二天可以还到任何一个厅",
        "把公交末班车时间写在便签上给我",
    )
    is_rainy = index % 2 == 0
    forced = {"lev_rain_care": "yes"} if is_rainy else {}
    return replace(
        course, is_raining=is_rainy, forced=forced, notes={"ovr_delight": words[index]}
    )


def _appeal_won(course: Course, index: int) -> Course:
    if index != APPEAL_MONTH:
        return replace(course, forced={APPEAL_ITEM: "yes"})
    words = {APPEAL_ITEM: "三号窗口柜员没有穿工装外套，也没有看到工号牌"}
    return replace(course, forced={APPEAL_ITEM: "no"}, notes=words)


def _improving(course: Course, index: int) -> Course:
    return replace(course, target=IMPROVING[index], tolerance=0.6)


def _staff_strain(course: Course, index: int) -> Course:
    tired = max(0, index - 2)
    words = {"ovr_pain": "只有一个人顶两个窗口，员工看上去很累，是支撑问题"}
    return replace(
        course, soft=course.soft - 0.06 * tired, notes=words if tired else {}
    )


_WELL_KEPT = ("ext_clean", "int_clean", "int_tariff_public", "int_complaint_channel")


def _system_faults(course: Course, index: int) -> Course:
    """The people do well; what they work with does not."""
    return replace(
        course,
        hard=0.5,
        soft=0.96,
        forced={
            **dict.fromkeys(_WELL_KEPT, "yes"),
            "act_system": "blocked" if index % 3 == 2 else "delayed",  # noqa: PLR2004
            "act_result": "no",
            "act_once": "yes",
            "ent_greet_manner": 5,
        },
        notes={
            "act_system": "系统断线，柜员道歉并打了报修电话，等了很久",
            "act_result": "系统没有同步，隔天查还是旧套餐",
            "ovr_pain": "网络三天两头断，是系统和支撑的问题，不是人的问题",
        },
    )


def _ten_cases(course: Course, index: int) -> Course:
    if index != TEN_CASES_MONTH:
        return course
    best = ("act_once", "act_first_ask", "con_recap", "off_plain", "act_verify_id")
    words = {"ovr_delight": "补卡时先核对常用联系人，再一张纸写清三步，十分钟办完"}
    return replace(
        course,
        scenario="sim_replace",
        soft=0.98,
        forced=dict.fromkeys(best, "yes"),
        notes=words,
    )


def _begging(course: Course, index: int) -> Course:
    words = (
        "办完说‘收到短信麻烦给十分’",
        "柜台上贴着‘十分满意’的二维码",
        "柜员看着我回短信，说要截图给主任",
        "说给十分可以领一包纸巾",
        "办完说‘短信选10，谢谢您’",
        "把手机递过来，屏幕上已经选好十分",
    )
    return replace(
        course, forced={"lev_no_beg": "no"}, notes={"lev_no_beg": words[index]}
    )


def _one_bad_visit(course: Course, index: int) -> Course:
    return _outage(course) if index == NEW_STANDARD_MONTH else course


def _second_visit(course: Course, index: int) -> Course:
    """Another hall has its bad day a month later, and is visited twice."""
    if index != SECOND_VISIT_MONTH:
        return course
    again = replace(course, target=SECOND_SCORE, tolerance=0.0, is_exact=True)
    return replace(_outage(course), again=again)


def _under_works(course: Course, index: int) -> Course:
    return replace(course, is_shut=index == SECOND_VISIT_MONTH)


def _found_closed(course: Course, index: int) -> Course:
    """The auditor stands before a shut door in posted hours."""
    if index != CLOSED_MONTH:
        return course
    return replace(course, outcome=HALL_CLOSED)


def _outage(course: Course) -> Course:
    return replace(
        course,
        target=OUTAGE_SCORE,
        tolerance=0.0,
        is_exact=True,
        forced={
            "act_system": "blocked",
            "act_once": "no",
            "act_result": "no",
            "int_temp": "no",
            "wai_queue_machine": "no",
            "wai_kiosk": "none_ok",
            "wai_time": 2050,
        },
        notes={
            "act_system": "整条街停电，系统全停，业务没有办成，也没有人说什么时候恢复",
            "act_once": "停电办不了，只说改天再来",
            "act_result": "停电没有办成，短信也没有收到",
            "int_temp": "停电，空调停了",
            "wai_queue_machine": "停电，叫号机黑屏",
            "wai_kiosk": "停电，两台自助机都不能用",
            "wai_time": "停电后一直在等，没有叫号",
            "ovr_pain": "当天停电，是支撑问题；平时什么样看不出来",
        },
    )


def _false_closure(course: Course, index: int) -> Course:
    """The broken seat is said to be mended in the system, and is not."""
    if index < 2:  # noqa: PLR2004 (it breaks in the third month)
        return course
    words = {
        "int_seats": f"靠窗第二张椅子靠背还是断的，胶带又多了一圈，第{index}次看到"
    }
    return replace(course, forced={"int_seats": "no"}, notes=words)


def _umbrella_rack(course: Course, index: int) -> Course:
    """Until the new standard a desert hall loses points for umbrellas each month."""
    if index >= NEW_STANDARD_MONTH:
        return course
    words = {"int_umbrella_rack": "没有雨伞架；店员说这里一年下不了几场雨"}
    return replace(course, forced={"int_umbrella_rack": "no"}, notes=words)


_STORIES: dict[str, Callable[[Course, int], Course]] = {
    "benchmark": _benchmark,
    "good_with_elderly": _good_with_elderly,
    "hard_good_soft_bad": _hard_good_soft_bad,
    "pension_day_queue": _pension_day_queue,
    "delight_stories": _delight_stories,
    "appeal_won": _appeal_won,
    "improving": _improving,
    "staff_strain": _staff_strain,
    "system_faults": _system_faults,
    "ten_cases_winner": _ten_cases,
    "begging_for_tens": _begging,
    "one_bad_visit": _one_bad_visit,
    "second_visit": _second_visit,
    "under_works": _under_works,
    "found_closed": _found_closed,
    "not_connected": lambda course, _index: course,
    "few_calls": lambda course, _index: course,
    "few_replies": lambda course, _index: course,
    "false_closure": _false_closure,
    "umbrella_rack_unfair": _umbrella_rack,
    "suspicious_auditor": lambda course, _index: course,
}
