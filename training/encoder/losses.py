"""What the network is made to lower."""

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - PyTorch's own name for it

from feedback_nlp.heads.scores import INTENT_FROM, SEVERITY_FROM, TOPICS_FROM
from training.encoder.network import Reading

_SOFTENED: Final = (
    (0, INTENT_FROM, 1.0),
    (INTENT_FROM, SEVERITY_FROM, 1.0),
    (SEVERITY_FROM, TOPICS_FROM, 0.5),
)
"""First column, end and weight of the heads whose probabilities a student imitates."""
_STEEPNESS: Final = 20.0
_LIKE_TEACHER: Final = 2.0
_LIKE_EACH_OTHER: Final = 10.0


def label_loss(scores: Tensor, labels: Tensor, topics: Tensor) -> Tensor:
    """Cross entropy of the four heads.

    `labels` (n, 3): columns polarity, intent, severity; severity counts where it is not 0, that
    is on negative clauses. `topics` (n, n_topics) of 0 and 1.
    """
    polarity, intent, severity = labels.unbind(1)
    loss = F.cross_entropy(scores[:, :INTENT_FROM], polarity)
    loss = loss + F.cross_entropy(scores[:, INTENT_FROM:SEVERITY_FROM], intent)
    found = scores[:, TOPICS_FROM:]
    loss = loss + F.binary_cross_entropy_with_logits(found, topics, reduction="sum") / len(scores)
    # The label 0, no severity, becomes -100, which cross entropy leaves out.
    level = torch.where(severity > 0, severity - 1, -100)
    severe = F.cross_entropy(scores[:, SEVERITY_FROM:TOPICS_FROM], level, reduction="sum")
    return loss + severe / len(scores)


def soft_loss(said: Reading, wanted: Reading) -> Tensor:
    """Distance of a student's answer from its teacher's: probabilities, vectors, likenesses.

    Source: Hinton et al., "Distilling the Knowledge in a Neural Network", 2015.
    """
    loss = torch.zeros(())
    for start, end, weight in _SOFTENED:
        chances = F.softmax(wanted.scores[:, start:end], dim=1)
        loss = loss + weight * F.cross_entropy(said.scores[:, start:end], chances)
    topics = torch.sigmoid(wanted.scores[:, TOPICS_FROM:])
    found = said.scores[:, TOPICS_FROM:]
    loss = loss + F.binary_cross_entropy_with_logits(found, topics, reduction="sum") / len(topics)
    away = 1 - (said.vectors * wanted.vectors).sum(1)
    unlike = cosines(said.vectors, said.vectors) - cosines(wanted.vectors, wanted.vectors)
    return loss + _LIKE_TEACHER * away.mean() + _LIKE_EACH_OTHER * (unlike**2).mean()


def cosines(one: Tensor, other: Tensor) -> Tensor:
    """Return the cosine of every vector of `one` with every vector of `other`, of unit length.

    Exact under autocast too: 8 bits would blur the small differences that the losses live on.
    """
    with torch.autocast("cpu", enabled=False):
        return one @ other.T


def ranking_loss(found: Tensor, alike: Tensor) -> Tensor:
    """Low when every pair that is alike has a higher cosine than every pair that is not.

    `found` (n,): cosines; `alike` (n,) bool.

    Source: CoSENT, Su Jianlin 2022, https://kexue.fm/archives/8847.
    """
    scaled = found * _STEEPNESS
    gaps = scaled[~alike].unsqueeze(0) - scaled[alike].unsqueeze(1)
    return torch.logsumexp(torch.cat([torch.zeros(1), gaps.flatten()]), 0)


def pair_loss(one: Tensor, other: Tensor, alike: Tensor) -> Tensor:
    """Rank pairs of unit vectors, and find the partner of each that is alike."""
    return ranking_loss((one * other).sum(1), alike) + in_batch_loss(one, other, alike)


def group_loss(vectors: Tensor, groups: Tensor) -> Tensor:
    """Rank all pairs of unit vectors: those of one group (n,) are alike."""
    upper = torch.triu_indices(len(vectors), len(vectors), 1)
    alike = (groups[:, None] == groups[None])[upper[0], upper[1]]
    return ranking_loss(cosines(vectors, vectors)[upper[0], upper[1]], alike)


def in_batch_loss(one: Tensor, other: Tensor, alike: Tensor) -> Tensor:
    """Cross entropy of finding the partner of each pair that is alike among all `other`.

    Source: InfoNCE, van den Oord et al. 2018.
    """
    scaled = cosines(one, other) * _STEEPNESS
    if not alike.any():
        return scaled.sum() * 0  # still a part of the graph
    return F.cross_entropy(scaled[alike], torch.arange(len(one))[alike])
