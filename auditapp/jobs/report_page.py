"""The page that becomes a PDF: the same facts in one language and in print colours."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from flask import current_app
from flask_babel import force_locale

from auditapp.domain.answer_texts import duration_text
from auditapp.domain.month import HALL_TIME
from auditapp.domain.rounding import round_half_up
from auditapp.domain.text import Text
from auditapp.reads.report_clock import clock_line
from auditapp.reads.report_data import Report

_CSS = Path(__file__).parents[2] / "static/css"
_TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})\b")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def report_css() -> str:
    """Return the style of the page: the product's tokens, then what print needs."""
    return "".join((_CSS / name).read_text() for name in ("tokens.css", "report.css"))


def report_html(
    report: Report, locale: str, shown: Collection[str], printed_at: datetime
) -> str:
    """Return the page of a report in one language; ``shown`` are the photos at hand."""
    template = current_app.jinja_env.get_template("reports/audit.html")
    with force_locale(locale):
        return template.render(
            report=report,
            review=report.review,
            clock=clock_line(report.timeline),
            colour=light_colours(),
            shown=shown,
            printed_at=printed_at,
            voice=Voice(locale),
        )


def light_colours() -> dict[str, str]:
    """Return the tokens' light colours: a drawing in a PDF sees no style sheet."""
    light = (_CSS / "tokens.css").read_text().partition("@media")[0]
    return dict(_TOKEN.findall(light))


class Voice:
    """How one language says texts, times and numbers."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self.is_english = locale.startswith("en")

    def say(self, text: Text | Mapping[str, str]) -> str:
        """Say a text or a form's zh/en pair."""
        if isinstance(text, Text):
            return text.in_language(self.locale)
        return text["en" if self.is_english else "zh"]

    def month(self, month: str) -> str:
        """Say ``2026-11``: 2026年11月, November 2026."""
        year, number = map(int, month.split("-"))
        if self.is_english:
            return f"{_MONTHS[number - 1]} {year}"
        return f"{year}年{number}月"

    def day(self, instant: datetime) -> str:
        """Say the day of an instant in the halls: 2026年11月17日, 17 November 2026."""
        day: date = instant.astimezone(HALL_TIME).date()
        if self.is_english:
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"

    def time(self, instant: datetime, *, seconds: bool = False) -> str:
        """Say the time of day in the halls: 10:14 or 10:14:02."""
        pattern = "%H:%M:%S" if seconds else "%H:%M"
        return instant.astimezone(HALL_TIME).strftime(pattern)

    def duration(self, seconds: float) -> str:
        """Say a length of time."""
        return duration_text(seconds).in_language(self.locale)

    def points(self, tenths: int) -> str:
        """Say tenths of a point with one decimal."""
        return f"{tenths // 10}.{tenths % 10}"

    def lost(self, tenths: int) -> str:
        """Say points that were lost, with a true minus; nothing for none."""
        return f"−{self.points(tenths)}" if tenths else ""

    def whole(self, score: Fraction) -> str:
        """Say a score of its own hundred as a whole number."""
        return str(round_half_up(score))
