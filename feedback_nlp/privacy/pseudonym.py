"""Author ids that are personal data themselves become pseudonyms."""

import hashlib
import hmac
import re
from typing import Final

from feedback_nlp.privacy.fold import fold
from feedback_nlp.privacy.kinds import KINDS

PREFIX: Final = "U-"
_DIGITS: Final = 16
_FORM: Final = re.compile(rf"{PREFIX}[0-9a-f]{{{_DIGITS}}}")
_BY_FORM: Final = ("mobile", "id_card", "bank_card", "email", "landline", "passport")
"""Kinds that a whole id can be told to be without any cue."""


def pseudonym(author_id: str, *, key: str) -> str:
    """Return `U-` and 16 hex digits for an id that is a phone, card or e-mail, else the id itself.

    The same id and key give the same pseudonym, so users stay countable: HMAC-SHA256 of the id.
    There are few mobile numbers, so whoever knows the key can try them all; with an empty key
    anybody can. Use a secret one, and keep it as long as pseudonyms must stay the same.
    """
    return as_pseudonym(author_id, key=key) if _is_personal(fold(author_id).strip()) else author_id


def as_pseudonym(author_id: str, *, key: str) -> str:
    """Return the pseudonym of any id, personal or not."""
    written = author_id.encode("utf-8", "surrogatepass")
    return PREFIX + hmac.new(key.encode("utf-8"), written, hashlib.sha256).hexdigest()[:_DIGITS]


def is_pseudonym(author_id: str) -> bool:
    """Say whether an id has the form that `as_pseudonym` gives."""
    return _FORM.fullmatch(author_id) is not None


def _is_personal(author_id: str) -> bool:
    whole = (0, len(author_id))
    return any(
        whole in kind.find(author_id)
        for kind in KINDS
        if kind.code in _BY_FORM and kind.hint.search(author_id)
    )
