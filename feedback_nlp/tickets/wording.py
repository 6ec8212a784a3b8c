"""The week of the tickets in Chinese words; the same on the command line and in the report."""

from typing import Final

from feedback_nlp.records import TicketState
from feedback_nlp.tickets.progress import DepartmentWeek, Done, Unfinished

NOT_CURED: Final = "已完成不等于已根治：验证说“有效”才算根治"
NO_REASON: Final = "未说明原因"
"""Stands where nobody gave a reason: none is made up."""
NOBODY: Final = "无负责人"
BY_HAND: Final = "人工确认，没有验证结论"


def counts(week: DepartmentWeek) -> str:
    """Say how many tickets are done, how many of them cured, not done, planned."""
    cured = f"（已根治 {sum(done.cured for done in week.done)} 张）" if week.done else ""
    return (
        f"已完成 {len(week.done)} 张{cured}，"
        f"未完成 {len(week.unfinished)} 张，下周计划 {len(week.planned)} 张"
    )


def proof(done: Done) -> str:
    """Say what is known of whether it helped."""
    if done.verdict is not None:
        return f"验证：{done.verdict}"
    return BY_HAND if done.to is TicketState.VERIFIED else "尚未根治：还没有验证结论"


def deadline(late: Unfinished) -> str:
    """Say when it is due, and when it was before somebody put that off."""
    since = f"（原定 {late.postponed_from}）" if late.postponed_from else ""
    return f"截止 {late.due}{since}"
