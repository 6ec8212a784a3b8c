"""The service level -> schemas. Numbers are whole, never rounded."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from api.schemas.satisfaction import EstimateOut
from api.schemas.sla import EscalationOut, SlaEntryOut, SlaListOut, SlaOut, SlaRowOut, SpanOut
from feedback_nlp.records import CHINA, Escalation
from feedback_nlp.satisfaction.estimates import Estimate
from feedback_nlp.sla.clocks import Span
from feedback_nlp.sla.standing import Figures, Standing
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_sla import Entry, SlaPage


def sla_out(found: Standing) -> SlaOut:
    """Show the published figures."""
    return SlaOut.model_validate(
        {
            "first": _local(found.first),
            "last": _local(found.last),
            "whole": _figures(found.whole),
            "rows": [
                SlaRowOut(by=row.cut, name=row.name, **_figures(row.figures)) for row in found.rows
            ],
            "overdue": found.overdue,
            "soon": found.soon,
            "escalated": found.escalated,
            "listed_days": found.listed_days,
            "older": found.older,
            "undated": found.undated,
            "unknown_years": list(found.unknown_years),
        }
    )


def sla_list_out(found: SlaPage, page: Page) -> SlaListOut:
    """Show a page of cases."""
    return SlaListOut(
        entries=[_entry(entry) for entry in found.entries],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
        listed_days=found.listed_days,
        older=found.older,
        unknown_years=list(found.unknown_years),
    )


def escalation_out(found: Escalation) -> EscalationOut:
    """Show an escalation."""
    return EscalationOut(
        review_id=found.review_id,
        at=_local(found.at),
        due=_local(found.due),
        department=found.department,
        closed_by=found.closed_by,
        closed_at=found.closed_at and _local(found.closed_at),
        note=found.note,
    )


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "cases": found.cases,
        "answered": _estimate(found.answered),
        "resolved": _estimate(found.resolved),
        "took": None if found.took is None else _span(found.took),
        "overdue": found.overdue,
        "untimed": found.untimed,
        "unresolved": found.unresolved,
    }


def _entry(entry: Entry) -> SlaEntryOut:
    clock, escalation = entry.clock, entry.escalation
    case = clock.case
    return SlaEntryOut(
        review_id=case.review_id,
        text=entry.quote.text,
        start=entry.quote.start,
        end=entry.quote.end,
        created_at=_local(case.created_at),
        channel=case.told.channel,
        kind=case.told.kind,
        tier=case.told.tier,
        severity=case.severity,
        topics=list(case.told.topics),
        department=clock.department if escalation is None else escalation.department,
        limit=clock.limit.reason,
        setting=f"sla.{clock.limit.key}",
        answer=clock.answer.progress,
        due=_local(entry.due),
        late=_span(entry.late),
        escalated_at=None if escalation is None else _local(escalation.at),
    )


def _estimate(found: Estimate | None) -> EstimateOut | None:
    return None if found is None else EstimateOut.model_validate(asdict(found))


def _span(found: Span) -> SpanOut:
    return SpanOut(
        seconds=found.calendar.total_seconds(),
        business_seconds=found.business.total_seconds(),
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(CHINA)
