"""Background tasks: same services, no logic."""

from flask import Flask


def register(_app: Flask) -> None:
    """Connect the queue to the work it wakes."""
