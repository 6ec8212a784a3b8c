"""What serving the encoder costs: latency, length of texts, memory.

    python benchmarks/serving.py [latency|length|memory ...]     # default: all

Prints Markdown. Texts are reviews of ../shared, or of examples/ where that is missing.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from real_reviews import all_reviews, usual_reviews

from feedback_nlp import Analyzer

STREAMED: Final = 100_000
EVERY: Final = 25
"""One of so many reviews of usual length is asked alone: about 400."""
BATCH: Final = 500
LENGTHS: Final = (10, 50, 200, 1_000, 2_000)
CHARACTERS: Final = 20_000
"""Read at each length, so that every row takes as long where the cost is flat."""
MEBIBYTE: Final = 1024


def main() -> None:
    """Run the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    for name in parser.parse_args().parts or PARTS:
        print(f"\n## {name}\n")
        PARTS[name](Analyzer.load("encoder-zh"))


def latency(analyzer: Analyzer) -> None:
    """One review a call, as an API gets them."""
    texts = usual_reviews(every=EVERY)
    analyzer.analyze(texts[:20])
    times = []
    for text in texts:
        begin = time.perf_counter()
        analyzer.analyze([text])
        times.append((time.perf_counter() - begin) * 1000)
    cuts = statistics.quantiles(times, n=100)
    print(f"{len(times)} reviews of about 50 characters, one a call, in milliseconds:")
    print(f"p50 {cuts[49]:.1f}, p90 {cuts[89]:.1f}, p99 {cuts[98]:.1f}")


def memory(analyzer: Analyzer) -> None:
    """Stream many reviews; the peak must not grow with their number."""
    peaks, done = [], 0
    source = _endless(all_reviews())
    begin = time.perf_counter()
    while done < STREAMED:
        analyzer.analyze([next(source) for _ in range(BATCH)])
        done += BATCH
        if done % (STREAMED // 5) == 0:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE
            peaks.append(f"{done:,}: {peak:.0f} MiB")
    print(f"{STREAMED:,} reviews in {time.perf_counter() - begin:.0f} s; peak of the process after")
    print("; ".join(peaks))


def length(analyzer: Analyzer) -> None:
    """Cost of a character in short and in long texts."""
    flow = "".join(all_reviews()[:2_000])
    print("| characters of a text | microseconds a character |\n|---|---|")
    for size in LENGTHS:
        texts = [flow[first : first + size] for first in range(0, CHARACTERS, size)]
        analyzer.analyze(texts[:2])
        begin = time.perf_counter()
        analyzer.analyze(texts)
        print(f"| {size:,} | {(time.perf_counter() - begin) / CHARACTERS * 1e6:.0f} |")


def _endless(texts: Sequence[str]) -> Iterator[str]:
    while True:
        yield from texts


PARTS: Final[dict[str, Callable[[Analyzer], None]]] = {
    "latency": latency,
    "length": length,
    "memory": memory,
}
if __name__ == "__main__":
    main()
