"""Scores whose true probabilities are known."""

from typing import Final

import numpy as np
import numpy.typing as npt

from training.calibrate import Targets

CLAUSES: Final = 400
CODES: Final = ("food.portion", "food.taste", "price.value", "service.attitude")


def drawn(
    sharpness: float, *, seed: int = 7, clauses: int = CLAUSES
) -> tuple[npt.NDArray[np.float64], Targets]:
    """Scores and labels drawn from their softmax; the scores are all multiplied by `sharpness`."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0.0, 2.0, (clauses, 11 + len(CODES)))

    def draw(columns: slice) -> npt.NDArray[np.int64]:
        noisy = scores[:, columns] + rng.gumbel(size=scores[:, columns].shape)
        return np.asarray(noisy.argmax(axis=1))

    polarity = draw(slice(0, 3))
    severity = np.where(polarity == 0, draw(slice(8, 11)) + 1, 0)
    topics = (rng.random((clauses, len(CODES))) < 1 / (1 + np.exp(-scores[:, 11:]))).astype(int)
    return scores * sharpness, Targets(polarity, draw(slice(3, 8)), severity, topics)
