"""A classifier that encodes no clause twice: vectors of stored opinions are stored too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Labels, Voice
from feedback_nlp.storage.embeddings import Place, rounded
from feedback_nlp.text.normalize import normalize

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Remembering:
    """A `ports.Classifier` with the vectors of clauses that it has encoded before."""

    classifier: Classifier
    known: dict[str, FloatArray] = field(default_factory=dict, repr=False)
    """Normalised clause -> its vector, rounded as storage rounds it."""

    @property
    def version(self) -> str:
        """Name and date of the artefact."""
        return self.classifier.version

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        """Label clauses, one answer each, in order."""
        return self.classifier.label(clauses)

    def encode(self, clauses: Sequence[str]) -> FloatArray:
        """Return unit vectors (n_clauses, n_dimensions); only new clauses are encoded."""
        new = [clause for clause in dict.fromkeys(clauses) if clause not in self.known]
        found = rounded(self.classifier.encode(new))
        self.known.update(zip(new, found, strict=True))
        if not clauses:
            return found
        return np.stack([self.known[clause] for clause in clauses])

    def unstored(
        self, voices: Iterable[Voice], stored: Mapping[Place, FloatArray]
    ) -> dict[Place, FloatArray]:
        """Return the vectors of voices that were encoded and are not stored yet."""
        found = {}
        for voice in voices:
            place = (voice.review_id, voice.start)
            if (
                place not in stored
                and (vector := self.known.get(normalize(voice.text).text)) is not None
            ):
                found[place] = vector
        return found


def remembering(
    classifier: Classifier, voices: Iterable[Voice], stored: Mapping[Place, FloatArray]
) -> Remembering:
    """Return the classifier with the stored vectors of these voices."""
    known = {
        normalize(voice.text).text: stored[place]
        for voice in voices
        if (place := (voice.review_id, voice.start)) in stored
    }
    return Remembering(classifier, known)
