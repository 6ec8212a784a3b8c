"""The fixed label sets: polarity, intent, kinds, states and the taxonomy."""

from dataclasses import dataclass
from enum import StrEnum


class Polarity(StrEnum):
    """What an opinion or a review says: against, neither, for."""

    NEG = "neg"
    NEU = "neu"
    POS = "pos"


class Intent(StrEnum):
    """What the writer does by saying it."""

    COMPLAINT = "complaint"
    PRAISE = "praise"
    REQUEST = "request"
    QUESTION = "question"
    OTHER = "other"


class ReviewKind(StrEnum):
    """Where in a customer's life the message came up."""

    REVIEW = "review"
    TICKET = "ticket"
    SURVEY = "survey"
    POST = "post"
    CHAT = "chat"


class QuarantineReason(StrEnum):
    """Why a review does not count for now; visible, counted and reversible."""

    SPAM = "spam"
    TEMPLATE = "template"
    DEFAULT_PRAISE = "default_praise"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near_duplicate"


class TicketState(StrEnum):
    """States of an improvement ticket; the values are what people see."""

    TRIAGE = "待评估"
    SCHEDULED = "已排期"
    IN_PROGRESS = "进行中"
    ON_HOLD = "挂起"
    RELEASED = "已发布"
    VERIFYING = "验证中"
    VERIFIED = "已验证"
    RELAPSED = "复发"
    REJECTED = "不予实施"


@dataclass(frozen=True, slots=True)
class Topic:
    """One code of the taxonomy: a fixed label, not a discovered theme."""

    code: str
    name: str
    hint: str
    group: str
    group_name: str
    department: str
    lane: str
    """weekly, monthly, quarterly, yearly or emergency."""
    effort_weeks: float


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The versioned label set."""

    version: str
    topics: tuple[Topic, ...]

    def topic(self, code: str) -> Topic:
        """Return the topic with this code; raises KeyError for a code that is not ours."""
        return {topic.code: topic for topic in self.topics}[code]
