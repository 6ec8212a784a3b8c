"""What happens to a ticket after the plan: releases, verification, replies, nights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from feedback_nlp.records.alerts import Denominator
from feedback_nlp.records.planning import Verdict


class Group(StrEnum):
    """By what the users who got a release first are told from the others."""

    VERSION = "version"
    REGION = "region"
    CHANNEL = "channel"
    TIER = "tier"


@dataclass(frozen=True, slots=True)
class Release:
    """From when which users could have the fix of some tickets.

    A rollout that widens is several releases of the same tickets, one for each step.
    """

    number: int
    tickets: tuple[str, ...]
    """Ids, by number."""
    released_at: datetime
    author: str
    at: datetime
    """When it was written down."""
    version: str | None = None
    share: float = 1.0
    """Of the users who may have it, in (0, 1]."""
    group: Group | None = None
    """None: everybody, or a share of users nobody can name."""
    value: str | None = None
    """Of the group, such as the version or the region that has it; None without a group."""
    reason: str = ""
    withdrawn_by: str | None = None
    """Who rolled it back; None while it stands."""
    withdrawn_at: datetime | None = None

    @property
    def is_full(self) -> bool:
        """Say that everybody has it; verification counts from here."""
        return self.group is None and self.share == 1.0

    @property
    def stands(self) -> bool:
        """Say that it was not rolled back."""
        return self.withdrawn_at is None


class Baseline(StrEnum):
    """What the time after a release is compared with."""

    RECENT = "recent"
    """The weeks before the release."""
    EARLIER = "earlier"
    """The time before those weeks, or before the spike that fell into them."""
    TREND = "trend"
    """Where the theme was heading before the release."""


class Doubt(StrEnum):
    """Why nothing can be said; data, not wording."""

    FEW = "few"
    """Too few opinions, or too few days."""
    SPIKE = "spike"
    """It fell from a spike, and not below the level before the spike."""
    FADING = "fading"
    """It was falling already."""
    WIDE = "wide"
    """The interval holds the target."""
    NO_CONTROL = "no_control"
    """Too few other themes tell whether all shares of the reviews have fallen alike."""
    NO_DATES = "no_dates"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rate after a release ÷ what one baseline lets expect, other themes as control."""

    baseline: Baseline
    first: date
    last: date
    """The days of the baseline, both included."""
    days: int
    """Those that count: days without a base and spikes are left out."""
    count: int
    """Reviews of the theme on these days."""
    expected: float
    """Reviews after the release, had nothing changed."""
    ratio: float
    low: float
    high: float
    """Interval of the ratio, at the level of this look."""


@dataclass(frozen=True, slots=True)
class Relapse:
    """A fixed problem that comes back."""

    alarm: date
    """The day on which the watch gave alarm."""
    since: date
    """The day from which on the rate is likely higher."""
    statistic: float
    threshold: float
    count: int
    """Reviews from `since` to `alarm`."""
    expected: float
    """How many the verified level lets expect."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What is known on one day about whether a release helped."""

    ticket_id: str
    theme_id: str
    release: int
    as_of: date
    verdict: Verdict
    target: float
    """The ratio that must be undercut."""
    first: date
    last: date
    """The days after the release that were looked at, both included."""
    count: int
    """Reviews of the theme on these days."""
    denominator: Denominator
    dispersion: float
    """Variance ÷ mean of the theme's counts."""
    comparisons: tuple[Comparison, ...]
    """Empty when nothing can be compared."""
    controls: int
    """Other themes that say how much a theme moves by itself."""
    drift: float
    """Mean ratio of these themes over the same days."""
    spread: float
    """Standard deviation of their log ratios beyond chance."""
    doubt: Doubt | None = None
    """None with a verdict."""
    spike: tuple[date, date] | None = None
    """The spike in the baseline, first and last day."""
    final: bool = False
    """No later look follows."""
    next_look: date | None = None
    """The day from which on the next look is taken."""
    relapse: Relapse | None = None
    """What gave alarm; only with 复发."""

    @property
    def decisive(self) -> Comparison | None:
        """Return the comparison that is least favourable to the release."""
        return max(self.comparisons, key=lambda each: each.high, default=None)


class Advice(StrEnum):
    """What a comparison of users with and without a release lets one do."""

    WIDEN = "widen"
    WAIT = "wait"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Rollout:
    """Users who have a release against those who do not, on the same days."""

    release: int
    as_of: date
    first: date
    last: date
    count_with: int
    base_with: int
    count_without: int
    base_without: int
    """Reviews of the theme and all reviews (or exposure) of either side."""
    ratio: float
    """Of the rates with and without it, since ÷ before the release where both are known; 0 stands
    for less than 1/148."""
    low: float
    high: float
    """Confidence sequence: it may be looked at every day. 148 stands for no upper end."""
    advice: Advice
    denominator: Denominator
    dispersion: float
    """Variance ÷ mean of the theme's counts."""
    more: int | None
    """Reviews of the theme on both sides that would do if it went on like this; None where nothing
    is missing, or where no number of them is known to do."""
    before_count: int | None
    """Reviews of the theme on the days before that the sides are compared on; 0: nothing is known
    of what they were. None where they cannot have differed."""
    before_ratio: float | None
    """Of the rates of the two sides before the release."""


class Purpose(StrEnum):
    """Why somebody is written to."""

    ANSWER = "answer"
    """The first answer to a complaint."""
    TOLD = "told"
    """What they complained of is fixed."""
    CALLBACK_7 = "callback_7"
    CALLBACK_30 = "callback_30"


class Answered(StrEnum):
    """What came of it."""

    SATISFIED = "satisfied"
    UNSOLVED = "unsolved"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to one user, or a call: written down, never edited."""

    number: int
    purpose: Purpose
    review_id: str
    channel: str
    text: str
    """As it was sent; may be empty for a call."""
    author: str
    at: datetime
    ticket_id: str | None = None
    author_id: str | None = None
    """Whom, as reviews name them; None where they name nobody."""
    result: Answered | None = None
    reason: str = ""
    noted_at: datetime | None = None
    """When it was written down; None when that was at once."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a night."""

    name: str
    done: bool
    figures: Mapping[str, Any]
    """What it did, as numbers and ids; no words of users."""


@dataclass(frozen=True, slots=True)
class Night:
    """One nightly run, as its manifest tells it."""

    number: int
    day: date
    at: datetime
    """The night's clock: what came in later was not known to it."""
    state: str
    """running, done or failed."""
    inputs: tuple[tuple[str, str], ...]
    """(file name, sha256) of what was to be imported."""
    steps: tuple[Step, ...]
    result: Mapping[str, Any]
    """What the night found, as numbers and ids: a replay must find the same."""
    finished_at: datetime | None = None
