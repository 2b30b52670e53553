"""The shell of the auditor's page: it opens for anyone, also without a network."""

import gzip
import json
import re
from functools import cache
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from auditapp.web.language import is_english
from auditapp.web.security import public

bp = Blueprint("field_page", __name__, url_prefix="/field")

ENTRY = "js/field.js"
STYLES = ("css/tokens.css", "css/components.css", "css/field.css")
ICONS = ("field/icon.svg", "field/icon-192.png")
FIRST_SCREEN = "js/ui/today.js"
# fetched by the phones of those who inspect openly; other auditors do not pay for it
INSPECTION = "js/inspection/index.js"
WORDS = {True: "js/i18n/en.js", False: "js/i18n/zh.js"}  # by: is it English?

_AT_ONCE = re.compile(r"""from\s+'(\.[^']+\.js)'""")
_LATER = re.compile(r"""(?:import|URL)\('(\.[^']+\.js)'""")


@bp.get("/")
@public
def show() -> str:
    """Show the page; everything else happens on the phone."""
    static = Path(current_app.static_folder or "")
    entries = (ENTRY, FIRST_SCREEN, WORDS[is_english()])
    first = _reached(static, entries, (_AT_ONCE,))
    return render_template(
        "field/shell.html",
        release=current_app.config["RELEASE"],
        styles=[_address(name) for name in STYLES],
        first=[_address(name) for name in first if name != ENTRY],
    )


@bp.get("/sw.js")
@public
def worker() -> Response:
    """Serve the service worker, which names its release and all its files."""
    static = Path(current_app.static_folder or "")
    kinds = (_AT_ONCE, _LATER)
    modules = _reached(static, (ENTRY,), kinds, INSPECTION)
    more = [n for n in _reached(static, (INSPECTION,), kinds) if n not in modules]
    other = WORDS[not is_english()]  # fetched when it is chosen
    names = [name for name in (*STYLES, *ICONS, *modules) if name != other]
    files = json.dumps([_address(name) for name in names])
    others = json.dumps([_address(name) for name in more])
    release = json.dumps(current_app.config["RELEASE"])
    script = (static / "sw.js").read_text()
    head = (
        f"const RELEASE = {release};\nconst FILES = {files};\nconst MORE = {others};\n"
    )
    response = Response(mimetype="text/javascript")
    _fill(response, (head + script).encode())
    response.headers["Service-Worker-Allowed"] = "/field/"
    return _revalidated(response)


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Name the installed page as neutrally as the page itself."""
    sizes = {"field/icon-192.png": "192x192", "field/icon-512.png": "512x512"}
    body = {
        "name": _("Notes"),
        "short_name": _("Notes"),
        "id": "/field/",
        "start_url": "/field/",
        "scope": "/field/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [
            {"src": _address(name), "sizes": size, "type": "image/png"}
            for name, size in sizes.items()
        ],
    }
    text = json.dumps(body, ensure_ascii=False)
    return _revalidated(Response(text, mimetype="application/manifest+json"))


def _fill(response: Response, content: bytes) -> None:
    """Fill an answer, compressed for those who can read it."""
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip"):
        response.content_encoding = "gzip"
        content = gzip.compress(content, mtime=0)
    response.set_data(content)


def _revalidated(response: Response) -> Response:
    """Let the browser keep it, and ask each time whether it is still the same."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


@cache
def _reached(
    static: Path,
    entries: tuple[str, ...],
    kinds: tuple[re.Pattern[str], ...],
    left_out: str = "",
) -> tuple[str, ...]:
    """Return the modules that these import, and theirs, with themselves first."""
    found: dict[str, None] = {}
    waiting = list(entries)
    while waiting:
        name = waiting.pop(0)
        is_file = (static / name).exists()  # types are none
        if name in found or name == left_out or not is_file:
            continue
        found[name] = None
        source = (static / name).read_text()
        folder = PurePosixPath(name).parent
        for kind in kinds:
            waiting += [_joined(folder, path) for path in kind.findall(source)]
    return tuple(found)


def _joined(folder: PurePosixPath, relative: str) -> str:
    parts = list(folder.parts)
    for step in PurePosixPath(relative).parts:
        if step == "..":
            parts.pop()
        else:
            parts.append(step)
    return "/".join(parts)


def _address(name: str) -> str:
    return url_for("static", filename=name)
