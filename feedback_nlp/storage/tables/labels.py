"""What models say, annotations and their opinions, and what people say against it."""

from sqlalchemy import JSON, CheckConstraint, Column, Index, Integer, Table, Text

from feedback_nlp.records import Intent, Polarity
from feedback_nlp.storage.columns import KEY, UtcTime
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

label_corrections = Table(
    "label_corrections",
    metadata,
    workspace(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("review_id", KEY, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    # Of the review's text; a correction counts while the review still has that text.
    Column("text_hash", KEY, nullable=False),
    Column("text", Text, nullable=False),
    # What the person says; null, and no topic, leave a label to the model.
    Column("polarity", KEY),
    Column("intent", KEY),
    Column("topics", JSON, nullable=False),
    Column("severity", Integer),
    # All labels as the person found them, and the model that they looked at. Not called `model`:
    # rows with that name are looked up through their annotation.
    Column("seen", JSON, nullable=False),
    Column("seen_model", KEY, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
    one_of("polarity", Polarity),
    one_of("intent", Intent),
    CheckConstraint("severity BETWEEN 0 AND 3", name="severity"),
    belongs_to("reviews", "review_id"),
    Index("ix_label_corrections_review", "workspace_id", "review_id"),
)
