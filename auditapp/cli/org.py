"""``flask org``: the organisation in and out, as YAML or as an Excel workbook."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from auditapp.cli.options import READABLE, language
from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.organisation_rules import check_organisation
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.checklist_files import UnreadableFileError, load_vocabulary
from auditapp.gateways.organisation_files import OrganisationFile, read_organisation
from auditapp.gateways.organisation_sheets import write_organisation
from auditapp.services.accounts import hash_password
from auditapp.services.organisation import (
    KindChanges,
    export_organisation,
    import_organisation,
    is_change,
    plan_import,
)
from auditapp.settings import DEMO_PASSWORD

MOST_SHOWN = 200

group = AppGroup("org", help="The organisation: regions, cities, halls, people.")


@group.command("import")
@click.argument("path", type=READABLE)
@click.option("--dry-run", is_flag=True, help="Show what would change, change nothing.")
@click.option(
    "--deactivate-missing",
    is_flag=True,
    help="Put halls and people to rest that are no longer in the file.",
)
@language
def import_file(
    path: Path, lang: str, *, dry_run: bool, deactivate_missing: bool
) -> None:
    """Check a YAML file or workbook as a whole and bring it in, all or nothing."""
    file = _sound_file(path, lang)
    if dry_run:
        with reading() as session:
            plan = plan_import(session, file.document)
    else:
        is_demo = current_app.config["SETTINGS"].is_demo
        with unit_of_work() as session:
            plan = import_organisation(
                session,
                file.document,
                now=datetime.now(UTC),
                password_hash=hash_password(DEMO_PASSWORD) if is_demo else None,
                deactivate_missing=deactivate_missing,
            )
    for line in _summary(plan, lang, deactivate_missing=deactivate_missing):
        click.echo(line)
    click.echo(_outcome(plan, dry_run, deactivate_missing).in_language(lang))


@group.command("template")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@language
def write_template(path: Path, lang: str) -> None:
    """Write an empty workbook to fill in."""
    write_organisation(path, {}, load_vocabulary(), lang)


@group.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@language
def export(path: Path, lang: str) -> None:
    """Write the organisation as a workbook that ``flask org import`` takes back."""
    with reading() as session:
        document = export_organisation(session)
    write_organisation(path, document, load_vocabulary(), lang)


def _sound_file(path: Path, lang: str) -> OrganisationFile:
    """Return the file, or print everything that is wrong with it and stop."""
    try:
        file = read_organisation(path)
    except UnreadableFileError as error:
        _stop([(f"{path.name}:{error.line}", p) for p in error.problems], lang)
    except InvalidError as error:
        _stop([(path.name, problem) for problem in error.problems], lang)
    problems = check_organisation(file.document, load_vocabulary())
    if problems:
        _stop([(file.place_of(p.pointer), p) for p in problems], lang)
    return file


def _stop(found: list[tuple[str, Problem]], lang: str) -> None:
    for place, problem in found[:MOST_SHOWN]:
        click.echo(f"{place}  {problem.text.in_language(lang)}", err=True)
    count = len(found)
    end = Text(
        f"共{count}处问题，什么都没有改。", f"{count} problems; nothing was changed."
    )
    click.echo(end.in_language(lang), err=True)
    raise SystemExit(1)


def _summary(
    plan: Iterable[KindChanges], lang: str, *, deactivate_missing: bool
) -> Iterable[str]:
    """Yield the counts of each kind, then every changed field, old and new."""
    for changes in plan:
        yield _counts(changes, deactivate_missing=deactivate_missing).in_language(lang)
        labels = {f.column: f.label for f in changes.kind.fields}
        for change in changes.changed[:MOST_SHOWN]:
            label = labels[change.column].in_language(lang)
            yield f"  {change.key}  {label}: {_said(change.old)} → {_said(change.new)}"
        if len(changes.changed) > MOST_SHOWN:
            yield f"  … {len(changes.changed) - MOST_SHOWN}"
        for key in changes.missing[:MOST_SHOWN]:
            yield f"  − {key}"


def _counts(changes: KindChanges, *, deactivate_missing: bool) -> Text:
    added, changed = len(changes.added), len(changes.changed_keys)
    missing, label = len(changes.missing), changes.kind.label
    rests = deactivate_missing and changes.can_rest
    zh, en = ("停用", "deactivated") if rests else ("文件里没有", "not in the file")
    return Text(
        f"{label.zh}：新增{added}，更改{changed}，不变{changes.unchanged}，{zh}{missing}",
        f"{label.en}: {added} added, {changed} changed, {changes.unchanged} unchanged,"
        f" {missing} {en}",
    )


def _outcome(plan: list[KindChanges], dry_run: bool, deactivate: bool) -> Text:  # noqa: FBT001
    if not is_change(plan, deactivate_missing=deactivate):
        return Text("没有变化。", "Nothing changes.")
    if dry_run:
        return Text(
            "只是预演，什么都没有改。", "Only a rehearsal: nothing was changed."
        )
    return Text("已经导入。", "Imported.")


def _said(value: Any) -> str:  # noqa: ANN401 - a column's value
    return "|".join(value) if isinstance(value, list | tuple) else str(value)
