"""The forms about complaints: passing one on, answering it, asking the customer."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from auditapp.domain.complaint import (
    CATEGORIES,
    PROMISES,
    SEVERE_PROMISE,
    USUAL_PROMISE,
)
from auditapp.domain.text import Text
from auditapp.services.complaint_steps import HALL, LONGEST_WORDS
from auditapp.services.complaints import Told
from auditapp.web.call_words import days_long
from auditapp.web.frame import in_language

USUAL = ""
NO_NUL = Regexp(r"^[^\x00]*$")
CAUSES = [
    SelectChoice("front_line", lazy_gettext("Front line")),
    SelectChoice("process", lazy_gettext("Process")),
    SelectChoice("support", lazy_gettext("Support")),
]
AS_USUAL = SelectChoice(USUAL, lazy_gettext("As usual for this kind"))
LENGTH = Length(
    max=LONGEST_WORDS, message=lazy_gettext("At most 2000 characters, please.")
)


class ProblemForm(FlaskForm):
    """What is passed on; what is left as usual follows from the kind."""

    category = RadioField(
        lazy_gettext("Kind of problem"),
        [InputRequired(lazy_gettext("Choose the kind of problem."))],
        choices=list(CATEGORIES),
    )
    words = TextAreaField(
        lazy_gettext("What the customer says"),
        [
            DataRequired(lazy_gettext("Write in a few words what happened.")),
            LENGTH,
            NO_NUL,
        ],
    )
    cause = SelectField(
        lazy_gettext("Cause"),
        default=USUAL,
        choices=[AS_USUAL, *CAUSES],
    )
    owner = SelectField(lazy_gettext("Owner"), default=USUAL)
    promise = SelectField(lazy_gettext("Answer promised within"), default=USUAL)
    is_severe = BooleanField(lazy_gettext("Severe: alert headquarters at once"))
    may_contact = BooleanField(lazy_gettext("The customer may be contacted about it"))

    def offer(self, departments: list[tuple[str, Text]]) -> None:
        """Offer the owners there are, and the usual promises."""
        names = [SelectChoice(key, in_language(name)) for key, name in departments]
        hall = SelectChoice(HALL, lazy_gettext("The hall"))
        self.owner.choices = [AS_USUAL, hall, *names]
        proposed = lazy_gettext(
            "%(usual)s, if severe %(severe)s",
            usual=days_long(USUAL_PROMISE),
            severe=days_long(SEVERE_PROMISE),
        )
        days = [SelectChoice(str(count), days_long(count)) for count in PROMISES]
        self.promise.choices = [SelectChoice(USUAL, proposed), *days]

    def propose(self, *, is_severe: bool, may_contact: bool) -> None:
        """Fill in what the call has told already, unless somebody has answered."""
        if not self.is_submitted() or self.category.raw_data is None:
            self.is_severe.data, self.may_contact.data = is_severe, may_contact

    def told(self) -> Told:
        """Return what is passed on, with what is usual filled in."""
        kind = CATEGORIES[self.category.data]
        owners = {choice.value for choice in self.owner.choices or ()}
        usual_owner = kind.owner if kind.owner in owners else HALL
        usual_days = SEVERE_PROMISE if self.is_severe.data else USUAL_PROMISE
        return Told(
            category=kind.category_id,
            cause=self.cause.data or kind.cause,
            owner=self.owner.data or usual_owner,
            words=self.words.data,
            promise_days=int(self.promise.data or usual_days),
            is_severe=self.is_severe.data,
            may_contact=self.may_contact.data,
        )


class ReplyForm(FlaskForm):
    """What the owner did about it, and the cause that was found."""

    cause = SelectField(
        lazy_gettext("Cause"),
        default=USUAL,
        choices=[SelectChoice(USUAL, lazy_gettext("Not known yet")), *CAUSES],
    )
    reply = TextAreaField(
        lazy_gettext("What was done"),
        [
            DataRequired(lazy_gettext("Write what was done about it.")),
            LENGTH,
            NO_NUL,
        ],
    )
