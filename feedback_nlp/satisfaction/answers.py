"""Scores that people gave, and which themes the people spoke of who gave them."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from feedback_nlp.records import Metric

NEAR: Final = timedelta(days=30)
"""A review by the same author this long before or after a questionnaire explains its score."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One questionnaire or one review, with the scores in it; a score stands in one of them."""

    id: str
    at: datetime
    nps: int | None = None
    """0 to 10."""
    csat: int | None = None
    """1 to 5."""
    rating: float | None = None
    """1 to 5 stars."""
    negative: bool | None = None
    """The review is negative; None for a questionnaire, and until a model has read the review."""
    author_id: str | None = None
    review_id: str | None = None
    """The review itself, or that of the open text; None for a questionnaire without one."""
    is_survey: bool = False
    product: str | None = None
    version: str | None = None
    region: str | None = None
    tier: str | None = None

    def score(self, metric: Metric) -> float | None:
        """Return what `measures.points` wants; None when the answer says nothing of the metric."""
        # Asked of every answer four times: a table would be built each time.
        if metric is Metric.NPS:
            given: float | None = self.nps
        elif metric is Metric.CSAT:
            given = self.csat
        else:
            given = self.rating if metric is Metric.RATING else self.negative
        return None if given is None else float(given)


def scored(answers: Iterable[Answer], metric: Metric) -> dict[str, float]:
    """Return the scores by answer id, those of answers without this score left out.

    Of several by one author the latest counts: nobody speaks twice.
    """
    latest: dict[str, Answer] = {}
    for answer in sorted(answers, key=lambda answer: (answer.at, answer.id)):
        if answer.score(metric) is not None:
            latest[answer.id if answer.author_id is None else f"\n{answer.author_id}"] = answer
    given = ((answer.id, answer.score(metric)) for answer in latest.values())
    return {key: score for key, score in sorted(given) if score is not None}


def touched(
    answers: Collection[Answer], themes: Mapping[str, Collection[str]]
) -> dict[str, frozenset[str]]:
    """Return the ids of the answers that touch each theme, by theme id.

    `themes` has the ids of the reviews that speak of a theme. A review touches its themes, and a
    questionnaire those of its open text; so does a questionnaire whose author wrote a review at
    most `NEAR` before or after it. The order of the answers does not matter.
    """
    of_review: dict[str, list[str]] = {}
    reviews: dict[str, Answer] = {}
    surveys: dict[str, list[tuple[datetime, str]]] = {}
    for answer in answers:
        if answer.review_id is not None:
            of_review.setdefault(answer.review_id, []).append(answer.id)
        if not answer.is_survey:
            reviews[answer.id] = answer
        elif answer.author_id is not None:
            surveys.setdefault(answer.author_id, []).append((answer.at, answer.id))
    for given in surveys.values():
        given.sort()
    found = {}
    for theme, said_in in themes.items():
        ids = {key for review in said_in for key in of_review.get(review, ())}
        for review in said_in:
            if review in reviews:
                ids.update(_by_the_same(reviews[review], surveys))
        found[theme] = frozenset(ids)
    return found


def _by_the_same(
    review: Answer, surveys: Mapping[str, list[tuple[datetime, str]]]
) -> Iterable[str]:
    given = surveys.get(review.author_id or "", [])
    first = bisect_left(given, review.at - NEAR, key=lambda each: each[0])
    last = bisect_right(given, review.at + NEAR, key=lambda each: each[0])
    return (key for _, key in given[first:last])
