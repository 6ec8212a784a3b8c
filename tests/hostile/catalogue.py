"""Every hostile file: `from hostile.catalogue import HOSTILE`."""

from typing import Final

from hostile.json_texts import JSON_TEXTS
from hostile.packed import PACKED
from hostile.record import HostileFile
from hostile.texts import TEXTS
from hostile.workbooks import WORKBOOKS

HOSTILE: Final[tuple[HostileFile, ...]] = (*TEXTS, *JSON_TEXTS, *PACKED, *WORKBOOKS)
