"""Who decides about priorities, when and why, as it is written down."""

import re
from dataclasses import replace
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import Signature
from feedback_nlp.storage.storable import is_storable

LONGEST_AUTHOR: Final = 64
LONGEST_REASON: Final = 500
_NOT_ON_A_LINE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def signed(signature: Signature) -> Signature:
    """Return the signature as it will be stored, without margins, personal data masked.

    Raises:
        InputError: nobody signed, or a text is too long or not on one line.
    """
    author, reason = signature.author.strip(), signature.reason.strip()
    if not 0 < len(author) <= LONGEST_AUTHOR or not is_line(author):
        raise InputError(f"author：请写明操作人，1 到 {LONGEST_AUTHOR} 个字，写在一行里")
    if len(reason) > LONGEST_REASON or not is_line(reason):
        raise InputError(f"reason：原因最多 {LONGEST_REASON} 个字，写在一行里")
    return replace(signature, author=author, reason=mask(reason).text)


def is_line(text: str) -> bool:
    """Say that a text can be stored and stands on one line."""
    return is_storable(text) and not _NOT_ON_A_LINE.search(text)
