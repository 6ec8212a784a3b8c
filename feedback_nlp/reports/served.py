"""The service level as it is printed: figures with what they rest on, and what nobody can say."""

from dataclasses import dataclass
from typing import Final

from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.wording import chinese_date, number
from feedback_nlp.satisfaction.estimates import Estimate
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
from feedback_nlp.themes.trend import day_of

UNKNOWN: Final = "—"
_NO_ANSWERS: Final = (
    "数据里没有任何答复：算不出及时率，也不知道哪些超时。"
    "请导入带客服答复的数据，或用 reply sent 记下答复。"
)


@dataclass(frozen=True, slots=True)
class Card:
    """One large number."""

    key: str
    label: str
    shown: str
    note: str


@dataclass(frozen=True, slots=True)
class Service:
    """How complaints and negative reviews were answered and resolved."""

    span: str
    cards: tuple[Card, ...]
    notes: tuple[str, ...]


def service(data: ReportData) -> Service | None:
    """Return the figures; None where no answer and no escalation is known."""
    found = data.delivery.service if data.delivery else None
    if found is None or not (_has_answers(found.whole) or found.escalated):
        return None
    return Service(f"{_span(found)}。", tuple(_cards(found)), tuple(_notes(found)))


def no_answers(data: ReportData) -> str | None:
    """Say that no answer is known, where there is no section to say it in."""
    found = data.delivery.service if data.delivery else None
    if found is None or not found.whole.cases or service(data):
        return None
    return f"{_span(found)}。{_NO_ANSWERS}"


def _has_answers(whole: Figures) -> bool:
    return whole.took is not None or whole.untimed > 0


def _span(found: Standing) -> str:
    last, days = chinese_date(day_of(found.last)), (found.last - found.first).days
    return f"到 {last} 为止的 {days} 天里，投诉和负面评价 {number(found.whole.cases)} 件"


def _cards(found: Standing) -> list[Card]:
    whole, cards = found.whole, []
    if _has_answers(whole):
        # Of answers without a time it is not known whether they were late.
        dated = whole.answered if whole.took else None
        why = NOT_DUE if whole.answered is None else "答复都不知道时间"
        cards = [_rate("answered", "首次答复及时率", dated, why), _resolved(whole)]
        if whole.took is not None:
            office = f"中位数；工作时间 {duration(whole.took.business)}"
            cards.append(Card("took", "首次答复用时", duration(whole.took.calendar), office))
        soon = f"快到期 {number(found.soon)} 件；最近 {found.listed_days} 天"
        cards.append(Card("overdue", "超时未答复", number(found.overdue), soon))
    if found.escalated or cards:
        cards.append(Card("escalated", "升级未处理", number(found.escalated), "没有按时解决的投诉"))
    return cards


def _resolved(whole: Figures) -> Card:
    found, label = whole.resolved, "投诉按时解决率"
    if found is not None and not found.value and whole.unresolved >= found.n:
        return _rate("resolved", label, None, f"到期的 {number(found.n)} 件都没有解决的记录")
    return _rate("resolved", label, found, NOT_DUE)


def _rate(key: str, label: str, found: Estimate | None, why: str) -> Card:
    if found is None:
        return Card(key, label, UNKNOWN, why)
    return Card(key, label, rate(found), grounds(found))


def _notes(found: Standing) -> list[str]:
    if not _has_answers(found.whole):
        return [_NO_ANSWERS]
    said = (
        untimed_sentence(found.whole.untimed) if found.whole.untimed else "",
        f"更早未答复 {number(found.older)} 件，不在“超时未答复”里" if found.older else "",
        undated_sentence(found.undated) if found.undated else "",
        years_sentence(found.unknown_years) if found.unknown_years else "",
    )
    return [f"{each}。" for each in said if each]
