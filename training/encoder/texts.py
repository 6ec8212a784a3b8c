"""What the recipe reads, as ids, and how a stage knows that it changed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from feedback_nlp.classify.encoder import Tokens
from training.calibrate import Targets, targets
from training.data import LabelledClause
from training.encoder.batches import Batch, batch_of, by_length
from training.encoder.material import likeness_pairs, problems
from training.encoder.tasks import LabelTask, LikenessTask

_SETTLED_ON: Final = 1_500
"""Texts that centre and spread of the pooled vectors are taken from."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Labelled clauses as ids."""

    ids: list[list[int]]
    targets: Targets

    @staticmethod
    def of(labelled: Sequence[LabelledClause], tokens: Tokens, topics: Sequence[str]) -> "Texts":
        """Return the clauses as the network reads them; `topics` are the columns of the labels."""
        found = [first_window(tokens, clause.text) for clause in labelled]
        return Texts(found, targets(labelled, topics=topics))

    def task(self) -> LabelTask:
        """Return the labels as something to learn."""
        return LabelTask(self.ids, self.targets)

    def take(self, rows: np.ndarray) -> "Texts":
        """Return the clauses of these rows."""
        return Texts([self.ids[row] for row in rows.tolist()], self.targets.take(rows))


def likeness_of(data: Path, tokens: Tokens, *, labels: Path) -> LikenessTask:
    """Return pairs and problems as ids."""
    sorted_by_problem = problems(data, labels=labels)
    return LikenessTask(
        pairs=[
            (first_window(tokens, pair.one), first_window(tokens, pair.other), pair.alike)
            for pair in likeness_pairs(data)
        ],
        problems=[
            [[first_window(tokens, text) for text in texts] for texts in groups]
            for groups, _ in sorted_by_problem
        ],
        without=[[first_window(tokens, text) for text in texts] for _, texts in sorted_by_problem],
    )


def first_window(tokens: Tokens, text: str) -> list[int]:
    """Return what serving would read of a text; of a very long one the beginning."""
    return tokens.windows(text)[0]


def some_batches(texts: Sequence[Sequence[int]]) -> list[Batch]:
    """Return the first texts, for what needs a sample of them only."""
    some = texts[:_SETTLED_ON]
    return [batch_of([some[place] for place in places]) for places in by_length(some, size=64)]


def hash_of(content: object) -> str:
    """Return the sha256 of a value as JSON."""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def digest_of(labels: Targets) -> str:
    """Return the sha256 of all labels."""
    columns = np.column_stack([labels.polarity, labels.intent, labels.severity, labels.topics])
    return hashlib.sha256(columns.astype(np.int8).tobytes()).hexdigest()
