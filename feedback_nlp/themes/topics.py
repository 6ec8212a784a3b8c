"""Clusters -> the code of the fixed label set that most of each is about."""

from collections import defaultdict

from feedback_nlp.themes.cluster import Cluster


def main_topic(cluster: Cluster) -> str:
    """Return the topic code with the largest summed probability; ties go to the first code."""
    total: dict[str, float] = defaultdict(float)
    for voice in cluster.voices:
        for topic in voice.labels.topics:
            total[topic.code] += topic.probability
    return min(total, key=lambda code: (-round(total[code], 9), code))
