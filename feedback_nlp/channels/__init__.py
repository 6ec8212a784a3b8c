"""Channels: an export file or an API -> reviews. One file per channel."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from feedback_nlp.channels.table import DEFAULT_CHANNEL, read_table
from feedback_nlp.records import Rejected, Review


class Channel(Protocol):
    """Reads one export file; `tests/contracts/test_every_channel.py` judges it."""

    def __call__(
        self, path: Path, *, now: datetime, channel: str = DEFAULT_CHANNEL
    ) -> Iterator[Review | Rejected]:
        """Yield the reviews of `path` in file order, unusable lines as `Rejected`."""
        ...


CHANNELS: Final[dict[str, Channel]] = {"table": read_table}
"""Every channel by name; a new one is a file and a line here."""
