"""One reading of one sheet: from a row to a review, whatever the channel."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from feedback_nlp.intake.entries import Entry
from feedback_nlp.intake.identity import Identities, review_id
from feedback_nlp.intake.numbers import parse_stars
from feedback_nlp.records import Rejected, Reply, Review, ReviewKind
from feedback_nlp.tabular.narrow import is_blank
from feedback_nlp.tabular.values import is_null, parse_count

NO_WORDS = "正文为空"
_KEYS = ("external_id", "author_id")


@dataclass(frozen=True, slots=True)
class Reading:
    """What holds for a whole sheet: the bound of times, the channel's name, the ids met."""

    now: datetime
    channel: str
    """Shown where the file names none."""
    ids: Identities = field(default_factory=Identities)

    def channel_of(self, entry: Entry) -> str:
        """Return the channel that the row names, else that of the sheet."""
        return entry.plain("channel") or self.channel.strip()

    def review(
        self,
        entry: Entry,
        text: str,
        *,
        kind: ReviewKind = ReviewKind.REVIEW,
        external_id: str | None = None,
        kept: Collection[str] = (),
    ) -> Review:
        """Make the review of a row from every field all channels share.

        `external_id` stands in where the export has no id of its own; the fields in `kept` stay
        extras. Call it once a row: it counts identical rows.

        Raises:
            ValueError: a blank text, or a cell that cannot be read; the reason in Chinese.
        """
        if is_blank(text):
            raise ValueError(NO_WORDS)
        created_at = entry.time("created_at", self.now)
        rating = entry.value("rating", parse_stars)
        likes = entry.value("likes", parse_count) or 0
        replies, resolved_at = replies_of(entry, self.now), entry.time("resolved_at", self.now)
        channel = self.channel_of(entry)
        lost = {name for name in _KEYS if entry.plain(name) and entry.key(name) is None}
        external_id = entry.key("external_id") or external_id
        return Review(
            id=review_id(*self.ids.parts(channel, external_id, entry.row.cells)),
            channel=channel,
            text=text,
            external_id=external_id,
            kind=kind,
            created_at=created_at,
            product=entry.plain("product"),
            version=entry.plain("version"),
            region=entry.plain("region"),
            author_id=entry.key("author_id"),
            author_tier=entry.plain("author_tier"),
            rating=rating,
            likes=likes,
            replies=replies,
            resolved_at=resolved_at,
            extras=entry.extras({*kept, *lost}),
        )

    def once(self, review: Review, entry: Entry) -> Review | Rejected:
        """Return the review, or the rejection of a line whose external id is already taken."""
        return self.ids.once(review, review.external_id, entry)


def replies_of(entry: Entry, now: datetime) -> tuple[Reply, ...]:
    """Return the answer in the row's own columns; it may be no more than its time."""
    text, at = entry.plain("reply"), entry.time("replied_at", now)
    return () if text is None and at is None else (Reply(text or "", at),)


def titled(entry: Entry) -> str:
    """Put the title before the text on a line of its own, unless the text begins with it.

    The text stays as it arrived, even a lone 无: it may be all that somebody wrote; but NULL and
    the like are what a program writes.
    """
    text, title = entry.words("text"), entry.plain("title") or ""
    if is_blank(text) or is_null(text):
        return title
    return text if text.lstrip().startswith(title) else f"{title}\n{text}"
