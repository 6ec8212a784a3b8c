"""Who may call the API and what they wrote; requests that may come twice; webhooks."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table, Text

from feedback_nlp.records.access import LoginKind, Role
from feedback_nlp.records.hooks import EventKind
from feedback_nlp.storage.columns import KEY, UtcTime
from feedback_nlp.storage.tables.build import belongs_to, metadata, number, one_of, workspace

users = Table(
    "users",
    metadata,
    workspace(),
    Column("name", KEY, primary_key=True),
    # Argon2id, with its parameters and salt.
    Column("password", Text, nullable=False),
    Column("role", KEY, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    one_of("role", Role),
)

api_keys = Table(
    "api_keys",
    metadata,
    workspace(),
    number(),
    Column("name", Text, nullable=False),
    # SHA-256 of the secret: 256 random bits need no slow hash.
    Column("digest", KEY, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("role", KEY, nullable=False),
    Column("per_minute", Integer),
    Column("expires_at", UtcTime),
    Column("used_at", UtcTime),
    Column("author", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("revoked_by", Text),
    Column("revoked_at", UtcTime),
    one_of("role", Role),
    # The caller names no workspace: the key does.
    Index("ix_api_keys_digest", "digest", unique=True),
)

logins = Table(
    "logins",
    metadata,
    workspace(),
    Column("digest", KEY, primary_key=True),
    Column("kind", KEY, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("role", KEY, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    one_of("kind", LoginKind),
    one_of("role", Role),
    Index("ix_logins_digest", "digest", unique=True),
)

audit_log = Table(
    "audit_log",
    metadata,
    workspace(),
    number(),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", KEY, nullable=False),
    Column("credential", Text, nullable=False),
    Column("action", KEY, nullable=False),
    Column("subject", JSON, nullable=False),
    Column("request_id", Text, nullable=False),
    one_of("role", Role),
)

idempotency = Table(
    "idempotency",
    metadata,
    workspace(),
    Column("key", KEY, primary_key=True),
    # Of method, route and body: the same key with another request is refused.
    Column("digest", KEY, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", JSON, nullable=False),
    Index("ix_idempotency_at", "workspace_id", "at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    workspace(),
    number(),
    Column("url", Text, nullable=False),
    # In clear: every message is signed with it.
    Column("secret", Text, nullable=False),
    Column("events", JSON, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("removed_by", Text),
    Column("removed_at", UtcTime),
)

deliveries = Table(
    "deliveries",
    metadata,
    workspace(),
    Column("webhook_id", Integer, primary_key=True, autoincrement=False),
    Column("event_id", KEY, primary_key=True),
    Column("kind", KEY, nullable=False),
    Column("content", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcTime),
    Column("delivered_at", UtcTime),
    Column("status", Integer),
    Column("fault", Text),
    one_of("kind", EventKind),
    belongs_to("webhooks", "webhook_id"),
    Index("ix_deliveries_next", "workspace_id", "next_at"),
    # How far each webhook has been told, and its list.
    Index("ix_deliveries_kind", "workspace_id", "webhook_id", "kind", "at"),
    Index("ix_deliveries_at", "workspace_id", "webhook_id", "at", "event_id"),
)
