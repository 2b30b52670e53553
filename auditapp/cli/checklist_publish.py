"""``flask checklist publish``: make a checklist the standard from a month on."""

from datetime import UTC, datetime
from pathlib import Path

import click

from auditapp.cli.checklists import group as checklists
from auditapp.domain.checklist_rules import check_checklist, ids_of
from auditapp.domain.errors import ConflictError
from auditapp.domain.month import is_month
from auditapp.domain.text import Text
from auditapp.extensions import unit_of_work
from auditapp.gateways.checklist_files import (
    CHECKLIST_DIR,
    ReadFile,
    UnreadableFileError,
    checklist_paths,
    load_vocabulary,
    load_yaml,
)
from auditapp.services.checklists import publish_checklist


@checklists.command("publish")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--from", "month", required=True, help="The first month it holds: 2026-12."
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True
)
def publish(path: Path, month: str, lang: str) -> None:
    """Publish a checklist file for ever; publishing it again changes nothing."""
    if not is_month(month):
        message = "write a month as 2026-12"
        raise click.BadParameter(message, param_hint="--from")
    file = _sound_file(path, lang)
    vocabulary = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document
    try:
        with unit_of_work() as session:
            is_new = publish_checklist(
                session,
                file.document,
                vocabulary,
                effective_month=month,
                now=datetime.now(UTC),
            )
    except ConflictError as error:
        details = " ".join(map(str, error.args))
        message = f"{error.text.in_language(lang)} {details}".strip()
        raise click.ClickException(message) from error
    done = Text(f"已发布，{month}起生效。", f"Published; it holds from {month} on.")
    same = Text("早已发布，没有变化。", "Published before; nothing changes.")
    click.echo((done if is_new else same).in_language(lang))


def _sound_file(path: Path, lang: str) -> ReadFile:
    """Return the file, or print every mistake with its line and stop."""
    try:
        file = load_yaml(path)
    except UnreadableFileError as error:
        text = error.problems[0].text.in_language(lang)
        message = f"{path.name}:{error.line}: {text}"
        raise click.ClickException(message) from error
    shipped = [load_yaml(other).document for other in checklist_paths()]
    in_use = {item: owner for other in shipped for item, owner in ids_of(other).items()}
    problems = check_checklist(file.document, load_vocabulary(), in_use)
    for problem in problems:
        line = file.line_of(problem.pointer)
        text = problem.text.in_language(lang)
        click.echo(f"{path.name}:{line}: {text}", err=True)
    if problems:
        raise SystemExit(1)
    return file
