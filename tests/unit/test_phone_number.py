"""Telephone numbers: read as people type them, shown masked, sealed at rest."""

import pytest

from auditapp.domain.phone_number import dialled, masked, read_phone_number
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.gateways.vault import SealBrokenError


@pytest.mark.parametrize(
    "written",
    [
        "13800001234",
        " 138 0000 1234",
        "138-0000-1234",
        "+86 138 0000 1234",
        "0086-13800001234",
        "8613800001234",
        "１３８００００１２３４",
    ],
)
def test_a_mainland_number_is_the_same_however_it_is_written(written):
    number = read_phone_number(written)

    assert number == "+8613800001234"
    assert masked(number) == "138****1234"
    assert dialled(number) == "13800001234"


@pytest.mark.parametrize(
    "written", ["", "12800001234", "1380000123", "138000012345", "+86", "abc", "٣٤٥"]
)
def test_what_is_no_number_is_refused(written):
    assert read_phone_number(written) is None


def test_a_sealed_number_opens_with_the_same_secret_alone():
    vault, other = PhoneVault("a" * 32), PhoneVault("b" * 32)
    sealed = vault.seal("+8613800001234")

    assert b"13800001234" not in sealed
    assert sealed != vault.seal("+8613800001234")
    assert vault.unseal(sealed) == "+8613800001234"
    assert vault.hash_of("+8613800001234") != other.hash_of("+8613800001234")
    with pytest.raises(SealBrokenError):
        other.unseal(sealed)
    with pytest.raises(SealBrokenError):
        vault.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))
