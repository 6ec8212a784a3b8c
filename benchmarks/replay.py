"""The app-store demo night after night: themes grow, opinions stay, alerts come in time.

    python benchmarks/replay.py [linear|encoder]

Each night knows only what was written up to its day, and what the nights before have stored:
themes, places of opinions and alerts. Prints Markdown: every alert, and how many a month. Reads
../shared/data/demo/alipay_appstore.jsonl.gz; `tests/quality/test_theme_replay.py` checks the laws.
"""

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from feedback_nlp import pipeline
from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.ports import Classifier
from feedback_nlp.records import CHINA, Alert, Intent, Placement, Polarity, Theme, Voice
from feedback_nlp.themes.rates import Bases, count_days, theme_days
from feedback_nlp.themes.recipes import suited
from feedback_nlp.themes.settle import Past
from feedback_nlp.themes.trend import day_of
from feedback_nlp.themes.watch import find_alerts
from feedback_nlp.workflows.remember import remembering

DEMO: Final = Path(__file__).resolve().parents[2] / "shared/data/demo/alipay_appstore.jsonl.gz"
FAILURE: Final = re.compile(r"(?i)i\s*o\s*s\s*8|ios系统|8\.0")
"""Words of the failure of September 2014: a theme is about it when most of its reviews have any."""


@dataclass(frozen=True, slots=True)
class Night:
    """What is known after one night."""

    day: date
    themes: tuple[Theme, ...]
    placements: tuple[Placement, ...]
    new_alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """All candidate opinions of the demo, by day, and how many reviews each day had."""

    voices: dict[date, list[Voice]]
    reviews: dict[date, int]
    texts: dict[str, str]
    """Of every review, by id."""


def heard(classifier: Classifier, file: Path = DEMO) -> Heard:
    """Read and label the demo."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    times = [_time(row["date"]) for row in rows]
    texts = {f"R-{number:05d}": row["text"] for number, row in enumerate(rows)}
    voices: defaultdict[date, list[Voice]] = defaultdict(list)
    made = pipeline.annotate(list(texts.items()), classifier)
    for time, annotation in zip(times, made, strict=True):
        for opinion in annotation.opinions:
            labels = opinion.labels
            if labels.polarity is Polarity.NEG or labels.intent is Intent.REQUEST:
                voice = Voice(
                    annotation.review_id,
                    opinion.start,
                    opinion.end,
                    opinion.text,
                    labels,
                    channel="appstore",
                    created_at=time,
                )
                voices[day_of(time)].append(voice)
    return Heard(dict(voices), count_days(times), texts)


def nights(classifier: Classifier, known: Heard, days: Sequence[date]) -> Iterator[Night]:
    """Yield what is known after the night of each of these days, in order."""
    taxonomy, recipe = load_taxonomy(), suited(classifier.version)
    remembered = remembering(classifier, [], {})
    past, alerts = Past(), dict[str, Alert]()
    first = min(known.reviews)
    before = first - timedelta(days=1)
    for day in days:
        voices = [voice for when, said in known.voices.items() if when <= day for voice in said]
        fresh = [
            voice for voice in voices if voice.created_at and day_of(voice.created_at) > before
        ]
        span = pipeline.Span(_time(f"{first}"), _time(f"{day}"))
        settled = pipeline.settle(voices, remembered, taxonomy, past=past, span=span, recipe=recipe)
        told = _alerts(settled, voices, fresh, known, day, alerts)
        new = tuple(alert for key, alert in told.items() if key not in alerts)
        alerts |= told
        number = max([past.next_number, *(int(theme.id[2:]) + 1 for theme in settled.themes)])
        past = Past(settled.themes, number, settled.placements)
        yield Night(day, settled.themes, settled.placements, new)
        before = day


def about_the_failure(theme: Theme, texts: dict[str, str]) -> bool:
    """Say whether most reviews of a theme speak of the failure."""
    of_theme = {review_id for review_id, _ in theme.members}
    return 2 * sum(bool(FAILURE.search(texts[each])) for each in of_theme) > len(of_theme)


def _alerts(
    settled: pipeline.Settled,
    voices: Sequence[Voice],
    fresh: Sequence[Voice],
    known: Heard,
    day: date,
    before: dict[str, Alert],
) -> dict[str, Alert]:
    home = {placed.place: placed.theme_id for placed in settled.placements}
    said: defaultdict[str, list[Voice]] = defaultdict(list)
    for voice in voices:
        if (voice.review_id, voice.start) in home:
            said[home[voice.review_id, voice.start]].append(voice)
    counts = [theme_days(theme.id, theme.name, said[theme.id]) for theme in settled.themes]
    bases = Bases({when: count for when, count in known.reviews.items() if when <= day})
    found = find_alerts(counts, bases, fresh, as_of=day, known=before.values())
    return {alert.key: alert for alert in found}


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written[:10]).replace(hour=12, tzinfo=CHINA)


def main() -> None:
    """Replay every day and print the alerts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default="encoder")
    classifier = load_classifier(parser.parse_args().model)
    known = heard(classifier)
    first, last = min(known.reviews), max(known.reviews)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    print("| day | kind | theme | the failure | reason |\n|---|---|---|---|---|")
    others: Counter[tuple[str, str]] = Counter()
    night = None
    for night in nights(classifier, known, days):
        of_id = {theme.id: theme for theme in night.themes}
        for alert in night.new_alerts:
            theme = of_id.get(alert.subject)
            ours = theme is not None and about_the_failure(theme, known.texts)
            name = theme.name if theme else alert.subject
            cells = (f"{night.day}", alert.kind, name, "yes" if ours else "", alert.reason)
            print(f"| {' | '.join(cells)} |", flush=True)
            others[f"{night.day:%Y-%m}", alert.kind] += not ours
    print("\n| month | kind | alerts that are not about the failure |\n|---|---|---|")
    for (month, kind), count in sorted(others.items()):
        print(f"| {month} | {kind} | {count} |")
    if night is not None:
        print(f"\n{len(night.themes)} themes, {len(night.placements)} opinions with a theme.")


if __name__ == "__main__":
    main()
