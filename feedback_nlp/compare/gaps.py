"""Gaps: two shares side by side, the interval of their difference, and whether it may be chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln
from scipy.stats import false_discovery_control, norm

Array = npt.NDArray[np.float64]

ALPHA: Final = 0.05
"""Share of the differences that are called so without being any; also of the wrong intervals."""
LEAST_USERS: Final = 30
"""Fewer users than this on a side are too few."""
LEAST_MENTIONS: Final = 5
"""Fewer mentions than this on both sides together cannot tell anything."""
_TIES: Final = 1e-7
"""Tables whose chances differ by less than this share are as likely as each other."""


class Contrast(StrEnum):
    """What can be said of the first share beside the second one."""

    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "unclear"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Table:
    """How many of how many on either side."""

    count: int
    of: int
    other: int
    other_of: int

    @property
    def is_enough(self) -> bool:
        """Say that there is enough on both sides to compare; that looks at the sums only."""
        users = min(self.of, self.other_of)
        return users >= LEAST_USERS and self.count + self.other >= LEAST_MENTIONS


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference of two shares, in [-1, 1]; None where a side has nobody, or is not tested."""

    gap: float | None
    low: float | None
    high: float | None
    p: float | None
    """How often chance alone gives a difference as unlikely as this one."""
    q: float | None
    """Share of false alarms among all differences that are at least as clear."""
    contrast: Contrast


@dataclass(frozen=True, slots=True)
class Judged:
    """Differences that were looked at together."""

    gaps: tuple[Gap, ...]
    """In the order of the tables."""
    tests: int
    """Tables with enough on both sides."""
    found: int
    """Differences that are called so."""
    level: float
    """Of every interval, widened for having picked the found ones among all that were tested."""


def judge(tables: Sequence[Table]) -> Judged:
    """Compare the two sides of each table, as tests that are looked at together.

    A difference is called so when its q is at most 5 % and its interval leaves out zero. Which
    tables are tested depends on their sums alone, which a difference does not show in.

    Source: Y. Benjamini, Y. Hochberg, Controlling the false discovery rate (1995), for q;
    Y. Benjamini, D. Yekutieli, False discovery rate-adjusted multiple confidence intervals for
    selected parameters (2005), for the level: 1 - found x 5 % / tests, with found at least 1;
    R. Bourgon, R. Gentleman, W. Huber, Independent filtering (2010), for leaving out small tables.
    """
    tested = np.array([table.is_enough for table in tables], bool)
    tests = int(tested.sum())
    p = fisher([table for table in tables if table.is_enough])
    q = false_discovery_control(p) if tests else p
    chosen = int((q <= ALPHA).sum())
    while True:  # each turn finds fewer, so this ends
        level = 1 - ALPHA * max(chosen, 1) / max(tests, 1)
        gaps, low, high = newcombe(tables, level=level)
        clear = ((low > 0) | (high < 0))[tested] & (q <= ALPHA)
        found = int(clear.sum())
        if found >= chosen:
            break
        chosen = found
    columns = np.full((3, len(tables)), np.nan)
    columns[:, tested] = p, q, clear
    rows = zip(tables, gaps, low, high, *columns, strict=True)
    return Judged(tuple(_gap(*row) for row in rows), tests, found, level)


def wilson(count: Array, of: Array, *, level: float) -> tuple[Array, Array]:
    """Return the ends of the interval of each share; NaN where there is nobody.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference
    (1927).
    """
    z = float(norm.isf((1 - level) / 2))
    of = np.where(of > 0, of, np.nan)
    share = count / of
    middle = share + z * z / (2 * of)
    half = z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    # Rounding may put an end a hair inside 0, 1 or the share itself.
    low = np.clip((middle - half) / scale, 0, share)
    return low, np.clip((middle + half) / scale, share, 1)


def newcombe(tables: Sequence[Table], *, level: float) -> tuple[Array, Array, Array]:
    """Return the difference of the shares of each table and its interval; NaN without users.

    Source: R. G. Newcombe, Interval estimation for the difference between independent
    proportions: comparison of eleven methods (1998), method 10.
    """
    rows = np.array([(t.count, t.of, t.other, t.other_of) for t in tables], np.float64)
    count, of, other, other_of = rows.reshape(-1, 4).T
    low, high = wilson(count, of, level=level)
    other_low, other_high = wilson(other, other_of, level=level)
    share = count / np.where(of > 0, of, np.nan)
    other_share = other / np.where(other_of > 0, other_of, np.nan)
    gap = share - other_share
    down = np.hypot(share - low, other_high - other_share)
    up = np.hypot(high - share, other_share - other_low)
    return gap, np.maximum(gap - down, -1), np.minimum(gap + up, 1)


def fisher(tables: Sequence[Table]) -> Array:
    """Return the chance of a table as unlikely as each of these, when both shares are the same.

    Exact for every size, so that no rule of thumb has to say when numbers are large.

    Source: R. A. Fisher, Statistical Methods for Research Workers (1934), section 21.02; both
    sides by adding up all tables that are no likelier.
    """
    most = max((table.of + table.other_of for table in tables), default=0)
    logs = gammaln(np.arange(most + 1) + 1.0)
    return np.array([_fisher(table, logs) for table in tables], np.float64)


def _fisher(table: Table, logs: Array) -> float:
    said = table.count + table.other
    first = max(0, said - table.other_of)
    counts = np.arange(first, min(said, table.of) + 1)
    # Less what all of them share.
    chances = -(
        logs[counts]
        + logs[table.of - counts]
        + logs[said - counts]
        + logs[table.other_of - said + counts]
    )
    chances = np.exp(chances - chances.max())
    seen = chances[table.count - first]
    return float(min(1.0, chances[chances <= seen * (1 + _TIES)].sum() / chances.sum()))


def weight(gap: Gap, mentions: int) -> tuple[int, float]:
    """Return what rows are sorted by: higher ones, lower ones, unclear ones, too few.

    Inside these the widest gap comes first; where none was found, what is mentioned most.
    """
    place = list(Contrast).index(gap.contrast)
    is_found = gap.contrast in {Contrast.HIGHER, Contrast.LOWER}
    return place, -abs(gap.gap or 0.0) if is_found else -mentions


def _gap(table: Table, *columns: float) -> Gap:
    gap, low, high, p, q, clear = columns
    contrast = Contrast.UNCLEAR
    if not table.is_enough:
        contrast = Contrast.TOO_FEW
    elif clear:
        contrast = Contrast.HIGHER if gap > 0 else Contrast.LOWER
    return Gap(_known(gap), _known(low), _known(high), _known(p), _known(q), contrast)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
