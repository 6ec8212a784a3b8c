"""How well groups made by us agree with groups made by hand."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sklearn.metrics import adjusted_rand_score


class Agreement(NamedTuple):
    """Source of B-cubed: Bagga and Baldwin 1998. ARI: Hubert and Arabie 1985."""

    precision: float
    recall: float
    f1: float
    ari: float


def agreement(pairs: Iterable[tuple[str, str | None]]) -> Agreement:
    """Compare (by hand, by us) of each item; None means that we left it alone."""
    hand: list[str] = []
    ours: list[str] = []
    for place, (wanted, found) in enumerate(pairs):
        hand.append(wanted)
        ours.append(f"alone {place}" if found is None else found)
    precision, recall = _b_cubed(hand, ours), _b_cubed(ours, hand)
    f1 = 2 * precision * recall / (precision + recall)
    return Agreement(precision, recall, f1, float(adjusted_rand_score(hand, ours)))


def _b_cubed(truth: Sequence[str], groups: Sequence[str]) -> float:
    size, common = Counter(groups), Counter(zip(truth, groups, strict=True))
    shares = (common[pair] / size[pair[1]] for pair in zip(truth, groups, strict=True))
    return sum(shares) / len(truth)
