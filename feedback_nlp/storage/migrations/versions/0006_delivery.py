"""Releases, verifications, escalations, messages to users and nights; more about tickets.

Frozen: a later change is a new file, and nothing here imports the program's present names.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

KEY: Final = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TIME: Final = sa.DateTime(timezone=True)
TABLES: Final = (
    "nights",
    "reply_templates",
    "opt_outs",
    "sends",
    "escalations",
    "verifications",
    "release_tickets",
    "releases",
)
"""In the order in which they can be dropped."""
TICKETS: Final = ("owner", "target", "fixed", "revision")


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("tickets", sa.Column("owner", sa.Text(), nullable=True))
    for column in (
        sa.Column("target", sa.Double(), server_default=sa.text("'0.9'"), nullable=False),
        sa.Column("fixed", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("'0'"), nullable=False),
    ):
        op.add_column("tickets", column)
    _releases()
    _of_reviews()
    _create(
        "opt_outs",
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_signed(),
        _belongs("opt_outs", "reviews", "review_id"),
        key=("author_id",),
    )
    op.create_index("ix_opt_outs_review", "opt_outs", ["workspace_id", "review_id"])
    _create(
        "reply_templates",
        _number("id"),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        *_signed(),
    )
    _create(
        "nights",
        _number("id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
    )
    op.create_index("ix_nights_day", "nights", ["workspace_id", "day"])


def downgrade() -> None:
    """Drop them again."""
    for table in TABLES:
        op.drop_table(table)
    for column in reversed(TICKETS):
        op.drop_column("tickets", column)


def _releases() -> None:
    _create(
        "releases",
        _number("id"),
        sa.Column("released_at", TIME, nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("dimension", KEY, nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        *_signed(),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", TIME, nullable=True),
        _one_of("releases", "dimension", "version", "region", "channel", "tier"),
    )
    _create(
        "release_tickets",
        _number("release_id"),
        sa.Column("ticket_id", KEY, nullable=False),
        _belongs("release_tickets", "releases", "release_id"),
        _belongs("release_tickets", "tickets", "ticket_id"),
        key=("release_id", "ticket_id"),
    )
    op.create_index("ix_release_tickets_ticket", "release_tickets", ["workspace_id", "ticket_id"])
    _create(
        "verifications",
        sa.Column("ticket_id", KEY, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("verdict", KEY, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _one_of("verifications", "verdict", "有效", "无效", "样本不足", "复发"),
        _belongs("verifications", "tickets", "ticket_id"),
        key=("ticket_id", "as_of"),
    )


def _of_reviews() -> None:
    _create(
        "escalations",
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("due", TIME, nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        _belongs("escalations", "reviews", "review_id"),
        key=("review_id",),
    )
    op.create_index("ix_escalations_open", "escalations", ["workspace_id", "closed_at", "due"])
    _create(
        "sends",
        _number("id"),
        sa.Column("purpose", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("ticket_id", KEY, nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("result", KEY, nullable=True),
        *_signed(),
        sa.Column("noted_at", TIME, nullable=True),
        _one_of("sends", "purpose", "answer", "told", "callback_7", "callback_30"),
        _one_of("sends", "result", "satisfied", "unsolved", "unreached"),
        _belongs("sends", "reviews", "review_id"),
        _belongs("sends", "tickets", "ticket_id"),
    )
    for column in ("review", "author", "ticket"):
        op.create_index(f"ix_sends_{column}", "sends", ["workspace_id", f"{column}_id"])


def _create(
    table: str,
    *rest: sa.Column[object] | sa.Constraint,
    key: tuple[str, ...] = ("id",),
) -> None:
    op.create_table(
        table,
        sa.Column("workspace_id", KEY, nullable=False),
        *rest,
        sa.PrimaryKeyConstraint("workspace_id", *key, name=op.f(f"pk_{table}")),
    )


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _signed() -> list[sa.Column[object]]:
    return [
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    ]


def _one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=op.f(f"ck_{table}_{column}"))


def _belongs(table: str, to: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{to}.workspace_id", f"{to}.id"],
        name=op.f(f"fk_{table}_{to}"),
    )
