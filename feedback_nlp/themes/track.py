"""Clusters of today -> the ids they already had. Ids are never reused."""

from collections import Counter
from collections.abc import Sequence

from feedback_nlp.records import Theme
from feedback_nlp.themes.cluster import Cluster

MIN_OVERLAP = 0.5
"""Share of the smaller of the two that must be common before a cluster inherits an id."""


def keep_ids(
    clusters: Sequence[Cluster], previous: Sequence[Theme], *, next_number: int
) -> list[str]:
    """Give each cluster the id of the earlier theme whose opinions it holds, else a new one.

    Pairs are settled from the largest overlap down, ties by id and by cluster order; new ids
    count up from `next_number` in cluster order.
    """
    home = {member: theme.id for theme in previous for member in theme.members}
    size = {theme.id: len(theme.members) for theme in previous}
    pairs: list[tuple[int, str, int]] = []
    for index, cluster in enumerate(clusters):
        members = [(voice.review_id, voice.start) for voice in cluster.voices]
        shared = Counter(home[member] for member in members if member in home)
        for theme_id, common in shared.items():
            if common >= MIN_OVERLAP * min(len(members), size[theme_id]):
                pairs.append((-common, theme_id, index))
    kept: dict[int, str] = {}
    for _, theme_id, index in sorted(pairs):
        if index not in kept and theme_id not in kept.values():
            kept[index] = theme_id
    ids = []
    for index in range(len(clusters)):
        if index not in kept:
            kept[index] = f"T-{next_number:04d}"
            next_number += 1
        ids.append(kept[index])
    return ids
