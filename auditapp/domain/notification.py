"""What people are told, where it leads, and when they are left in peace.

What a notification says is kept as facts and said in the reader's language when it is
read. Nothing here names an auditor, a customer or a visit that is not released.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from auditapp.domain.month import HALL_TIME, first_day, is_month
from auditapp.domain.text import Text

QUIET_FROM, QUIET_UNTIL = 21, 8  # o'clock in the halls
MANY = 3  # more late actions than that at one moment are told in one line
Facts = Mapping[str, object]  # names as {"zh": …, "en": …}, ids and months as they are


class NewsKind(Enum):
    """What happened, as far as somebody is told."""

    ACTION_GIVEN = "action_given"
    ACTION_PROOF = "action_proof"
    ACTION_PUSHED_BACK = "action_pushed_back"
    ACTION_APPROVED = "action_approved"
    ACTION_LATE = "action_late"
    ACTIONS_LATE = "actions_late"
    APPEAL_LODGED = "appeal_lodged"
    APPEAL_DECIDED = "appeal_decided"
    REVIEW_WAITING = "review_waiting"
    REVIEW_LATE = "review_late"
    RESULTS_RELEASED = "results_released"
    MONTH_CLOSED = "month_closed"
    OBSTACLE_ANSWERED = "obstacle_answered"
    REQUEST_ANSWERED = "request_answered"
    CARD_PUBLISHED = "card_published"


class NewsGroup(Enum):
    """What a person can choose to be told, or not, by e-mail."""

    REVIEWS = "reviews"
    ACTIONS = "actions"
    RESULTS = "results"
    ANSWERS = "answers"


GROUPS = {
    NewsKind.ACTION_GIVEN: NewsGroup.ACTIONS,
    NewsKind.ACTION_PROOF: NewsGroup.ACTIONS,
    NewsKind.ACTION_PUSHED_BACK: NewsGroup.ACTIONS,
    NewsKind.ACTION_APPROVED: NewsGroup.ACTIONS,
    NewsKind.ACTION_LATE: NewsGroup.ACTIONS,
    NewsKind.ACTIONS_LATE: NewsGroup.ACTIONS,
    NewsKind.APPEAL_LODGED: NewsGroup.REVIEWS,
    NewsKind.APPEAL_DECIDED: NewsGroup.ANSWERS,
    NewsKind.REVIEW_WAITING: NewsGroup.REVIEWS,
    NewsKind.REVIEW_LATE: NewsGroup.REVIEWS,
    NewsKind.RESULTS_RELEASED: NewsGroup.RESULTS,
    NewsKind.MONTH_CLOSED: NewsGroup.RESULTS,
    NewsKind.OBSTACLE_ANSWERED: NewsGroup.ANSWERS,
    NewsKind.REQUEST_ANSWERED: NewsGroup.ANSWERS,
    NewsKind.CARD_PUBLISHED: NewsGroup.RESULTS,
}
GROUP_NAMES = {
    NewsGroup.REVIEWS: Text("审核和申诉", "Reviews and appeals"),
    NewsGroup.ACTIONS: Text("整改", "Putting right"),
    NewsGroup.RESULTS: Text("得分和月度", "Results and months"),
    NewsGroup.ANSWERS: Text("对我的答复", "Answers to me"),
}
_TEXTS = {
    NewsKind.ACTION_GIVEN: Text(
        "{hall}要整改：{item}", "To put right in {hall}: {item}"
    ),
    NewsKind.ACTION_PROOF: Text(
        "{hall}交来整改凭证：{item}", "Proof to look at from {hall}: {item}"
    ),
    NewsKind.ACTION_PUSHED_BACK: Text(
        "整改被退回：{item}（{hall}）", "Pushed back: {item} ({hall})"
    ),
    NewsKind.ACTION_APPROVED: Text(
        "整改已认可：{item}（{hall}）", "Proof approved: {item} ({hall})"
    ),
    NewsKind.ACTION_LATE: Text(
        "整改逾期，请过问：{item}（{hall}）", "Late, one level up: {item} ({hall})"
    ),
    NewsKind.ACTIONS_LATE: Text(
        "{count}项整改逾期，请过问", "{count} actions are late, one level up"
    ),
    NewsKind.APPEAL_LODGED: Text("{hall}提出申诉：{item}", "{hall} appeals: {item}"),
    NewsKind.APPEAL_DECIDED: Text(
        "申诉有了结果：{item}", "Your appeal is decided: {item}"
    ),
    NewsKind.REVIEW_WAITING: Text(
        "{hall}的记录等您审核", "{hall} waits for your review"
    ),
    NewsKind.REVIEW_LATE: Text("{hall}的审核已逾期", "The review of {hall} is late"),
    NewsKind.RESULTS_RELEASED: Text(
        "{month}的结果已发布", "The results of {month} are released"
    ),
    NewsKind.MONTH_CLOSED: Text("{month}已关账", "The books of {month} are closed"),
    NewsKind.OBSTACLE_ANSWERED: Text(
        "您报的障碍有了答复：{subject}",
        "The obstacle you reported is answered: {subject}",
    ),
    NewsKind.REQUEST_ANSWERED: Text(
        "您对标准的意见有了答复：{item}",
        "Your request about the standard is answered: {item}",
    ),
    NewsKind.CARD_PUBLISHED: Text(
        "请全厅一起读作业卡：{title}", "A work card to read together: {title}"
    ),
}
_ADDRESSES = {
    NewsGroup.ACTIONS: "/actions/{action}",
    NewsKind.ACTIONS_LATE: "/actions?which=late",
    NewsKind.APPEAL_LODGED: "/appeals/{appeal}",
    NewsKind.APPEAL_DECIDED: "/appeals/{appeal}",
    NewsKind.REVIEW_WAITING: "/audits/{audit}",
    NewsKind.REVIEW_LATE: "/audits/{audit}",
    NewsKind.RESULTS_RELEASED: "/",
    NewsKind.MONTH_CLOSED: "/halls/{hall_id}/months/{month}",
    NewsKind.OBSTACLE_ANSWERED: "/obstacles/{obstacle}",
    NewsKind.REQUEST_ANSWERED: "/requests",
    NewsKind.CARD_PUBLISHED: "/work-cards/{scenario}",
}


def news_text(kind: NewsKind, facts: Facts) -> Text:
    """Return the one sentence that is told."""
    text = _TEXTS[kind]
    return Text(
        text.zh.format(**{key: _said(fact, "zh") for key, fact in facts.items()}),
        text.en.format(**{key: _said(fact, "en") for key, fact in facts.items()}),
    )


def news_address(kind: NewsKind, facts: Facts) -> str:
    """Return the path of what it is about."""
    pattern = _ADDRESSES.get(kind) or _ADDRESSES[GROUPS[kind]]
    return pattern.format(**facts)


def is_quiet(now: datetime) -> bool:
    """Tell whether people are left in peace now, by the clock of the halls."""
    hour = now.astimezone(HALL_TIME).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def _said(fact: object, language: str) -> str:
    if isinstance(fact, Mapping):
        return str(fact[language])
    if isinstance(fact, str) and is_month(fact):
        first = first_day(fact)
        return f"{first:%b %Y}" if language == "en" else f"{first:%Y年}{first.month}月"
    return str(fact)
