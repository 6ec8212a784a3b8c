"""Opinion rows: how one is written, read, and joined with its review into a voice."""

from typing import Any, Final

from sqlalchemy import Row, Select, select

from feedback_nlp.records import (
    Annotation,
    Intent,
    Labels,
    Opinion,
    Polarity,
    Probabilities,
    TopicProbability,
    Voice,
)
from feedback_nlp.storage.competitors import is_theirs
from feedback_nlp.storage.held import is_held
from feedback_nlp.storage.tables import annotations as _A  # noqa: N812 (a table)
from feedback_nlp.storage.tables import opinions as _O  # noqa: N812 (a table)
from feedback_nlp.storage.tables import reviews as _R  # noqa: N812 (a table)

_AUTHOR: Final = (
    _R.c.channel,
    _R.c.created_at,
    _R.c.author_id,
    _R.c.author_tier,
    _R.c.version,
    _R.c.region,
    _R.c.rating,
    _R.c.likes,
)


def select_voices(workspace: str, model: str) -> Select[Any]:
    """Select what `model` found in the present texts, with the fields of the review.

    Opinions of reviews that quarantine holds back, and of competitors' reviews, are no voices.
    """
    return (
        select(_O, *_AUTHOR)
        .join(
            _A,
            (_A.c.workspace_id == _O.c.workspace_id)
            & (_A.c.model == _O.c.model)
            & (_A.c.review_id == _O.c.review_id),
        )
        .join(
            _R,
            (_R.c.workspace_id == _O.c.workspace_id)
            & (_R.c.id == _O.c.review_id)
            & (_R.c.text_hash == _A.c.text_hash),
        )
        .where(
            _O.c.workspace_id == workspace,
            _O.c.model == model,
            ~is_held(workspace, model),
            ~is_theirs(workspace),
        )
    )


def to_voice(row: Row[Any]) -> Voice:
    """Build the record from a row of `select_voices`."""
    return Voice(
        review_id=row.review_id,
        start=row.start,
        end=row.end,
        text=row.text,
        labels=_to_labels(row),
        channel=row.channel,
        created_at=row.created_at,
        author_id=row.author_id,
        author_tier=row.author_tier,
        version=row.version,
        region=row.region,
        rating=row.rating,
        likes=row.likes,
    )


def to_opinion(row: Row[Any]) -> Opinion:
    """Build the record from an opinion's row."""
    return Opinion(row.start, row.end, row.text, _to_labels(row))


def to_probabilities(row: Row[Any]) -> Probabilities:
    """Build the record from the columns that annotations and opinions share."""
    return Probabilities(row.neg, row.neu, row.pos)


def label_columns(
    polarity: Polarity, probabilities: Probabilities, *, uncertain: bool
) -> dict[str, Any]:
    """Write the columns that annotations and opinions share."""
    return {
        "polarity": polarity.value,
        "neg": probabilities.neg,
        "neu": probabilities.neu,
        "pos": probabilities.pos,
        "uncertain": uncertain,
    }


def opinion_values(workspace: str, annotation: Annotation, opinion: Opinion) -> dict[str, Any]:
    """Write one opinion of an annotation as a row."""
    labels = opinion.labels
    return {
        "workspace_id": workspace,
        "model": annotation.model,
        "review_id": annotation.review_id,
        "start": opinion.start,
        "end": opinion.end,
        "text": opinion.text,
        "topics": [[topic.code, topic.probability] for topic in labels.topics],
        "intent": labels.intent.value,
        "severity": labels.severity,
    } | label_columns(labels.polarity, labels.probabilities, uncertain=labels.uncertain)


def _to_labels(row: Row[Any]) -> Labels:
    return Labels(
        polarity=Polarity(row.polarity),
        probabilities=to_probabilities(row),
        uncertain=row.uncertain,
        topics=tuple(TopicProbability(code, probability) for code, probability in row.topics),
        intent=Intent(row.intent),
        severity=row.severity,
    )
