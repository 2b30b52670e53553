"""A checklist version: sections of items, each item complete with its defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditapp.domain.applicability import (
    Place,
    Requirement,
    Resolution,
    Rule,
    resolve,
)
from auditapp.domain.text import Text

Wanted = str | int | float | tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Up to and including ``up_to`` (seconds or a count) the answer scores this."""

    up_to: int | float
    score: int


Bands = tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice; ``score`` None leaves the question out of the score."""

    option_id: str
    text: Text
    score: int | None
    cause: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """Two events of the journey clock; the answer is the seconds between them."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Tags:
    """The words an item is sorted and summed by."""

    quality: str
    rater: str
    cause: str
    owner: str
    stage: str
    group: str | None = None
    skill: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything an item says to a person."""

    question: Text
    guide: Text | None = None
    short: Text | None = None
    answer: Text | None = None
    sms: Text | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """How answers of the item's kind turn into points."""

    bands: Bands = ()
    bands_when: tuple[Rule[Bands], ...] = ()
    options: tuple[Option, ...] = ()
    anchors: Mapping[str, Text] = field(default_factory=dict)
    minimum: int | float | None = None
    maximum: int | float | None = None
    sample: int | None = None
    timer: Timer | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question with all that policy says about it."""

    item_id: str
    section_id: str
    kind: str
    weight: int
    wording: Wording
    tags: Tags
    scale: Scale
    is_critical: bool
    photo: str
    note: str
    answer_at: str
    applies: Mapping[str, Requirement]
    overrides: tuple[Rule[Requirement], ...]
    ask_if: Mapping[str, Wanted]
    replaces: str | None = None

    def requirement_at(self, place: Place) -> Resolution[Requirement]:
        """Return whether the item is asked at a place, but for what today decides."""
        return resolve(self.applies[place.tier], self.overrides, place)

    def bands_at(self, place: Place) -> Resolution[Bands]:
        """Return the item's bands at a place, but for what today decides."""
        return resolve(self.scale.bands, self.scale.bands_when, place)


@dataclass(frozen=True, slots=True)
class Section:
    """Items asked together, on the screen ``answer_at``: outside, inside or after."""

    section_id: str
    name: Text
    stage: str
    answer_at: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """One version of one checklist."""

    checklist_id: str
    version: str
    status: str
    source: str
    name: Text
    pass_mark: int
    critical_cap: int | None
    min_coverage: int
    sections: tuple[Section, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, in walking order."""
        return tuple(item for section in self.sections for item in section.items)
