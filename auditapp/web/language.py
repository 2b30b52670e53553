"""Which language a request speaks: Chinese first, English complete."""

from flask import request

from auditapp.web.security import find_current_actor

CHINESE, ENGLISH = "zh_CN", "en"
LANGUAGE_COOKIE = "language"


def choose_language() -> str:
    """Return the locale: the switch on the page, the person's, the browser's.

    Babel does not find ``zh_CN`` for ``zh``, ``zh-Hans`` or ``zh-TW``, so every kind of
    Chinese is mapped here by hand.
    """
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if not chosen:
        actor = find_current_actor()
        chosen = actor.locale if actor else None
    if not chosen:
        chosen = request.accept_languages.best_match(["zh", "zh-CN", "en"], "zh")
    return ENGLISH if chosen.lower().startswith("en") else CHINESE


def is_english() -> bool:
    """Tell whether the request speaks English."""
    return choose_language() == ENGLISH
