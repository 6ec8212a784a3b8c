"""What happens after the plan: releases, verification, escalations, replies, nights."""

from sqlalchemy import JSON, Boolean, Column, Date, Double, Index, Integer, Table, Text

from feedback_nlp.records import Answered, Group, Purpose, Verdict
from feedback_nlp.storage.columns import KEY, UtcTime
from feedback_nlp.storage.tables.build import (
    belongs_to,
    metadata,
    number,
    one_of,
    signed_fields,
    workspace,
)

releases = Table(
    "releases",
    metadata,
    workspace(),
    number(),
    Column("released_at", UtcTime, nullable=False),
    Column("version", Text),
    Column("share", Double, nullable=False),
    # Which users have it; null for all, or for a share that nobody can name.
    Column("dimension", KEY),
    Column("value", Text),
    *signed_fields(),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", UtcTime),
    one_of("dimension", Group),
)

release_tickets = Table(
    "release_tickets",
    metadata,
    workspace(),
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("ticket_id", KEY, primary_key=True),
    belongs_to("releases", "release_id"),
    belongs_to("tickets", "ticket_id"),
    Index("ix_release_tickets_ticket", "workspace_id", "ticket_id"),
)

verifications = Table(
    "verifications",
    metadata,
    workspace(),
    Column("ticket_id", KEY, primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("verdict", KEY, nullable=False),
    # Every other field of the record: numbers, days and ids.
    Column("content", JSON, nullable=False),
    one_of("verdict", Verdict),
    belongs_to("tickets", "ticket_id"),
    Index("ix_verifications_day", "workspace_id", "as_of"),
)

escalations = Table(
    "escalations",
    metadata,
    workspace(),
    Column("review_id", KEY, primary_key=True),
    Column("at", UtcTime, nullable=False),
    # When it should have been resolved.
    Column("due", UtcTime, nullable=False),
    Column("department", Text, nullable=False),
    # A person has taken care of it; null while it is open.
    Column("closed_by", Text),
    Column("closed_at", UtcTime),
    Column("note", Text),
    belongs_to("reviews", "review_id"),
    Index("ix_escalations_open", "workspace_id", "closed_at", "due"),
    Index("ix_escalations_at", "workspace_id", "at"),
)

sends = Table(
    "sends",
    metadata,
    workspace(),
    number(),
    Column("purpose", KEY, nullable=False),
    Column("review_id", KEY, nullable=False),
    Column("author_id", Text),
    Column("ticket_id", KEY),
    Column("channel", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("result", KEY),
    *signed_fields(),
    # Null: written down when it was sent.
    Column("noted_at", UtcTime),
    one_of("purpose", Purpose),
    one_of("result", Answered),
    belongs_to("reviews", "review_id"),
    belongs_to("tickets", "ticket_id"),
    Index("ix_sends_review", "workspace_id", "review_id"),
    Index("ix_sends_author", "workspace_id", "author_id"),
    Index("ix_sends_ticket", "workspace_id", "ticket_id"),
)

opt_outs = Table(
    "opt_outs",
    metadata,
    workspace(),
    # Who wrote without a name is known by the review.
    Column("author_id", KEY, primary_key=True),
    Column("review_id", KEY),
    # False: the person may be written to again.
    Column("active", Boolean, nullable=False),
    *signed_fields(),
    belongs_to("reviews", "review_id"),
    # Each review that is deleted is looked up here by the foreign key.
    Index("ix_opt_outs_review", "workspace_id", "review_id"),
)

reply_templates = Table(
    "reply_templates",
    metadata,
    workspace(),
    number(),
    Column("kind", KEY, nullable=False),
    # Null sets the template back to that of the program.
    Column("text", Text),
    *signed_fields(),
)

nights = Table(
    "nights",
    metadata,
    workspace(),
    number(),
    Column("day", Date, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("state", KEY, nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("steps", JSON, nullable=False),
    Column("result", JSON, nullable=False),
    Column("finished_at", UtcTime),
    Index("ix_nights_day", "workspace_id", "day"),
)
