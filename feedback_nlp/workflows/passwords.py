"""Passwords: Argon2id with the parameters that argon2-cffi recommends (RFC 9106, low memory)."""

from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from feedback_nlp.errors import InputError
from feedback_nlp.storage.storable import is_storable

SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 200
_HASHER: Final = PasswordHasher()
_AT_ONCE: Final = BoundedSemaphore(2)
"""A hash takes 64 MiB: many logins at the same time wait for one another."""


def hash_password(password: str) -> str:
    """Return the hash to store.

    Raises:
        InputError: the password is too short or too long; the message does not repeat it.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or not is_storable(password):
        raise InputError(f"password：密码要有 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符")
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Compare a password with a stored hash; without one it takes the same time and is wrong."""
    with _AT_ONCE:
        try:
            _HASHER.verify(stored or _nobodys(), password.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Say that a hash was made with parameters that are no longer the recommended ones."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
