"""``flask import``: callbacks and feedback that a company has already, from files."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from auditapp.cli.options import READABLE, language
from auditapp.domain.actor import Actor, Role
from auditapp.domain.customer_import import FIVE, TEN
from auditapp.domain.errors import DomainError, InvalidError, NotFoundError
from auditapp.domain.import_faults import fault_text
from auditapp.domain.import_rows import ImportPlan, ResponseReader
from auditapp.domain.month import local_date
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.fault_files import FaultFile, write_fault_workbook
from auditapp.gateways.response_files import LARGEST_FILE_BYTES, XLSX
from auditapp.gateways.storage import CHUNK_BYTES, Storage
from auditapp.jobs.imports import run_import
from auditapp.reads.imports import find_operator, get_import
from auditapp.services.import_files import NewImport, receive_file
from auditapp.services.import_ground import load_ground, understand
from auditapp.services.imports import (
    add_import,
    check_columns,
    save_plan,
    start_import,
)

group = AppGroup("import", help="Callbacks and feedback from CSV and Excel files.")

Command = Callable[..., None]
STEPS = 1000  # of the progress bar


def _options(command: Command) -> Command:
    options: list[Callable[[Command], Command]] = [
        click.argument("path", type=READABLE),
        click.option("--dry-run", is_flag=True, help="Read and count, keep nothing."),
        click.option(
            "--rating-scale",
            type=click.Choice([str(TEN), str(FIVE)]),
            default=str(TEN),
            show_default=True,
            help="How far the file's ratings go.",
        ),
        click.option("--as", "login", help="In whose name; an administrator's."),
        language,
    ]
    for option in options:
        command = option(command)
    return command


@group.command("callbacks")
@_options
def import_callbacks(**options: object) -> None:
    """Take the callbacks of FILE; write FILE.faults beside it when rows are bad."""
    _import("callback", **options)  # type: ignore[arg-type]


@group.command("feedback")
@_options
def import_feedback(**options: object) -> None:
    """Take the text-message feedback of FILE; bad rows go to FILE.faults."""
    _import("sms", **options)  # type: ignore[arg-type]


def _import(
    source: str,
    path: Path,
    rating_scale: str,
    login: str | None,
    lang: str,
    *,
    dry_run: bool,
) -> None:
    with _told(lang):
        actor, new = _receive(source, path, login)
        plan = ImportPlan(tuple(new.beginning.columns), int(rating_scale))
        if dry_run:
            bad = _rehearse(new, plan, path, lang)
        else:
            bad = _run(actor, new, plan, path, lang)
    raise SystemExit(1 if bad else 0)


def _receive(source: str, path: Path, login: str | None) -> tuple[Actor, NewImport]:
    if path.stat().st_size > LARGEST_FILE_BYTES:
        message = f"more than {LARGEST_FILE_BYTES // 2**20} MiB"
        raise click.BadParameter(message)
    with reading() as session:
        person_id, name = find_operator(session, login)
        with _storage().incoming() as incoming, path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                incoming.write(piece)
            now = datetime.now(UTC)
            new = receive_file(
                session, _storage(), incoming, source, path.name, now=now
            )
    return Actor(person_id, name, Role.ADMIN), new


def _rehearse(new: NewImport, plan: ImportPlan, path: Path, lang: str) -> int:
    """Read every row and keep none."""
    now, heading = datetime.now(UTC), new.beginning.heading
    try:
        with reading() as session:
            check_columns(session, new.source, plan.columns, now=now)
            ground = load_ground(session, new.source, local_date(now))
        with (
            _storage().local_copy(new.storage_key) as rows,
            TemporaryDirectory(prefix="auditapp-import-") as folder,
        ):
            faults = FaultFile(Path(folder, "faults.csv"), heading, lang)
            good = 0
            reader = ResponseReader(plan, ground)
            row_of_heading = new.beginning.heading_row
            for row in understand(rows, new.file.layout, row_of_heading, reader):
                if row.response:
                    good += 1
                    continue
                said = [fault_text(fault, heading, lang) for fault in row.faults]
                faults.add(row.record.number, row.record.cells, said)
            faults.close()
            if faults.count:
                _hand_over(faults.path, path, new.file.kind)
    finally:
        _storage().delete(new.storage_key)
    text = Text(
        f"预演：能导入{good}行，要改{faults.count}行。什么都没有导入。",
        f"Rehearsal: {good} rows can be imported, {faults.count} need correcting."
        " Nothing was imported.",
    )
    click.echo(text.in_language(lang))
    return faults.count


def _run(actor: Actor, new: NewImport, plan: ImportPlan, path: Path, lang: str) -> int:
    with unit_of_work() as session:
        add_import(session, actor, new, now=datetime.now(UTC))
        save_plan(session, actor, new.import_id, plan, now=datetime.now(UTC))
        start_import(
            session, actor, new.import_id, lang, now=datetime.now(UTC), is_own_run=True
        )
    _with_bar(new.import_id)
    with reading() as session:
        page = get_import(session, actor, new.import_id)
    line = page.line
    if page.faults_key:
        target = _faults_path(path, new.file.kind)
        with target.open("wb") as file:
            file.writelines(_storage().chunks(page.faults_key))
        click.echo(target, err=True)
    text = Text(
        f"导入{line.taken}行，重复{line.repeated}行，要改{line.bad}行。",
        f"{line.taken} rows imported, {line.repeated} repeated, {line.bad} need"
        " correcting.",
    )
    click.echo(text.in_language(lang))
    return line.bad


def _with_bar(import_id: UUID) -> None:
    with click.progressbar(length=STEPS, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.update(STEPS * done // max(total, 1) - bar.pos)

        run_import(import_id, show)


def _hand_over(faults: Path, path: Path, kind: str) -> None:
    target = _faults_path(path, kind)
    if kind == XLSX:
        write_fault_workbook(faults, target)
    else:
        target.write_bytes(faults.read_bytes())
    click.echo(target, err=True)


def _faults_path(path: Path, kind: str) -> Path:
    return path.with_name(f"{path.name}.faults.{kind}")


@contextmanager
def _told(lang: str) -> Iterator[None]:
    """Say what is wrong with the whole file, and stop."""
    try:
        yield
    except InvalidError as error:
        for problem in error.problems:
            click.echo(problem.text.in_language(lang), err=True)
        raise SystemExit(1) from error
    except NotFoundError as error:
        text = Text("没有这个人；用 --as 写一个登录名。", "No such person; see --as.")
        click.echo(text.in_language(lang), err=True)
        raise SystemExit(1) from error
    except DomainError as error:
        click.echo(error.text.in_language(lang), err=True)
        raise SystemExit(1) from error


def _storage() -> Storage:
    storage: Storage = current_app.extensions["storage"]
    return storage
