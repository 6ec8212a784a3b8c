"""Records -> the JSON of CONTRACTS.md, in one place for files, command line and API."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from feedback_nlp.records import (
    CHINA,
    Alert,
    Annotation,
    Opinion,
    Priority,
    Probabilities,
    Rate,
    Review,
    Run,
    Spike,
    Theme,
)
from feedback_nlp.reports.content import ReportData, rounded
from feedback_nlp.reports.trends import movement

PROBABILITY_DIGITS: Final = 4
SIGNIFICANT_DIGITS: Final = 4
"""Significant ones: a chance may be one in a billion."""

Json = dict[str, object]


def dumps(document: Mapping[str, object], *, indent: int | None = None) -> str:
    """Write JSON with real Chinese; raises ValueError for a number JSON cannot carry."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent)


def annotation_dict(annotation: Annotation) -> Json:
    """Return the shape that `analyze` prints and `POST /v1/reviews` answers."""
    return {
        "id": annotation.review_id,
        "text": annotation.text,
        "polarity": annotation.polarity.value,
        "probabilities": _probabilities(annotation.probabilities),
        "uncertain": annotation.uncertain,
        "opinions": [opinion_dict(opinion) for opinion in annotation.opinions],
        "quarantine": annotation.quarantine,
        "model": annotation.model,
        "error": annotation.error,
    }


def opinion_dict(opinion: Opinion) -> Json:
    """Return one opinion, as it stands inside an annotation."""
    labels = opinion.labels
    return {
        "start": opinion.start,
        "end": opinion.end,
        "text": opinion.text,
        "polarity": labels.polarity.value,
        "probabilities": _probabilities(labels.probabilities),
        "uncertain": labels.uncertain,
        "topics": [
            {"code": topic.code, "probability": round(topic.probability, PROBABILITY_DIGITS)}
            for topic in labels.topics
        ],
        "intent": labels.intent.value,
        "severity": labels.severity,
    }


def opinion_line(annotation: Annotation, review: Review | None = None) -> Json:
    """Return one line of `opinions.jsonl`: the annotation, and where the review came from."""
    line = annotation_dict(annotation)
    if review is not None:
        line |= {"channel": review.channel, "external_id": review.external_id}
    return line


def themes_document(data: ReportData) -> Json:
    """Return the content of `themes.json`, themes in RICE order."""
    pairs = zip(data.themes, data.priorities, strict=True)
    return {
        "themes": [
            {"rank": rank}
            | theme_dict(theme, data.rates.get(theme.id, ()))
            | {
                "direction": movement(theme, data).direction.value,
                "priority": priority_dict(priority),
            }
            for rank, (theme, priority) in enumerate(pairs, 1)
        ],
        "unassigned": {
            "count": data.run.unassigned,
            "share": round(data.unassigned_share, PROBABILITY_DIGITS),
        },
        "alerts": [
            alert_dict(alert) | {"new": alert.day == data.alerts_as_of} for alert in data.alerts
        ],
        "run": run_dict(data.run) | _opinion_polarity(data),
    }


def _opinion_polarity(data: ReportData) -> Json:
    """Return the corrected shares, where there are any: a key of `run` in the file only."""
    if not data.opinion_shares:
        return {}
    shares = {
        one.polarity.value: {
            "count": one.count,
            "share": one.share,
            "corrected": one.corrected,
            "low": one.low,
            "high": one.high,
        }
        for one in data.opinion_shares
    }
    return {"opinion_polarity": shares}


def theme_dict(theme: Theme, rates: Sequence[Rate] = ()) -> Json:
    """Return one theme by itself: neither its rank nor its priority.

    `rates` are those of its weeks, all with the same denominator; a week without one has null.
    """
    of_week = {rate.start: _significant(rate.value) for rate in rates}
    return {
        "id": theme.id,
        "name": theme.name,
        "topic": theme.topic,
        "keywords": list(theme.keywords),
        "state": theme.state,
        "count": theme.count,
        "reviews": theme.reviews,
        "users": theme.users,
        "negative_share": round(theme.negative_share, PROBABILITY_DIGITS),
        "first_seen": _moment(theme.first_seen),
        "last_seen": _moment(theme.last_seen),
        "trend": [
            {
                "week": entry.week.isoformat(),
                "count": entry.count,
                "rate": of_week.get(entry.week),
            }
            for entry in theme.trend
        ],
        "denominator": rates[0].denominator.value if rates else None,
        "by_channel": dict(theme.by_channel),
        "by_version": dict(theme.by_version),
        "by_region": dict(theme.by_region),
        "by_rating": dict(theme.by_rating),
        "quotes": [{"review_id": quote.review_id, "text": quote.text} for quote in theme.quotes],
        "boundary_quotes": [
            {"review_id": quote.review_id, "text": quote.text} for quote in theme.boundary_quotes
        ],
    }


def alert_dict(alert: Alert) -> Json:
    """Return one alert; `theme` and `review_id` say of what, one of them is null."""
    of_theme = alert.kind.of_theme
    return {
        "id": alert.key,
        "kind": alert.kind.value,
        "theme": alert.subject if of_theme else None,
        "review_id": None if of_theme else alert.subject,
        "day": alert.day.isoformat(),
        "last": alert.last.isoformat(),
        "reason": alert.reason,
        "quotes": [{"review_id": quote.review_id, "text": quote.text} for quote in alert.quotes],
        "spike": alert.spike and _spike(alert.spike),
    }


def _spike(spike: Spike) -> Json:
    return {
        "window_days": spike.window_days,
        "baseline_days": spike.baseline_days,
        "observed": spike.observed,
        "expected": _significant(spike.expected),
        "ratio": _significant(spike.ratio),
        "low": _significant(spike.low),
        "high": _significant(spike.high),
        "p": _significant(spike.p),
        "q": _significant(spike.q),
        "dispersion": _significant(spike.dispersion),
        "denominator": spike.denominator.value,
    }


def _significant(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def priority_dict(priority: Priority) -> Json:
    """Return RICE with the digits every file shows, and the reason for each number."""
    shown = rounded(priority)
    return {
        "reach": shown.reach,
        "impact": shown.impact,
        "confidence": shown.confidence,
        "effort": shown.effort,
        "score": shown.score,
        "low": shown.low,
        "high": shown.high,
        "reach_low": shown.reach_low,
        "reach_high": shown.reach_high,
        "strategy": shown.strategy,
        "effort_source": shown.effort_source.value,
        "top3": shown.top3,
        "top10": shown.top10,
        "quadrant": None if shown.quadrant is None else shown.quadrant.value,
        "board": shown.board,
        "reasons": dict(priority.reasons),
    }


def run_dict(run: Run) -> Json:
    """Return what went in, which versions decided, what came out."""
    return {
        "as_of": _moment(run.as_of),
        "model": run.model,
        "taxonomy": run.taxonomy,
        "lexicon": run.lexicon,
        "recipe": run.recipe,
        "reviews": run.reviews,
        "opinions": run.opinions,
        "candidates": run.candidates,
        "assigned": run.assigned,
        "unassigned": run.unassigned,
        "themes": run.themes,
        "tickets": run.tickets,
        "rejected": run.rejected,
        "quarantined": run.quarantined,
        "screening": run.screening,
    }


def _probabilities(probabilities: Probabilities) -> Json:
    return {
        "neg": round(probabilities.neg, PROBABILITY_DIGITS),
        "neu": round(probabilities.neu, PROBABILITY_DIGITS),
        "pos": round(probabilities.pos, PROBABILITY_DIGITS),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(CHINA).isoformat()
