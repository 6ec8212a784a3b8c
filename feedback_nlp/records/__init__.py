"""The nouns: frozen records that every room shares.

Offsets are code points, half-open, and index `Review.text`. Times are zoned. Shares and
probabilities lie in [0, 1].
"""

from typing import Final
from zoneinfo import ZoneInfo

from feedback_nlp.records.issues import Priority, Quote, Run, Theme, Ticket, WeekCount
from feedback_nlp.records.labels import Intent, Polarity, ReviewKind, Taxonomy, TicketState, Topic
from feedback_nlp.records.opinions import (
    Annotation,
    Labels,
    Opinion,
    Probabilities,
    TopicProbability,
    Voice,
)
from feedback_nlp.records.reviews import Clause, NormalizedText, Rejected, Review

CHINA: Final = ZoneInfo("Asia/Shanghai")
"""Where days and weeks begin, and the zone of a written time that names none."""

__all__ = [
    "CHINA",
    "Annotation",
    "Clause",
    "Intent",
    "Labels",
    "NormalizedText",
    "Opinion",
    "Polarity",
    "Priority",
    "Probabilities",
    "Quote",
    "Rejected",
    "Review",
    "ReviewKind",
    "Run",
    "Taxonomy",
    "Theme",
    "Ticket",
    "TicketState",
    "Topic",
    "TopicProbability",
    "Voice",
    "WeekCount",
]
