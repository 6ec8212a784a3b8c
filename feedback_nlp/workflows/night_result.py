"""What a night found, as numbers and ids: the same data at the same clock gives the same result."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy.orm import Session

from feedback_nlp.records import PlanRecord, Taxonomy, ThemeState, Verification
from feedback_nlp.sla.standing import Standing
from feedback_nlp.storage import (
    alerts,
    annotations,
    plans,
    priorities,
    quarantine,
    reviews,
    themes,
    tickets,
    verifications,
)
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.browse_sla import sla_standing

Result = Mapping[str, Any]
"""What JSON can hold, under names that do not change from night to night."""

_PLACES: Final = 4
DIGEST: Final = "digest"


def night_result(
    session: Session, workspace: str, taxonomy: Taxonomy, *, model: str, now: datetime
) -> dict[str, Any]:
    """Read what stands in the database after a night; `now` is the night's clock."""
    voices = annotations.voices(session, workspace, model=model)
    every_theme = themes.every(session, workspace, any_state=True)
    scores = {each.theme_id: each.score for each in priorities.every(session, workspace)}
    members = {member for theme in every_theme for member in theme.members}
    newest = reviews.time_span(session, workspace)[1]
    service = sla_standing(session, workspace, model=model, now=now, taxonomy=taxonomy)
    found: dict[str, Any] = {
        "reviews": reviews.count(session, workspace),
        "waiting": reviews.count_pending(session, workspace, model=model),
        "held": {
            reason.value: count
            for reason, count in quarantine.count_by_reason(session, workspace, model=model).items()
        },
        "opinions": annotations.count_opinions(session, workspace, model=model),
        "candidates": len(voices),
        "unassigned": sum((voice.review_id, voice.start) not in members for voice in voices),
        "themes": {
            theme.id: [theme.state.value, theme.count, _rounded(scores.get(theme.id))]
            for theme in every_theme
            if theme.state is not ThemeState.DORMANT
        },
        "dormant": sum(theme.state is ThemeState.DORMANT for theme in every_theme),
        "tickets": {
            ticket.id: [ticket.theme_id, ticket.state.value, ticket.lane, ticket.due.isoformat()]
            for ticket in tickets.every(session, workspace)
        },
        "schedule": _schedule(plans.latest(session, workspace)),
        "alerts": sorted(
            alert.key for alert in alerts.open_on(session, workspace, day_of(newest or now))
        ),
        "verdicts": {
            ticket_id: _verdict(found)
            for ticket_id, found in verifications.latest(session, workspace).items()
        },
        "sla": _service(service),
    }
    return found | {DIGEST: digest(found)}


def differences(recorded: Result, again: Result) -> Iterator[tuple[str, Any, Any]]:
    """Yield (place, what was recorded, what came out now) wherever two results differ.

    Of the digests nothing is said: they differ when anything else does.
    """
    for key in sorted({*recorded, *again} - {DIGEST}):
        one, other = recorded.get(key), again.get(key)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from ((f"{key}.{inner}", *pair) for inner, *pair in differences(one, other))
        elif one != other:
            yield key, one, other


def digest(content: object) -> str:
    """Name anything that JSON can hold; the order of names in objects does not matter."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)


def _verdict(found: Verification) -> list[object]:
    said: list[object] = [found.verdict.value, found.as_of.isoformat(), found.count]
    decisive = found.decisive
    if decisive is not None:
        said += [_rounded(each) for each in (decisive.ratio, decisive.low, decisive.high)]
    return said


def _service(found: Standing) -> dict[str, object]:
    whole = found.whole
    return {
        "cases": whole.cases,
        "answered": None if whole.answered is None else _rounded(whole.answered.value),
        "resolved": None if whole.resolved is None else _rounded(whole.resolved.value),
        "overdue": found.overdue,
        "soon": found.soon,
        "escalated": found.escalated,
        "older": found.older,
    }


def _schedule(plan: PlanRecord | None) -> str | None:
    """Name what is done when, and what waits; the reasons are words."""
    if plan is None:
        return None
    schedule = plan.schedule
    return digest(
        [
            [
                [slot.ticket_id, slot.lane.value, _rounded(slot.weeks), slot.due.isoformat()]
                for slot in schedule.slots
            ],
            [[each.ticket_id, each.lane.value, _rounded(each.weeks)] for each in schedule.waiting],
            [asdict(load) | {"until": load.until.isoformat()} for load in schedule.loads],
        ]
    )
