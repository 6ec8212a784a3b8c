"""Permanent ids: from an id of the export, else from the content and its occurrence."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from feedback_nlp.intake.entries import Entry
from feedback_nlp.records import Rejected


class Identified(Protocol):
    """A record with a permanent id."""

    @property
    def id(self) -> str:
        """Unique inside a workspace."""
        ...


Record = TypeVar("Record", bound=Identified)


def record_id(prefix: str, *parts: str) -> str:
    """Derive a permanent id: the kind of record and 64 bits of SHA-256 over its identity."""
    return f"{prefix}-" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def review_id(*parts: str) -> str:
    """Derive the permanent id of a review."""
    return record_id("R", *parts)


@dataclass(frozen=True, slots=True)
class Identities:
    """The identities met so far in one sheet; what it holds grows with every row."""

    _seen: Counter[str] = field(default_factory=Counter)
    _first: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Id -> line it was first met on and hash of what it named there."""

    def parts(
        self, channel: str, external_id: str | None, cells: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Return what identifies a row; call it once a row, and only for usable ones.

        Without an external id that is the content and its occurrence number among identical rows,
        so that real duplicates stay distinct and reading again changes nothing.
        """
        if external_id is not None:
            return channel, "id", external_id
        content = json.dumps(sorted(cells.items()), ensure_ascii=False)
        self._seen[content] += 1
        return channel, "content", content, str(self._seen[content])

    def once(self, record: Record, external_id: str | None, entry: Entry) -> Record | Rejected:
        """Return `record`, or the rejection of a line whose external id is already taken."""
        if external_id is None:
            return record
        line, content = self._first.setdefault(record.id, (entry.row.line, hash(record)))
        if line == entry.row.line:
            return record
        found = "内容相同" if content == hash(record) else "内容不同；请改用唯一的编号"
        return entry.rejected(f"编号 {external_id} 在本文件第 {line} 行已出现，{found}")
