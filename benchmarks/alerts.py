"""The nightly watch replayed: a stored run day by day, and made-up counts with and without a jump.

    feedback-nlp run FILE --out DIR && python benchmarks/alerts.py replay DIR
    python benchmarks/alerts.py simulate

Prints Markdown. The replay takes the themes of the run as fixed, members of later days included,
and gives the watch only what was said by the day it looks at. Themes are those of a failure when
the given expression finds most of their reviews. The simulation gives 40 themes counts that are
negative binomial with a weekly season.
"""

import argparse
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.records import (
    Alert,
    AlertKind,
    Intent,
    Labels,
    Polarity,
    Probabilities,
    Voice,
)
from feedback_nlp.themes.rates import (
    DAY,
    Bases,
    ThemeDays,
    count_days,
    days_between,
    theme_days,
)
from feedback_nlp.themes.trend import day_of
from feedback_nlp.themes.watch import find_alerts

FAILURE: Final = r"(?i)i\s*o\s*s\s*8|iso\s*8|8\s0|升级|系统|更新|登[录陆入]"
ROUNDS: Final = 12
SEASON: Final = np.array([1, 0.9, 0.9, 1, 1.1, 1.3, 1.4]) / 7.6 * 7
START: Final = date(2026, 1, 1)
Alerts = dict[str, Alert]


def main() -> None:
    """Replay a run or simulate."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    replayed = commands.add_parser("replay")
    replayed.add_argument("folder", type=Path)
    replayed.add_argument("--failure", default=FAILURE)
    commands.add_parser("simulate")
    given = parser.parse_args()
    lines = (
        replay(given.folder, re.compile(given.failure)) if given.command == "replay" else simulate()
    )
    for line in lines:
        print(line, flush=True)


def replay(folder: Path, failure: re.Pattern[str]) -> Iterator[str]:
    """Yield what each night told, and how much per month was not about the failure."""
    with closing(sqlite3.connect(folder / "feedback.db")) as database:
        times = [_zoned(row[0]) for row in database.execute("select created_at from reviews")]
        voices = _voices(database)
        members, names = _members(database)
    bases = Bases(count_days(times))
    themes = [
        theme_days(theme, names[theme], [voices[key] for key in keys])
        for theme, keys in members.items()
    ]
    of_failure = {
        theme
        for theme, keys in members.items()
        if 2 * sum(bool(failure.search(voices[key].text)) for key in keys) > len(keys)
    }
    of_day: defaultdict[date, list[Voice]] = defaultdict(list)
    for voice in voices.values():
        if voice.created_at is not None:
            of_day[day_of(voice.created_at)].append(voice)
    known: Alerts = {}
    yield "| day | kind | subject | about the failure | reason |\n|---|---|---|---|---|"
    for day in days_between(min(bases.reviews), max(bases.reviews)):
        for alert in find_alerts(themes, bases, of_day[day], as_of=day, known=known.values()):
            if alert.day == day:
                subject = f"{alert.subject} {names.get(alert.subject, '')}"
                ours = "yes" if alert.subject in of_failure else ""
                yield f"| {day} | {alert.kind} | {subject} | {ours} | {alert.reason} |"
            known[alert.key] = alert
    yield from _months(known, of_failure)


def _months(known: Alerts, of_failure: set[str]) -> Iterator[str]:
    others = [alert for alert in known.values() if alert.subject not in of_failure]
    counts = Counter((f"{alert.day:%Y-%m}", alert.kind) for alert in others)
    yield f"\n| month | {' | '.join(AlertKind)} |\n|---|{'---|' * len(AlertKind)}"
    for month in sorted({month for month, _ in counts}):
        yield f"| {month} | {' | '.join(str(counts[month, kind]) for kind in AlertKind)} |"


def _zoned(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _voices(database: sqlite3.Connection) -> dict[tuple[str, int], Voice]:
    rows = database.execute(
        'select o.review_id, o.start, o."end", o.text, o.polarity, o.severity, r.created_at'
        " from opinions o join reviews r on r.id = o.review_id"
    )
    return {
        (review, start): Voice(
            review, start, end, text, _labels(polarity, severity), "file", _zoned(created_at)
        )
        for review, start, end, text, polarity, severity, created_at in rows
    }


def _labels(polarity: str, severity: int) -> Labels:
    chances = Probabilities(0.0, 1.0, 0.0)  # the watch does not read them
    return Labels(
        Polarity(polarity), chances, uncertain=False, topics=(), intent=Intent.OTHER,
        severity=severity,
    )  # fmt: skip


def _members(
    database: sqlite3.Connection,
) -> tuple[dict[str, list[tuple[str, int]]], dict[str, str]]:
    members: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for theme, review, start in database.execute(
        "select theme_id, review_id, start from theme_members order by 1, 2, 3"
    ):
        members[theme].append((review, start))
    return members, dict(database.execute("select id, name from themes"))


def simulate() -> Iterator[str]:
    """Yield how often the watch speaks without a cause, and how soon it sees a jump to three."""
    yield (
        "| variance ÷ mean | denominator | days with any spike | alerts in 30 days"
        " | jump seen on day 1 | by 3 | by 7 | by 14 |\n|---|---|---|---|---|---|---|---|"
    )
    for dispersion in (1.0, 3.0, 6.0):
        for exposed in (True, False):
            nights = told = 0
            for seed in range(ROUNDS):
                days, themes, bases = _made_up(seed, dispersion, exposed=exposed)
                known: Alerts = {}
                for day in days[70:]:
                    found = find_alerts(themes, bases, as_of=day, known=known.values())
                    nights += any(alert.kind is AlertKind.SPIKE for alert in found)
                    known |= {alert.key: alert for alert in found}
                told += sum(alert.kind is AlertKind.SPIKE for alert in known.values())
            looked = ROUNDS * 30
            seen = _seen(dispersion, exposed=exposed)
            rates = " | ".join(f"{np.mean(seen <= by):.0%}" for by in (1, 3, 7, 14))
            yield (
                f"| {dispersion:g} | {'exposure' if exposed else 'reviews'} | {nights / looked:.1%}"
                f" | {told / ROUNDS:.1f} | {rates} |"
            )


def _seen(dispersion: float, *, exposed: bool) -> npt.NDArray[np.float64]:
    """Return on which day of a jump to three times 10 a week it is first seen, per round."""
    first = []
    for seed in range(3 * ROUNDS):
        days, themes, bases = _made_up(1000 + seed, dispersion, exposed=exposed, jump=14)
        spiking = (
            place
            for place, day in enumerate(days[-14:], 1)
            if any(
                alert.subject == "T-0000" and alert.kind is AlertKind.SPIKE
                for alert in find_alerts(themes, bases, as_of=day)
            )
        )
        first.append(next(spiking, np.inf))
    return np.array(first)


def _made_up(
    seed: int, dispersion: float, *, exposed: bool, jump: int = 0
) -> tuple[list[date], list[ThemeDays], Bases]:
    generator = np.random.default_rng(seed)
    days = days_between(START, START + DAY * 99)
    season = SEASON[[day.weekday() for day in days]]
    means = generator.choice([0.1, 0.3, 1, 10 / 7, 3, 8], 40)[:, None] * season
    means[0] = 10 / 7 * season
    if jump:
        means[0, -jump:] *= 3
    counts = _draw(generator, means, dispersion)
    rest = _draw(generator, 40 * season, dispersion)
    themes = [
        ThemeDays(f"T-{row:04}", "", dict(zip(days, map(int, one), strict=True)), {})
        for row, one in enumerate(counts)
    ]
    reviews = dict(zip(days, map(int, counts.sum(0) + rest), strict=True))
    return days, themes, Bases(reviews, dict.fromkeys(days, 100_000) if exposed else None)


def _draw(
    generator: np.random.Generator, means: npt.NDArray[np.float64], dispersion: float
) -> npt.NDArray[np.int64]:
    if dispersion == 1:
        return generator.poisson(means)
    return generator.negative_binomial(means / (dispersion - 1), 1 / dispersion)


if __name__ == "__main__":
    main()
