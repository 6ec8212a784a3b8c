"""The generic table: any sheet with known headers -> reviews."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.entries import Entry, Given, Shape, read_each
from feedback_nlp.intake.fields import with_base
from feedback_nlp.intake.identity import review_id
from feedback_nlp.intake.reading import Reading, titled
from feedback_nlp.records import Rejected, Review
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.sheets import ReadOptions, Sheet

__all__ = ["CHANNEL", "DEFAULT_CHANNEL", "read", "read_table", "review_id"]

DEFAULT_CHANNEL: Final = "file"
SHAPE: Final = Shape(
    fields=with_base({"replied_at": ("回复时间", "replied_at")}), required=(("text",),)
)


def read(
    sheet: Sheet, *, now: datetime, channel: str = DEFAULT_CHANNEL, given: Given = None
) -> Iterator[Review | Rejected]:
    """Yield the reviews of a sheet in file order, unusable lines as `Rejected`.

    `channel` is used where the file has no channel column or an empty cell. A title is put before
    the text on a line of its own, unless the text already begins with it. `now` bounds dates.

    An external id names one review of its channel in a sheet: the first usable line with it wins
    and later ones are rejected, so that reading the file again changes nothing. Where lines
    with the same id differ, this is the one thing that depends on the order of lines. The same id
    in another file is an update.

    Raises:
        InputError: no column of the table holds the text.
    """
    reading = Reading(now, channel)

    def make(entry: Entry) -> tuple[Review | Rejected]:
        return (reading.once(reading.review(entry, titled(entry)), entry),)

    return read_each(sheet, SHAPE, make, given=given)


CHANNEL: Final = Channel("table", "通用表格", SHAPE, read, DEFAULT_CHANNEL)


def read_table(
    path: Path, *, now: datetime, channel: str = DEFAULT_CHANNEL
) -> Iterator[Review | Rejected]:
    """Yield the reviews of every sheet of a file.

    Raises:
        InputError: the file cannot be read at all, or no column holds the text.
    """
    for sheet in open_sheets(path, ReadOptions()):
        yield from read(sheet, now=now, channel=channel)
