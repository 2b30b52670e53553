"""What of a photo is covered before anybody else sees it, and what a hall may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from auditapp.domain.errors import ConflictError, InvalidError, Problem
from auditapp.domain.inspection import KIND
from auditapp.domain.text import Text

WHOLE = 1000  # per mille of the upright picture's width or height
LEAST_SIDE = 5  # per mille; anything smaller is a slip of the finger
MOST_COVERS = 50


@dataclass(frozen=True, slots=True)
class Cover:
    """A rectangle over a face, a badge or a paper, in per mille of the picture."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Redaction:
    """How one photo is shown from a moment on; ``number`` counts from 1 per photo.

    ``is_shown``: a reviewer found it fit for the hall.
    """

    redaction_id: UUID
    number: int
    covers: tuple[Cover, ...]
    is_shown: bool


class RedactedMeanwhileError(ConflictError):
    """Somebody else covered the photo while the page was open."""

    code = "redacted-meanwhile"
    text = Text(
        "这张照片刚被别人处理过。请看过现在的样子再保存。",
        "Somebody else has just changed this photo. Look at it as it is now first.",
    )


def check_covers(covers: Sequence[Cover]) -> tuple[Cover, ...]:
    """Return the rectangles that lie within the picture.

    Raises:
        InvalidError: One does not, is too small to cover anything, or they are many.
    """
    if len(covers) > MOST_COVERS:
        raise InvalidError([Problem("/covers", "too-many", _TOO_MANY)])
    if not all(_is_inside(each) for each in covers):
        raise InvalidError([Problem("/covers", "outside", _OUTSIDE)])
    return tuple(covers)


def is_open_to_hall(kind: str, redaction: Redaction | None) -> bool:
    """Tell whether the hall that was visited may see a photo, redacted as it is.

    Of a mystery visit only what a reviewer has marked as fit. Of an open inspection
    everything that was not kept back: the hall stood beside the inspector, and the
    inspection was released with its manager's signature.
    """
    if redaction is None:
        return kind == KIND
    return redaction.is_shown


def _is_inside(cover: Cover) -> bool:
    return (
        cover.left >= 0
        and cover.top >= 0
        and cover.width >= LEAST_SIDE
        and cover.height >= LEAST_SIDE
        and cover.left + cover.width <= WHOLE
        and cover.top + cover.height <= WHOLE
    )


_TOO_MANY = Text(
    f"最多画{MOST_COVERS}个遮挡框。", f"At most {MOST_COVERS} rectangles, please."
)
_OUTSIDE = Text(
    "遮挡框要在照片里面，也不能太小。",
    "Each rectangle has to lie within the photo and must not be tiny.",
)
