"""Does verification keep its word? Made-up histories whose truth is known, judged look by look.

    python benchmarks/verification.py [HISTORIES] [--seed N]

Each history has 26 weeks before a release and 12 after it, 20 for relapses: a theme of 200 reviews
in the eight weeks before the release and a dozen other themes, which drift by themselves; all have
days of the week, ever more reviews, and negative binomial counts. A cell says what really happened
and how far counts stray (variance ÷ mean). Nothing here is timed.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.records import Verdict
from feedback_nlp.themes.rates import DAY, Bases, ThemeDays
from feedback_nlp.verification.judge import LOOKS, judge
from feedback_nlp.verification.relapse import watch
from feedback_nlp.verification.windows import EARLIER_DAYS, RECENT_DAYS, Case

FloatArray = npt.NDArray[np.float64]

RELEASED: Final = date(2026, 3, 16)
BEFORE: Final = RECENT_DAYS + EARLIER_DAYS
AFTER: Final = LOOKS[-1]
OTHERS: Final = 12
VOLUME: Final = 500.0
"""Reviews a day, whatever they say, on the day of the release."""
GROWTH: Final = 0.01
"""Of the reviews, per week."""
WEEKDAYS: Final = np.array([1.1, 1.0, 0.95, 0.95, 1.0, 1.25, 1.15])
OF_THEMES: Final = np.array([0.95, 1.0, 1.05, 1.05, 1.05, 0.95, 0.95])
"""How much more of them complain on each day of the week."""
DRIFT: Final = 0.01
"""Standard deviation of the daily steps of other themes' log rates."""
RELAPSE_AFTER: Final = 98
FOUND_WITHIN: Final = 14
STRAYING: Final = (1.0, 3.0, 6.0)


@dataclass(frozen=True, slots=True)
class Truth:
    """What happened to the rate of the theme."""

    name: str
    drop: float = 0.0
    peak: float = 1.0
    """How many times the usual level a spike reaches on the day of the release."""
    half_life: float = 7.0
    own_trend: float = 0.0
    """Change of the rate per week, before and after alike."""
    relapse: int | None = None
    """Days after the release from which on nothing is left of the drop."""
    size: float = 200.0
    """Reviews of the theme in the eight weeks before the release, had it no trend and no spike."""

    def rates(self, times: npt.NDArray[np.int64]) -> FloatArray:
        """Return the rate on days that count from the release, 1 being that before it."""
        rising = np.clip(1 + times / 5, 0, 1)  # five days up, then down by halves
        falling = 0.5 ** (np.maximum(times, 0) / self.half_life)
        rate: FloatArray = 1 + (self.peak - 1) * np.where(times < 0, rising, falling)
        rate *= np.exp(np.log1p(self.own_trend) * times / 7)
        works = (times > 0) & (times <= (self.relapse or times[-1]))
        return np.where(works, 1 - self.drop, 1.0) * rate


JUDGED: Final = (
    Truth("no effect"),
    Truth("no effect, fades by 2 % a week", own_trend=-0.02),
    Truth("no effect, fades by 6 % a week", own_trend=-0.06),
    Truth("no effect, grows by 2 % a week", own_trend=0.02),
    Truth("spike x 5, halves in 7 days", peak=5.0),
    Truth("spike x 2.5, halves in 14 days", peak=2.5, half_life=14.0),
    Truth("drop of 30 %", drop=0.3),
    Truth("drop of 60 %", drop=0.6),
)
WATCHED: Final = (
    Truth("drop of 60 %, relapse", drop=0.6, relapse=RELAPSE_AFTER),
    Truth("the same, 400 reviews", drop=0.6, relapse=RELAPSE_AFTER, size=400.0),
)


def histories(truth: Truth, straying: float, n: int, seed: int) -> Iterator[Case]:
    """Make up cases, the same for the same seed."""
    random = np.random.default_rng([seed, *truth.name.encode(), int(straying * 10)])
    last = AFTER if truth.relapse is None else truth.relapse + 6 * 7
    times = np.arange(-BEFORE, last + 1)
    days = [RELEASED + DAY * int(time) for time in times]
    weekdays = np.array([day.weekday() for day in days])
    volume = VOLUME * WEEKDAYS[weekdays] * np.exp(GROWTH * times / 7)
    usual = volume * OF_THEMES[weekdays]
    usual /= usual[(times < 0) & (times >= -RECENT_DAYS)].sum()
    for _ in range(n):
        sizes = truth.size * np.exp(random.normal(0.0, 0.7, (OTHERS, 1)))
        drifts = np.exp(np.cumsum(random.normal(0.0, DRIFT, (OTHERS, len(days))), axis=1))
        means = np.vstack([truth.size * truth.rates(times), sizes * drifts]) * usual
        theme, *others = (
            ThemeDays(f"T-{number:04}", "", _by_day(days, counts), {})
            for number, counts in enumerate(negative_binomial(random, means, straying))
        )
        bases = Bases(_by_day(days, random.poisson(volume)))
        yield Case("K-0001", 1, theme, tuple(others), bases, RELEASED)


def _by_day(days: list[date], counts: npt.NDArray[np.int64]) -> dict[date, int]:
    return {day: int(count) for day, count in zip(days, counts, strict=True) if count}


def negative_binomial(
    random: np.random.Generator, means: FloatArray, straying: float
) -> npt.NDArray[np.int64]:
    """Draw counts with these means and this variance ÷ mean."""
    if straying == 1.0:
        return random.poisson(means)
    return random.negative_binomial(np.maximum(means, 1e-9) / (straying - 1), 1 / straying)


Cell = tuple[Truth, float, int, int]


def judge_cell(cell: Cell) -> str:
    """Return a line of the table of verdicts."""
    truth, straying, n, seed = cell
    verdicts: Counter[Verdict] = Counter()
    days = []
    for case in histories(truth, straying, n, seed):
        found = judge(case, as_of=RELEASED + DAY * AFTER)
        verdicts[found.verdict] += 1
        if found.verdict is Verdict.WORKED:
            days.append((found.last - RELEASED).days)
    shares = (
        f"{verdicts[verdict] / n:.1%}"
        for verdict in (Verdict.WORKED, Verdict.FAILED, Verdict.INCONCLUSIVE)
    )
    when = f"{np.median(days):.0f}" if days else "-"
    return f"| {truth.name} | {straying:g} | {' | '.join(shares)} | {when} |"


def watch_cell(cell: Cell) -> str:
    """Return a line of the table of relapses."""
    truth, straying, n, seed = cell
    verified = false_alarms = 0
    delays = []
    relapsed = RELEASED + DAY * RELAPSE_AFTER
    for case in histories(truth, straying, n, seed):
        found = judge(case, as_of=RELEASED + DAY * AFTER)
        if found.verdict is not Verdict.WORKED:
            continue
        verified += 1
        alarm = watch(case, verified=found.last, as_of=max(case.bases.reviews))
        if alarm is not None and alarm.alarm <= relapsed:
            false_alarms += 1
        else:
            delays.append(np.inf if alarm is None else (alarm.alarm - relapsed).days)
    in_time = np.mean(np.array(delays) <= FOUND_WITHIN)
    return (
        f"| {truth.name} | {straying:g} | {verified} | {false_alarms / verified:.1%} | "
        f"{in_time:.1%} | {np.median(delays):.0f} |"
    )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("histories", type=int, nargs="?", default=1_000)
    parser.add_argument("--seed", type=int, default=8)
    given = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        print("| truth | variance ÷ mean | 有效 | 无效 | 样本不足 | median day of 有效 |")
        print("|---|---|---|---|---|---|")
        cells = [(t, s, given.histories, given.seed) for t, s in product(JUDGED, STRAYING)]
        for line in pool.map(judge_cell, cells):
            print(line, flush=True)
        print(
            "\n| truth | variance ÷ mean | verified | alarm before it came back | "
            f"found within {FOUND_WITHIN} days | median days |"
        )
        print("|---|---|---|---|---|---|")
        cells = [(t, s, given.histories, given.seed) for t, s in product(WATCHED, STRAYING)]
        for line in pool.map(watch_cell, cells):
            print(line, flush=True)


if __name__ == "__main__":
    main()
