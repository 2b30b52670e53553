"""Telephone numbers at rest.

A plain hash of an eleven-digit number is found by trying them all; a keyed one is not.
"""

from auditapp.gateways.vault import Vault

CONTEXT = b"auditapp phone 1"


class PhoneVault(Vault):
    """Hashes and seals numbers (``+86…``)."""

    def __init__(self, secret_key: str) -> None:
        super().__init__(secret_key, CONTEXT)
