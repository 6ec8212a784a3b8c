"""Seconds and peak memory of grouping made-up opinions, each size in a process of its own."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
from grouping_peers import bertopic, has_bertopic
from made_up_opinions import MadeUp, made_up
from sklearn.metrics import adjusted_rand_score

from feedback_nlp.records import Labels
from feedback_nlp.themes.assign import Standing, assign
from feedback_nlp.themes.cluster import gather
from feedback_nlp.themes.recipes import DEFAULT
from feedback_nlp.themes.sayings import distinct

SIZES: Final = (10_000, 30_000, 100_000)
BERTOPIC_SIZES: Final = (10_000,)
NEW: Final = 5_000
_MEBIBYTE: Final = 1024

Found = dict[str, float]


class Given:
    """Stands in for a classifier where all vectors are given."""

    version = "given/2026-01-01"

    def label(self, clauses: object) -> list[Labels]:
        """Refuse: nothing is left to label."""
        raise NotImplementedError

    def encode(self, clauses: object) -> npt.NDArray[np.float32]:
        """Refuse: all vectors are there."""
        raise NotImplementedError


def print_speed() -> None:
    """Print one table."""
    print("| what | opinions | seconds | x the first | peak MiB | groups | unassigned | ARI |")
    print("|---|---|---|---|---|---|---|---|")
    peers = [("BERTopic 0.17", "bertopic", BERTOPIC_SIZES)] if has_bertopic() else []
    for name, work, sizes in (
        ("discovery", "discover", SIZES),
        *peers,
        (f"assigning {NEW:,} new", "assign", SIZES),
    ):
        first = 0.0
        for size in sizes:
            found = _in_own_process(work, size)
            first = first or found["seconds"]
            print(
                f"| {name} | {size:,} | {found['seconds']:.1f} | {found['seconds'] / first:.1f} "
                f"| {found['peak']:,.0f} | {found['groups']:,.0f} | {found['left']:.1%} "
                f"| {found['ari']:.3f} |",
                flush=True,
            )
    if not peers:
        print("\nBERTopic is not installed here: `make bench` has it.")


def measure(work: str, size: int) -> None:
    """Write what one work on so many opinions takes as JSON."""
    sys.stdout.write(json.dumps(_WORKS[work](size)))


def _in_own_process(work: str, size: int) -> Found:
    told = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, sys.argv[0], "measure", work, str(size)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: Found = json.loads(told.stdout.splitlines()[-1])
    return found


def _discover(size: int) -> Found:
    drawn = made_up(size)
    begin = time.perf_counter()
    clusters = gather(drawn.voices, Given(), DEFAULT, vectors=drawn.vectors)
    seconds = time.perf_counter() - begin
    home = np.full(size, -1)
    for place, cluster in enumerate(clusters):
        home[[int(voice.review_id[2:]) for voice in cluster.voices]] = place
    return _figures(seconds, drawn, home)


def _bertopic(size: int) -> Found:
    drawn = made_up(size)
    begin = time.perf_counter()
    found = bertopic([voice.text for voice in drawn.voices], drawn.vectors)
    seconds = time.perf_counter() - begin
    home = np.array([-1 if group is None else int(group) for group in found])
    return _figures(seconds, drawn, home)


def _assign(size: int) -> Found:
    drawn = made_up(size + NEW)
    row_of = {voice.review_id: row for row, voice in enumerate(drawn.voices)}
    known = [
        (theme, distinct(drawn.voices[row] for row in np.flatnonzero(drawn.themes[:size] == theme)))
        for theme in np.unique(drawn.themes[:size])
        if theme >= 0
    ]
    standing = [
        Standing(
            f"T-{theme:04d}",
            tuple(sayings),
            drawn.vectors[[row_of[each.voices[0].review_id] for each in sayings]],
        )
        for theme, sayings in known
    ]
    new = distinct(drawn.voices[size:])
    vectors = drawn.vectors[[row_of[each.voices[0].review_id] for each in new]]
    begin = time.perf_counter()
    answers = assign(new, vectors, standing, DEFAULT)
    seconds = time.perf_counter() - begin
    home = np.full(size + NEW, -1)
    for saying, answer in zip(new, answers, strict=True):
        for voice in saying.voices:
            home[row_of[voice.review_id]] = int((answer.theme_id or "T--1")[2:])
    return _figures(seconds, drawn, home, begin=size)


def _figures(
    seconds: float, drawn: MadeUp, home: npt.NDArray[np.int64], *, begin: int = 0
) -> Found:
    truth, home = drawn.themes[begin:], home[begin:]
    named = truth >= 0
    return {
        "seconds": seconds,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEBIBYTE,
        "groups": float(len(set(home.tolist()) - {-1})),
        "left": float((home < 0).mean()),
        "ari": float(adjusted_rand_score(truth[named], home[named])),
    }


_WORKS: Final[dict[str, Callable[[int], Found]]] = {
    "discover": _discover,
    "bertopic": _bertopic,
    "assign": _assign,
}
