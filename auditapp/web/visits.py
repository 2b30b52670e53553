"""The visits."""

from flask import Blueprint, render_template

from auditapp.web.security import requires

bp = Blueprint("visits", __name__)


@bp.get("/visits")
@requires()
def index() -> str:
    """List the visits."""
    return render_template("home/show.html")
