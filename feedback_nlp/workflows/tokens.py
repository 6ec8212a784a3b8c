"""Secrets that are shown once: how they are made, and what is kept of them."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

KEY_MARK: Final = "fb_"
"""Begins every API key, so that scanners of source code find those that leaked."""
LONGEST_TOKEN: Final = 128
_BYTES: Final = 32
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Token:
    """A new secret."""

    text: str
    """Given to the caller once, stored nowhere."""

    @property
    def digest(self) -> str:
        """What is stored."""
        return digest_of(self.text)

    @property
    def prefix(self) -> str:
        """What may be shown later, to tell secrets apart."""
        return self.text[:_SHOWN]


def make_token(mark: str = "") -> Token:
    """Make a secret of 256 random bits behind a mark."""
    return Token(mark + token_urlsafe(_BYTES))


def digest_of(text: str) -> str:
    """Return what is stored of a secret: SHA-256, for 256 random bits need no slow hash."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
