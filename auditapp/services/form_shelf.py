"""Forms ready for use. A form is named by its content, so copies never age."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.store.checklists import FormRow

Form = Mapping[str, Any]

MOST_FORMS = 64  # about half a megabyte each once parsed

_shelf: OrderedDict[str, Form] = OrderedDict()
_turn = Lock()


def find_form(session: Session, digest: str) -> Form | None:
    """Return a published form, None when there is no such one; never change it."""
    with _turn:
        if digest in _shelf:
            _shelf.move_to_end(digest)
            return _shelf[digest]
    document = session.scalar(select(FormRow.document).where(FormRow.digest == digest))
    if document is None:
        return None
    form: Form = json.loads(document)
    with _turn:
        _shelf[digest] = form
        while len(_shelf) > MOST_FORMS:
            _shelf.popitem(last=False)
    return form
