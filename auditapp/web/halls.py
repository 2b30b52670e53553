"""The halls."""

from flask import Blueprint, render_template

from auditapp.web.security import requires

bp = Blueprint("halls", __name__)


@bp.get("/halls")
@requires()
def index() -> str:
    """List the halls."""
    return render_template("home/show.html")


@bp.get("/halls/<hall_id>")
@requires()
def show(hall_id: str) -> str:
    """Show a hall."""
    return render_template("home/show.html")
