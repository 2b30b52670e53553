"""A signal: something for the reviewer to look at, never a reason to block.

Source: design/field.md, last paragraph; design/security.md, row 30: what looks like
fraud is flagged and never rejected by a machine.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from auditapp.domain.geo import Point

Level = Literal["notice", "fine"]
Facts = dict[str, int | float | str]


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that was looked at; ``fine`` ones show that it was.

    ``facts`` are the numbers and ids behind it, ready for JSON.
    """

    kind: str
    level: Level
    item: str | None = None
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OtherPicture:
    """A photo of another audit that may be the same; ``dhash`` as 64 bits."""

    audit: str
    sha256: str
    dhash: int | None = None


@dataclass(frozen=True, slots=True)
class OtherVisit:
    """Where and when the same auditor was before or after."""

    audit: str
    place: Point
    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A note or free text of an earlier audit."""

    audit: str
    text: str


@dataclass(frozen=True, slots=True)
class SignalContext:
    """What the document itself cannot say; whatever is unknown is left out.

    ``dhashes`` are this audit's photos by SHA-256; ``peer_p10_stay_seconds`` is the
    stay that nine of ten comparable visits exceed.
    """

    hall: Point | None = None
    hall_radius_m: float = 200
    minimum_stay_seconds: int = 480
    peer_p10_stay_seconds: int | None = None
    dhashes: dict[str, int] = field(default_factory=dict)
    other_pictures: tuple[OtherPicture, ...] = ()
    other_visits: tuple[OtherVisit, ...] = ()
    earlier_texts: tuple[EarlierText, ...] = ()
