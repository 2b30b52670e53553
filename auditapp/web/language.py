"""Which language a request speaks: Chinese first, English complete."""

from flask import Blueprint, Response, abort, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from auditapp.web.addresses import local_or
from auditapp.web.security import find_current_actor, public

CHINESE, ENGLISH = "zh_CN", "en"
LOCALES = {"zh": CHINESE, "en": ENGLISH}
THEMES = ("light", "dark", "sun")
LANGUAGE_COOKIE, THEME_COOKIE = "language", "theme"
A_YEAR_SECONDS = 365 * 24 * 3600

bp = Blueprint("language", __name__)


def choose_language() -> str:
    """Return the locale of the request, found once: a page asks hundreds of times."""
    if "locale" not in g:
        g.locale = _find_language()
    found: str = g.locale
    return found


def speak(locale: str) -> None:
    """Let a page say its own language, whatever else speaks for another."""
    g.language = locale
    g.pop("locale", None)


def _find_language() -> str:
    """Return the locale: the page's own, the switch, the person's, the browser's.

    Babel does not find ``zh_CN`` for ``zh``, ``zh-Hans`` or ``zh-TW``, so every kind of
    Chinese is mapped here by hand.
    """
    chosen = g.get("language") or request.cookies.get(LANGUAGE_COOKIE)
    if not chosen:
        actor = find_current_actor()
        chosen = actor.locale if actor else None
    if not chosen:
        chosen = request.accept_languages.best_match(["zh", "zh-CN", "en"], "zh")
    return ENGLISH if chosen.lower().startswith("en") else CHINESE


def is_english() -> bool:
    """Tell whether the request speaks English."""
    return choose_language() == ENGLISH


def chosen_theme() -> str | None:
    """Return the theme somebody chose; None leaves it to the system."""
    theme = request.cookies.get(THEME_COOKIE)
    return theme if theme in THEMES else None


@bp.get("/language/<name>")
@public
def switch_language(name: str) -> BaseResponse:
    """Remember the language in this browser and go back to the page."""
    if name not in LOCALES:
        abort(404)
    answer = redirect(local_or(request.args.get("next"), "/"), 303)
    keep(answer, LANGUAGE_COOKIE, LOCALES[name])
    return answer


@bp.get("/theme/<name>")
@public
def switch_theme(name: str) -> BaseResponse:
    """Remember the theme in this browser and go back to the page."""
    if name not in (*THEMES, "system"):
        abort(404)
    answer = redirect(local_or(request.args.get("next"), "/"), 303)
    if name == "system":
        answer.delete_cookie(THEME_COOKIE)
    else:
        keep(answer, THEME_COOKIE, name)
    return answer


def keep(answer: BaseResponse | Response, name: str, value: str) -> None:
    """Set a cookie about how pages look; it says nothing about the person."""
    answer.set_cookie(
        name,
        value,
        max_age=A_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
