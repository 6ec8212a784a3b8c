"""Intake: replies, quarantine, originals, imports, business tables, erasures.

Frozen: a later change is a new file, and nothing here imports the program's present names.
The way down drops what the new tables and columns held and keeps everything else.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

KEY: Final = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TIME: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables of intake and the later columns of reviews and rejections."""
    op.create_table(
        "column_maps",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("channel", KEY, nullable=False),
        sa.Column("format", KEY, nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("saved_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "channel", "format", name=op.f("pk_column_maps")),
    )
    op.create_table(
        "customers",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("imported_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_customers")),
    )
    op.create_table(
        "erasures",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("erased_at", TIME, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "subject", name=op.f("pk_erasures")),
    )
    op.create_table(
        "exposure",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("product", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("region", KEY, nullable=False),
        sa.Column("channel", KEY, nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=True),
        sa.Column("active_users", sa.BigInteger(), nullable=True),
        sa.Column("installs", sa.BigInteger(), nullable=True),
        sa.Column("imported_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "day",
            "product",
            "version",
            "region",
            "channel",
            name=op.f("pk_exposure"),
        ),
    )
    op.create_table(
        "imports",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("format", KEY, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_source", "imports", ["workspace_id", "source", "id"], unique=False)
    op.create_table(
        "orders",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("ordered_at", TIME, nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("refunded", sa.Boolean(), nullable=False),
        sa.Column("imported_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_orders")),
    )
    op.create_index(
        "ix_orders_author", "orders", ["workspace_id", "author_id", "ordered_at"], unique=False
    )
    op.create_table(
        "survey_answers",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel", KEY, nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("nps", sa.Integer(), nullable=True),
        sa.Column("csat", sa.Integer(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("author_tier", sa.Text(), nullable=True),
        sa.Column("review_id", KEY, nullable=True),
        sa.Column("imported_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_survey_answers")),
    )
    op.create_index(
        "ix_survey_answers_answered_at",
        "survey_answers",
        ["workspace_id", "answered_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_survey_answers_author", "survey_answers", ["workspace_id", "author_id"], unique=False
    )
    op.create_index("ix_survey_answers_review", "survey_answers", ["workspace_id", "review_id"])
    op.create_table(
        "usage_events",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("happened_at", TIME, nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("imported_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_usage_events")),
    )
    op.create_index(
        "ix_usage_events_author",
        "usage_events",
        ["workspace_id", "author_id", "version"],
        unique=False,
    )
    op.create_index(
        "ix_usage_events_happened_at",
        "usage_events",
        ["workspace_id", "happened_at", "id"],
        unique=False,
    )
    op.create_table(
        "original_texts",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "review_id"],
            ["reviews.workspace_id", "reviews.id"],
            name=op.f("fk_original_texts_reviews"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "review_id", "revision", name=op.f("pk_original_texts")
        ),
    )
    op.create_index(
        "ix_original_texts_kept_at", "original_texts", ["workspace_id", "kept_at"], unique=False
    )
    op.create_table(
        "quarantine",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("reason", KEY, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("original", KEY, nullable=True),
        sa.Column("found_at", TIME, nullable=False),
        sa.Column("held", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('spam', 'template', 'default_praise', 'duplicate', 'near_duplicate')",
            name=op.f("ck_quarantine_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "review_id"],
            ["reviews.workspace_id", "reviews.id"],
            name=op.f("fk_quarantine_reviews"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "review_id", name=op.f("pk_quarantine")),
    )
    op.create_index("ix_quarantine_original", "quarantine", ["workspace_id", "original"])
    op.add_column("rejections", sa.Column("import_id", sa.Integer(), nullable=True))
    op.add_column("rejections", sa.Column("corrected_at", TIME, nullable=True))
    op.add_column("review_revisions", sa.Column("csat", sa.Integer(), nullable=True))
    op.add_column(
        "review_revisions",
        sa.Column("replies", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.add_column("review_revisions", sa.Column("resolved_at", TIME, nullable=True))
    op.add_column(
        "review_revisions",
        sa.Column("masked", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.create_index(
        "ix_review_revisions_author",
        "review_revisions",
        ["workspace_id", "author_id"],
        unique=False,
    )
    op.add_column("reviews", sa.Column("csat", sa.Integer(), nullable=True))
    op.add_column(
        "reviews", sa.Column("replies", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
    )
    op.add_column("reviews", sa.Column("resolved_at", TIME, nullable=True))
    op.add_column(
        "reviews", sa.Column("masked", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
    )
    op.create_index("ix_reviews_author", "reviews", ["workspace_id", "author_id"], unique=False)
    op.create_index("ix_rejections_rejected_at", "rejections", ["workspace_id", "rejected_at"])
    op.create_index("ix_theme_members_review", "theme_members", ["workspace_id", "review_id"])


def downgrade() -> None:
    """Drop them again."""
    op.drop_index("ix_theme_members_review", table_name="theme_members")
    op.drop_index("ix_rejections_rejected_at", table_name="rejections")
    op.drop_index("ix_reviews_author", table_name="reviews")
    op.drop_column("reviews", "masked")
    op.drop_column("reviews", "resolved_at")
    op.drop_column("reviews", "replies")
    op.drop_column("reviews", "csat")
    op.drop_index("ix_review_revisions_author", table_name="review_revisions")
    op.drop_column("review_revisions", "masked")
    op.drop_column("review_revisions", "resolved_at")
    op.drop_column("review_revisions", "replies")
    op.drop_column("review_revisions", "csat")
    op.drop_column("rejections", "corrected_at")
    op.drop_column("rejections", "import_id")
    op.drop_index("ix_quarantine_original", table_name="quarantine")
    op.drop_table("quarantine")
    op.drop_index("ix_original_texts_kept_at", table_name="original_texts")
    op.drop_table("original_texts")
    op.drop_index("ix_usage_events_happened_at", table_name="usage_events")
    op.drop_index("ix_usage_events_author", table_name="usage_events")
    op.drop_table("usage_events")
    op.drop_index("ix_survey_answers_review", table_name="survey_answers")
    op.drop_index("ix_survey_answers_author", table_name="survey_answers")
    op.drop_index("ix_survey_answers_answered_at", table_name="survey_answers")
    op.drop_table("survey_answers")
    op.drop_index("ix_orders_author", table_name="orders")
    op.drop_table("orders")
    op.drop_index("ix_imports_source", table_name="imports")
    op.drop_table("imports")
    op.drop_table("exposure")
    op.drop_table("erasures")
    op.drop_table("customers")
    op.drop_table("column_maps")
