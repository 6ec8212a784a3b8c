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

from feedback_nlp.records import Voice
from feedback_nlp.text.normalize import normalize
from feedback_nlp.themes.recipes import Recipe

VAGUE_GROUP = "general"
"""Topics of this group name no aspect: 太差了 is heard, but it is not an issue to fix."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One distinct wording and the voices that used it: exact duplicates never part."""

    key: str
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


def gather(voices: Sequence[Voice], recipe: Recipe) -> list[Cluster]:
    """Group `voices` by average linkage over words and topics, largest cluster first.

    Similarity of two wordings is `topic_weight` x the Bhattacharyya coefficient of their topics +
    the rest x the cosine of their character 1-2-gram TF-IDF. Voices that name no aspect, and
    groups below the recipe's minimum, are in no cluster.

    Source: average linkage (UPGMA), Sokal and Michener 1958.
    """
    sayings = _sayings([voice for voice in voices if not is_vague(voice)])
    if not sayings:
        return []
    vectors = _vectors(sayings, recipe)
    groups = _group(vectors, recipe)
    clusters = [_cluster([sayings[i] for i in group], vectors[group]) for group in groups]
    kept = [cluster for cluster in clusters if _is_recurring(cluster, recipe)]
    return sorted(kept, key=lambda cluster: (-len(cluster.voices), cluster.sayings[0].key))


def is_vague(voice: Voice) -> bool:
    """Say whether an opinion names no aspect of the product at all."""
    return voice.labels.topics[0].code.startswith(f"{VAGUE_GROUP}.")


def _sayings(voices: Sequence[Voice]) -> list[Saying]:
    by_key: dict[str, list[Voice]] = defaultdict(list)
    for voice in voices:
        text = normalize(voice.text).text.lower()
        by_key["".join(filter(str.isalnum, text)) or text].append(voice)
    # The order of this list decides every tie below; it comes from the words alone.
    return [
        Saying(key, tuple(sorted(same, key=lambda voice: (voice.review_id, voice.start))))
        for key, same in sorted(by_key.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _vectors(sayings: Sequence[Saying], recipe: Recipe) -> csr_matrix:
    # Unit parts scaled by the root of their weight: one dot product is the weighted similarity.
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 2), sublinear_tf=True, lowercase=False
    )
    words = vectorizer.fit_transform([saying.key for saying in sayings])
    codes = sorted({topic.code for s in sayings for topic in s.voices[0].labels.topics})
    topics = np.zeros((len(sayings), len(codes)))
    for i, saying in enumerate(sayings):
        for topic in saying.voices[0].labels.topics:
            topics[i, codes.index(topic.code)] = topic.probability
    topics = np.sqrt(topics / np.maximum(topics.sum(axis=1, keepdims=True), 1e-12))
    weight = recipe.topic_weight
    return csr_matrix(hstack([words * np.sqrt(1 - weight), csr_matrix(topics * np.sqrt(weight))]))


def _group(vectors: csr_matrix, recipe: Recipe) -> list[list[int]]:
    """Cluster the first block, let later wordings join, cluster what is left, and so on."""
    waiting = list(range(vectors.shape[0]))
    groups: list[list[int]] = []
    while waiting:
        block, later = waiting[: recipe.block], waiting[recipe.block :]
        new = _link(vectors[block], recipe.min_similarity)
        groups += [[block[i] for i in group] for group in new]
        if not later:
            break
        strong = [group for group in groups if len(group) >= recipe.min_opinions]
        waiting = _join(vectors, strong, later, recipe.min_similarity)
    return [sorted(group) for group in groups]


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
    if not groups:
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
