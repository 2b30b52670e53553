"""Background tasks: same services, no logic."""

from flask import Flask

from auditapp.gateways.images import PicturePool
from auditapp.gateways.pdf import render_pdf


def register(app: Flask) -> None:
    """Give the app its picture openers and its printer; both work in children."""
    app.extensions["pictures"] = PicturePool()
    app.extensions["printer"] = render_pdf
