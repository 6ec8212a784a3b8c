"""The nouns: frozen records that every room shares.

Offsets are code points, half-open, and index `Review.text`. Times are zoned. Shares and
probabilities lie in [0, 1].
"""

from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from feedback_nlp.records.alerts import Alert, AlertKind, Denominator, Rate, Spike
from feedback_nlp.records.business import Customer, Exposure, Order, SurveyAnswer, UsageEvent
from feedback_nlp.records.corrections import LabelCorrection, PlainLabels
from feedback_nlp.records.issues import Priority, Quote, Run, Theme, Ticket, WeekCount
from feedback_nlp.records.labels import (
    Intent,
    Polarity,
    QuarantineReason,
    ReviewKind,
    Taxonomy,
    TicketState,
    Topic,
)
from feedback_nlp.records.ledger import (
    Bar,
    EditKind,
    How,
    Placement,
    Proposal,
    ProposalKind,
    ProposalState,
    Signature,
    ThemeState,
)
from feedback_nlp.records.opinions import (
    Annotation,
    Labels,
    Opinion,
    Probabilities,
    TopicProbability,
    Voice,
)
from feedback_nlp.records.reviews import (
    Clause,
    NormalizedText,
    Quarantined,
    Rejected,
    Reply,
    Review,
)

CHINA: Final = ZoneInfo("Asia/Shanghai")
"""Where days and weeks begin, and the zone of a written time that names none."""

Arrival: TypeAlias = Review | SurveyAnswer | UsageEvent | Exposure | Customer | Order
"""Anything a channel can read."""

__all__ = [
    "CHINA",
    "Alert",
    "AlertKind",
    "Annotation",
    "Arrival",
    "Bar",
    "Clause",
    "Customer",
    "Denominator",
    "EditKind",
    "Exposure",
    "How",
    "Intent",
    "LabelCorrection",
    "Labels",
    "NormalizedText",
    "Opinion",
    "Order",
    "Placement",
    "PlainLabels",
    "Polarity",
    "Priority",
    "Probabilities",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "QuarantineReason",
    "Quarantined",
    "Quote",
    "Rate",
    "Rejected",
    "Reply",
    "Review",
    "ReviewKind",
    "Run",
    "Signature",
    "Spike",
    "SurveyAnswer",
    "Taxonomy",
    "Theme",
    "ThemeState",
    "Ticket",
    "TicketState",
    "Topic",
    "TopicProbability",
    "UsageEvent",
    "Voice",
    "WeekCount",
]
