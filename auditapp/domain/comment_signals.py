"""Does what an auditor wrote beside an answer say the contrary of the answer?

A few plain words of praise and complaint, no understanding: a hint to read it, never a
verdict. What praises by denying ("没有问题", "no problem") is taken out first.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditapp.domain.answer_values import as_mapping
from auditapp.domain.scoring import FULL, item_score, today_of
from auditapp.domain.signal import Signal

LONGEST_QUOTE = 60  # characters of a comment that are shown with the hint

_QUOTED = re.compile(r"[“‘「][^”’」]*[”’」]")  # somebody else's words
_NEUTRAL = re.compile(
    r"没有?等?[太很]?久|"
    r"没有?(?:任何)?(?:问题|异常|发现问题|意见)|不错|不脏|不乱|不差|没得说|无异常|无问题|"
    r"不用|不需|不必|"
    r"\bno (?:problems?|issues?|complaints?|faults?)\b|\bnot bad\b|\bnothing wrong\b",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"没有?|未|不|无人|缺|坏|脏|乱|差|冷淡|敷衍|拒绝|推诿|"
    r"\b(?:not|no|never|without|missing|broken|dirty|rude|refused|ignored)\b|n't\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"很好|做到了|干净|整洁|热情|周到|耐心|满意|齐全|正常|"
    r"\b(?:good|great|clean|tidy|friendly|polite|patient|complete|fine)\b",
    re.IGNORECASE,
)


def comment_signals(
    form: Mapping[str, Any], audit: Mapping[str, Any]
) -> Iterator[Signal]:
    """Yield answers whose comment says the contrary."""
    answers, today = as_mapping(audit.get("answers")), today_of(audit)
    for item in form["items"]:
        answer = as_mapping(answers.get(item["id"]))
        note, points = answer.get("note"), item_score(item, answer, today)
        if points not in (0, FULL) or not isinstance(note, str):
            continue  # what is half met may be praised and complained of alike
        if _denies(note, is_met := points == FULL):
            kind = "comment_complains" if is_met else "comment_praises"
            quote = note.strip()[:LONGEST_QUOTE]
            yield Signal(kind, "notice", item["id"], {"comment": quote})


def _denies(note: str, is_met: bool) -> bool:  # noqa: FBT001  the answer itself
    own = _QUOTED.sub(" ", note)
    rest = _NEUTRAL.sub(" ", own)
    complains = _COMPLAINT.search(rest) is not None
    if is_met:
        return complains
    is_praised = _PRAISE.search(rest) is not None or rest != own
    return is_praised and not complains
