"""Rows that wait for others of their conversation, within a documented bound."""

from dataclasses import dataclass, field
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.intake.entries import Entry

MAX_HELD: Final = 100_000_000
"""Characters of one sheet held at once: half a million messages or so, in about 0.5 GB of memory.
More is refused, not guessed."""
_PER_CELL: Final = 20
"""What a cell costs besides its characters."""


@dataclass(slots=True)
class Held:
    """Entries of one sheet by conversation, in the order in which each first appeared.

    Rows of one conversation need not stand together, and their order must not matter, so all of a
    sheet's are held until its end.
    """

    name: str
    """Of the sheet, for messages."""
    limit: int = MAX_HELD
    groups: dict[str, list[Entry]] = field(default_factory=dict)
    _characters: int = 0

    def add(self, group: str, entry: Entry) -> None:
        """Hold one entry.

        Raises:
            InputError: the sheet holds more than the bound.
        """
        cells = entry.row.cells
        self._characters += sum(map(len, cells.values())) + _PER_CELL * len(cells)
        if self._characters > self.limit:
            raise InputError(
                f"{self.name}: 第 {entry.row.line} 行起超过一次能归并的 {self.limit:,} 个字符；"
                "请按日期拆成几个文件（同一会话的消息放在同一个文件里）再导入"
            )
        self.groups.setdefault(group, []).append(entry)
