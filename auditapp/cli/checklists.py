"""``flask checklist``: check the files, and see what one hall is asked."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from auditapp.cli.options import READABLE, language
from auditapp.domain.applicability import Place
from auditapp.domain.checklist import Checklist
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.checklist_rules import (
    advise,
    check_checklist,
    ids_of,
    plain_halls,
)
from auditapp.domain.errors import NotFoundError, Problem
from auditapp.domain.form import Form, build_form, item_requirement
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary, Words
from auditapp.extensions import reading
from auditapp.gateways.checklist_files import (
    CHECKLIST_DIR,
    ReadFile,
    UnreadableFileError,
    checklist_paths,
    load_checklist,
    load_vocabulary,
    load_yaml,
)
from auditapp.reads.organisation import get_hall_place

group = AppGroup("checklist", help="Checklists: what is asked, and where.")
_VERDICTS = {
    "required": Text("必查", "required"),
    "optional": Text("可选", "optional"),
    "not_applicable": Text("不问", "not asked"),
}


@group.command("check")
@click.argument(
    "paths",
    nargs=-1,
    metavar="[FILE]...",
    type=READABLE,
)
@language
def check(paths: tuple[Path, ...], lang: str) -> None:
    """Name every mistake in checklist files with its line; all shipped ones if none."""
    vocabulary = load_vocabulary()
    wrong = 0
    files: dict[Path, ReadFile] = {}
    for path in paths or checklist_paths():
        try:
            files[path] = load_yaml(path)
        except UnreadableFileError as error:
            wrong += 1
            _say(path, error.line, error.problems[0].text.in_language(lang))
    for path, file in files.items():
        others = [other.document for at, other in files.items() if at != path]
        problems = check_checklist(file.document, vocabulary, _ids_in_use(others))
        wrong += len(problems)
        _say_all(path, file, problems, lang)
        if not problems:
            _approve(path, file, vocabulary, lang)
    if wrong:
        raise SystemExit(1)


@group.command("resolve")
@click.argument("checklist_id", metavar="CHECKLIST")
@click.option("--hall", metavar="ID", help="A hall of the database, such as SX01.")
@click.option("--tier", help="Instead of a hall: its tier …")
@click.option("--trait", "traits", multiple=True, help="… and each of its traits.")
@click.option("--today", multiple=True, help="What holds today, such as raining.")
@click.option("--scenario", help="What the visit is about, such as plan_change.")
@click.option("--item", "item_id", help="Only this item.")
@language
def resolve(checklist_id: str, item_id: str | None, lang: str, **place: Any) -> None:  # noqa: ANN401
    """Print what a hall is asked, section by section, and why."""
    vocabulary = load_vocabulary()
    checklist = _shipped(checklist_id)
    today = _known("--today", place["today"], vocabulary.today)
    hall, where = _place(vocabulary, **place)
    form = build_form(checklist, vocabulary, hall, where)
    if item_id and item_id not in {item.item_id for item in checklist.items}:
        raise click.BadParameter(item_id, param_hint="--item")
    for line in _lines(form, today, item_id, lang):
        click.echo(line)


def _ids_in_use(others: Iterable[object]) -> dict[str, str]:
    """Return the ids of the shipped checklists and of the others being checked."""
    shipped = [load_yaml(path).document for path in checklist_paths()]
    return {
        item: owner
        for document in (*shipped, *others)
        for item, owner in ids_of(document).items()
    }


def _approve(path: Path, file: ReadFile, vocabulary: Vocabulary, lang: str) -> None:
    """Say that a file is sound, with what is worth a second thought."""
    checklist = read_checklist(file.document, vocabulary)
    _say_all(path, file, advise(checklist, plain_halls(vocabulary)), lang)
    count = len(checklist.items)
    scored = sum(item.weight > 0 for item in checklist.items)
    sound = Text(
        f"没有错误，{count}题，其中{scored}题计分。",
        f"No mistakes; {count} items, {scored} of them scored.",
    )
    click.echo(f"{path}: {sound.in_language(lang)}")


def _say_all(
    path: Path, file: ReadFile, problems: Iterable[Problem], lang: str
) -> None:
    for problem in sorted(problems, key=lambda p: file.line_of(p.pointer)):
        _say(path, file.line_of(problem.pointer), problem.text.in_language(lang))


def _say(path: Path, line: int, sentence: str) -> None:
    click.echo(f"{path}:{line}: {sentence}")


def _shipped(checklist_id: str) -> Checklist:
    known = [path.stem for path in checklist_paths(CHECKLIST_DIR)]
    if checklist_id not in known:
        message = f"{checklist_id}: {', '.join(known)}"
        raise click.BadParameter(message, param_hint="CHECKLIST")
    return load_checklist(checklist_id)


def _place(
    vocabulary: Vocabulary,
    *,
    scenario: str | None,
    **where: Any,  # noqa: ANN401
) -> tuple[str, Place]:
    """Return the hall's id and place; the id is “-” for a made-up hall."""
    _known("--scenario", [scenario] if scenario else [], vocabulary.scenarios)
    if where["tier"]:
        (tier,) = _known("--tier", [where["tier"]], vocabulary.tiers)
        traits = _known("--trait", where["traits"], vocabulary.traits)
        return "-", Place(tier, frozenset(traits), scenario)
    if not where["hall"]:
        message = "--hall ID / --tier TIER"
        raise click.UsageError(message)
    try:
        with reading() as session:
            found = get_hall_place(session, where["hall"])
    except NotFoundError as error:
        raise click.BadParameter(where["hall"], param_hint="--hall") from error
    return found.hall_id, Place(found.tier, found.traits, scenario)


def _known(option: str, words: Iterable[str], known: Words) -> list[str]:
    for word in words:
        if word not in known:
            message = f"{word}: {', '.join(known)}"
            raise click.BadParameter(message, param_hint=option)
    return list(words)


def _lines(
    form: Form, today: list[str], item_id: str | None, lang: str
) -> Iterator[str]:
    """Yield head, sections and items; what is not asked closes its section."""
    place = (form["tier"], *form["traits"], form.get("scenario", ""), *today)
    title = f"{form[lang]} {form['version']}"
    yield " · ".join([title, form["hall"], *filter(None, place)])
    for section in form["sections"]:
        rows = [
            _row(item, today, lang)
            for item in (*form["items"], *map(_never_asked, form["excluded"]))
            if item["section"] == section["id"] and item_id in (None, item["id"])
        ]
        if rows:
            yield ""
            yield section[lang]
            yield from rows


def _never_asked(item: Form) -> Form:
    return {**item, "requirement": "not_applicable"}


def _row(item: Form, today: list[str], lang: str) -> str:
    """Return requirement, id and question of an item, the reason under them."""
    verdict = item_requirement(item, today)
    requirement = _VERDICTS[verdict.requirement].in_language(lang)
    reason = " " * 4 + verdict.why[lang]
    return f"  {item['id']:<22} {requirement}  {item[lang]}\n{reason}"
