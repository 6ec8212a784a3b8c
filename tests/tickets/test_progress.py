"""A week of tickets: done, not done and why, what comes next."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from builders import TAXONOMY, TODAY, make_theme, make_voices, shanghai

from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.records import Ticket, TicketState, Verdict
from feedback_nlp.tickets.plan import plan
from feedback_nlp.tickets.progress import Change, Progress, week_progress

MONDAY = date(2026, 3, 9)
WEDNESDAY = shanghai(2026, 3, 11, 10)
BEFORE, AFTER = WEDNESDAY - timedelta(days=7), WEDNESDAY + timedelta(days=7)
VOICES = make_voices(["闪退"] * 9)
(DRAFT,) = plan(
    [make_theme(VOICES)], VOICES, TAXONOMY, grounds=Grounds(TODAY, span_days=91), today=TODAY
).tickets


def ticket(number: int, state: str, due: date, department: str = "研发") -> Ticket:
    return replace(
        DRAFT,
        id=f"K-{number:04d}",
        state=TicketState(state),
        due=due,
        department=department,
    )


def moved(number: int, at: datetime, came: str, went: str, reason: str = "") -> Change:
    detail = {"author": "张三", "reason": reason, "from": came, "to": went}
    return Change(f"K-{number:04d}", at, "moved", detail)


def due_edit(number: int, at: datetime, came: date, went: date, reason: str = "") -> Change:
    detail = {"author": "李四", "reason": reason, "field": "due"}
    detail |= {"from": came.isoformat(), "to": went.isoformat()}
    return Change(f"K-{number:04d}", at, "edited", detail)


def said(number: int, at: datetime, text: str) -> Change:
    detail = {"author": "王五", "reason": "", "text": text}
    return Change(f"K-{number:04d}", at, "commented", detail)


def week(
    tickets: list[Ticket],
    changes: list[Change],
    verdicts: dict[str, tuple[Verdict, date]] | None = None,
) -> Progress:
    """The week of 9 March 2026, asked for by its Thursday."""
    return week_progress(tickets, changes, verdicts or {}, week=MONDAY + timedelta(days=3))


def reasons(found: Progress) -> list[str | None]:
    return [
        None if late.reason is None else f"{late.reason.author}：{late.reason.text}"
        for each in found.departments
        for late in each.unfinished
    ]


def test_what_was_released_is_done_and_not_yet_cured() -> None:
    done = [ticket(1, "已发布", MONDAY), ticket(2, "已验证", MONDAY)]
    changes = [
        moved(1, WEDNESDAY, "进行中", "已发布"),
        moved(2, BEFORE, "进行中", "已发布"),
        moved(2, WEDNESDAY + timedelta(hours=1), "验证中", "已验证", "数据说有效"),
    ]
    (of_all,) = week(done, changes, {"K-0002": (Verdict.WORKED, MONDAY)}).departments
    shown = [(each.ticket.id, each.to.value, each.author, each.cured) for each in of_all.done]
    assert shown == [("K-0001", "已发布", "张三", False), ("K-0002", "已验证", "张三", True)]
    assert (of_all.unfinished, of_all.planned) == ((), ())


def test_a_verdict_about_an_earlier_release_proves_nothing() -> None:
    again = [moved(1, BEFORE, "进行中", "已发布"), moved(1, WEDNESDAY, "进行中", "已发布")]
    early = {"K-0001": (Verdict.WORKED, BEFORE.date())}
    late = {"K-0001": (Verdict.FAILED, AFTER.date())}
    found = [week([ticket(1, "已发布", MONDAY)], again, each) for each in (early, late)]
    assert [each.departments[0].done[0].verdict for each in found] == [None, Verdict.FAILED]


def test_what_was_rolled_back_in_the_week_is_not_done_and_says_why() -> None:
    changes = [
        moved(1, WEDNESDAY, "进行中", "已发布"),
        moved(1, WEDNESDAY + timedelta(hours=2), "已发布", "进行中", "灰度时崩溃变多"),
    ]
    found = week([ticket(1, "进行中", MONDAY)], changes)
    assert found.departments[0].done == ()
    assert reasons(found) == ["张三：灰度时崩溃变多"]


def test_nobody_is_given_a_reason_that_nobody_gave() -> None:
    late = [ticket(1, "进行中", MONDAY), ticket(2, "待评估", MONDAY + timedelta(days=6))]
    old = [said(1, BEFORE, "上周说的"), moved(1, BEFORE, "已排期", "进行中", "开工")]
    assert reasons(week(late, old)) == [None, None]


def test_the_newest_reason_of_the_week_counts_and_a_hold_as_long_as_it_lasts() -> None:
    late = [ticket(1, "进行中", MONDAY), ticket(2, "挂起", MONDAY), ticket(3, "挂起", MONDAY)]
    changes = [
        moved(2, BEFORE, "进行中", "挂起", "等接口"),
        moved(3, BEFORE, "进行中", "挂起", "等预算"),
        said(1, WEDNESDAY, "测试机坏了"),
        said(3, WEDNESDAY, "预算批了"),
        said(1, AFTER, "下周才知道的"),
    ]
    assert reasons(week(late, changes)) == ["王五：测试机坏了", "张三：等接口", "王五：预算批了"]


def test_a_ticket_put_off_in_the_week_is_not_done_and_says_since_when() -> None:
    friday, later = MONDAY + timedelta(days=4), MONDAY + timedelta(days=20)
    changes = [due_edit(1, WEDNESDAY, friday, later, "需求变了")]
    found = week([ticket(1, "已排期", later)], changes)
    (late,) = found.departments[0].unfinished
    assert (late.due, late.postponed_from) == (later, friday)
    assert reasons(found) == ["李四：需求变了"]


def test_an_old_week_is_told_as_it_was_at_its_end() -> None:
    friday, later = MONDAY + timedelta(days=4), MONDAY + timedelta(days=20)
    changes = [
        Change("K-0002", AFTER, "created", {"title": "后来的"}),
        due_edit(1, AFTER, friday, later),
        moved(1, AFTER, "进行中", "已发布"),
    ]
    found = week([ticket(1, "已发布", later), ticket(2, "待评估", MONDAY)], changes)
    (late,) = found.departments[0].unfinished
    assert (late.ticket.id, late.state, late.due) == ("K-0001", TicketState.IN_PROGRESS, friday)


def test_next_week_holds_what_is_due_then_and_what_is_in_progress() -> None:
    next_monday = MONDAY + timedelta(days=7)
    due = [
        ticket(1, "已排期", next_monday + timedelta(days=6)),
        ticket(2, "已排期", next_monday + timedelta(days=7)),
        ticket(3, "进行中", next_monday + timedelta(days=60)),
        ticket(4, "不予实施", next_monday),
        ticket(5, "已发布", next_monday),
    ]
    (found,) = week(due, []).departments
    assert [each.ticket.id for each in found.planned] == ["K-0001", "K-0003"]
    assert (found.done, found.unfinished) == ((), ())


def test_a_week_begins_at_midnight_in_china_and_departments_stand_apart() -> None:
    sunday_night = shanghai(2026, 3, 8, 23, 59)
    done = [ticket(1, "已发布", MONDAY, "研发"), ticket(2, "已发布", MONDAY, "客服")]
    changes = [
        moved(1, sunday_night, "进行中", "已发布"),
        moved(2, sunday_night + timedelta(minutes=1), "进行中", "已发布"),
    ]
    found = week(done, changes)
    assert found.week == MONDAY
    assert [(each.department, len(each.done)) for each in found.departments] == [("客服", 1)]
