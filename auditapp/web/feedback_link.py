"""The one page behind a customer's personal link; it works in any phone's browser.

The address is the proof of who answers, so a session and its token are not needed;
it is never logged, never handed on as a referrer, and nothing may keep the page.
"""

from datetime import UTC, datetime

from flask import (
    Blueprint,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from auditapp.domain.dialogue import Dialogue
from auditapp.domain.replies import visible
from auditapp.extensions import csrf, reading, write_together
from auditapp.gateways.personal_links import token_hash
from auditapp.reads.feedback_link import (
    OpenQuestion,
    find_company,
    find_open_question,
)
from auditapp.services.dialogues import get_dialogue
from auditapp.services.link_answers import LinkAnswer, answer_by_link, reason_item_of
from auditapp.web.language import LOCALES, speak
from auditapp.web.security import public

bp = Blueprint("feedback_link", __name__, url_prefix="/f")
csrf.exempt(bp)

LONGEST_WORDS = 500
GONE = 404


@bp.before_request
def choose_language() -> None:
    """Let the page's own switch decide; a cookie would outlive the visit."""
    wanted = LOCALES.get(request.args.get("lang", ""))
    if wanted:
        speak(wanted)


@bp.after_request
def keep_secret(response: BaseResponse) -> BaseResponse:
    """Let nobody learn the address from this page."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/thanks")
@public
def thanks() -> str:
    """Say thank you; the address says nothing any more."""
    return render_template("feedback/thanks.html", stopped="stopped" in request.args)


@bp.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Show the question that is open."""
    with reading() as session:
        question = find_open_question(session, token_hash(token), now=now())
        dialogue = get_dialogue(session, question.version) if question else None
    if question is None or dialogue is None:
        return gone()
    return page(question, dialogue, token)


@bp.post("/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """Take the answer in and go on: to the next question, or to the thanks."""
    name = token_hash(token)
    with reading() as session:
        question = find_open_question(session, name, now=now())
        dialogue = get_dialogue(session, question.version) if question else None
    if question is None or dialogue is None:
        return gone()
    told = read_answer(dialogue)
    error = problem_of(told, question, dialogue)
    if error:
        return page(question, dialogue, token, error), 422
    write_together(lambda session: answer_by_link(session, name, told, now=now()))
    with reading() as session:
        is_more = find_open_question(session, name, now=now()) is not None
    lang = "en" if g.get("language") == LOCALES["en"] else "zh"
    if is_more:
        return redirect(url_for(".show", token=token, lang=lang), 303)
    stopped = 1 if told.has_stopped else None
    return redirect(url_for(".thanks", lang=lang, stopped=stopped), 303)


def read_answer(dialogue: Dialogue) -> LinkAnswer:
    """Read the form; what is no answer to its question is none at all."""
    rating = request.form.get("rating", "")
    item = dialogue.item(dialogue.first_item)
    marks = [str(mark) for mark in range(item["min"], item["max"] + 1)]
    reason = request.form.get("reason")
    return LinkAnswer(
        rating=int(rating) if rating in marks else None,
        reason=reason if reason in {o["id"] for o in reasons_of(dialogue)} else None,
        words="".join(
            c for c in visible(request.form.get("words", "")) if c.isprintable()
        ),
        wants_call="call" in request.form,
        has_stopped="stop" in request.form,
    )


def problem_of(told: LinkAnswer, question: OpenQuestion, dialogue: Dialogue) -> str:
    """Return what to correct, in words; nothing when all is well."""
    if told.has_stopped:
        return ""
    if question.asked_item == dialogue.first_item and told.rating is None:
        return str(_("Please choose a number from 1 to 10."))
    if len(told.words) > LONGEST_WORDS:
        text = _("Please use no more than %(most)s characters.", most=LONGEST_WORDS)
        return str(text)
    return ""


def page(
    question: OpenQuestion, dialogue: Dialogue, token: str, error: str = ""
) -> str:
    """Render the open question in the customer's language."""
    if "language" not in g:
        speak(LOCALES[question.language])
    with reading() as session:
        company = find_company(session)
    first = dialogue.item(dialogue.first_item)
    return render_template(
        "feedback/question.html",
        question=question,
        company=company,
        token=token,
        error=error,
        is_first=question.asked_item == dialogue.first_item,
        first=first,
        reasons=reasons_of(dialogue),
        rating=question.answers.get(dialogue.first_item),
        said=request.form,
        longest=LONGEST_WORDS,
    )


def gone() -> Response:
    """Say the same of a link that is used, too old or never was."""
    with reading() as session:
        company = find_company(session)
    return make_response(render_template("feedback/gone.html", company=company), GONE)


def reasons_of(dialogue: Dialogue) -> list[dict[str, str]]:
    """Return the options of the question about the reason."""
    item_id = reason_item_of(dialogue)
    options: list[dict[str, str]] = dialogue.item(item_id)["options"] if item_id else []
    return options


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
