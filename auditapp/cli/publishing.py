"""What publishing a file says, be it a checklist or the policy of the month."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from auditapp.domain.errors import ConflictError, Problem
from auditapp.domain.text import Text
from auditapp.gateways.checklist_files import ReadFile, UnreadableFileError, load_yaml


def sound_file(
    path: Path, lang: str, check: Callable[[dict[str, Any]], Sequence[Problem]]
) -> ReadFile:
    """Return a file without mistakes, or print every one with its line and stop."""
    try:
        file = load_yaml(path)
    except UnreadableFileError as error:
        text = error.problems[0].text.in_language(lang)
        message = f"{path.name}:{error.line}: {text}"
        raise click.ClickException(message) from error
    problems = check(file.document)
    for problem in problems:
        line = file.line_of(problem.pointer)
        text = problem.text.in_language(lang)
        click.echo(f"{path.name}:{line}: {text}", err=True)
    if problems:
        raise SystemExit(1)
    return file


@contextmanager
def refusals_told(lang: str) -> Iterator[None]:
    """Say why something cannot be published, and stop."""
    try:
        yield
    except ConflictError as error:
        details = " ".join(map(str, error.args))
        message = f"{error.text.in_language(lang)} {details}".strip()
        raise click.ClickException(message) from error


def tell_published(month: str, lang: str, *, is_new: bool) -> None:
    """Say from when it holds, or that it was published before."""
    done = Text(f"已发布，{month}起生效。", f"Published; it holds from {month} on.")
    same = Text("早已发布，没有变化。", "Published before; nothing changes.")
    click.echo((done if is_new else same).in_language(lang))
