"""What the catalogue knows about a channel."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from feedback_nlp.intake.entries import Given, Shape
from feedback_nlp.intake.fields import Fields
from feedback_nlp.records import Arrival, Rejected


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of export; `tests/contracts/test_every_channel.py` judges it."""

    name: str
    title: str
    """What people call it."""
    shape: Shape
    read: Callable[..., Iterator[Arrival | Rejected]]
    """`read(sheet, *, now, channel, given)`: lazily, unusable lines as `Rejected`.

    `channel` is the name shown where the file has none.
    `given` maps headers to fields. Raises InputError when the sheet lacks a required column.
    """
    default_channel: str
    """What `channel` is unless somebody says otherwise; "" where none means all together."""

    @property
    def fields(self) -> Fields:
        """Field -> headers by which it is known, lower case."""
        return self.shape.fields

    @property
    def required(self) -> tuple[tuple[str, ...], ...]:
        """At least one field of each group must have a column."""
        return self.shape.required

    def columns(self, header: Iterable[str], given: Given = None) -> dict[str, str]:
        """Map each field to the header that would be read as it, as `read` does."""
        return self.shape.columns(header, given)
