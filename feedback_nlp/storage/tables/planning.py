"""From themes to tickets, and the runs that made them."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Double,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from feedback_nlp.records import TicketState
from feedback_nlp.storage.columns import KEY, UtcTime
from feedback_nlp.storage.tables.build import belongs_to, event_fields, metadata, one_of, workspace

themes = Table(
    "themes",
    metadata,
    workspace(),
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
    Column("named_by_hand", Boolean, nullable=False, server_default=false()),
    Column("merged_into", KEY),
    Column("boundary_quotes", JSON, nullable=False, server_default="[]"),
    Column("cohesion", Double),
)

theme_members = Table(
    "theme_members",
    metadata,
    workspace(),
    Column("theme_id", KEY, primary_key=True),
    Column("review_id", KEY, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    belongs_to("themes", "theme_id"),
    # What the last plan counted: placements of opinions that are candidates today.
    belongs_to("reviews", "review_id"),
    # Each review that is deleted is looked up here by the foreign key.
    Index("ix_theme_members_review", "workspace_id", "review_id"),
)

theme_events = Table(
    "theme_events",
    metadata,
    workspace(),
    *event_fields("theme_id"),
    belongs_to("themes", "theme_id"),
    Index("ix_theme_events_theme", "workspace_id", "theme_id", "id"),
)

priorities = Table(
    "priorities",
    metadata,
    workspace(),
    Column("theme_id", KEY, primary_key=True),
    *(
        Column(name, Double, nullable=False)
        for name in ("reach", "impact", "confidence", "effort", "score", "low", "high")
    ),
    Column("reasons", JSON, nullable=False),
    # Every other field of the record.
    Column("detail", JSON, nullable=False, server_default="{}"),
    belongs_to("themes", "theme_id"),
)

tickets = Table(
    "tickets",
    metadata,
    workspace(),
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
    Column("related", JSON, nullable=False, server_default="[]"),
    Column("owner", Text),
    # Ratio of the rates after and before a release that must be undercut.
    Column("target", Double, nullable=False, server_default="0.9"),
    # Names of fields that a person set; drafts leave them alone.
    Column("fixed", JSON, nullable=False, server_default="[]"),
    # Counts what people and the life cycle changed, so that two people notice each other.
    Column("revision", Integer, nullable=False, server_default="0"),
    one_of("state", TicketState),
    belongs_to("themes", "theme_id"),
    Index("ix_tickets_theme", "workspace_id", "theme_id"),
    Index("ix_tickets_state", "workspace_id", "state"),
)

ticket_events = Table(
    "ticket_events",
    metadata,
    workspace(),
    *event_fields("ticket_id"),
    belongs_to("tickets", "ticket_id"),
    Index("ix_ticket_events_ticket", "workspace_id", "ticket_id", "id"),
    Index("ix_ticket_events_at", "workspace_id", "at"),
)

runs = Table(
    "runs",
    metadata,
    workspace(),
    Column("digest", KEY, primary_key=True),
    # Position in time among this workspace's runs; repeating a run moves it to the end.
    Column("number", Integer, nullable=False),
    Column("run", JSON, nullable=False),
    UniqueConstraint("workspace_id", "number"),
)
