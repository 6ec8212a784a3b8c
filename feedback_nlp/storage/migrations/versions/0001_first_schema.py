"""The first schema: reviews to tickets.

Frozen: a later change is a new file, and nothing here imports the program's present names.
The way down leaves an empty database.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

KEY: Final = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TIME: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "rejections",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("rejected_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "source", "line", "digest", name=op.f("pk_rejections")
        ),
    )
    op.create_table(
        "reviews",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel", KEY, nullable=False),
        sa.Column("external_id", KEY, nullable=True),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("author_tier", sa.Text(), nullable=True),
        sa.Column("rating", sa.Double(), nullable=True),
        sa.Column("nps", sa.Integer(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=False),
        sa.Column("extras", sa.JSON(), nullable=False),
        sa.Column("imported_at", TIME, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text_hash", KEY, nullable=False),
        sa.CheckConstraint(
            "kind IN ('review', 'ticket', 'survey', 'post', 'chat')", name=op.f("ck_reviews_kind")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_reviews")),
    )
    op.create_index(
        "ix_reviews_created_at", "reviews", ["workspace_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "runs",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("run", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "digest", name=op.f("pk_runs")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_runs_number")),
    )
    op.create_table(
        "themes",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", KEY, nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("quotes", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("users", sa.Integer(), nullable=False),
        sa.Column("negative_share", sa.Double(), nullable=False),
        sa.Column("first_seen", TIME, nullable=True),
        sa.Column("last_seen", TIME, nullable=True),
        sa.Column("trend", sa.JSON(), nullable=False),
        sa.Column("by_channel", sa.JSON(), nullable=False),
        sa.Column("by_version", sa.JSON(), nullable=False),
        sa.Column("by_region", sa.JSON(), nullable=False),
        sa.Column("by_rating", sa.JSON(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_themes")),
    )
    op.create_table(
        "annotations",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("model", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("text_hash", KEY, nullable=False),
        sa.Column("polarity", KEY, nullable=False),
        sa.Column("neg", sa.Double(), nullable=False),
        sa.Column("neu", sa.Double(), nullable=False),
        sa.Column("pos", sa.Double(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("quarantine", KEY, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "polarity IN ('neg', 'neu', 'pos')", name=op.f("ck_annotations_polarity")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "review_id"],
            ["reviews.workspace_id", "reviews.id"],
            name=op.f("fk_annotations_reviews"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "model", "review_id", name=op.f("pk_annotations")),
    )
    op.create_index(
        "ix_annotations_review", "annotations", ["workspace_id", "review_id"], unique=False
    )
    op.create_table(
        "priorities",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("reach", sa.Double(), nullable=False),
        sa.Column("impact", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("effort", sa.Double(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "theme_id"],
            ["themes.workspace_id", "themes.id"],
            name=op.f("fk_priorities_themes"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "theme_id", name=op.f("pk_priorities")),
    )
    op.create_table(
        "review_revisions",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", KEY, nullable=False),
        sa.Column("external_id", KEY, nullable=True),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("author_tier", sa.Text(), nullable=True),
        sa.Column("rating", sa.Double(), nullable=True),
        sa.Column("nps", sa.Integer(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=False),
        sa.Column("extras", sa.JSON(), nullable=False),
        sa.Column("imported_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "review_id"],
            ["reviews.workspace_id", "reviews.id"],
            name=op.f("fk_review_revisions_reviews"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "review_id", "revision", name=op.f("pk_review_revisions")
        ),
    )
    op.create_table(
        "theme_events",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "theme_id"],
            ["themes.workspace_id", "themes.id"],
            name=op.f("fk_theme_events_themes"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_theme_events")),
    )
    op.create_index(
        "ix_theme_events_theme", "theme_events", ["workspace_id", "theme_id", "id"], unique=False
    )
    op.create_table(
        "theme_members",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "review_id"],
            ["reviews.workspace_id", "reviews.id"],
            name=op.f("fk_theme_members_reviews"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "theme_id"],
            ["themes.workspace_id", "themes.id"],
            name=op.f("fk_theme_members_themes"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "theme_id", "review_id", "start", name=op.f("pk_theme_members")
        ),
    )
    op.create_table(
        "tickets",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("lane", KEY, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("resources", sa.Text(), nullable=False),
        sa.Column("acceptance", sa.Text(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("priority", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('待评估', '已排期', '进行中', '挂起', '已发布',"
            " '验证中', '已验证', '复发', '不予实施')",
            name=op.f("ck_tickets_state"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "theme_id"],
            ["themes.workspace_id", "themes.id"],
            name=op.f("fk_tickets_themes"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_tickets")),
    )
    op.create_index("ix_tickets_state", "tickets", ["workspace_id", "state"], unique=False)
    op.create_index("ix_tickets_theme", "tickets", ["workspace_id", "theme_id"], unique=False)
    op.create_table(
        "opinions",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("model", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("polarity", KEY, nullable=False),
        sa.Column("neg", sa.Double(), nullable=False),
        sa.Column("neu", sa.Double(), nullable=False),
        sa.Column("pos", sa.Double(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("intent", KEY, nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "intent IN ('complaint', 'praise', 'request', 'question', 'other')",
            name=op.f("ck_opinions_intent"),
        ),
        sa.CheckConstraint("polarity IN ('neg', 'neu', 'pos')", name=op.f("ck_opinions_polarity")),
        sa.CheckConstraint("severity BETWEEN 0 AND 3", name=op.f("ck_opinions_severity")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "model", "review_id"],
            ["annotations.workspace_id", "annotations.model", "annotations.review_id"],
            name=op.f("fk_opinions_annotations"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "model", "review_id", "start", name=op.f("pk_opinions")
        ),
    )
    op.create_table(
        "ticket_events",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ticket_id"],
            ["tickets.workspace_id", "tickets.id"],
            name=op.f("fk_ticket_events_tickets"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_ticket_events")),
    )
    op.create_index(
        "ix_ticket_events_ticket",
        "ticket_events",
        ["workspace_id", "ticket_id", "id"],
        unique=False,
    )


def downgrade() -> None:
    """Drop everything."""
    below_reviews = "ticket_events opinions tickets theme_members theme_events review_revisions"
    for table in f"{below_reviews} priorities annotations themes runs reviews rejections".split():
        op.drop_table(table)
