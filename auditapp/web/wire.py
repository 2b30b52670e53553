"""What every request of the phone's wire shares."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from auditapp.domain.actor import Role
from auditapp.domain.audit_document import check_envelope
from auditapp.domain.errors import InvalidError
from auditapp.domain.json_text import read_json
from auditapp.extensions import csrf, reading
from auditapp.gateways.signing import ReceiptSigner
from auditapp.gateways.storage import Storage
from auditapp.services.audit_case import Letter, read_letter
from auditapp.web.security import find_current_actor, is_token_request, requires

in_the_field = requires(Role.AUDITOR, Role.INSPECTOR)


def check_csrf() -> None:
    """Ask a cookie for its CSRF token; without a sign-in the view says 401."""
    is_on = current_app.config["WTF_CSRF_ENABLED"] and not is_token_request()
    if is_on and find_current_actor() is not None:
        csrf.protect()


def open_letter(content: bytes) -> Letter:
    """Read an audit document; 422 when its envelope is not sound."""
    document = read_json(content)
    problems = check_envelope(document)
    if problems:
        raise InvalidError(problems)
    with reading() as session:
        return read_letter(session, content, document)


def storage() -> Storage:
    """Return where this installation keeps photos."""
    found: Storage = current_app.extensions["storage"]
    return found


def sign(facts: Mapping[str, Any]) -> str:
    """Return this installation's receipt of these facts."""
    signer: ReceiptSigner = current_app.extensions["receipts"]
    return signer.sign(facts)
