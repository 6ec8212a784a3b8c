"""Opinions -> groups that speak of one problem. Deterministic, and blind to input order."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix, hstack, vstack
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Voice
from feedback_nlp.text.normalize import normalize
from feedback_nlp.themes.recipes import Recipe

VAGUE_GROUP = "general"
"""Topics of this group name no aspect: 太差了 is heard, but it is not an issue to fix."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One distinct wording and the voices that used it: exact duplicates never part."""

    key: str
    """Its letters and digits in lower case: what makes two wordings the same."""
    text: str
    """The smallest of its normalised texts."""
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Sayings about one problem, the most central one first."""

    sayings: tuple[Saying, ...]

    @property
    def voices(self) -> tuple[Voice, ...]:
        """All voices of the cluster, by review and position."""
        return tuple(
            sorted(
                (voice for saying in self.sayings for voice in saying.voices),
                key=lambda voice: (voice.review_id, voice.start),
            )
        )


def gather(voices: Sequence[Voice], classifier: Classifier, recipe: Recipe) -> list[Cluster]:
    """Group `voices` by average linkage over meaning and words, largest cluster first.

    Similarity of two wordings is `meaning_weight` x the cosine of the classifier's vectors + the
    rest x the cosine of their character 1-2-gram TF-IDF. Voices that name no aspect, and groups
    below the recipe's minimum, are in no cluster.

    Source: average linkage (UPGMA), Sokal and Michener 1958.
    """
    sayings = _sayings([voice for voice in voices if not is_vague(voice)])
    if not sayings:
        return []
    vectors = _vectors(sayings, classifier, recipe)
    groups = _group(vectors, [len(saying.voices) for saying in sayings], recipe)
    clusters = [_cluster([sayings[i] for i in group], vectors[group]) for group in groups]
    kept = [cluster for cluster in clusters if _is_recurring(cluster, recipe)]
    return sorted(kept, key=lambda cluster: (-len(cluster.voices), cluster.sayings[0].key))


def is_vague(voice: Voice) -> bool:
    """Say whether an opinion names no aspect of the product at all."""
    return voice.labels.topics[0].code.startswith(f"{VAGUE_GROUP}.")


def _sayings(voices: Sequence[Voice]) -> list[Saying]:
    by_key: dict[str, list[tuple[Voice, str]]] = defaultdict(list)
    for voice in sorted(voices, key=lambda voice: (voice.review_id, voice.start)):
        text = normalize(voice.text).text
        by_key["".join(filter(str.isalnum, text.lower())) or text].append((voice, text))
    # The order of this list decides every tie below; it comes from the words alone.
    return [
        Saying(key, min(text for _, text in same), tuple(voice for voice, _ in same))
        for key, same in sorted(by_key.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _vectors(sayings: Sequence[Saying], classifier: Classifier, recipe: Recipe) -> csr_matrix:
    # Unit parts scaled by the root of their weight: one dot product is the weighted similarity.
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 2), sublinear_tf=True, lowercase=False
    )
    words = vectorizer.fit_transform([saying.key for saying in sayings])
    meaning = classifier.encode([saying.text for saying in sayings]).astype(float)
    weight = recipe.meaning_weight
    return csr_matrix(hstack([words * np.sqrt(1 - weight), csr_matrix(meaning * np.sqrt(weight))]))


def _group(vectors: csr_matrix, sizes: Sequence[int], recipe: Recipe) -> list[list[int]]:
    """Cluster a block, let all others join what is large enough, cluster the next block, and so on.

    `sizes` are the voices of each wording. A group that stays too small gives its wordings back:
    they may join a group of a later block.
    """
    waiting = list(range(vectors.shape[0]))
    strong: list[list[int]] = []
    weak: list[list[int]] = []
    while waiting:
        block, waiting = waiting[: recipe.block], waiting[recipe.block :]
        for found in _link(vectors[block], recipe.min_similarity):
            group = [block[i] for i in found]
            enough = sum(sizes[i] for i in group) >= recipe.min_opinions
            (strong if enough else weak).append(group)
        waiting = _join(vectors, strong, waiting, recipe.min_similarity)
    if vectors.shape[0] > recipe.block:
        _join(vectors, strong, sorted(i for group in weak for i in group), recipe.min_similarity)
    return [sorted(group) for group in strong]


def _link(vectors: csr_matrix, min_similarity: float) -> list[list[int]]:
    size = vectors.shape[0]
    if size == 1:
        return [[0]]
    distance = np.clip(1.0 - (vectors @ vectors.T).toarray(), 0.0, None)
    np.fill_diagonal(distance, 0.0)
    # Rounded, so that equal similarities tie on every machine.
    tree = linkage(squareform(np.round(distance, 9), checks=False), method="average")
    labels = fcluster(tree, t=1.0 - min_similarity, criterion="distance")
    members: dict[int, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[int(label)].append(index)
    return list(members.values())


def _join(
    vectors: csr_matrix, groups: list[list[int]], later: list[int], min_similarity: float
) -> list[int]:
    """Add each later wording to the group with the highest mean similarity; return the rest."""
    if not groups or not later:
        return later
    centroids = csr_matrix(vstack([csr_matrix(vectors[group].mean(axis=0)) for group in groups]))
    rest: list[int] = []
    for begin in range(0, len(later), 1000):
        part = later[begin : begin + 1000]
        similarity = np.round((vectors[part] @ centroids.T).toarray(), 9)
        for index, row in zip(part, similarity, strict=True):
            best = int(row.argmax())
            if row[best] >= min_similarity:
                groups[best].append(index)
            else:
                rest.append(index)
    return rest


def _cluster(sayings: list[Saying], vectors: csr_matrix) -> Cluster:
    weights = np.array([len(saying.voices) for saying in sayings], dtype=float)
    centre: npt.NDArray[np.float64] = np.asarray(vectors.T @ weights).ravel() / weights.sum()
    closeness = np.round(vectors @ centre, 9)
    order = sorted(range(len(sayings)), key=lambda i: (-closeness[i], sayings[i].key))
    return Cluster(tuple(sayings[i] for i in order))


def _is_recurring(cluster: Cluster, recipe: Recipe) -> bool:
    voices = cluster.voices
    enough_users = len({voice.user for voice in voices}) >= recipe.min_users
    return len(voices) >= recipe.min_opinions and enough_users
