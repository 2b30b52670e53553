"""The form to decide one answer of an accepted audit otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from auditapp.domain.answer_texts import answer_text
from auditapp.domain.answer_values import COULD_NOT_OBSERVE, NEVER
from auditapp.web.frame import in_language

FormItem = Mapping[str, Any]
NUMBERS = frozenset({"timing_seconds", "number"})
STEPS = range(1, 6)


class OverrideForm(FlaskForm):
    """Which item, what it is decided to be, and why."""

    item = StringField(validators=[InputRequired(), Length(max=100)])
    value = StringField(
        lazy_gettext("New answer"),
        [
            InputRequired(lazy_gettext("Choose or write the new answer.")),
            Length(max=100, message=lazy_gettext("At most 100 characters, please.")),
        ],
    )
    reason = TextAreaField(
        lazy_gettext("Reason"),
        [
            DataRequired(lazy_gettext("Say why the answer is decided otherwise.")),
            Length(max=1000, message=lazy_gettext("At most 1000 characters, please.")),
            Regexp(r"^[^\x00]*$"),
        ],
    )


def may_be_overridden(item: FormItem) -> bool:
    """Tell whether an item has one answer that is scored."""
    return item["kind"] != "text" and "sample" not in item


def choices_of(item: FormItem) -> Sequence[tuple[str, str]]:
    """Return the answers that can be chosen, with their words; none for numbers."""
    match item["kind"]:
        case "yes_no":
            values: list[Any] = ["yes", "no"]
        case "choice":
            values = [option["id"] for option in item["options"]]
        case "scale":
            values = list(STEPS)
        case _:
            return ()
    return [
        (str(value), in_language(answer_text(item, value)))
        for value in [*values, COULD_NOT_OBSERVE]
    ]


def read_value(item: FormItem, text: str) -> object:
    """Return the value that was chosen or written, as documents hold it."""
    written = text.strip()
    if written in (COULD_NOT_OBSERVE, NEVER):
        return written
    if item["kind"] == "scale":
        return int(written) if written.isdecimal() else None
    if item["kind"] in NUMBERS:
        return read_number(written)
    return written


def read_number(text: str) -> int | float | None:
    """Return a written number; None for what is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() else number
