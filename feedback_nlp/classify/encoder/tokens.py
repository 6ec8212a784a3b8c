"""Normalised clauses to ids of pieces; training and serving share this one implementation."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Protocol

WINDOW: Final = 254
"""Most pieces the model reads at once, without the two ends."""
LONGEST: Final = WINDOW + 2
"""Most ids in a window; the model must have this many positions."""


class Processor(Protocol):
    """What we use of a `sentencepiece.SentencePieceProcessor`."""

    def encode(self, text: str) -> list[int]:
        """Cut a text into pieces; an unknown one has the id of `<unk>`."""
        ...

    def bos_id(self) -> int:
        """Return the id of `<s>`."""
        ...

    def eos_id(self) -> int:
        """Return the id of `</s>`."""
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokenizer of an encoder."""

    processor: Processor = field(repr=False)

    def ids(self, text: str) -> list[int]:
        """Return `<s>`, the pieces of the text, `</s>`, however many they are."""
        return self._between_ends(self.processor.encode(text))

    def windows(self, text: str) -> list[list[int]]:
        """Return the ids of a text in parts of at most `LONGEST`, each with both ends.

        The parts hold equally many pieces, give or take one. A text without pieces is one part.
        """
        pieces = self.processor.encode(text)
        parts = max(1, -(-len(pieces) // WINDOW))
        cuts = [len(pieces) * part // parts for part in range(parts + 1)]
        return [self._between_ends(pieces[start:end]) for start, end in pairwise(cuts)]

    def _between_ends(self, pieces: list[int]) -> list[int]:
        return [self.processor.bos_id(), *pieces, self.processor.eos_id()]
