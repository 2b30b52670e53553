"""``flask checklist export`` and ``import``: a version as a file, and a draft of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from auditapp.cli.checklists import group as checklists
from auditapp.cli.options import READABLE, language
from auditapp.domain.actor import Actor, Role
from auditapp.domain.document_merge import Change, differences
from auditapp.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.standard_files.files import (
    KINDS,
    kind_of_path,
    open_file,
    write_file,
)
from auditapp.gateways.standard_files.model import Origin, Place
from auditapp.reads.people import get_actor
from auditapp.services.drafts import NewDraft
from auditapp.services.import_targets import standard_target
from auditapp.services.standard_imports import (
    Choices,
    ComparedFile,
    begin_with,
    examine,
)
from auditapp.services.standard_versions import CHECKLIST, stored_version

_NONE = Text("没有这张检查表或这个版本。", "There is no such checklist or version.")
_CHECKED = Text("只看了文件，没有改动。", "The file was only looked at.")
_SAME = Text("和最新版一样。", "The same as the newest version.")


@checklists.command("export")
@click.argument("checklist_id", metavar="CHECKLIST")
@click.option("--version", help="The newest by default.")
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="A file: .xlsx, .yaml or .xlsform.xlsx.",
)
@click.option("--as", "kind", type=click.Choice(KINDS), help="By its name by default.")
@language
def export(
    checklist_id: str, version: str | None, path: Path, kind: str | None, lang: str
) -> None:
    """Write a published version of a CHECKLIST into a file."""
    wanted = kind or kind_of_path(path)
    if wanted is None:
        message = ".xlsx, .yaml, .xlsform.xlsx"
        raise click.BadParameter(message, param_hint="--to")
    try:
        with reading() as session:
            found = stored_version(session, CHECKLIST, checklist_id, version)
    except NotFoundError as error:
        raise click.ClickException(_NONE.in_language(lang)) from error
    origin = Origin(checklist_id, found[0])
    words = json.loads(found[2]) if found[2] else {}
    content, kept = write_file(wanted, json.loads(found[1]), words, origin, lang)
    path.write_bytes(content)
    click.echo(f"{path}: {checklist_id} {found[0]}")
    for note in kept:
        click.echo(note.text.in_language(lang))


@checklists.command("import")
@click.argument("path", metavar="FILE", type=READABLE)
@click.option("--checklist", "checklist_id", help="Of which; what the file says.")
@click.option("--check", is_flag=True, help="Only look at it.")
@click.option("--by", "login", help="Who begins the draft: a headquarters login.")
@click.option("--from", "month", help="The month of the draft; the next by default.")
@click.option("--title", default="", help="What the draft is about.")
@language
def bring(path: Path, checklist_id: str | None, lang: str, **wanted: Any) -> None:  # noqa: ANN401
    """Begin a draft from a FILE, or --check what it changes; nothing is published."""
    if not wanted["check"] and not wanted["login"]:
        message = "--check / --by LOGIN"
        raise click.UsageError(message)
    try:
        opened = open_file(path.read_bytes())
        subject = checklist_id or opened.origin.checklist or _id_in(opened.yaml)
        with reading() as session:
            target = standard_target(session, CHECKLIST, subject)
            found = examine(session, target, opened)
    except InvalidError as error:
        raise click.ClickException(error.problems[0].text.in_language(lang)) from error
    except NotFoundError as error:
        message = f"{_NONE.in_language(lang)} --checklist ID"
        raise click.ClickException(message) from error
    _tell(path, found, lang)
    if found.hinders:
        raise SystemExit(1)
    changes = differences(target.current, found.merged)
    for change in changes:
        click.echo(_change(change))
    if wanted["check"] or not changes:
        click.echo((_CHECKED if changes else _SAME).in_language(lang))
        return
    _begin(subject, found, lang, **wanted)


def _begin(subject: str, found: ComparedFile, lang: str, **wanted: Any) -> None:  # noqa: ANN401
    draft = NewDraft(
        CHECKLIST, subject, title=wanted["title"], effective_month=wanted["month"]
    )
    reason = wanted["title"] or "flask checklist import"
    try:
        with unit_of_work() as session:
            actor = _writer(session, wanted["login"])
            now = datetime.now(UTC)
            draft_id = begin_with(
                session, actor, draft, found.read, Choices(reason), now=now
            )
    except (ConflictError, ForbiddenError, NotFoundError) as error:
        raise click.ClickException(error.text.in_language(lang)) from error
    done = Text("草稿已建，等人送审：", "The draft is begun, to be submitted:")
    click.echo(f"{done.in_language(lang)} /standards/drafts/{draft_id}/changes")


def _writer(session: Any, login: str) -> Actor:  # noqa: ANN401
    actor = get_actor(session, login)
    if actor.role is not Role.HEADQUARTERS or actor.is_read_only:
        raise ForbiddenError
    return actor


def _tell(path: Path, found: ComparedFile, lang: str) -> None:
    for problem in (*found.hinders, *found.unfinished):
        place = _place(found.read.place_of(problem.pointer), lang)
        click.echo(f"{path.name}: {place}{problem.text.in_language(lang)}", err=True)
    for note in found.left_out:
        place = _place(note.place, lang)
        click.echo(f"{path.name}: {place}{note.text.in_language(lang)}")


def _place(place: Place | None, lang: str) -> str:
    return f"{place.text().in_language(lang)}: " if place else ""


def _change(change: Change) -> str:
    before, after = (
        "–" if value is None else json.dumps(value, ensure_ascii=False)
        for value in (change.before, change.after)
    )
    return f"  {' · '.join(change.place)}: {before} → {after}"


def _id_in(read: Any) -> str:  # noqa: ANN401
    return str(read.document.get("id", "")) if read is not None else ""
