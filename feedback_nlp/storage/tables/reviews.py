"""Reviews, their earlier revisions, and what is known about them besides their labels."""

from typing import Final

from sqlalchemy import JSON, BigInteger, Boolean, Column, Double, Index, Integer, Table, Text, text

from feedback_nlp.records import QuarantineReason, ReviewKind
from feedback_nlp.storage.columns import KEY, UtcTime
from feedback_nlp.storage.tables.build import belongs_to, metadata, one_of, workspace

_NONE: Final = text("'[]'")


def _review_fields() -> list[Column[object]]:
    return [
        Column("channel", KEY, nullable=False),
        Column("external_id", KEY),
        Column("kind", KEY, nullable=False),
        Column("text", Text, nullable=False),
        Column("created_at", UtcTime),
        Column("product", Text),
        Column("version", Text),
        Column("region", Text),
        Column("author_id", Text),
        Column("author_tier", Text),
        Column("rating", Double),
        Column("nps", Integer),
        Column("likes", BigInteger, nullable=False),
        Column("extras", JSON, nullable=False),
        Column("imported_at", UtcTime, nullable=False),
    ]


def _later_fields() -> list[Column[object]]:
    # At the end, where a migration adds them.
    return [
        Column("csat", Integer),
        Column("replies", JSON, nullable=False, server_default=_NONE),
        Column("resolved_at", UtcTime),
        Column("masked", JSON, nullable=False, server_default=_NONE),
    ]


reviews = Table(
    "reviews",
    metadata,
    workspace(),
    Column("id", KEY, primary_key=True),
    *_review_fields(),
    Column("revision", Integer, nullable=False),
    Column("text_hash", KEY, nullable=False),
    *_later_fields(),
    one_of("kind", ReviewKind),
    Index("ix_reviews_created_at", "workspace_id", "created_at", "id"),
    Index("ix_reviews_author", "workspace_id", "author_id"),
    Index("ix_reviews_imported_at", "workspace_id", "imported_at", "id"),
)

review_revisions = Table(
    "review_revisions",
    metadata,
    workspace(),
    Column("review_id", KEY, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    *_review_fields(),
    *_later_fields(),
    belongs_to("reviews", "review_id"),
    Index("ix_review_revisions_author", "workspace_id", "author_id"),
)

original_texts = Table(
    "original_texts",
    metadata,
    workspace(),
    Column("review_id", KEY, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    # As it arrived, before masking; written only when the settings say so.
    Column("text", Text, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
    belongs_to("reviews", "review_id"),
    Index("ix_original_texts_kept_at", "workspace_id", "kept_at"),
)

quarantine = Table(
    "quarantine",
    metadata,
    workspace(),
    Column("review_id", KEY, primary_key=True),
    Column("reason", KEY, nullable=False),
    Column("detail", Text, nullable=False),
    Column("original", KEY),
    Column("found_at", UtcTime, nullable=False),
    # What a person decided: true held, false let back in; null leaves it to the rules.
    Column("held", Boolean),
    Column("decided_by", Text),
    Column("decided_at", UtcTime),
    Column("note", Text),
    one_of("reason", QuarantineReason),
    belongs_to("reviews", "review_id"),
    Index("ix_quarantine_original", "workspace_id", "original"),
)
