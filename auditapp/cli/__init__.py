"""Commands for operators: the same services, no logic."""

import importlib
import pkgutil

from flask import Flask


def register(app: Flask) -> None:
    """Add every module's command ``group``."""
    for module in pkgutil.iter_modules(__path__):
        group = getattr(
            importlib.import_module(f"{__name__}.{module.name}"), "group", None
        )
        if group is not None:
            app.cli.add_command(group)
