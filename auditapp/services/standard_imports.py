"""A file of the standard held against what it was made from, and taken into a draft."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.checklist_document import expanded
from auditapp.domain.checklist_rules import check_checklist
from auditapp.domain.document_merge import Conflict, Merged, Place, merge, settle
from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.policy_rules import check_policy
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.standard_files.files import OpenedFile
from auditapp.gateways.standard_files.model import Note, ReadStandard
from auditapp.services.draft_bases import OWN_KEYS
from auditapp.services.drafts import (
    DraftConflictError,
    NewDraft,
    Save,
    Saved,
    begin_draft,
    save_draft,
)
from auditapp.services.import_targets import Target, base_document, draft_target
from auditapp.services.standard_versions import POLICY
from auditapp.store.checklists import ItemIdRow

# rules that a draft may still break: its pages show them, publishing refuses them
_FINISHABLE = {
    "untranslated", "no-anchors", "no-timer", "no-bands", "no-message", "no-short-name",
    "soft-without-group", "hard-with-group", "light-critical", "scored-text",
    "bad-options", "bad-option-scores", "bands-not-rising", "slower-scores-more",
    "timer-order", "empty-range", "too-long", "never-fires", "contradiction",
    "impossible-answer", "not-earlier", "cap-without-visit", "replaces-present",
}  # fmt: skip
_FIXED = ("schema", "id", "source")


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """A file's document, what is wrong with it, and what it makes of the target.

    ``hinders`` has to be corrected in the file, ``unfinished`` can be in the draft.
    """

    read: ReadStandard
    document: dict[str, Any]
    merged: dict[str, Any]
    conflicts: tuple[Conflict, ...]
    hinders: tuple[Problem, ...]
    unfinished: tuple[Problem, ...]
    left_out: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """How conflicts were settled, and why the file is taken in."""

    reason: str
    keep_mine: Collection[Place] = ()
    keep_theirs: Collection[Place] = ()


def ids_elsewhere(session: Session, target: Target) -> dict[str, str]:
    """Return the ids that belong to other checklists, with those."""
    rows = session.execute(
        select(ItemIdRow.item_id, ItemIdRow.checklist_id).where(
            ItemIdRow.checklist_id != target.subject
        )
    )
    return {row.item_id: row.checklist_id for row in rows}


def examine(session: Session, target: Target, opened: OpenedFile) -> ComparedFile:
    """Read a file and hold it against its target; nothing is changed.

    Raises:
        InvalidError: There is no checklist in the file.
    """
    base = base_document(session, target, opened.origin)
    if target.kind == POLICY:
        if opened.yaml is None:
            raise InvalidError([Problem("", "no-policy-file", _YAML_ONLY)])
        return compare(session, target, opened.yaml, base)
    words = Vocabulary.from_document(target.vocabulary)
    taken = ids_elsewhere(session, target)
    return compare(session, target, opened.read(words, base, taken), base)


def compare(
    session: Session, target: Target, read: ReadStandard, base: Mapping[str, Any]
) -> ComparedFile:
    """Return what a document that was read makes of the target."""
    own = {key: target.current[key] for key in OWN_KEYS if key in target.current}
    document = {k: v for k, v in read.document.items() if k not in OWN_KEYS} | own
    faults = [*read.faults, *_other_checklist(target, document)]
    problems = [
        problem
        for problem in _problems(session, target, document)
        if not any(_is_about(problem, fault) for fault in faults)
    ]
    hinders = [p for p in problems if p.code not in _FINISHABLE]
    merged = Merged(dict(target.current), (), document, target.current)
    if not faults and not hinders:
        merged = merge({**base, **own}, document, target.current)
    return ComparedFile(
        read,
        document,
        merged.document,
        merged.conflicts,
        (*faults, *hinders),
        tuple(p for p in problems if p.code in _FINISHABLE),
        (*read.left_out, *_other_words(target, read)),
    )


def take_in(
    session: Session,
    actor: Actor,
    draft_id: UUID,
    read: ReadStandard,
    choices: Choices,
    *,
    now: datetime,
) -> Saved:
    """Take a file's document into a draft; others' work is merged.

    Raises:
        NotFoundError: There is no such draft.
        InvalidError: The document is not fit to be worked on.
        DraftStageError: The draft is not open any more.
        DraftConflictError: Both changed the same entry; nothing is saved.
    """
    target = draft_target(session, draft_id)
    base = base_document(session, target, read.origin)
    found = compare(session, target, read, base)
    if found.hinders:
        raise InvalidError(list(found.hinders))
    settled = {*choices.keep_mine, *choices.keep_theirs}
    left = tuple(each for each in found.conflicts if each.place not in settled)
    if left:
        raise DraftConflictError(left, target.revision)
    merged = Merged(found.merged, found.conflicts, found.document, target.current)
    document = settle(merged, set(choices.keep_mine))
    save = Save(document, target.revision, choices.reason)
    return save_draft(session, actor, draft_id, save, now=now)


def complete_items(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a checklist with their defaults filled in."""
    return [
        {"kind": "text", **expanded(item, section, document)}
        for section in document["sections"]
        for item in section["items"]
    ]


def begin_with(
    session: Session,
    actor: Actor,
    wanted: NewDraft,
    read: ReadStandard,
    choices: Choices,
    *,
    now: datetime,
) -> UUID:
    """Begin a draft with what a file changes, and return its id.

    Raises:
        MonthBegunError: The month has begun.
        InvalidError: The document is not fit to be worked on.
        DraftConflictError: A newer version changed the same entries.
    """
    draft_id = begin_draft(session, actor, wanted, now=now)
    take_in(session, actor, draft_id, read, choices, now=now)
    return draft_id


_YAML_ONLY = Text(
    "计分规则只有YAML文件，请从导出的YAML改起。",
    "The policy comes as YAML only. Start from the YAML that was exported here.",
)


def _problems(
    session: Session, target: Target, document: dict[str, Any]
) -> list[Problem]:
    if target.kind == POLICY:
        return check_policy(document)
    words = Vocabulary.from_document(target.vocabulary)
    return check_checklist(document, words, ids_elsewhere(session, target))


def _is_about(problem: Problem, fault: Problem) -> bool:
    """Tell whether a rule complains about what a faulty cell should have said."""
    if f"{problem.pointer}/".startswith(f"{fault.pointer}/"):
        return True
    owner, _, key = fault.pointer.rpartition("/")
    is_missing = problem.code in ("missing", "missing-language")
    return is_missing and problem.pointer == owner and f"“{key}”" in problem.text.en


def _other_checklist(target: Target, document: Mapping[str, Any]) -> Iterator[Problem]:
    """Refuse a file of another checklist: an id is for ever."""
    for key in _FIXED:
        was, now = target.current.get(key), document.get(key)
        if was != now and key in document:
            yield Problem(
                f"/{key}",
                "other-checklist",
                Text(
                    f"这个文件是另一张检查表的：{key}是“{now}”，这里是“{was}”。"
                    "请到那张检查表里导入，或者改回来。",
                    f"The file is of another checklist: its {key} is “{now}”, here it"
                    f" is “{was}”. Bring it there, or change it back.",
                ),
            )


def _other_words(target: Target, read: ReadStandard) -> Iterator[Note]:
    if read.vocabulary is None:
        return
    here = {k: v for k, v in target.vocabulary.items() if isinstance(v, dict)}
    if read.vocabulary != here:
        yield Note(
            Text(
                "“词汇”页和这里的不同；导入不改词汇，各项目按这里的词汇读。",
                "The sheet of vocabulary differs from the one here. Words are not"
                " changed; the items were read by the words here.",
            )
        )
