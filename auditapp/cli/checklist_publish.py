"""``flask checklist publish``: make a checklist the standard from a month on."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from auditapp.cli.checklists import group as checklists
from auditapp.cli.options import READABLE, first_month, language
from auditapp.cli.publishing import refusals_told, sound_file, tell_published
from auditapp.domain.checklist_rules import check_checklist, ids_of
from auditapp.domain.errors import Problem
from auditapp.extensions import unit_of_work
from auditapp.gateways.checklist_files import (
    CHECKLIST_DIR,
    checklist_paths,
    load_vocabulary,
    load_yaml,
)
from auditapp.services.checklists import publish_checklist


@checklists.command("publish")
@click.argument("path", type=READABLE)
@first_month
@language
def publish(path: Path, month: str, lang: str) -> None:
    """Publish a checklist file for ever; publishing it again changes nothing."""
    file = sound_file(path, lang, _problems)
    vocabulary = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document
    with refusals_told(lang), unit_of_work() as session:
        is_new = publish_checklist(
            session,
            file.document,
            vocabulary,
            effective_month=month,
            now=datetime.now(UTC),
        )
    tell_published(month, lang, is_new=is_new)


def _problems(document: dict[str, Any]) -> list[Problem]:
    """Return the mistakes of a checklist beside the shipped ones."""
    shipped = [load_yaml(other).document for other in checklist_paths()]
    in_use = {item: owner for other in shipped for item, owner in ids_of(other).items()}
    return check_checklist(document, load_vocabulary(), in_use)
