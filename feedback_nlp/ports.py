"""Protocols: what the core asks of models, so that any of them fits."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from feedback_nlp.records import Labels


class Classifier(Protocol):
    """Labels and encodes normalised clauses.

    The answer for a clause never depends on the others in the call.
    """

    @property
    def version(self) -> str:
        """Name and date of the artefact, `linear-zh/2026-11-22`."""
        ...

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        """Label clauses, one answer each, in order."""
        ...

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors of shape (n_clauses, n_dimensions): alike clauses, high cosine."""
        ...
