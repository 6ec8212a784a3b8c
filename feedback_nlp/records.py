"""The nouns: frozen records that every room shares.

Offsets are code points, half-open, and index `Review.text`. Times are zoned. Shares and
probabilities lie in [0, 1].
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

CHINA: Final = ZoneInfo("Asia/Shanghai")
"""Where days and weeks begin, and the zone of a written time that names none."""


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
class Review:
    """One message from one user, as it arrived; `text` is never edited afterwards."""

    id: str
    channel: str
    text: str
    external_id: str | None = None
    kind: ReviewKind = ReviewKind.REVIEW
    created_at: datetime | None = None
    product: str | None = None
    version: str | None = None
    region: str | None = None
    author_id: str | None = None
    author_tier: str | None = None
    rating: float | None = None
    """Stars from 1 to 5."""
    nps: int | None = None
    likes: int = 0
    extras: tuple[tuple[str, str], ...] = ()
    """Columns nobody asked for, (header, value), in file order."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One input line that could not become a review, and why. A value, not an exception."""

    line: int
    reason: str
    raw: str = ""
    """The line as read, so that a person can correct and re-import it."""


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """The analysis form of a text, with the way back to the original."""

    text: str
    applied: tuple[str, ...] = ()
    """Names of the rewrites that changed something, in order."""
    offsets: tuple[int, ...] = field(default=(), repr=False)
    """`offsets[i]` is where character i of `text` began in the original; one more entry marks
    the end, so `len(offsets) == len(text) + 1`."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a half-open span of `text` to the half-open span of the original it came from."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a review that holds at most one opinion."""

    start: int
    end: int
    text: str
    """`Review.text[start:end]`, untouched."""
    normalized: str
    """The same clause in analysis form; what classifiers and themes read."""


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Calibrated probabilities of the three polarities; they sum to one."""

    neg: float
    neu: float
    pos: float


@dataclass(frozen=True, slots=True)
class TopicProbability:
    """One topic code of the taxonomy with its calibrated probability."""

    code: str
    probability: float


@dataclass(frozen=True, slots=True)
class Labels:
    """What a classifier says about one clause."""

    polarity: Polarity
    probabilities: Probabilities
    uncertain: bool
    """The calibrated model abstains: 不确定. `polarity` is then its best guess."""
    topics: tuple[TopicProbability, ...]
    """One to three, most probable first."""
    intent: Intent
    severity: int
    """0 unless `polarity` is neg; 1 mild, 2 clear, 3 safety, health, money or legal loss."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One clause of a review with its labels."""

    start: int
    end: int
    text: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything one model version says about one review."""

    review_id: str
    text: str
    polarity: Polarity
    probabilities: Probabilities
    uncertain: bool
    opinions: tuple[Opinion, ...]
    model: str
    """Name and date of the artefact, `linear-zh/2026-11-22`."""
    quarantine: str | None = None
    error: str | None = None


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


@dataclass(frozen=True, slots=True)
class Voice:
    """One opinion seen by the themes room: what was said, by whom, when and where."""

    review_id: str
    start: int
    end: int
    text: str
    labels: Labels
    channel: str
    created_at: datetime | None = None
    author_id: str | None = None
    author_tier: str | None = None
    version: str | None = None
    region: str | None = None
    rating: float | None = None
    likes: int = 0

    @property
    def user(self) -> str:
        """Who speaks: without an author id each review counts as one user."""
        return self.review_id if self.author_id is None else f"{self.channel}\n{self.author_id}"


@dataclass(frozen=True, slots=True)
class Quote:
    """The original words behind a statement."""

    review_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class WeekCount:
    """Opinions in the week that begins on this Monday (Asia/Shanghai)."""

    week: date
    count: int


@dataclass(frozen=True, slots=True)
class Theme:
    """One recurring issue. The id never changes; everything else follows the opinions."""

    id: str
    name: str
    topic: str
    keywords: tuple[str, ...]
    quotes: tuple[Quote, ...]
    members: tuple[tuple[str, int], ...]
    """(review id, start) of each opinion, sorted."""
    count: int
    """Opinions."""
    reviews: int
    users: int
    negative_share: float
    first_seen: datetime | None
    last_seen: datetime | None
    trend: tuple[WeekCount, ...]
    """Every week between the first and the last week of the data, zeros included."""
    by_channel: tuple[tuple[str, int], ...]
    by_version: tuple[tuple[str, int], ...]
    by_region: tuple[tuple[str, int], ...]
    by_rating: tuple[tuple[str, int], ...]
    """Count per value, largest first; a missing value counts under ""."""
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Priority:
    """RICE of one theme. Source: S. McBride, RICE, Intercom."""

    theme_id: str
    reach: float
    """Distinct users per quarter (91 days)."""
    impact: float
    """One of 3, 2, 1, 0.5, 0.25."""
    confidence: float
    effort: float
    """Person-months."""
    score: float
    low: float
    high: float
    """5th and 95th percentile of the bootstrapped score, widened to hold `score`."""
    reasons: tuple[tuple[str, str], ...]
    """(reach | impact | confidence | effort | score, one Chinese sentence)."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """An improvement ticket drafted from a theme."""

    id: str
    theme_id: str
    title: str
    problem: str
    evidence: tuple[Quote, ...]
    department: str
    lane: str
    due: date
    resources: str
    acceptance: str
    state: TicketState
    priority: Priority


@dataclass(frozen=True, slots=True)
class Run:
    """One batch run: what went in, which versions were used, what came out."""

    as_of: datetime | None
    """Time of the newest review: all windows, trends and due dates count from here."""
    model: str
    taxonomy: str
    lexicon: str
    recipe: str
    reviews: int
    opinions: int
    candidates: int
    """Opinions that are negative or requests; only these can join a theme."""
    assigned: int
    unassigned: int
    themes: int
    tickets: int
    rejected: int
