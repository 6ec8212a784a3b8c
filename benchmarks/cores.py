"""Where the time of an analysis goes, and three ways to use two cores.

    python benchmarks/cores.py

Prints Markdown. Reviews of about 50 characters; the ways take turns; the median of
the rounds counts.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from real_reviews import usual_reviews

from feedback_nlp import Analyzer
from feedback_nlp.artifacts import find_model, load_taxonomy
from feedback_nlp.artifacts.encoder import load_encoder
from feedback_nlp.classify.encoder import EncoderClassifier
from feedback_nlp.privacy.mask import mask
from feedback_nlp.text.split import split_clauses

ROUNDS: Final = 5
EVERY: Final = 20
CORES: Final = 2
IN_CHILD: Final[list[Analyzer]] = []
"""The analyzer of a process of the pool."""


def main() -> None:
    """Time the parts one after another, then the ways by turns."""
    texts = usual_reviews(every=EVERY)
    clauses = [clause.normalized for text in texts for clause in split_clauses(text)]
    served = _encoder()
    alone = replace(served, runs=served.runs[:1])
    _parts(texts, clauses, alone)
    _tokens(clauses, served)
    _ways(texts, Analyzer(served), Analyzer(alone))


def _encoder() -> EncoderClassifier:
    return load_encoder(find_model("encoder"), load_taxonomy())


def _parts(texts: Sequence[str], clauses: Sequence[str], classifier: EncoderClassifier) -> None:
    seconds = {
        "mask personal data": _least(lambda: [mask(text) for text in texts]),
        "normalise and split": _least(lambda: [split_clauses(text) for text in texts]),
        "cut into pieces": _least(lambda: [classifier.tokens.windows(each) for each in clauses]),
        "run the network": _least(lambda: classifier.scores(clauses)),
        "all, one thread": _least(lambda: Analyzer(classifier).analyze(texts)),
    }
    print("| part | microseconds a review |\n|---|---|")
    for name, spent in seconds.items():
        print(f"| {name} | {spent / len(texts) * 1e6:,.0f} |")


def _tokens(clauses: Sequence[str], classifier: EncoderClassifier) -> None:
    """SentencePiece on its own threads: does handing out cost more than it saves?"""
    with ThreadPoolExecutor(CORES) as pool:
        parts = [clauses[number::CORES] for number in range(CORES)]

        def cut(part: Sequence[str]) -> list[list[list[int]]]:
            return [classifier.tokens.windows(clause) for clause in part]

        one = _least(lambda: cut(clauses))
        two = _least(lambda: list(pool.map(cut, parts)))
    print(f"\nSentencePiece on {CORES} threads: {one / two:.2f} times as fast as on one.\n")


def _ways(texts: Sequence[str], analyzer: Analyzer, alone: Analyzer) -> None:
    with ProcessPoolExecutor(CORES, initializer=_load_in_child) as pool:
        parts = [texts[number::CORES] for number in range(CORES)]
        ways: dict[str, Callable[[], object]] = {
            "one thread": lambda: alone.analyze(texts),
            "the network on two threads: what is served": lambda: analyzer.analyze(texts),
            "two processes, one thread each": lambda: list(pool.map(_analyze_in_child, parts)),
        }
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for way in ways.values():
            way()
        for _ in range(ROUNDS):
            for name, way in ways.items():
                begin = time.perf_counter()
                way()
                rates[name].append(len(texts) / (time.perf_counter() - begin))
    first = statistics.median(rates["one thread"])
    print("| way | reviews/s | x the first |\n|---|---|---|")
    for name, found in rates.items():
        print(
            f"| {name} | {statistics.median(found):,.0f} | {statistics.median(found) / first:.2f} |"
        )


def _load_in_child() -> None:
    classifier = _encoder()
    IN_CHILD.append(Analyzer(replace(classifier, runs=classifier.runs[:1])))


def _analyze_in_child(texts: Sequence[str]) -> int:
    return len(IN_CHILD[0].analyze(texts))


def _least(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


if __name__ == "__main__":
    main()
