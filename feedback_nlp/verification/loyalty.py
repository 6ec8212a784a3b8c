"""Who complained before a release: do they buy again and stay, more than other customers do?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt
from typing import Final

from scipy.stats import norm

from feedback_nlp.records import Segment
from feedback_nlp.themes.rates import DAY

COMPLAINT_DAYS: Final = 84
"""Who complained so many days before a release, or later, was affected."""
MOST_DAYS: Final = 56
LEAST_DAYS: Final = 14
"""A window before and after a release is as long as the data allows, between these."""
LEAST_USERS: Final = 20
"""Fewer than this on either side are too few."""
CUSTOMER_DAYS: Final = 365
"""Who ordered so many days before a release, or later, is a customer."""
_Z: Final = float(norm.isf(0.025))


class Lack(StrEnum):
    """Why nothing can be said."""

    NO_ORDERS = "no_orders"
    SHORT = "short"
    """Orders of fewer than 14 days before or after the release are known."""
    FEW = "few"


@dataclass(frozen=True, slots=True)
class Windows:
    """The same number of days before and after the day of a release, which is in neither."""

    released: date
    days: int

    @property
    def before(self) -> tuple[date, date]:
        """First and last day before the release."""
        return self.released - DAY * self.days, self.released - DAY

    @property
    def after(self) -> tuple[date, date]:
        """First and last day after it."""
        return self.released + DAY, self.released + DAY * self.days


@dataclass(frozen=True, slots=True)
class Followed:
    """One customer around a release; each pair is (before, after)."""

    affected: bool
    """Complained of the problem shortly before the release."""
    segment: Segment | None
    """As of the day of the release."""
    bought: tuple[bool, bool]
    """An order that was not refunded."""
    stayed: tuple[bool, bool]
    """Anything at all: an order, use, a review of something else."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Share of some customers before and after, in [0, 1]."""

    users: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Effect:
    """How much more the share of the affected rose than that of the others: in [-2, 2]."""

    affected: Shift
    others: Shift
    """In a total weighted as the affected are divided over the segments."""
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LoyaltyRow:
    """All customers that are compared, or those of one segment."""

    segment: Segment | None
    """None for the total, and for customers that no segment fits."""
    affected: int
    others: int
    repurchase: Effect | None
    """None: too few on either side."""
    retention: Effect | None


def windows(released: date, *, first: date, last: date) -> Windows | None:
    """Return the windows that data from `first` to `last` fills; None when they are too short."""
    days = min(MOST_DAYS, (released - first).days, (last - released).days)
    return Windows(released, days) if days >= LEAST_DAYS else None


def compare_loyalty(found: Iterable[Followed]) -> tuple[LoyaltyRow, tuple[LoyaltyRow, ...]]:
    """Return the total and each segment: difference in differences, with a 95 % interval.

    Each customer is compared with himself, then the affected with the others: what befalls all
    customers cancels out. Customers who have just bought are likely to buy less later, affected or
    not; the total therefore compares like with like, segment by segment, weighted by the affected.

    Source: D. Bonett, R. Price, Adjusted Wald confidence interval for a difference of binomial
    proportions based on paired data, Journal of Educational and Behavioral Statistics 37 (2012),
    for the variance of a change; J. Angrist, J.-S. Pischke, Mostly Harmless Econometrics (2009),
    chapter 5, for differences in differences.
    """
    of_segment: defaultdict[Segment | None, list[Followed]] = defaultdict(list)
    for each in found:
        of_segment[each.segment].append(each)
    order = [*Segment, None]
    rows = tuple(
        _row(segment, {segment: of_segment[segment]}) for segment in order if of_segment[segment]
    )
    return _row(None, of_segment), rows


_Strata = Mapping[Segment | None, Sequence[Followed]]
_Pairs = Sequence[tuple[bool, bool]]


def _row(segment: Segment | None, strata: _Strata) -> LoyaltyRow:
    everybody = [each for of_segment in strata.values() for each in of_segment]
    affected = sum(each.affected for each in everybody)
    bought = [_sides(each, [one.bought for one in each]) for each in strata.values()]
    stayed = [_sides(each, [one.stayed for one in each]) for each in strata.values()]
    return LoyaltyRow(
        segment=segment,
        affected=affected,
        others=len(everybody) - affected,
        repurchase=_effect(bought),
        retention=_effect(stayed),
    )


def _sides(of_segment: Sequence[Followed], pairs: _Pairs) -> tuple[_Pairs, _Pairs]:
    together = list(zip(of_segment, pairs, strict=True))
    return (
        [pair for one, pair in together if one.affected],
        [pair for one, pair in together if not one.affected],
    )


def _effect(strata: Iterable[tuple[_Pairs, _Pairs]]) -> Effect | None:
    """Compare segment by segment; those without anybody on one side are left out."""
    both = [(mine, others) for mine, others in strata if mine and others]
    users = sum(len(mine) for mine, _ in both)
    rest = sum(len(others) for _, others in both)
    if min(users, rest) < LEAST_USERS:
        return None
    affected, control = [0.0, 0.0], [0.0, 0.0]
    variance = 0.0
    for mine, others in both:
        weight = len(mine) / users
        for place in (0, 1):
            affected[place] += weight * _share(mine, place)
            control[place] += weight * _share(others, place)
        variance += weight**2 * (_variance(mine) + _variance(others))
    value = (affected[1] - affected[0]) - (control[1] - control[0])
    half = _Z * sqrt(variance)
    return Effect(
        affected=Shift(users, *affected),
        others=Shift(rest, *control),
        value=value,
        low=max(value - half, -2.0),
        high=min(value + half, 2.0),
    )


def _share(pairs: _Pairs, place: int) -> float:
    return sum(pair[place] for pair in pairs) / len(pairs)


def _variance(pairs: _Pairs) -> float:
    """Return the variance of the mean change; one user more of either kind keeps it off zero."""
    n = len(pairs) + 2
    lost = (sum(before and not after for before, after in pairs) + 1) / n
    won = (sum(after and not before for before, after in pairs) + 1) / n
    return (won + lost - (won - lost) ** 2) / n
