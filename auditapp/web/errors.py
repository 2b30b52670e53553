"""The one table from what went wrong to an HTTP status, and how it is told."""

import re
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from auditapp.domain import errors
from auditapp.domain.json_text import MalformedError
from auditapp.domain.text import Text
from auditapp.domain.webhook import SignatureError
from auditapp.web.language import choose_language

STATUS_OF: dict[type[errors.DomainError], int] = {
    errors.NotFoundError: 404,
    errors.ForbiddenError: 403,
    errors.SignInRequiredError: 401,
    SignatureError: 401,
    errors.InvalidError: 422,
    errors.ConflictError: 409,
    errors.TooManyTriesError: 429,
    MalformedError: 400,
    errors.UnavailableError: 503,
    errors.FullError: 507,
}

ITS_OUR_FAULT = 500
RETRY_AFTER_SECONDS = 5
SENTENCE_END = re.compile(r"(?<=[。.;；])\s*(?=\S)")

TITLE_OF_STATUS = {
    400: Text("请求看不懂。", "The request could not be understood."),
    404: errors.NotFoundError.text,
    405: Text("这个地址不能这样用。", "This address is not used that way."),
    411: Text("请求没有说明长度。", "The request does not say how long it is."),
    413: Text("太大了。", "Too large."),
    415: Text("文件类型不对。", "The file is not of an accepted kind."),
    429: Text("太快了，请等一会儿再试。", "Too many tries. Please wait a little."),
    500: Text("服务器出错了，已记录。", "The server made a mistake; it is recorded."),
    503: Text("服务器正忙，请稍后再试。", "The server is busy. Please try again soon."),
    507: Text("服务器存储已满。", "The server's storage is full."),
}


def fault_of(error: errors.DomainError) -> Text:
    """Return the one sentence that stands against what was sent."""
    if isinstance(error, errors.InvalidError):
        return error.problems[0].text
    return error.text


def status_of(error: errors.DomainError) -> int:
    """Return the status of the error's nearest listed class."""
    return next(STATUS_OF[kind] for kind in type(error).mro() if kind in STATUS_OF)


def problem(status: int, code: str, text: Text, **members: Any) -> Response:  # noqa: ANN401
    """Return ``application/problem+json`` (RFC 9457) in the caller's language."""
    body = {
        "type": f"/problems/{code}",
        "title": text.en,
        "status": status,
        "detail": text.in_language(choose_language()),
        **members,
    }
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def register(app: Flask) -> None:
    """Answer every error the same way: problem details to programs, pages to people."""
    app.register_error_handler(errors.DomainError, show_domain_error)
    app.register_error_handler(errors.UnavailableError, show_unavailable)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_unexpected_error)


def show_domain_error(error: errors.DomainError) -> ResponseReturnValue:
    """Tell a person or a program which rule was broken."""
    status = status_of(error)
    if wants_problem():
        members = {"errors": listed(error)} if listed(error) else {}
        return problem(status, error.code, error.text, **members)
    if status == STATUS_OF[errors.SignInRequiredError]:
        return redirect(url_for("accounts.sign_in", next=request.full_path), 303)
    problems = error.problems if isinstance(error, errors.InvalidError) else []
    return error_page(status, error.text, problems)


def show_unavailable(error: errors.UnavailableError) -> ResponseReturnValue:
    """Say when to try again; what failed may be the database: do not ask it again."""
    g.setdefault("actor", None)
    current_app.logger.warning("unavailable: %s", error.__cause__ or error)
    response = make_response(show_domain_error(error))
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def listed(error: errors.DomainError) -> list[dict[str, str]]:
    """Return the single problems of an error for the wire."""
    if not isinstance(error, errors.InvalidError):
        return []
    language = choose_language()
    return [
        {"pointer": p.pointer, "code": p.code, "detail": p.text.in_language(language)}
        for p in error.problems
    ]


def show_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    """A missing or old CSRF token: nothing was done, sending again helps."""
    text = Text(
        "页面太旧了，什么都没有改动。请刷新后再试。",
        "This page is too old; nothing was changed. Reload it and try again.",
    )
    return problem(400, "csrf", text) if wants_problem() else error_page(400, text, [])


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Give werkzeug's own errors the same face."""
    status = error.code or 500
    if error.response is not None or status in range(300, 400):
        return error
    text = TITLE_OF_STATUS.get(status, TITLE_OF_STATUS[400])
    if wants_problem():
        return problem(status, f"http-{status}", text)
    return error_page(status, text, [])


def show_unexpected_error(error: Exception) -> ResponseReturnValue:
    """Log what nobody foresaw and say so without telling internals."""
    g.setdefault("actor", None)  # the database may be what failed: do not ask it again
    current_app.logger.error("unexpected error", exc_info=error)
    text = TITLE_OF_STATUS[500]
    return (
        problem(500, "http-500", text) if wants_problem() else error_page(500, text, [])
    )


def error_page(
    status: int, text: Text, problems: list[errors.Problem]
) -> ResponseReturnValue:
    """Render the page that says what happened, what is safe and the way out."""
    language = choose_language()
    headline, *rest = SENTENCE_END.split(text.in_language(language), maxsplit=1)
    return render_template(
        "error.html",
        status=status,
        message=headline,
        rest="".join(rest),
        problems=[p.text.in_language(language) for p in problems],
        safe=what_is_safe(status).in_language(language),
        retry=status >= ITS_OUR_FAULT and request.method == "GET",
        request_id=g.get("request_id") if status >= ITS_OUR_FAULT else None,
    ), status


def what_is_safe(status: int) -> Text:
    """Return what became of the person's work."""
    if request.method == "GET":
        return Text("数据没有改动。", "Nothing was changed.")
    if status >= ITS_OUR_FAULT:
        return Text(
            "以前保存的都在；刚才这一步可能没有做成，回去看一眼再试。",
            "Everything saved before is safe. This last step may not have been done: "
            "go back, look, and try again.",
        )
    return Text(
        "刚才这一步没有做，别的都没动。",
        "This step was not done; nothing else changed.",
    )


def wants_problem() -> bool:
    """Tell whether the caller is a program."""
    return request.path.startswith("/api/")
