"""Background tasks: same services, no logic."""

from flask import Flask

from auditapp.gateways.images import PicturePool


def register(app: Flask) -> None:
    """Give the app its picture openers; each process starts its own when needed."""
    app.extensions["pictures"] = PicturePool()
