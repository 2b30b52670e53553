"""Pages and the JSON interface: parse, one service or read, answer."""

import importlib
import pkgutil

from flask import Flask

from auditapp.extensions import babel
from auditapp.web import (
    bodies,
    compiled_templates,
    errors,
    frame,
    language,
    request_log,
    security,
)
from auditapp.web.token_memory import TokenMemory


def register(app: Flask) -> None:
    """Add every feature's blueprint and what all answers share."""
    babel.init_app(app, locale_selector=language.choose_language)
    compiled_templates.read_compiled(app)
    request_log.register(app)
    errors.register(app)
    app.extensions["tokens"] = TokenMemory()
    frame.register(app)
    app.after_request(security.add_security_headers)
    app.after_request(bodies.finish_body)
    for module in pkgutil.iter_modules(__path__):
        feature = importlib.import_module(f"{__name__}.{module.name}")
        blueprint = getattr(feature, "bp", None)
        if blueprint is not None:
            app.register_blueprint(blueprint)
