"""The ledger of themes: placements, moves, bars, proposals; vectors of opinions; alerts.

Frozen: a later change is a new file, and nothing here imports the program's present names.
What themes hold becomes placements on the way up, those of open themes before those of sleeping
ones. The way down drops the ledger; names, members and events stay.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

KEY: Final = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TIME: Final = sa.DateTime(timezone=True)
TABLES: Final = (
    "alerts",
    "embeddings",
    "theme_proposal_members",
    "theme_proposals",
    "theme_bars",
    "theme_moves",
    "theme_placements",
)
"""In the order in which they can be dropped."""

HELD: Final = sa.text(
    """
    INSERT INTO theme_placements (workspace_id, review_id, start, theme_id, text_hash, how,
                                  basis, at)
    SELECT m.workspace_id, m.review_id, m.start, m.theme_id, r.text_hash, 'founded', '',
           (SELECT MAX(e.at) FROM theme_events e
             WHERE e.workspace_id = m.workspace_id AND e.theme_id = m.theme_id)
      FROM theme_members m
      JOIN themes t ON t.workspace_id = m.workspace_id AND t.id = m.theme_id
      JOIN reviews r ON r.workspace_id = m.workspace_id AND r.id = m.review_id
     WHERE NOT EXISTS (
           SELECT 1 FROM theme_members o
             JOIN themes u ON u.workspace_id = o.workspace_id AND u.id = o.theme_id
            WHERE o.workspace_id = m.workspace_id AND o.review_id = m.review_id
              AND o.start = m.start
              AND ((t.state = 'dormant' AND u.state <> 'dormant')
                   OR ((t.state = 'dormant') = (u.state = 'dormant') AND o.theme_id < m.theme_id)))
       AND EXISTS (SELECT 1 FROM theme_events e
                    WHERE e.workspace_id = m.workspace_id AND e.theme_id = m.theme_id)
    """
)


def upgrade() -> None:
    """Add the tables and columns, and write down what each theme holds."""
    op.add_column(
        "themes",
        sa.Column("named_by_hand", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("themes", sa.Column("merged_into", KEY, nullable=True))
    op.add_column(
        "themes",
        sa.Column("boundary_quotes", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )
    _placements()
    _moves_and_bars()
    _proposals()
    _embeddings()
    _alerts()
    op.execute(HELD)


def downgrade() -> None:
    """Drop them again."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("themes", "boundary_quotes")
    op.drop_column("themes", "merged_into")
    op.drop_column("themes", "named_by_hand")


def _placements() -> None:
    op.create_table(
        "theme_placements",
        *_opinion(),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("text_hash", KEY, nullable=False),
        sa.Column("how", KEY, nullable=False),
        sa.Column("similarity", sa.Double(), nullable=True),
        sa.Column("runner_up", KEY, nullable=True),
        sa.Column("runner_up_similarity", sa.Double(), nullable=True),
        sa.Column("basis", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        _one_of("theme_placements", "how", "founded", "same_words", "joined", "carried", "by_hand"),
        _belongs("theme_placements", "reviews", "review_id"),
        _belongs("theme_placements", "themes", "theme_id"),
        _key("theme_placements", "review_id", "start"),
    )
    op.create_index("ix_theme_placements_theme", "theme_placements", ["workspace_id", "theme_id"])


def _moves_and_bars() -> None:
    op.create_table(
        "theme_moves",
        *_opinion(sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False)),
        sa.Column("text_hash", KEY, nullable=False),
        sa.Column("from_theme", KEY, nullable=True),
        sa.Column("to_theme", KEY, nullable=True),
        _belongs("theme_moves", "theme_events", "event_id"),
        _belongs("theme_moves", "reviews", "review_id"),
        _key("theme_moves", "event_id", "review_id", "start"),
    )
    op.create_index("ix_theme_moves_review", "theme_moves", ["workspace_id", "review_id"])
    op.create_table(
        "theme_bars",
        *_opinion(),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        _belongs("theme_bars", "reviews", "review_id"),
        _belongs("theme_bars", "themes", "theme_id"),
        _belongs("theme_bars", "theme_events", "event_id"),
        _key("theme_bars", "review_id", "start", "theme_id", "event_id"),
    )
    op.create_index("ix_theme_bars_theme", "theme_bars", ["workspace_id", "theme_id"])
    op.create_index("ix_theme_bars_event", "theme_bars", ["workspace_id", "event_id"])


def _proposals() -> None:
    op.create_table(
        "theme_proposals",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("other_id", KEY, nullable=True),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _one_of("theme_proposals", "kind", "merge", "split"),
        _one_of("theme_proposals", "state", "open", "accepted", "rejected", "stale"),
        _belongs("theme_proposals", "themes", "theme_id"),
        _key("theme_proposals", "id"),
    )
    op.create_index("ix_theme_proposals_theme", "theme_proposals", ["workspace_id", "theme_id"])
    op.create_table(
        "theme_proposal_members",
        *_opinion(sa.Column("proposal_id", KEY, nullable=False)),
        _belongs("theme_proposal_members", "theme_proposals", "proposal_id"),
        _belongs("theme_proposal_members", "reviews", "review_id"),
        _key("theme_proposal_members", "proposal_id", "review_id", "start"),
    )
    op.create_index(
        "ix_theme_proposal_members_review", "theme_proposal_members", ["workspace_id", "review_id"]
    )


def _embeddings() -> None:
    op.create_table(
        "embeddings",
        *_opinion(sa.Column("model", KEY, nullable=False)),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "model", "review_id", "start"],
            ["opinions.workspace_id", "opinions.model", "opinions.review_id", "opinions.start"],
            name=op.f("fk_embeddings_opinions"),
        ),
        _key("embeddings", "model", "review_id", "start"),
    )


def _alerts() -> None:
    kinds = ("spike", "new_theme", "safety", "minors", "legal")
    op.create_table(
        "alerts",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("theme_id", KEY, nullable=True),
        sa.Column("review_id", KEY, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("quotes", sa.JSON(), nullable=False),
        sa.Column("spike", sa.JSON(), nullable=False),
        _one_of("alerts", "kind", *kinds),
        _belongs("alerts", "themes", "theme_id"),
        _belongs("alerts", "reviews", "review_id"),
        _key("alerts", "id"),
    )
    op.create_index("ix_alerts_theme", "alerts", ["workspace_id", "theme_id"])
    op.create_index("ix_alerts_review", "alerts", ["workspace_id", "review_id"])


def _opinion(*before: sa.Column[object]) -> list[sa.Column[object]]:
    return [
        sa.Column("workspace_id", KEY, nullable=False),
        *before,
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
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


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("workspace_id", *columns, name=op.f(f"pk_{table}"))
