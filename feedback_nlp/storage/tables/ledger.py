"""The ledger of themes: where opinions belong, what people moved, what they want kept apart."""

from sqlalchemy import JSON, Column, Date, Double, Index, Integer, LargeBinary, Table, Text

from feedback_nlp.records import AlertKind, How, ProposalKind, ProposalState
from feedback_nlp.storage.columns import KEY, UtcTime
from feedback_nlp.storage.tables.build import belongs_to, metadata, one_of, workspace

theme_placements = Table(
    "theme_placements",
    metadata,
    workspace(),
    Column("review_id", KEY, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("theme_id", KEY, nullable=False),
    # Of the review's text; a placement counts while the review still has that text.
    Column("text_hash", KEY, nullable=False),
    Column("how", KEY, nullable=False),
    Column("similarity", Double),
    Column("runner_up", KEY),
    Column("runner_up_similarity", Double),
    # Model, recipe and lexicons by which it was made or last confirmed; empty for by hand.
    Column("basis", KEY, nullable=False),
    Column("at", UtcTime, nullable=False),
    one_of("how", How),
    belongs_to("reviews", "review_id"),
    belongs_to("themes", "theme_id"),
    Index("ix_theme_placements_theme", "workspace_id", "theme_id"),
)

theme_moves = Table(
    "theme_moves",
    metadata,
    workspace(),
    Column("event_id", Integer, primary_key=True, autoincrement=False),
    Column("review_id", KEY, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    # Of the review's text when it was moved; a later text has other opinions at the same start.
    Column("text_hash", KEY, nullable=False),
    # Null: 未归类.
    Column("from_theme", KEY),
    Column("to_theme", KEY),
    belongs_to("theme_events", "event_id"),
    belongs_to("reviews", "review_id"),
    Index("ix_theme_moves_review", "workspace_id", "review_id"),
)

theme_bars = Table(
    "theme_bars",
    metadata,
    workspace(),
    Column("review_id", KEY, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("theme_id", KEY, primary_key=True),
    # The edit that moved it; its row in `theme_moves` says for which text.
    Column("event_id", Integer, primary_key=True, autoincrement=False),
    belongs_to("reviews", "review_id"),
    belongs_to("themes", "theme_id"),
    belongs_to("theme_events", "event_id"),
    Index("ix_theme_bars_theme", "workspace_id", "theme_id"),
    Index("ix_theme_bars_event", "workspace_id", "event_id"),
)

theme_proposals = Table(
    "theme_proposals",
    metadata,
    workspace(),
    Column("id", KEY, primary_key=True),
    Column("kind", KEY, nullable=False),
    Column("theme_id", KEY, nullable=False),
    Column("other_id", KEY),
    Column("similarity", Double, nullable=False),
    Column("state", KEY, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    one_of("kind", ProposalKind),
    one_of("state", ProposalState),
    belongs_to("themes", "theme_id"),
    Index("ix_theme_proposals_theme", "workspace_id", "theme_id"),
)

theme_proposal_members = Table(
    "theme_proposal_members",
    metadata,
    workspace(),
    Column("proposal_id", KEY, primary_key=True),
    Column("review_id", KEY, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    belongs_to("theme_proposals", "proposal_id"),
    belongs_to("reviews", "review_id"),
    Index("ix_theme_proposal_members_review", "workspace_id", "review_id"),
)

embeddings = Table(
    "embeddings",
    metadata,
    workspace(),
    Column("model", KEY, primary_key=True),
    Column("review_id", KEY, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    # Little-endian float16 of the clause's unit vector.
    Column("vector", LargeBinary, nullable=False),
    belongs_to("opinions", "model", "review_id", "start", key=("model", "review_id", "start")),
)

alerts = Table(
    "alerts",
    metadata,
    workspace(),
    Column("id", KEY, primary_key=True),
    Column("kind", KEY, nullable=False),
    # One of the two is what the alert speaks of; with its review an alert goes.
    Column("theme_id", KEY),
    Column("review_id", KEY),
    Column("day", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("quotes", JSON, nullable=False),
    # An object, empty for what is no spike.
    Column("spike", JSON, nullable=False),
    one_of("kind", AlertKind),
    belongs_to("themes", "theme_id"),
    belongs_to("reviews", "review_id"),
    Index("ix_alerts_theme", "workspace_id", "theme_id"),
    Index("ix_alerts_review", "workspace_id", "review_id"),
    Index("ix_alerts_day", "workspace_id", "day"),
)
