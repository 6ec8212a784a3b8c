"""What it would cost to let the linear model answer where it is sure, and the encoder elsewhere.

    python benchmarks/cascade.py

Prints Markdown: over the judged clauses of ../shared/data/gold/opinions_dev.jsonl, for several
least probabilities of the linear model (polarity and first topic), how many clauses it answers
and how good all answers are.
"""

from collections.abc import Sequence
from typing import Any, Final

from real_reviews import DATA

from feedback_nlp import Analyzer
from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.records import Labels
from training.calibrate import targets
from training.data import GOLD_DEV, clauses
from training.evaluate import evaluate_labels

SURE: Final = (1.01, 0.98, 0.95, 0.9, 0.8, 0.6)
"""From which probability on the linear model answers; above 1 it never does."""


def main() -> None:
    """Mix the answers of both models in every proportion and print one table."""
    dev = clauses(DATA / GOLD_DEV)
    texts = [clause.text for clause in dev]
    topics = [topic.code for topic in load_taxonomy().topics]
    gold = targets(dev, topics=topics)
    linear, encoder = (
        Analyzer.load(name).classifier.label(texts) for name in ("linear", "encoder")
    )
    print("| linear answers from | its share | polarity F1 | topics F1 | intent F1 | severity F1 |")
    print("|---|---|---|---|---|---|")
    for sure in SURE:
        quick = [_chance(labels) >= sure for labels in linear]
        mixed = [
            near if is_quick else far
            for near, far, is_quick in zip(linear, encoder, quick, strict=True)
        ]
        found: dict[str, Any] = evaluate_labels(mixed, gold, topics=topics)
        cells = [
            f"{sure:.2f}" if sure <= 1 else "never",
            f"{_share(quick):.1%}",
            f"{found['polarity']['macro_f1']:.3f}",
            f"{found['topics']['micro_f1']:.3f}",
            f"{found['intent']['macro_f1']:.3f}",
            f"{found['severity']['macro_f1']:.3f}",
        ]
        print(f"| {' | '.join(cells)} |")


def _chance(labels: Labels) -> float:
    """Return how sure the linear model is of both polarity and first topic."""
    chances = labels.probabilities
    return min(max(chances.neg, chances.neu, chances.pos), labels.topics[0].probability)


def _share(quick: Sequence[bool]) -> float:
    return sum(quick) / len(quick)


if __name__ == "__main__":
    main()
