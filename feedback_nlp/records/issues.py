"""What a product team works on: themes, priorities and tickets, and the run they came from."""

from dataclasses import dataclass
from datetime import date, datetime

from feedback_nlp.records.labels import TicketState
from feedback_nlp.records.ledger import ThemeState


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
    state: ThemeState = ThemeState.OPEN
    named_by_hand: bool = False
    """A person chose the name; no run changes it."""
    merged_into: str | None = None
    """Where its opinions are when it is merged."""
    boundary_quotes: tuple[Quote, ...] = ()
    """What still belongs, the farthest from the centre first: they show how wide the theme is."""


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
    quarantined: int = 0
    """How many of `reviews` do not count for now; candidates and what follows leave them out."""
    screening: str = ""
    """Recipe and lexicons of the quarantine; empty in runs older than it."""
