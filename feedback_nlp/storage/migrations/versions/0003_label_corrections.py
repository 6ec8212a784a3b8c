"""Corrections: what people say against a model's labels.

Frozen: a later change is a new file, and nothing here imports the program's present names.
The way down drops the corrections and keeps everything else.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

KEY: Final = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TIME: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table of corrections."""
    op.create_table(
        "label_corrections",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text_hash", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("polarity", KEY, nullable=True),
        sa.Column("intent", KEY, nullable=True),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("seen_model", KEY, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "polarity IN ('neg', 'neu', 'pos')", name=op.f("ck_label_corrections_polarity")
        ),
        sa.CheckConstraint(
            "intent IN ('complaint', 'praise', 'request', 'question', 'other')",
            name=op.f("ck_label_corrections_intent"),
        ),
        sa.CheckConstraint("severity BETWEEN 0 AND 3", name=op.f("ck_label_corrections_severity")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "review_id"],
            ["reviews.workspace_id", "reviews.id"],
            name=op.f("fk_label_corrections_reviews"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_label_corrections")),
    )
    op.create_index(
        "ix_label_corrections_review", "label_corrections", ["workspace_id", "review_id"]
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_index("ix_label_corrections_review", table_name="label_corrections")
    op.drop_table("label_corrections")
