"""What people decide about priorities, what verification found, and the plans made of it."""

from sqlalchemy import JSON, Boolean, Column, Date, Double, Index, Integer, Table, Text

from feedback_nlp.records import Criterion, EffortKind, Metric, Verdict
from feedback_nlp.storage.columns import KEY, UtcTime
from feedback_nlp.storage.tables.build import (
    belongs_to,
    metadata,
    number,
    one_of,
    signed_fields,
    workspace,
)

policies = Table(
    "policies",
    metadata,
    workspace(),
    number(),
    # What differs from the defaults of the program.
    Column("content", JSON, nullable=False),
    *signed_fields(),
)

efforts = Table(
    "efforts",
    metadata,
    workspace(),
    number(),
    Column("kind", KEY, nullable=False),
    Column("theme_id", KEY, nullable=False),
    Column("ticket_id", KEY),
    # Person-weeks; null takes an estimate back.
    Column("weeks", Double),
    *signed_fields(),
    one_of("kind", EffortKind),
    belongs_to("themes", "theme_id"),
    belongs_to("tickets", "ticket_id"),
    Index("ix_efforts_theme", "workspace_id", "theme_id"),
    Index("ix_efforts_ticket", "workspace_id", "ticket_id"),
)

votes = Table(
    "votes",
    metadata,
    workspace(),
    number(),
    Column("theme_id", KEY, nullable=False),
    Column("criterion", KEY, nullable=False),
    # 0 to 10; null takes a vote back.
    Column("points", Double),
    *signed_fields(),
    one_of("criterion", Criterion),
    belongs_to("themes", "theme_id"),
    Index("ix_votes_theme", "workspace_id", "theme_id"),
)

outcomes = Table(
    "outcomes",
    metadata,
    workspace(),
    number(),
    Column("ticket_id", KEY, nullable=False),
    Column("theme_id", KEY, nullable=False),
    Column("verdict", KEY, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("detail", JSON, nullable=False),
    one_of("verdict", Verdict),
    belongs_to("tickets", "ticket_id"),
    belongs_to("themes", "theme_id"),
    Index("ix_outcomes_theme", "workspace_id", "theme_id"),
    Index("ix_outcomes_ticket", "workspace_id", "ticket_id"),
)

competitors = Table(
    "competitors",
    metadata,
    workspace(),
    Column("product", KEY, primary_key=True),
    # False: it is ours again, and the row says who said so.
    Column("active", Boolean, nullable=False),
    *signed_fields(),
)

targets = Table(
    "targets",
    metadata,
    workspace(),
    number(),
    Column("metric", KEY, nullable=False),
    Column("value", Double, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    *signed_fields(),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", UtcTime),
    one_of("metric", Metric),
)

plans = Table(
    "plans",
    metadata,
    workspace(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    # Day of the newest review; null without dates.
    Column("as_of", Date),
    Column("made_at", UtcTime, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("schedule", JSON, nullable=False),
    Column("change", JSON),
)
