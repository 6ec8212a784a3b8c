"""`make eval`: one table of figures for every packaged model, measured through the runtime."""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from feedback_nlp.artifacts import find_model, load_classifier, load_taxonomy, models_dir
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Labels
from training import behaviour
from training.artefact import EVAL
from training.calibrate import Targets, targets
from training.counting import counting_trial, rates_from_json
from training.data import GOLD_DEV, clauses
from training.embedding import embedding_figures
from training.evaluate import evaluate_labels
from training.goals import (
    REVIEW_ACCURACY,
    Figure,
    Goal,
    dev_figures,
    embedding_goals,
    rare_figures,
    rounding_goals,
)
from training.held_out import review_figures

DATA: Final = Path(__file__).parents[2] / "shared" / "data"
_HEADINGS: Final = ("figure", "goal", "value", "90 % interval", "verdict")


def packaged() -> tuple[str, ...]:
    """Return the versions of all packaged models, sorted."""
    folders = (path.parent for path in models_dir().glob("*/????-??-??/manifest.json"))
    return tuple(sorted(f"{folder.parent.name}/{folder.name}" for folder in folders))


def table(model: str, *, data: Path, cases: Path = behaviour.CASES) -> str:
    """Measure one model and return its lines, aligned; `cases` are left out when missing.

    Raises:
        ArtefactError: when there is no such model, or it is damaged.
        InputError: when a data file is missing.
    """
    folder = find_model(model)
    classifier = load_classifier(folder)
    stored = json.loads((folder / EVAL).read_text(encoding="utf-8"))
    figures = [
        *_dev(classifier, data, stored),
        *_reviews(review_figures(data, classifier)),
        *embedding_goals(
            embedding_figures(data, classifier.encode), stored.get("embedding", {}).get("base")
        ),
        *rounding_goals(stored.get("lost_by_rounding", {})),
        *(_behaviour(behaviour.measure(classifier, cases)) if cases.is_file() else ()),
    ]
    return "\n".join([classifier.version, *_aligned([_HEADINGS, *map(_cells, figures)]), ""])


def _dev(classifier: Classifier, data: Path, stored: Mapping[str, Any]) -> Iterator[Figure]:
    dev = clauses(data / GOLD_DEV)
    topics = [topic.code for topic in load_taxonomy().topics]
    labels = classifier.label([clause.text for clause in dev])
    gold = targets(dev, topics=topics)
    measured = evaluate_labels(labels, gold, topics=topics)
    yield from dev_figures(measured)
    yield from rare_figures(measured)
    if "error_rates" in stored:
        yield from _counting(labels, gold, stored["error_rates"]["polarity"])


def _counting(labels: Sequence[Labels], gold: Targets, rates: Any) -> Iterator[Figure]:  # noqa: ANN401 (as JSON has it)
    chances = [label.probabilities for label in labels]
    found = counting_trial(
        np.array([[each.neg, each.neu, each.pos] for each in chances]),
        gold.polarity,
        rates_from_json(rates),
    )
    plain = found["plain_error"]
    yield Figure("polarity shares: error, counted", "情感占比的误差（直接数）", plain)
    yield Figure(
        "polarity shares: error, corrected",
        "情感占比的误差（校正后）",
        found["corrected_error"],
        goal=Goal(plain, at_most=True),
    )
    yield Figure("polarity shares: in the interval", "真实占比落在区间内", found["coverage"])


def _reviews(found: Mapping[str, Any]) -> Iterator[Figure]:
    low, high = found["interval"]
    yield Figure(
        f"review polarity, held out ({found['reviews']})",
        "整条评论正负判断",
        found["accuracy"],
        (low, high),
        REVIEW_ACCURACY,
    )
    for source, part in found["by_source"].items():
        yield Figure(f"  {source} ({part['reviews']})", source, part["accuracy"])
    yield Figure("review polarity ECE", "整条评论校准误差", found["ece"])


def _behaviour(found: Mapping[str, tuple[int, int]]) -> Iterator[Figure]:
    passed, total = (sum(counts) for counts in zip(*found.values(), strict=True))
    yield Figure(f"behaviour cases passed ({total})", "行为用例通过率", passed / total)
    for kind, (right, of_kind) in found.items():
        yield Figure(f"  {kind} ({of_kind})", kind, right / of_kind)


def _cells(figure: Figure) -> tuple[str, ...]:
    ends = figure.interval
    return (
        figure.name,
        "" if figure.goal is None else str(figure.goal),
        f"{figure.value:.4f}",
        "" if ends is None else f"{ends[0]:.3f} - {ends[1]:.3f}",
        figure.verdict,
    )


def _aligned(lines: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(_width(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    for line in lines:
        padded = (
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Return columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
