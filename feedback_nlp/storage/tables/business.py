"""What a company knows besides the words: surveys, usage, exposure, customers and orders."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Index, Integer, Table, Text

from feedback_nlp.storage.columns import KEY, UtcTime
from feedback_nlp.storage.tables.build import metadata, workspace

survey_answers = Table(
    "survey_answers",
    metadata,
    workspace(),
    Column("id", KEY, primary_key=True),
    Column("channel", KEY, nullable=False),
    Column("answered_at", UtcTime),
    Column("nps", Integer),
    Column("csat", Integer),
    Column("product", Text),
    Column("version", Text),
    Column("region", Text),
    Column("author_id", Text),
    Column("author_tier", Text),
    Column("review_id", KEY),
    Column("imported_at", UtcTime, nullable=False),
    Index("ix_survey_answers_answered_at", "workspace_id", "answered_at", "id"),
    Index("ix_survey_answers_author", "workspace_id", "author_id"),
    Index("ix_survey_answers_review", "workspace_id", "review_id"),
)

usage_events = Table(
    "usage_events",
    metadata,
    workspace(),
    Column("id", KEY, primary_key=True),
    Column("author_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("happened_at", UtcTime, nullable=False),
    Column("version", Text),
    Column("product", Text),
    Column("count", BigInteger, nullable=False),
    Column("seconds", Double),
    Column("imported_at", UtcTime, nullable=False),
    Index("ix_usage_events_author", "workspace_id", "author_id", "version"),
    Index("ix_usage_events_happened_at", "workspace_id", "happened_at", "id"),
)

exposure = Table(
    "exposure",
    metadata,
    workspace(),
    Column("day", Date, primary_key=True),
    Column("product", KEY, primary_key=True),
    Column("version", KEY, primary_key=True),
    Column("region", KEY, primary_key=True),
    Column("channel", KEY, primary_key=True),
    Column("orders", BigInteger),
    Column("active_users", BigInteger),
    Column("installs", BigInteger),
    Column("imported_at", UtcTime, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    workspace(),
    Column("id", KEY, primary_key=True),
    Column("tier", Text),
    Column("region", Text),
    Column("since", Date),
    Column("imported_at", UtcTime, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    workspace(),
    Column("id", KEY, primary_key=True),
    Column("author_id", Text, nullable=False),
    Column("ordered_at", UtcTime, nullable=False),
    Column("amount", Double, nullable=False),
    Column("product", Text),
    Column("version", Text),
    Column("region", Text),
    Column("refunded", Boolean, nullable=False),
    Column("imported_at", UtcTime, nullable=False),
    Index("ix_orders_author", "workspace_id", "author_id", "ordered_at"),
)
