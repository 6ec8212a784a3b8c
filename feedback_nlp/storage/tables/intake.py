"""How data came in: imports, column maps, rejected lines, and who asked to be forgotten."""

from sqlalchemy import JSON, Column, Index, Integer, Table, Text

from feedback_nlp.storage.columns import KEY, UtcTime
from feedback_nlp.storage.tables.build import metadata, workspace

imports = Table(
    "imports",
    metadata,
    workspace(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("source", KEY, nullable=False),
    Column("format", KEY, nullable=False),
    Column("channel", Text, nullable=False),
    Column("mapping", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    # Null while it runs, and for ever when it was killed.
    Column("finished_at", UtcTime),
    Index("ix_imports_source", "workspace_id", "source", "id"),
    Index("ix_imports_finished", "workspace_id", "finished_at"),
)

column_maps = Table(
    "column_maps",
    metadata,
    workspace(),
    Column("channel", KEY, primary_key=True),
    Column("format", KEY, primary_key=True),
    Column("mapping", JSON, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
)

rejections = Table(
    "rejections",
    metadata,
    workspace(),
    Column("source", KEY, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("digest", KEY, primary_key=True),
    Column("reason", Text, nullable=False),
    # A JSON string, because a rejected line may hold NUL or broken UTF-8, and text columns cannot.
    Column("raw", JSON, nullable=False),
    Column("rejected_at", UtcTime, nullable=False),
    # The last import that met the line; its row knows format, channel and column map.
    Column("import_id", Integer),
    Column("corrected_at", UtcTime),
    Index("ix_rejections_rejected_at", "workspace_id", "rejected_at"),
)

erasures = Table(
    "erasures",
    metadata,
    workspace(),
    # A keyed digest of the author id: enough to refuse the person's rows, not to name the person.
    Column("subject", KEY, primary_key=True),
    Column("erased_at", UtcTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("counts", JSON, nullable=False),
)
