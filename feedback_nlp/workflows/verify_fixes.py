"""Verify fixes: stored reviews, themes and releases -> verdicts, and the tickets follow them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.records import (
    Outcome,
    Relapse,
    Signature,
    Ticket,
    TicketState,
    Verdict,
    Verification,
)
from feedback_nlp.storage import outcomes, releases, ticket_life, tickets, verifications
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.verification.judge import judge
from feedback_nlp.verification.relapse import watch
from feedback_nlp.verification.windows import Case, look_around
from feedback_nlp.verification.wording import deciding, sentence
from feedback_nlp.workflows.change_ticket import move_ticket
from feedback_nlp.workflows.gather_cases import Looked, Skipped, gather_cases
from feedback_nlp.workflows.signing import LONGEST_REASON

SYSTEM: Final = "系统"
"""Who moves a ticket because of what verification found."""
_MOVES: Final = {
    Verdict.WORKED: TicketState.VERIFIED,
    Verdict.FAILED: TicketState.IN_PROGRESS,
    Verdict.RELAPSED: TicketState.RELAPSED,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found on day `as_of`, and of which tickets nothing; in the order of the tickets."""

    as_of: date
    verifications: tuple[Verification, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is to write about one ticket, in this order."""

    looked: Looked
    verifications: tuple[Verification, ...]


def verify_fixes(
    engine: Engine, workspace: str, *, model: str, now: datetime
) -> tuple[Verification, ...]:
    """Judge every release that can be judged, watch what is verified, and move the tickets.

    Reading and judging take seconds, so they are done before the one write transaction. Repeating
    it with the same data changes nothing.
    """
    return check_fixes(engine, workspace, model=model, now=now).verifications


def check_fixes(
    engine: Engine, workspace: str, *, model: str, now: datetime, ticket_id: str | None = None
) -> Checked:
    """Do as `verify_fixes`, for one ticket or all, and say of which tickets nothing is said.

    Raises:
        NotFoundError: no ticket has this id.
    """
    with reading(engine) as session:
        cases = gather_cases(session, workspace, model=model, now=now, ticket_id=ticket_id)
        noted = releases.mark(session, workspace)
    found = [_judge(each, cases.as_of) for each in cases.looked]
    skipped = list(cases.skipped)
    told: list[Verification] = []
    with transaction(engine) as session:
        ticket_life.begin(session, workspace)
        as_noted = releases.mark(session, workspace) == noted
        for each in found:
            if not as_noted or not _is_as_read(session, workspace, each.looked.ticket):
                skipped.append(Skipped(each.looked.ticket.id, "刚被人改过，请再执行一次"))
                continue
            _write(session, workspace, each, now, begun=cases.has_dates)
            told += each.verifications
            if not each.verifications:
                skipped.append(Skipped(each.looked.ticket.id, _quiet(each.looked, cases.as_of)))
    skipped.sort(key=lambda each: (len(each.ticket_id), each.ticket_id))
    return Checked(cases.as_of, tuple(told), tuple(skipped))


def _judge(looked: Looked, as_of: date) -> _Found:
    if looked.ticket.state is TicketState.VERIFIED and looked.verified is not None:
        return _Found(looked, _watched(looked.case, looked.verified, as_of))
    found = judge(looked.case, as_of=as_of)
    if found.verdict is not Verdict.WORKED:
        return _Found(looked, (found,))
    # The look may lie far behind: what came since is watched at once, not one run later.
    return _Found(looked, (found, *_watched(looked.case, found.last, as_of)))


def _quiet(looked: Looked, as_of: date) -> str:
    if look_around(looked.case, last=as_of) is None:
        return "已验证，但发布前的评论已不在库里，看不了复发；请留意这个主题的趋势"
    return f"已验证，到 {as_of.isoformat()} 没有复发"


def _watched(case: Case, verified: date, as_of: date) -> tuple[Verification, ...]:
    relapse = watch(case, verified=verified, as_of=as_of)
    if relapse is None:
        return ()
    return (_relapsed(judge(case, as_of=verified), relapse, as_of),)


def _relapsed(worked: Verification, relapse: Relapse, as_of: date) -> Verification:
    return replace(
        worked,
        as_of=as_of,
        verdict=Verdict.RELAPSED,
        first=relapse.since,
        last=relapse.alarm,
        count=relapse.count,
        comparisons=(),
        doubt=None,
        spike=None,
        final=True,
        next_look=None,
        relapse=relapse,
    )


def _is_as_read(session: Session, workspace: str, ticket: Ticket) -> bool:
    now = tickets.get(session, workspace, ticket.id)
    return now is not None and now.revision == ticket.revision


def _write(session: Session, workspace: str, found: _Found, now: datetime, *, begun: bool) -> None:
    looked = found.looked
    ticket = looked.ticket
    if ticket.state is TicketState.RELEASED and begun:
        by = Signature(SYSTEM, now, "发布之后有了数据")
        move_ticket(session, workspace, ticket.id, TicketState.VERIFYING, by, system=True)
    for each in found.verifications:
        is_open = each.verdict is Verdict.INCONCLUSIVE
        if is_open and looked.concluded:
            continue
        verifications.put(session, workspace, each)
        if is_open and not each.final:
            continue
        outcomes.add(session, workspace, _outcome(each, now))
        # With a newer release out the ticket stays: the next run judges that one.
        if each.verdict in _MOVES and not (each.verdict is Verdict.FAILED and looked.succeeded):
            by = Signature(SYSTEM, now, sentence(each)[:LONGEST_REASON])
            to = _MOVES[each.verdict]
            move_ticket(session, workspace, ticket.id, to, by, system=True)


def _outcome(found: Verification, now: datetime) -> Outcome:
    told = {
        "release": found.release,
        "as_of": found.as_of,
        "first": found.first,
        "last": found.last,
        "count": found.count,
        "target": f"{found.target:g}",
    }
    decisive = deciding(found)
    if decisive is not None:
        told |= {
            "baseline": decisive.baseline.value,
            "before": decisive.count,
            "expected": f"{decisive.expected:.4g}",
            "ratio": f"{decisive.ratio:.4g}",
            "low": f"{decisive.low:.4g}",
            "high": f"{decisive.high:.4g}",
        }
    if found.doubt is not None:
        told["doubt"] = found.doubt.value
    if found.relapse is not None:
        told |= {
            "expected": f"{found.relapse.expected:.4g}",
            "statistic": f"{found.relapse.statistic:.4g}",
            "threshold": f"{found.relapse.threshold:.4g}",
        }
    detail = tuple((name, str(value)) for name, value in told.items())
    return Outcome(found.ticket_id, found.theme_id, found.verdict, now, detail)
