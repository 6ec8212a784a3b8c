"""The tables. Private to storage; `migrations/` must describe the same ones (a test compares).

Core tables, not mapped classes: bulk writes would leave stale objects in a session's identity map.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from feedback_nlp.records import Intent, Polarity, ReviewKind, TicketState
from feedback_nlp.storage.columns import KEY, UtcTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_1_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _workspace() -> Column[str]:
    return Column("workspace_id", KEY, primary_key=True)


def _belongs_to(table: str, *columns: str, key: Iterable[str] = ("id",)) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", *columns], [f"{table}.{name}" for name in ("workspace_id", *key)]
    )


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


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


def _label_fields() -> list[Column[object]]:
    return [
        Column("polarity", KEY, nullable=False),
        Column("neg", Double, nullable=False),
        Column("neu", Double, nullable=False),
        Column("pos", Double, nullable=False),
        Column("uncertain", Boolean, nullable=False),
    ]


def _event_fields(subject: str) -> list[Column[object]]:
    return [
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column(subject, KEY, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("kind", KEY, nullable=False),
        Column("detail", JSON, nullable=False),
    ]


reviews = Table(
    "reviews",
    metadata,
    _workspace(),
    Column("id", KEY, primary_key=True),
    *_review_fields(),
    Column("revision", Integer, nullable=False),
    Column("text_hash", KEY, nullable=False),
    _one_of("kind", ReviewKind),
    Index("ix_reviews_created_at", "workspace_id", "created_at", "id"),
)

review_revisions = Table(
    "review_revisions",
    metadata,
    _workspace(),
    Column("review_id", KEY, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    *_review_fields(),
    _belongs_to("reviews", "review_id"),
)

rejections = Table(
    "rejections",
    metadata,
    _workspace(),
    Column("source", KEY, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("digest", KEY, primary_key=True),
    Column("reason", Text, nullable=False),
    # A JSON string, because a rejected line may hold NUL or broken UTF-8, and text columns cannot.
    Column("raw", JSON, nullable=False),
    Column("rejected_at", UtcTime, nullable=False),
)

annotations = Table(
    "annotations",
    metadata,
    _workspace(),
    Column("model", KEY, primary_key=True),
    Column("review_id", KEY, primary_key=True),
    # Of the text that was read; an annotation counts while the review still has that text.
    Column("text_hash", KEY, nullable=False),
    *_label_fields(),
    Column("quarantine", KEY),
    Column("error", Text),
    _one_of("polarity", Polarity),
    _belongs_to("reviews", "review_id"),
    Index("ix_annotations_review", "workspace_id", "review_id"),
)

opinions = Table(
    "opinions",
    metadata,
    _workspace(),
    Column("model", KEY, primary_key=True),
    Column("review_id", KEY, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    *_label_fields(),
    Column("topics", JSON, nullable=False),
    Column("intent", KEY, nullable=False),
    Column("severity", Integer, nullable=False),
    _one_of("polarity", Polarity),
    _one_of("intent", Intent),
    CheckConstraint("severity BETWEEN 0 AND 3", name="severity"),
    _belongs_to("annotations", "model", "review_id", key=("model", "review_id")),
)

themes = Table(
    "themes",
    metadata,
    _workspace(),
    Column("id", KEY, primary_key=True),
    Column("name", Text, nullable=False),
    Column("topic", KEY, nullable=False),
    Column("keywords", JSON, nullable=False),
    Column("quotes", JSON, nullable=False),
    Column("count", Integer, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("users", Integer, nullable=False),
    Column("negative_share", Double, nullable=False),
    Column("first_seen", UtcTime),
    Column("last_seen", UtcTime),
    Column("trend", JSON, nullable=False),
    Column("by_channel", JSON, nullable=False),
    Column("by_version", JSON, nullable=False),
    Column("by_region", JSON, nullable=False),
    Column("by_rating", JSON, nullable=False),
    Column("state", KEY, nullable=False),
)

theme_members = Table(
    "theme_members",
    metadata,
    _workspace(),
    Column("theme_id", KEY, primary_key=True),
    Column("review_id", KEY, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    _belongs_to("themes", "theme_id"),
    # An opinion joins at most one open theme, and any number of dormant ones it once was in.
    _belongs_to("reviews", "review_id"),
)

theme_events = Table(
    "theme_events",
    metadata,
    _workspace(),
    *_event_fields("theme_id"),
    _belongs_to("themes", "theme_id"),
    Index("ix_theme_events_theme", "workspace_id", "theme_id", "id"),
)

priorities = Table(
    "priorities",
    metadata,
    _workspace(),
    Column("theme_id", KEY, primary_key=True),
    *(
        Column(name, Double, nullable=False)
        for name in ("reach", "impact", "confidence", "effort", "score", "low", "high")
    ),
    Column("reasons", JSON, nullable=False),
    _belongs_to("themes", "theme_id"),
)

tickets = Table(
    "tickets",
    metadata,
    _workspace(),
    Column("id", KEY, primary_key=True),
    Column("theme_id", KEY, nullable=False),
    Column("title", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("department", Text, nullable=False),
    Column("lane", KEY, nullable=False),
    Column("due", Date, nullable=False),
    Column("resources", Text, nullable=False),
    Column("acceptance", Text, nullable=False),
    Column("state", KEY, nullable=False),
    # As it was when the ticket was last drafted; the theme's own priority moves on.
    Column("priority", JSON, nullable=False),
    _one_of("state", TicketState),
    _belongs_to("themes", "theme_id"),
    Index("ix_tickets_theme", "workspace_id", "theme_id"),
    Index("ix_tickets_state", "workspace_id", "state"),
)

ticket_events = Table(
    "ticket_events",
    metadata,
    _workspace(),
    *_event_fields("ticket_id"),
    _belongs_to("tickets", "ticket_id"),
    Index("ix_ticket_events_ticket", "workspace_id", "ticket_id", "id"),
)

runs = Table(
    "runs",
    metadata,
    _workspace(),
    Column("digest", KEY, primary_key=True),
    # Position in time among this workspace's runs; repeating a run moves it to the end.
    Column("number", Integer, nullable=False),
    Column("run", JSON, nullable=False),
    UniqueConstraint("workspace_id", "number"),
)
