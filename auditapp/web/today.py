"""What waits for a person, the reddest first; each line leads to the list it counts."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from auditapp.domain.action import may_judge
from auditapp.domain.actor import Actor
from auditapp.reads.actions import CRITICAL, LATE, NO_OWNER, PROOF, WITH_OWNER
from auditapp.web.texts import text as _

Line = dict[str, Any]


def lines_of(actor: Actor, counts: Mapping[str, int], appeals: int = 0) -> list[Line]:
    """Return one line for each kind of thing that waits; none where nothing does."""
    lines = judge_lines(counts) if may_judge(actor) else owner_lines(counts)
    address = url_for("appeals.index", state="open")
    lines.append(_line("warn", _("Appeals to decide"), appeals, address))
    return [line for line in lines if line["count"]]


def judge_lines(counts: Mapping[str, int]) -> list[Line]:
    """Return what waits for who judges actions."""
    return [
        _actions("bad", _("Critical findings, not put right"), CRITICAL, counts),
        _actions("bad", _("Actions past their deadline"), LATE, counts),
        _actions("warn", _("Proof to look at"), PROOF, counts),
        _actions("warn", _("Actions without an owner"), NO_OWNER, counts),
    ]


def owner_lines(counts: Mapping[str, int]) -> list[Line]:
    """Return what waits for who puts right, or only reads."""
    return [
        _actions("bad", _("Critical findings, not put right"), CRITICAL, counts),
        _actions("bad", _("Actions past their deadline"), LATE, counts),
        _actions("todo", _("Actions to do"), WITH_OWNER, counts),
    ]


def _actions(state: str, name: str, which: str, counts: Mapping[str, int]) -> Line:
    return _line(state, name, counts[which], url_for("actions.index", which=which))


def _line(state: str, name: str, count: int, address: str) -> Line:
    signs = {"bad": _("Urgent"), "warn": _("Waits"), "todo": _("To do")}
    return {
        "state": state,
        "sign": signs[state],
        "name": name,
        "count": count,
        "address": address,
    }
