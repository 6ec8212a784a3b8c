"""Tickets of the sample after some work: one for each verdict, a week of it, a service level."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from report_sample import sample

from feedback_nlp.records import (
    CHINA,
    Baseline,
    Comparison,
    Denominator,
    Doubt,
    Relapse,
    Ticket,
    TicketState,
    Verdict,
    Verification,
)
from feedback_nlp.reports.content import Delivery, ReportData
from feedback_nlp.satisfaction.estimates import share
from feedback_nlp.sla.clocks import Span
from feedback_nlp.sla.standing import Figures, Standing
from feedback_nlp.tickets.progress import DepartmentWeek, Done, Planned, Progress, Said, Unfinished

MONDAY: Final = date(2026, 11, 2)
SUNDAY: Final = date(2026, 11, 8)
AT: Final = datetime(2026, 11, 4, 10, 30, tzinfo=CHINA)
END: Final = datetime.combine(date(2026, 11, 6), time.max, CHINA)
STATES: Final = (
    TicketState.VERIFIED,
    TicketState.VERIFYING,
    TicketState.RELAPSED,
    TicketState.IN_PROGRESS,
    TicketState.RELEASED,
    TicketState.TRIAGE,
)
COMMENT: Final = "等供应商 <b>换</b>\n物料；[看](javascript:1) `x` | 完"
FIGURES: Final = Figures(
    186,
    share(120, 150),
    share(61, 99),
    Span(timedelta(hours=12, minutes=35), timedelta(hours=4)),
    overdue=12,
    untimed=4,
    unresolved=20,
)
SERVICE: Final = Standing(
    END - timedelta(days=30), END, FIGURES, (), 14, 6, 9, 90, older=41, undated=2, unknown_years=()
)


def verification(ticket: Ticket, verdict: Verdict) -> Verification:
    """Return what was found about a release of four weeks ago."""
    recent = Comparison(
        Baseline.RECENT, date(2026, 8, 14), date(2026, 10, 8), 56, 80, 40.2, 0.3, 0.18, 0.52
    )
    return Verification(
        ticket_id=ticket.id,
        theme_id=ticket.theme_id,
        release=1,
        as_of=date(2026, 11, 6),
        verdict=verdict,
        target=0.9,
        first=date(2026, 10, 10),
        last=date(2026, 11, 6),
        count=12,
        denominator=Denominator.REVIEWS,
        dispersion=1.0,
        comparisons=(recent,),
        controls=5,
        drift=0.98,
        spread=0.1,
        doubt=Doubt.WIDE if verdict is Verdict.INCONCLUSIVE else None,
        relapse=Relapse(date(2026, 11, 5), date(2026, 10, 28), 5.1, 4.2, 31, 8.4)
        if verdict is Verdict.RELAPSED
        else None,
    )


def week_of(tickets: tuple[Ticket, ...]) -> Progress:
    cured, verifying, relapsed, failed, released, draft = tickets
    said = Said(AT, "小周", COMMENT)
    return Progress(
        MONDAY,
        (
            DepartmentWeek("客服", (), (), (Planned(draft, draft.state, SUNDAY),)),
            DepartmentWeek(
                "研发",
                (
                    Done(cured, TicketState.VERIFIED, AT, "系统", Verdict.WORKED),
                    Done(released, TicketState.RELEASED, AT, "小李", None),
                ),
                (
                    Unfinished(relapsed, relapsed.state, SUNDAY, MONDAY, said),
                    Unfinished(failed, failed.state, SUNDAY, None, None),
                    Unfinished(draft, draft.state, SUNDAY, None, None),
                ),
                (Planned(verifying, TicketState.IN_PROGRESS, SUNDAY + timedelta(days=7)),),
            ),
        ),
    )


def worked_on(data: ReportData) -> ReportData:
    """Let the six tickets of a report have been worked on, one in each state of `STATES`."""
    tickets = tuple(
        replace(ticket, state=state) for ticket, state in zip(data.tickets, STATES, strict=True)
    )
    verdicts = (Verdict.WORKED, Verdict.INCONCLUSIVE, Verdict.RELAPSED, Verdict.FAILED)
    found = tuple(map(verification, tickets, verdicts))
    return replace(data, tickets=tickets, delivery=Delivery(found, week_of(tickets), SERVICE))


def delivered() -> ReportData:
    return worked_on(sample())
