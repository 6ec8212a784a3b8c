"""How good the vectors of a model are: pairs of one meaning, and complaints grouped by hand."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import average_precision_score

from feedback_nlp.errors import InputError
from feedback_nlp.text.normalize import normalize
from training.data import rows
from training.grouping import Agreement, agreement

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Normalised clauses to unit vectors (n_clauses, n_dimensions): `Classifier.encode`, or a base."""

PAIRS_TEST: Final = "pairs/lcqmc_test.jsonl.gz"
PRODUCTS: Final = ("alipay", "waimai")
NO_ISSUE: Final = "none"
_DIGITS: Final = 4


def embedding_figures(data: Path, encode: Encode) -> dict[str, Any]:
    """Return `pairs` (average_precision), `alipay` and `waimai` (b_cubed_f1, ari each).

    Raises:
        InputError: when a data file is missing.
    """
    return {
        "pairs": {"average_precision": round(pair_precision(data, encode), _DIGITS)},
        **{product: _rounded(theme_agreement(data, product, encode)) for product in PRODUCTS},
    }


def pair_precision(data: Path, encode: Encode) -> float:
    """Return the average precision of the cosine as a sign of equal meaning."""
    pairs = list(rows(data / PAIRS_TEST))
    texts = [normalize(pair[side]).text for pair in pairs for side in ("text_a", "text_b")]
    distinct = sorted(set(texts))
    place = {text: row for row, text in enumerate(distinct)}
    vectors = np.asarray(encode(distinct), np.float64)[[place[text] for text in texts]]
    cosines = (vectors[::2] * vectors[1::2]).sum(axis=1)
    return float(average_precision_score([pair["label"] for pair in pairs], cosines))


def theme_agreement(data: Path, product: str, encode: Encode) -> Agreement:
    """Group the complaints of a product by average linkage into as many groups as made by hand.

    Rows without an issue are left out.

    Source: average linkage (UPGMA), Sokal and Michener 1958.
    """
    by_hand = {line[0]: line[1] for line in _table(data, f"{product}_out.tsv")}
    texts = {
        name: text for name, text in _complaints(data, product).items() if by_hand[name] != NO_ISSUE
    }
    themes = [by_hand[each] for each in texts]
    return agreement(
        zip(themes, _grouped(encode(list(texts.values())), len(set(themes))), strict=True)
    )


def theme_complaints(data: Path, product: str) -> tuple[str, ...]:
    """Return the complaints of a product, normalised, those without an issue too."""
    return tuple(_complaints(data, product).values())


def _complaints(data: Path, product: str) -> dict[str, str]:
    return {line[0]: normalize(line[2]).text for line in _table(data, f"{product}_in.tsv")}


def _grouped(vectors: npt.NDArray[np.float32], groups: int) -> list[str]:
    tree = linkage(np.asarray(vectors, np.float64), method="average", metric="cosine")
    # Rounding may make a cosine exceed 1: a distance below 0 is 0.
    tree[:, 2] = np.maximum(tree[:, 2], 0.0)
    return [str(group) for group in fcluster(tree, groups, criterion="maxclust")]


def _table(data: Path, name: str) -> list[list[str]]:
    path = data / "themes" / name
    if not path.is_file():
        raise InputError(f"{path}: no such file; give the data folder with --data")
    return [line.split("\t") for line in path.read_text("utf-8").splitlines() if line]


def _rounded(found: Agreement) -> Mapping[str, float]:
    return {"b_cubed_f1": round(found.f1, _DIGITS), "ari": round(found.ari, _DIGITS)}
