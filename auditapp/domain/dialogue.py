"""The text messages of a checklist: which is sent next, and its very words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.checklist_rules.items import SMS_CHARACTERS
from auditapp.domain.customer_response import script_of
from auditapp.domain.form import is_asked
from auditapp.domain.invitation import InvitationRules, read_invitation_rules
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary

THANKS, FAREWELL = "thanks", "farewell"  # messages that are no question
FAREWELL_TEXT = Text(
    "【{brand}】已为您退订，不会再邀请您评价。",
    "{brand}: you will not be asked again.",
)
_PLACE = re.compile(r"\{(\w*)\}")
# Characters of one part of a longer message. Source: 3GPP TS 23.040, 9.2.3.24.1
_PART_CHARACTERS = {"zh": 67, "en": 153}
_PARTS_WITH_LINK = 2


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One version's questions in their order, its rules and its closing words."""

    version: str
    form: Mapping[str, Any]
    rules: InvitationRules
    thanks: Text

    def item(self, item_id: str) -> Mapping[str, Any]:
        """Return one question of the form."""
        found: Mapping[str, Any] = next(
            item for item in self.form["items"] if item["id"] == item_id
        )
        return found

    @property
    def first_item(self) -> str:
        """The question that the invitation asks."""
        return str(self.form["items"][0]["id"])

    @property
    def words_item(self) -> str | None:
        """The question that takes free words; None when there is none."""
        texts = (i["id"] for i in self.form["items"] if i["kind"] == "text")
        return next(texts, None)

    def next_item(self, answers: Mapping[str, Any], after: str) -> str | None:
        """Return the next question that these answers call for; None: thank them."""
        given = {key: {"value": value} for key, value in answers.items()}
        ids = [item["id"] for item in self.form["items"]]
        for item in self.form["items"][ids.index(after) + 1 :]:
            if item["id"] not in answers and is_asked(item, given):
                return str(item["id"])
        return None

    def words_of(self, kind: str) -> Text:
        """Return the message of a question, the thanks or the farewell, unfilled."""
        if kind == THANKS:
            return self.thanks
        if kind == FAREWELL:
            return FAREWELL_TEXT
        pair = self.item(kind)["sms"]
        return Text(pair["zh"], pair["en"])


def build_dialogue(document: Mapping[str, Any], vocabulary: Vocabulary) -> Dialogue:
    """Return the messages of a published text-message checklist."""
    checklist = read_checklist(document, vocabulary)
    return Dialogue(
        version=checklist.version,
        form=script_of(checklist, vocabulary),
        rules=read_invitation_rules(document.get("contact_rules", {})),
        thanks=Text(
            document.get("thanks_sms_zh", "谢谢您的评价。"),
            document.get("thanks_sms_en", "Thank you for your feedback."),
        ),
    )


def filled(
    message: str, language: str, places: Mapping[str, str], link: str = ""
) -> str:
    """Return a message ready to send: one text message, two when it has a link.

    A hall with a long name is named shorter rather than costing a second message.
    """
    longest = SMS_CHARACTERS[language]
    if link:
        longest = _PART_CHARACTERS[language] * _PARTS_WITH_LINK
    tail = f" {link}" if link else ""
    text = _fill(message, places) + tail
    excess = len(text) - longest
    hall = places.get("hall", "")
    if excess > 0 and len(hall) > excess + 1:
        short = f"{hall[: len(hall) - excess - 1].rstrip()}…"
        text = _fill(message, {**places, "hall": short}) + tail
    return text


def _fill(message: str, places: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: places.get(found[1], ""), message)
