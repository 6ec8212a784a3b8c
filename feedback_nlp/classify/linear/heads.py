"""One weight matrix, four heads: rows of features to calibrated probabilities."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from feedback_nlp.heads.scores import Calibration, FloatArray, HeadProbabilities, calibrated


@dataclass(frozen=True, slots=True)
class LinearHeads:
    """The weights of all heads side by side: polarity, intent, severity, then the topics."""

    coefficients: npt.NDArray[np.float32] = field(repr=False)
    """(n_features, n_outputs)"""
    intercepts: npt.NDArray[np.float32] = field(repr=False)
    """(n_outputs,)"""
    topics: tuple[str, ...]
    """Codes of the topic columns, in order."""

    def scores(self, rows: csr_matrix) -> FloatArray:
        """Return raw scores (n_rows, n_outputs); a row never depends on the others."""
        return np.asarray(rows @ self.coefficients + self.intercepts, np.float64)

    def probabilities(self, rows: csr_matrix, calibration: Calibration) -> HeadProbabilities:
        """Return the calibrated probabilities of every head."""
        return calibrated(self.scores(rows), calibration)
