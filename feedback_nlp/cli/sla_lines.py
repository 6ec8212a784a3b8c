"""The service level as lines of text."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from feedback_nlp.names import MISSING, SLA_CUT
from feedback_nlp.records import CHINA
from feedback_nlp.reports.wording import QUOTE_LENGTH, clip
from feedback_nlp.satisfaction.estimates import Estimate
from feedback_nlp.sla.clocks import Span
from feedback_nlp.sla.standing import Figures, Standing
from feedback_nlp.sla.wording import (
    NOT_DUE,
    duration,
    grounds,
    rate,
    undated_sentence,
    untimed_sentence,
    years_sentence,
)
from feedback_nlp.workflows.browse_sla import Entry, SlaPage, Which
from feedback_nlp.workflows.sla_due import Due

_DAYS: Final = "一二三四五六日"


def standing_lines(found: Standing, *, days: int) -> Iterator[str]:
    """Show the published figures and what is open now."""
    whole = found.whole
    window = f"{_time(found.first)} 到 {_time(found.last)}（{days} 天）"
    yield f"{window}：投诉和负面评价 {whole.cases} 件"
    yield f"首次答复及时率 {_estimate(whole.answered)}"
    yield f"投诉按时解决率 {_estimate(whole.resolved)}"
    if whole.took is not None:
        yield (
            f"首次答复用时中位数 {duration(whole.took.calendar)}"
            f"（工作时间 {duration(whole.took.business)}）"
        )
    if whole.untimed:
        yield untimed_sentence(whole.untimed)
    yield (
        f"最近 {found.listed_days} 天：超时未答复 {found.overdue} 件，快到期 {found.soon} 件；"
        f"升级未处理 {found.escalated} 件"
    )
    if found.older:
        yield f"更早未答复 {found.older} 件，不逐条列出"
    if found.undated:
        yield undated_sentence(found.undated)
    for cut, of_cut in groupby(found.rows, key=lambda row: row.cut):
        yield ""
        yield f"按{SLA_CUT[cut]}"
        for row in of_cut:
            yield f"  {row.name or MISSING}  {_figures(row.figures)}"
    yield from unknown_lines(found.unknown_years)


def list_lines(found: SlaPage, which: Which, *, limit: int) -> Iterator[str]:
    """Show the cases of a list, the most urgent first."""
    for entry in found.entries:
        yield from _entry_lines(entry, which)
    shown = f"，以上是最紧急的 {limit} 件" if found.total > limit else ""
    yield f"共 {found.total} 件{shown}"
    if found.older and which is not Which.ESCALATED:
        yield f"更早未答复 {found.older} 件（{found.listed_days} 天以前），不逐条列出"
    yield from unknown_lines(found.unknown_years)


def due_lines(found: Due) -> Iterator[str]:
    """Show by when something has to be answered and resolved."""
    yield f"{_full(found.at)} 来的，{'工作日' if found.working_day else '不是工作日'}"
    yield found.limit.reason
    yield f"首次答复不晚于 {_full(found.answer)}"
    if found.resolution is not None:
        yield f"解决不晚于 {_full(found.resolution)}"
    yield from unknown_lines(found.unknown_years)


def unknown_lines(years: Sequence[int]) -> Iterator[str]:
    """Say of which years the holidays are not known."""
    if years:
        yield years_sentence(years)


def _entry_lines(entry: Entry, which: Which) -> Iterator[str]:
    clock = entry.clock
    told = clock.case.told
    done = "解决" if which is Which.ESCALATED else "答复"
    tier = f"  等级 {told.tier}" if told.tier else ""
    severe = f"  严重程度 {clock.case.severity}" if clock.case.severity else ""
    department = clock.department if entry.escalation is None else entry.escalation.department
    yield (
        f"{clock.case.review_id}  {_late(entry.late)}  应在 {_time(entry.due)} 前{done}"
        f"  {department}  {told.channel}{tier}{severe}"
    )
    yield f"    “{clip(entry.quote.text, QUOTE_LENGTH)}”"
    if entry.escalation is None:
        yield f"    {clock.limit.reason}"
    else:
        yield f"    {_time(entry.escalation.at)} 升级"


def _late(late: Span) -> str:
    state = "还剩" if late.calendar < timedelta() else "超时"
    return f"{state} {duration(late.calendar)}（工作时间 {duration(late.business)}）"


def _figures(found: Figures) -> str:
    parts = [f"{found.cases} 件", f"及时率 {_estimate(found.answered)}"]
    parts.append(f"解决率 {_estimate(found.resolved)}")
    if found.took is not None:
        parts.append(f"用时 {duration(found.took.calendar)}")
    if found.overdue:
        parts.append(f"超时未答复 {found.overdue} 件")
    return "，".join(parts)


def _estimate(found: Estimate | None) -> str:
    return NOT_DUE if found is None else f"{rate(found)}（{grounds(found)}）"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _full(moment: datetime) -> str:
    local = moment.astimezone(CHINA)
    seconds = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{local:%Y-%m-%d} 周{_DAYS[local.weekday()]} {seconds}"
