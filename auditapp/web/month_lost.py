"""Whose the lost points of a hall's month are, and what each of them is made of."""

from flask import url_for

from auditapp.web import month_words as words
from auditapp.web.frame import in_language, tenths
from auditapp.web.month_ledger import (
    CAUSES,
    SAYING,
    LostGroup,
    LostItem,
    cause_groups,
    lost_by,
    lost_tenths,
    taken_of,
)
from auditapp.web.month_view import HallView, Parts

VISITS = ("mystery", "open_inspection")


def lost_parts(view: HallView, dimension: str) -> Parts:
    """Return whose the lost points are, and what was lost in one grouping."""
    document = view.document
    causes: list[Parts] = [
        {
            "key": group.key,
            "name": words.group_name("cause", group.key, view.names),
            "lost": group.tenths,
            "percent": round(group.share),
        }
        for group in cause_groups(document)
        if group.key in CAUSES or group.tenths
    ]
    has_lost = any(each["lost"] for each in causes)
    return {
        "lost": lost_tenths(document),
        "causes": causes if has_lost else [],
        "causes_say": words.joined(
            f"{each['name']} {tenths(each['lost'])}" for each in causes
        ),
        "saying": [{"key": key, "lost": share} for key, share in SAYING],
        "owners": [
            {
                "name": words.group_name("owner", group.key, view.names),
                "lost": group.tenths,
            }
            for group in lost_by(document, "owner")
        ],
        "groups": [
            group_part(view, dimension, group) for group in lost_by(document, dimension)
        ],
    }


def group_part(view: HallView, dimension: str, group: LostGroup) -> Parts:
    """Return one group of lost points with the items that add up to it."""
    return {
        "name": words.group_name(dimension, group.key, view.names),
        "tenths": group.tenths,
        "items": [item_part(view, item) for item in group.items],
    }


def item_part(view: HallView, item: LostItem) -> Parts:
    """Return one item with its reason and the places where it can be looked at."""
    addresses = item_addresses(view, item)
    reason = view.names.reasons.get(item.item)
    return {
        "name": words.item_name(item.item, view.names),
        "source": words.source_name(item.source),
        "reason": in_language(reason) if reason else "",
        "cause": item.cause,
        "tenths": item.tenths,
        "share": item.share,
        "address": addresses[0] if addresses else None,
        "others": list(enumerate(addresses[1:], start=2)),
    }


def item_addresses(view: HallView, item: LostItem) -> list[str]:
    """Return the audits at this item, or the spread of the customers' answers."""
    if item.source not in VISITS:
        return [
            url_for(
                "hall_months.source",
                hall_id=view.hall_id,
                month=view.month,
                source=item.source,
                _anchor=item.item,
            )
        ]
    if not view.may_open_audits:
        return []
    return [
        url_for(
            "reviews.show",
            audit_id=each["audit"],
            show="all",
            item=item.item,
            _anchor="item",
        )
        for each in taken_of(view.document, item.source)
    ]
