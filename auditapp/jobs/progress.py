"""How a job tells how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Tells the person who waits."""

    def __call__(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` steps are done."""
