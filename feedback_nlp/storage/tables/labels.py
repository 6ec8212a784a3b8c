"""What models say: annotations and their opinions."""

from sqlalchemy import JSON, CheckConstraint, Column, Index, Integer, Table, Text

from feedback_nlp.records import Intent, Polarity
from feedback_nlp.storage.columns import KEY
from feedback_nlp.storage.tables.build import belongs_to, label_fields, metadata, one_of, workspace

annotations = Table(
    "annotations",
    metadata,
    workspace(),
    Column("model", KEY, primary_key=True),
    Column("review_id", KEY, primary_key=True),
    # Of the text that was read; an annotation counts while the review still has that text.
    Column("text_hash", KEY, nullable=False),
    *label_fields(),
    Column("quarantine", KEY),
    Column("error", Text),
    one_of("polarity", Polarity),
    belongs_to("reviews", "review_id"),
    Index("ix_annotations_review", "workspace_id", "review_id"),
)

opinions = Table(
    "opinions",
    metadata,
    workspace(),
    Column("model", KEY, primary_key=True),
    Column("review_id", KEY, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    *label_fields(),
    Column("topics", JSON, nullable=False),
    Column("intent", KEY, nullable=False),
    Column("severity", Integer, nullable=False),
    one_of("polarity", Polarity),
    one_of("intent", Intent),
    CheckConstraint("severity BETWEEN 0 AND 3", name="severity"),
    belongs_to("annotations", "model", "review_id", key=("model", "review_id")),
)
