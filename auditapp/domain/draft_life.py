"""The life of a draft: open, submitted, then published or sent back or given up."""

from enum import Enum

from auditapp.domain.errors import ConflictError
from auditapp.domain.text import Text


class DraftState(Enum):
    """Where a draft stands; a submitted one is not changed any more."""

    OPEN = "open"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    DISCARDED = "discarded"


_NEXT = {
    DraftState.OPEN: {DraftState.SUBMITTED, DraftState.DISCARDED},
    DraftState.SUBMITTED: {DraftState.OPEN, DraftState.PUBLISHED, DraftState.DISCARDED},
    DraftState.PUBLISHED: set[DraftState](),
    DraftState.DISCARDED: set[DraftState](),
}


class DraftStageError(ConflictError):
    """The draft is not at the stage for this."""

    code = "draft-stage"
    text = Text(
        "这份草稿现在不能这样做，可能已经送审、发布或放弃。请刷新后再看。",
        "The draft is not at that stage; it may have been submitted, published or"
        " discarded. Please reload the page.",
    )


def moved(state: DraftState, wanted: DraftState) -> DraftState:
    """Return the new state.

    Raises:
        DraftStageError: A draft does not go there from here.
    """
    if wanted not in _NEXT[state]:
        raise DraftStageError
    return wanted
