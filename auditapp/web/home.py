"""The first page: what waits for this person, oldest first."""

from flask import Blueprint, render_template

from auditapp.web.security import requires

bp = Blueprint("home", __name__)


@bp.get("/")
@requires()
def show() -> str:
    """Show what waits today."""
    return render_template("home/show.html")
