"""Lays what people say over what a model says; of each label the last word counts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from feedback_nlp.records import (
    Labels,
    Opinion,
    PlainLabels,
    Polarity,
    Probabilities,
    TopicProbability,
    Voice,
)

Said: TypeAlias = Mapping[tuple[str, int, int], Sequence[PlainLabels]]
"""What people say, first word first, by review id, start and end of the opinion."""


def corrected_labels(labels: Labels, said: Sequence[PlainLabels]) -> Labels:
    """Return the labels with what people say of them; that is certain, so it has probability 1.

    A label that nobody speaks of stays as the model has it.
    """
    for each in said:
        labels = _lay_over(labels, each)
    return labels


def corrected_opinion(opinion: Opinion, review_id: str, said: Said) -> Opinion:
    """Return an opinion of this review with its corrections, if it has any."""
    mine = said.get((review_id, opinion.start, opinion.end), ())
    return replace(opinion, labels=corrected_labels(opinion.labels, mine)) if mine else opinion


def corrected_voice(voice: Voice, said: Said) -> Voice:
    """Return a voice with its corrections, if it has any."""
    mine = said.get((voice.review_id, voice.start, voice.end), ())
    return replace(voice, labels=corrected_labels(voice.labels, mine)) if mine else voice


def plain(labels: Labels) -> PlainLabels:
    """Return the labels without their probabilities."""
    topics = tuple(topic.code for topic in labels.topics)
    return PlainLabels(labels.polarity, labels.intent, topics, labels.severity)


def overlaid(seen: PlainLabels, said: PlainLabels) -> PlainLabels:
    """Return `seen` with all that is `said`."""
    return PlainLabels(
        polarity=seen.polarity if said.polarity is None else said.polarity,
        intent=seen.intent if said.intent is None else said.intent,
        topics=said.topics or seen.topics,
        severity=seen.severity if said.severity is None else said.severity,
    )


def _lay_over(labels: Labels, said: PlainLabels) -> Labels:
    if said.polarity is not None and said.severity is not None:
        labels = replace(
            labels,
            polarity=said.polarity,
            probabilities=_certain(said.polarity),
            uncertain=False,
            severity=said.severity,
        )
    if said.intent is not None:
        labels = replace(labels, intent=said.intent)
    if said.topics:
        topics = tuple(TopicProbability(code, 1.0) for code in said.topics)
        labels = replace(labels, topics=topics)
    return labels


def _certain(polarity: Polarity) -> Probabilities:
    return Probabilities(**{each.value: float(each is polarity) for each in Polarity})
