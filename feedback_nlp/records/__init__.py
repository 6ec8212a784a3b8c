"""The nouns: frozen records that every room shares.

Offsets are code points, half-open, and index `Review.text`. Times are zoned. Shares and
probabilities lie in [0, 1].
"""

from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

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
    "Annotation",
    "Arrival",
    "Clause",
    "Customer",
    "Exposure",
    "Intent",
    "LabelCorrection",
    "Labels",
    "NormalizedText",
    "Opinion",
    "Order",
    "PlainLabels",
    "Polarity",
    "Priority",
    "Probabilities",
    "QuarantineReason",
    "Quarantined",
    "Quote",
    "Rejected",
    "Reply",
    "Review",
    "ReviewKind",
    "Run",
    "SurveyAnswer",
    "Taxonomy",
    "Theme",
    "Ticket",
    "TicketState",
    "Topic",
    "TopicProbability",
    "UsageEvent",
    "Voice",
    "WeekCount",
]
