"""Privacy room: personal data in a text is found and masked at equal length.

`mask` for free text, `mask_cell` for a table cell under its header, `pseudonym` for author ids.
`KINDS` is the ordered catalogue of what is found.
"""

from feedback_nlp.privacy.cells import mask_cell
from feedback_nlp.privacy.found import Found, Kind, Masked
from feedback_nlp.privacy.kinds import KIND_NAMES, KINDS
from feedback_nlp.privacy.mask import FILLER, mask
from feedback_nlp.privacy.pseudonym import pseudonym

__all__ = [
    "FILLER",
    "KINDS",
    "KIND_NAMES",
    "Found",
    "Kind",
    "Masked",
    "mask",
    "mask_cell",
    "pseudonym",
]
