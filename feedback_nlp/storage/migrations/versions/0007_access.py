"""Accounts, API keys, logins, the audit log, repeated requests and webhooks.

Frozen: a later change is a new file, and nothing here imports the program's present names.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

KEY: Final = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TIME: Final = sa.DateTime(timezone=True)
ROLES: Final = ("viewer", "analyst", "manager", "admin")
EVENTS: Final = (
    "ticket.changed",
    "alert.raised",
    "verification.done",
    "escalation.opened",
    "import.finished",
)
TABLES: Final = (
    "deliveries",
    "webhooks",
    "idempotency",
    "audit_log",
    "logins",
    "api_keys",
    "users",
)
"""In the order in which they can be dropped."""

NEW_FIRST: Final = (
    ("ix_ticket_events_at", "ticket_events", "at"),
    ("ix_alerts_day", "alerts", "day"),
    ("ix_verifications_day", "verifications", "as_of"),
    ("ix_escalations_at", "escalations", "at"),
    ("ix_imports_finished", "imports", "finished_at"),
)
"""Webhooks ask every second what has just happened."""


def upgrade() -> None:
    """Add the tables."""
    _create(
        "users",
        _key("name"),
        _text("password"),
        _key("role"),
        sa.Column("active", sa.Boolean(), nullable=False),
        _text("author"),
        _time("at"),
        _one_of("users", "role", *ROLES),
        key="name",
    )
    _create(
        "api_keys",
        _number("id"),
        _text("name"),
        _key("digest"),
        _text("prefix"),
        _key("role"),
        sa.Column("per_minute", sa.Integer(), nullable=True),
        _time("expires_at", nullable=True),
        _time("used_at", nullable=True),
        _text("author"),
        _time("at"),
        _text("revoked_by", nullable=True),
        _time("revoked_at", nullable=True),
        _one_of("api_keys", "role", *ROLES),
    )
    op.create_index("ix_api_keys_digest", "api_keys", ["digest"], unique=True)
    _create(
        "logins",
        _key("digest"),
        _key("kind"),
        _text("user_name"),
        _key("role"),
        _time("at"),
        _time("expires_at"),
        _one_of("logins", "kind", "link", "session"),
        _one_of("logins", "role", *ROLES),
        key="digest",
    )
    op.create_index("ix_logins_digest", "logins", ["digest"], unique=True)
    _create(
        "audit_log",
        _number("id"),
        _time("at"),
        _text("actor"),
        _key("role"),
        _text("credential"),
        _key("action"),
        sa.Column("subject", sa.JSON(), nullable=False),
        _text("request_id"),
        _one_of("audit_log", "role", *ROLES),
    )
    _create(
        "idempotency",
        _key("key"),
        _key("digest"),
        _time("at"),
        _number("status"),
        sa.Column("answer", sa.JSON(), nullable=False),
        key="key",
    )
    op.create_index("ix_idempotency_at", "idempotency", ["workspace_id", "at"])
    _hooks()
    # A worker asks every second what has just come.
    op.create_index("ix_reviews_imported_at", "reviews", ["workspace_id", "imported_at", "id"])


def downgrade() -> None:
    """Drop them again."""
    for name, table, _column in NEW_FIRST:
        op.drop_index(name, table)
    op.drop_index("ix_reviews_imported_at", "reviews")
    for table in TABLES:
        op.drop_table(table)


def _hooks() -> None:
    _create(
        "webhooks",
        _number("id"),
        _text("url"),
        _text("secret"),
        sa.Column("events", sa.JSON(), nullable=False),
        _text("author"),
        _time("at"),
        _text("removed_by", nullable=True),
        _time("removed_at", nullable=True),
    )
    op.create_table(
        "deliveries",
        _key("workspace_id"),
        _number("webhook_id"),
        _key("event_id"),
        _key("kind"),
        sa.Column("content", sa.JSON(), nullable=False),
        _time("at"),
        _number("attempts"),
        _time("next_at", nullable=True),
        _time("delivered_at", nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        _text("fault", nullable=True),
        _one_of("deliveries", "kind", *EVENTS),
        sa.ForeignKeyConstraint(
            ["workspace_id", "webhook_id"],
            ["webhooks.workspace_id", "webhooks.id"],
            name=op.f("fk_deliveries_webhooks"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "webhook_id", "event_id", name=op.f("pk_deliveries")
        ),
    )
    op.create_index("ix_deliveries_next", "deliveries", ["workspace_id", "next_at"])
    hook = ["workspace_id", "webhook_id"]
    op.create_index("ix_deliveries_kind", "deliveries", [*hook, "kind", "at"])
    op.create_index("ix_deliveries_at", "deliveries", [*hook, "at", "event_id"])
    for name, table, column in NEW_FIRST:
        op.create_index(name, table, ["workspace_id", column])


def _create(table: str, *rest: sa.Column[object] | sa.Constraint, key: str = "id") -> None:
    op.create_table(
        table,
        _key("workspace_id"),
        *rest,
        sa.PrimaryKeyConstraint("workspace_id", key, name=op.f(f"pk_{table}")),
    )


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _key(name: str) -> sa.Column[object]:
    return sa.Column(name, KEY, nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, TIME, nullable=nullable)


def _one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=op.f(f"ck_{table}_{column}"))
