"""What a product team works on: themes, priorities and tickets, and the run they came from."""

from dataclasses import dataclass
from datetime import date, datetime

from feedback_nlp.records.labels import TicketState
from feedback_nlp.records.ledger import ThemeState
from feedback_nlp.records.planning import EffortSource, Quadrant


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
    cohesion: float | None = None
    """Mean similarity of its opinions to each other, from 0 to 1; None for fewer than two."""


@dataclass(frozen=True, slots=True)
class Priority:
    """RICE of one theme. Source: S. McBride, RICE, Intercom."""

    theme_id: str
    reach: float
    """Distinct users per quarter (91 days), weighted by tier and segment."""
    impact: float
    """One of 3, 2, 1, 0.5, 0.25."""
    confidence: float
    effort: float
    """Person-months."""
    score: float
    """Median of the bootstrapped score."""
    low: float
    high: float
    """80 % interval of the score: 10th and 90th percentile."""
    reasons: tuple[tuple[str, str], ...]
    """(reach | impact | confidence | effort | score | order | ..., one Chinese sentence)."""
    reach_low: float = 0.0
    reach_high: float = 0.0
    """80 % interval of reach."""
    strategy: float = 1.0
    """Weight of the topic; the score holds it."""
    weeks: float = 0.0
    """The same effort in person-weeks, as it was decided."""
    effort_source: EffortSource = EffortSource.DEFAULT
    top3: float = 0.0
    top10: float = 0.0
    """Probability of being among the best three and ten, in [0, 1]."""
    quadrant: Quadrant | None = None
    board: float | None = None
    """Weighted score of the review board, 0 to 10; None without any vote."""

    @property
    def need(self) -> float:
        """What a quarter without the problem is worth, of the factors as observed."""
        return self.reach * self.impact * self.confidence * self.strategy

    def reason(self, of: str) -> str:
        """Return the sentence about one number, empty when there is none."""
        return dict(self.reasons).get(of, "")


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
    related: tuple[str, ...] = ()
    """Ids of tickets that look like parts of the same problem, by number."""
    owner: str | None = None
    """Who does it."""
    target: float = 0.9
    """Ratio of the rates after and before a release; a fix is proven below it."""
    fixed: tuple[str, ...] = ()
    """Names of fields that a person set; drafts leave them alone."""
    revision: int = 0
    """Counts the changes by people and by the life cycle; drafts do not count."""


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
