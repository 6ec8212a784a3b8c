"""An opinion and its theme -> why it is there, as facts and as one Chinese sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from feedback_nlp.records import Quote
from feedback_nlp.themes.keywords import is_telling
from feedback_nlp.themes.names import name_key
from feedback_nlp.themes.phrases import words
from feedback_nlp.themes.sayings import Saying

_WORDS: Final = 4
_QUOTED: Final = 24
"""A longer quote is cut in the sentence; the record holds all of it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an opinion is in its theme."""

    similarity: float
    """Cosine to the centre of the theme, 0 to 1."""
    nearest: Quote | None
    """The most similar opinion of other words; None when the theme knows only these words."""
    nearest_similarity: float
    """Cosine to `nearest`, 0 to 1; 1 without it."""
    words: tuple[str, ...]
    """Telling words that both say, keywords of the theme first."""
    same_words: int
    """How many others of the theme say exactly the same."""
    sentence: str
    """与「一登录就卡死」相近（0.71）；同样说到：登录、卡死."""


def why(
    saying: Saying,
    vector: csr_matrix,
    sayings: Sequence[Saying],
    vectors: csr_matrix,
    *,
    keywords: Sequence[str] = (),
) -> Reason:
    """Say why `saying` belongs to the theme of `sayings`, or would if it joined.

    `vector` (1, n) and `vectors` (n_sayings, n) have unit rows from one encoding. `saying` may be
    one of `sayings`; it never is its own nearest. Of equally near ones the first counts.

    Raises:
        ValueError: the theme has no sayings.
    """
    if not sayings:
        raise ValueError("sayings are empty: a theme has members")
    near = np.round(np.clip((vectors @ vector.T).toarray().ravel(), 0.0, 1.0), 4)
    weights = np.array([len(each.voices) for each in sayings], dtype=float)
    centre = np.asarray(vectors.T @ weights).ravel()
    length = float(np.linalg.norm(centre))
    similarity = float((vector @ centre)[0]) / length if length else 0.0
    others = [place for place, each in enumerate(sayings) if each.key != saying.key]
    best = max(others, key=lambda place: (near[place], -place), default=None)
    own = {(voice.review_id, voice.start) for voice in saying.voices[:1]}
    same = sum(
        (voice.review_id, voice.start) not in own
        for each in sayings
        if each.key == saying.key
        for voice in each.voices
    )
    nearest = None if best is None else _quote(sayings[best])
    nearest_similarity = 1.0 if best is None else float(near[best])
    shared = _shared(saying.text, "" if best is None else sayings[best].text, keywords)
    return Reason(
        similarity=round(min(max(similarity, 0.0), 1.0), 4),
        nearest=nearest,
        nearest_similarity=nearest_similarity,
        words=shared,
        same_words=same,
        sentence=_sentence(nearest, nearest_similarity, shared, same),
    )


def _quote(saying: Saying) -> Quote:
    voice = saying.voices[0]
    return Quote(voice.review_id, voice.start, voice.end, voice.text)


def _shared(text: str, nearest: str, keywords: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a text that are keywords of its theme or words of the nearest one."""
    said = {word.key: text[word.start : word.end] for word in words(text) if is_telling(word.key)}
    known = [key for key in map(name_key, keywords) if key in said]
    also = {word.key for word in words(nearest)}
    found = dict.fromkeys([*known, *(key for key in said if key in also)])
    return tuple(said[key] for key in found)[:_WORDS]


def _sentence(nearest: Quote | None, similarity: float, shared: Sequence[str], same: int) -> str:
    parts = [f"另有 {same} 条说法相同"] if same else []
    if nearest is not None:
        parts.append(f"与「{_clipped(nearest.text)}」相近（{similarity:.2f}）")
    if shared:
        parts.append(f"同样说到：{'、'.join(shared)}" if nearest else f"说到：{'、'.join(shared)}")
    return "；".join(parts) or "这个主题目前只有这一条观点"


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"
