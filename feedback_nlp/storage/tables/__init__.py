"""The tables. Private to storage; `migrations/` must describe the same ones (a test compares).

Core tables, not mapped classes: bulk writes would leave stale objects in a session's identity map.
"""

from feedback_nlp.storage.tables.access import (
    api_keys,
    audit_log,
    deliveries,
    idempotency,
    logins,
    users,
    webhooks,
)
from feedback_nlp.storage.tables.build import metadata
from feedback_nlp.storage.tables.business import (
    customers,
    exposure,
    orders,
    survey_answers,
    usage_events,
)
from feedback_nlp.storage.tables.decisions import (
    competitors,
    efforts,
    outcomes,
    plans,
    policies,
    targets,
    votes,
)
from feedback_nlp.storage.tables.delivery import (
    escalations,
    nights,
    opt_outs,
    release_tickets,
    releases,
    reply_templates,
    sends,
    verifications,
)
from feedback_nlp.storage.tables.intake import column_maps, erasures, imports, rejections
from feedback_nlp.storage.tables.labels import annotations, label_corrections, opinions
from feedback_nlp.storage.tables.ledger import (
    alerts,
    embeddings,
    theme_bars,
    theme_moves,
    theme_placements,
    theme_proposal_members,
    theme_proposals,
)
from feedback_nlp.storage.tables.planning import (
    priorities,
    runs,
    theme_events,
    theme_members,
    themes,
    ticket_events,
    tickets,
)
from feedback_nlp.storage.tables.reviews import (
    original_texts,
    quarantine,
    review_revisions,
    reviews,
)

__all__ = [
    "alerts",
    "annotations",
    "api_keys",
    "audit_log",
    "column_maps",
    "competitors",
    "customers",
    "deliveries",
    "efforts",
    "embeddings",
    "erasures",
    "escalations",
    "exposure",
    "idempotency",
    "imports",
    "label_corrections",
    "logins",
    "metadata",
    "nights",
    "opinions",
    "opt_outs",
    "orders",
    "original_texts",
    "outcomes",
    "plans",
    "policies",
    "priorities",
    "quarantine",
    "rejections",
    "release_tickets",
    "releases",
    "reply_templates",
    "review_revisions",
    "reviews",
    "runs",
    "sends",
    "survey_answers",
    "targets",
    "theme_bars",
    "theme_events",
    "theme_members",
    "theme_moves",
    "theme_placements",
    "theme_proposal_members",
    "theme_proposals",
    "themes",
    "ticket_events",
    "tickets",
    "usage_events",
    "users",
    "verifications",
    "votes",
    "webhooks",
]
