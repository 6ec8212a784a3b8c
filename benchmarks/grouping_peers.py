"""What others would group complaints with, on the same vectors."""

import importlib
import importlib.util
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import CountVectorizer

from feedback_nlp.text.segment import content_words

Vectors = npt.NDArray[np.float32]
Groups = Sequence[str | None]
"""Of each row the group; None: in none."""


def average_linkage(vectors: Vectors, groups: int) -> Groups:
    """Link by mean cosine until so many groups are left."""
    tree = linkage(np.asarray(vectors, np.float64), method="average", metric="cosine")
    tree[:, 2] = np.maximum(tree[:, 2], 0.0)
    return [str(group) for group in fcluster(tree, groups, criterion="maxclust")]


def k_means(vectors: Vectors, groups: int) -> Groups:
    """Take the best of ten k-means runs."""
    return [str(group) for group in KMeans(groups, n_init=10, random_state=0).fit_predict(vectors)]


def has_bertopic() -> bool:
    """Say whether BERTopic is in this environment."""
    return importlib.util.find_spec("bertopic") is not None


def bertopic(texts: Sequence[str], vectors: Vectors) -> Groups:
    """Group by BERTopic as it comes: UMAP, HDBSCAN; its outliers are in no group."""
    model = importlib.import_module("bertopic").BERTopic(
        language="multilingual",
        vectorizer_model=CountVectorizer(tokenizer=content_words, token_pattern=None),
        umap_model=importlib.import_module("umap").UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0
        ),
    )
    topics, _ = model.fit_transform(list(texts), embeddings=np.asarray(vectors))
    return [None if topic < 0 else str(topic) for topic in topics]
