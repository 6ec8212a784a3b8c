"""How many reviews a second are normalised, split and labelled, beside SnowNLP in the same run.

    python benchmarks/throughput.py [FILE]      # default: the Alipay demo of ../shared or examples/

Prints Markdown. SnowNLP belongs to the environment of `make bench` only. It and the linear model
run on one core (set OMP_NUM_THREADS=1, as `make bench` does), the encoder on up to two; loading is
timed apart.
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from snownlp import SnowNLP  # type: ignore[import-not-found]

from feedback_nlp import Analyzer
from feedback_nlp.channels.table import read_table
from feedback_nlp.records import Review

ROOT: Final = Path(__file__).resolve().parents[1]
DEMO: Final = ROOT.parent / "shared" / "data" / "demo" / "alipay_appstore.jsonl.gz"
EXAMPLES: Final = ROOT / "examples" / "reviews.csv"
ROUNDS: Final = 5
PEER_SHARE: Final = 4
"""SnowNLP and the encoder get every fourth review, so that it takes a minute, not five."""

MODELS: Final = ("linear-zh", "encoder-zh")

Work = Callable[[Sequence[str]], int]


def main() -> None:
    """Time both on the same texts and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEMO if DEMO.exists() else EXAMPLES)
    texts = _texts(parser.parse_args().file)
    begin = time.perf_counter()
    linear, encoder = map(Analyzer.load, MODELS)
    loading = time.perf_counter() - begin
    works: dict[str, tuple[Work, Sequence[str]]] = {
        "linear-zh": (lambda part: _ours(linear, part), texts),
        "encoder-zh": (lambda part: _ours(encoder, part), texts[::PEER_SHARE]),
        "SnowNLP": (_snownlp, texts[::PEER_SHARE]),
    }
    rates: dict[str, list[float]] = {name: [] for name in works}
    parts: dict[str, int] = {}
    for work, part in works.values():
        work(part[:50])
    for _ in range(ROUNDS):
        for name, (work, part) in works.items():
            begin = time.perf_counter()
            parts[name] = work(part)
            rates[name].append(len(part) / (time.perf_counter() - begin))
    _print(texts, rates, parts, loading=loading)


def _texts(file: Path) -> list[str]:
    rows = read_table(file, now=datetime(2100, 1, 1, tzinfo=UTC))
    return [row.text for row in rows if isinstance(row, Review)]


def _ours(analyzer: Analyzer, texts: Sequence[str]) -> int:
    return sum(len(made.opinions) for made in analyzer.analyze(texts))


def _snownlp(texts: Sequence[str]) -> int:
    """Split into sentences and score each: all that SnowNLP says about an opinion."""
    scores = [
        SnowNLP(sentence).sentiments for text in texts for sentence in SnowNLP(text).sentences
    ]
    return len(scores)


def _print(
    texts: Sequence[str], rates: dict[str, list[float]], parts: dict[str, int], *, loading: float
) -> None:
    middle = {name: statistics.median(found) for name, found in rates.items()}
    characters = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} reviews of {characters:.0f} characters on average, {ROUNDS} rounds,")
    print(f"{platform.machine()}, Python {platform.python_version()}; loading took {loading:.2f} s")
    print("\n| | reviews/s (median) | slowest - fastest round | parts labelled in a round |")
    print("|---|---|---|---|")
    for name, found in rates.items():
        spread = f"{min(found):,.0f} - {max(found):,.0f}"
        print(f"| {name} | {middle[name]:,.0f} | {spread} | {parts[name]:,} |")
    for name in MODELS:
        print(f"\nratio of {name}: {middle[name] / middle['SnowNLP']:.2f}")


if __name__ == "__main__":
    main()
