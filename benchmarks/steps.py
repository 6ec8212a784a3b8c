"""What each step towards the served encoder brings, in clauses a second and against the first step.

    python benchmarks/steps.py

Prints Markdown. The networks have random weights: speed does not depend on them. Lengths are those
of clauses of reviews, 14 pieces on average. Needs the `train` extra, which writes the graphs.
"""

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime

from training.encoder.graph import EncoderWeights, encoder_graph

ROUNDS: Final = 3
CLAUSES: Final = 600
PIECES: Final = 19_000
HIDDEN: Final = 384
TOGETHER: Final = 256
"""Pieces in a run of several clauses."""
OF_A_REVIEW: Final = 3
"""Clauses that a review is cut into, on average."""

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Step:
    """One way to serve."""

    name: str
    layers: int = 6
    inner: int = 1536
    int8: bool = True
    together: bool = True
    threads: int = 2
    """Runs at a time."""
    within: int = 1
    """Threads of one run."""
    whole: bool = False
    """Whether the clauses of a review are read as one text, with two ends instead of two each."""


STEPS: Final = (
    Step("float32, one clause a run", int8=False, together=False),
    Step("float32, clauses of one length together", int8=False),
    Step("int8, one clause a run", together=False),
    Step("int8, together"),
    Step("the same, one run at a time on two threads", threads=1, within=2),
    Step("the same, one run at a time on one thread", threads=1),
    Step("int8, together, 768 inner neurons: what is served", inner=768),
    Step("the same, a review read as one text", inner=768, whole=True),
    Step("what is served, with 5 layers", layers=5, inner=768),
    Step("what is served, with 4 layers", layers=4, inner=768),
)


def main() -> None:
    """Time all steps by turns and print one table."""
    generator = np.random.default_rng(0)
    lengths = np.clip(generator.gamma(4, 3, CLAUSES).astype(int) + 2, 4, 60)
    clauses = [generator.integers(5, PIECES, length) for length in lengths]
    sessions = [_session(step) for step in STEPS]
    rates: list[list[float]] = [[] for _ in STEPS]
    for step, session in zip(STEPS, sessions, strict=True):
        _read(step, session, _texts(step, clauses)[:40])
    for _ in range(ROUNDS):
        for step, session, found in zip(STEPS, sessions, rates, strict=True):
            texts = _texts(step, clauses)
            begin = time.perf_counter()
            _read(step, session, texts)
            found.append(CLAUSES / (time.perf_counter() - begin))
    middle = [statistics.median(found) for found in rates]
    print("| step | clauses/s | x the first |\n|---|---|---|")
    for step, rate in zip(STEPS, middle, strict=True):
        print(f"| {step.name} | {rate:,.0f} | {rate / middle[0]:.2f} |")


def _texts(step: Step, clauses: Sequence[Ids]) -> list[Ids]:
    if not step.whole:
        return list(clauses)
    reviews = [clauses[first : first + OF_A_REVIEW] for first in range(0, CLAUSES, OF_A_REVIEW)]
    return [np.concatenate([each[0], *(clause[2:] for clause in each[1:])]) for each in reviews]


def _read(step: Step, session: onnxruntime.InferenceSession, texts: Sequence[Ids]) -> None:
    by_length: dict[int, list[Ids]] = {}
    for text in texts:
        by_length.setdefault(len(text), []).append(text)
    runs = [
        np.stack(same[first : first + size])
        for length, same in sorted(by_length.items(), reverse=True)
        for size in (max(1, TOGETHER // length) if step.together else 1,)
        for first in range(0, len(same), size)
    ]

    def share(number: int) -> None:
        for ids in runs[number :: step.threads]:
            session.run(None, {"ids": ids})

    with ThreadPoolExecutor(step.threads) as pool:
        list(pool.map(share, range(step.threads)))


def _session(step: Step) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = step.within, 1
    graph = encoder_graph(_weights(step), int8=step.int8).SerializeToString()
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _weights(step: Step) -> EncoderWeights:
    generator = np.random.default_rng(1)

    def drawn(*shape: int) -> npt.NDArray[np.float32]:
        return generator.normal(0, 0.05, shape).astype(np.float32)

    tensors = {
        f"embeddings.{table}_embeddings.weight": drawn(rows, HIDDEN)
        for table, rows in (("word", PIECES), ("position", 512), ("token_type", 2))
    }
    dense = {}
    norms = ["embeddings"]
    for number in range(step.layers):
        layer = f"encoder.layer.{number}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            dense[f"{layer}.attention.{part}"] = (HIDDEN, HIDDEN)
        dense[f"{layer}.intermediate.dense"] = (step.inner, HIDDEN)
        dense[f"{layer}.output.dense"] = (HIDDEN, step.inner)
        norms += [f"{layer}.attention.output", f"{layer}.output"]
    for name, shape in dense.items():
        tensors |= {f"{name}.weight": drawn(*shape), f"{name}.bias": drawn(shape[0])}
    for norm in norms:
        tensors |= {f"{norm}.LayerNorm.{kind}": drawn(HIDDEN) + 1 for kind in ("weight", "bias")}
    return EncoderWeights(
        tensors=tensors,
        attention_heads=12,
        epsilon=1e-12,
        heads_weight=drawn(62, HIDDEN),
        heads_bias=drawn(62),
        vector_weight=drawn(256, HIDDEN),
        vector_bias=drawn(256),
    )


if __name__ == "__main__":
    main()
