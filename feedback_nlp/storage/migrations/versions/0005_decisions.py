"""Policies, efforts, votes, outcomes, competitors, targets and plans; more about priorities.

Frozen: a later change is a new file, and nothing here imports the program's present names.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

KEY: Final = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TIME: Final = sa.DateTime(timezone=True)
TABLES: Final = ("plans", "targets", "competitors", "outcomes", "votes", "efforts", "policies")
"""In the order in which they can be dropped."""


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("themes", sa.Column("cohesion", sa.Double(), nullable=True))
    op.add_column(
        "priorities",
        sa.Column("detail", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column(
        "tickets",
        sa.Column("related", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )
    _create("policies", sa.Column("content", sa.JSON(), nullable=False), *_signed())
    _of_themes()
    _create(
        "competitors",
        sa.Column("active", sa.Boolean(), nullable=False),
        *_signed(),
        key=sa.Column("product", KEY, nullable=False),
    )
    _create(
        "targets",
        sa.Column("metric", KEY, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        *_signed(),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", TIME, nullable=True),
        _one_of("targets", "metric", "nps", "csat", "rating", "negative_share"),
    )
    _create(
        "plans",
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=True),
        key=_number("number"),
    )


def downgrade() -> None:
    """Drop them again."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("tickets", "related")
    op.drop_column("priorities", "detail")
    op.drop_column("themes", "cohesion")


def _of_themes() -> None:
    _create(
        "efforts",
        sa.Column("kind", KEY, nullable=False),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("ticket_id", KEY, nullable=True),
        sa.Column("weeks", sa.Double(), nullable=True),
        *_signed(),
        _one_of("efforts", "kind", "estimate", "actual"),
        _belongs("efforts", "themes", "theme_id"),
        _belongs("efforts", "tickets", "ticket_id"),
    )
    _create(
        "votes",
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("criterion", KEY, nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        *_signed(),
        _one_of("votes", "criterion", "feasibility", "novelty", "benefit"),
        _belongs("votes", "themes", "theme_id"),
    )
    _create(
        "outcomes",
        sa.Column("ticket_id", KEY, nullable=False),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("verdict", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        _one_of("outcomes", "verdict", "有效", "无效", "样本不足", "复发"),
        _belongs("outcomes", "tickets", "ticket_id"),
        _belongs("outcomes", "themes", "theme_id"),
    )
    for table in ("efforts", "votes", "outcomes"):
        op.create_index(f"ix_{table}_theme", table, ["workspace_id", "theme_id"])
    for table in ("efforts", "outcomes"):
        op.create_index(f"ix_{table}_ticket", table, ["workspace_id", "ticket_id"])


def _create(
    table: str,
    *rest: sa.Column[object] | sa.Constraint,
    key: sa.Column[object] | None = None,
) -> None:
    own = _number("id") if key is None else key
    op.create_table(
        table,
        sa.Column("workspace_id", KEY, nullable=False),
        own,
        *rest,
        sa.PrimaryKeyConstraint("workspace_id", own.name, name=op.f(f"pk_{table}")),
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
