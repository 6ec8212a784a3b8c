"""How many reviews a second are normalised, split and labelled, beside two peers in the same run.

    python benchmarks/throughput.py [FILE]     # default: reviews of about 50 characters

Prints Markdown. The peers belong to the environment of `make bench` only: SnowNLP, which gives a
sentiment, and a BERT-base of `transformers` in float32 with one output layer, of random weights:
its speed does not depend on them. Each gets what cores it can use (SnowNLP and the linear model
one, the encoder and BERT two); loading is timed apart.
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from real_reviews import reviews_of, usual_reviews
from snownlp import SnowNLP
from transformers import BertConfig, BertForSequenceClassification

from feedback_nlp import Analyzer

EVERY: Final = 40
"""One of so many reviews of usual length is read: about 250."""
ROUNDS: Final = 5
SHARES: Final = {"linear-zh": 1, "encoder-zh": 1, "SnowNLP": 2, "BERT-base": 8}
"""One of so many reviews goes to each, so that a round takes seconds for all."""
TOGETHER: Final = 16
"""Reviews that BERT reads at once, sorted by length, so that little is padding."""

Work = Callable[[Sequence[str]], object]


def main() -> None:
    """Time all on the same texts and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    file = parser.parse_args().file
    texts = reviews_of(file) if file else usual_reviews(every=EVERY)
    begin = time.perf_counter()
    works: dict[str, Work] = {
        "linear-zh": Analyzer.load("linear-zh").analyze,
        "encoder-zh": Analyzer.load("encoder-zh").analyze,
        "SnowNLP": _snownlp,
        "BERT-base": _bert(),
    }
    loading = time.perf_counter() - begin
    rates: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work(texts[:32])
    for _ in range(ROUNDS):
        for name, work in works.items():
            part = texts[:: SHARES[name]]
            begin = time.perf_counter()
            work(part)
            rates[name].append(len(part) / (time.perf_counter() - begin))
    _print(texts, rates, loading=loading)


def _snownlp(texts: Sequence[str]) -> list[float]:
    """Score each review as a whole: less than what we say about it."""
    return [SnowNLP(text).sentiments for text in texts]


def _bert() -> Work:
    """Return what reads each review once, as a whole, a piece for every character."""
    torch.set_num_threads(2)
    model = BertForSequenceClassification(BertConfig(vocab_size=21_128, num_labels=3)).eval()

    def work(texts: Sequence[str]) -> list[int]:
        answers = []
        ordered = sorted(texts, key=len)
        for first in range(0, len(ordered), TOGETHER):
            some = ordered[first : first + TOGETHER]
            longest = max(map(len, some)) + 2
            ids = torch.tensor(
                [[ord(letter) % 21_128 for letter in f"^{text}$".ljust(longest)] for text in some]
            )
            mask = torch.tensor(
                [[int(place < len(text) + 2) for place in range(longest)] for text in some]
            )
            with torch.inference_mode():
                answers += model(input_ids=ids, attention_mask=mask).logits.argmax(1).tolist()
        return answers

    return work


def _print(texts: Sequence[str], rates: dict[str, list[float]], *, loading: float) -> None:
    middle = {name: statistics.median(found) for name, found in rates.items()}
    characters = np.mean([len(text) for text in texts])
    print(f"{len(texts)} reviews of {characters:.0f} characters on average, {ROUNDS} rounds,")
    print(f"{platform.machine()}, Python {platform.python_version()}; loading took {loading:.2f} s")
    print("\n| | reviews/s (median) | slowest - fastest round | x SnowNLP | x BERT-base |")
    print("|---|---|---|---|---|")
    for name, found in rates.items():
        spread = f"{min(found):,.0f} - {max(found):,.0f}"
        ratios = [f"{middle[name] / middle[peer]:.1f}" for peer in ("SnowNLP", "BERT-base")]
        print(f"| {name} | {middle[name]:,.0f} | {spread} | {' | '.join(ratios)} |")


if __name__ == "__main__":
    main()
