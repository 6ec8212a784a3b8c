"""修复是否有效, 本周进展, 服务时限: what they say, what they leave out, alike in both formats."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from delivery_sample import FIGURES, SERVICE, SUNDAY, delivered, verification, week_of, worked_on
from odd_samples import EMPTY, hostile
from report_parsing import page_of
from report_sample import sample

from feedback_nlp.records import Doubt, TicketState, Verdict
from feedback_nlp.reports.content import Delivery, ReportData
from feedback_nlp.reports.delivered import FIXES_SHOWN, OPEN, findings, fixes, week
from feedback_nlp.reports.html import report_html
from feedback_nlp.reports.markdown import report_markdown
from feedback_nlp.reports.notes import notes
from feedback_nlp.reports.served import service
from feedback_nlp.satisfaction.estimates import share
from feedback_nlp.sla.standing import Figures, Standing
from feedback_nlp.tickets.progress import DepartmentWeek, Planned, Progress, Unfinished

TITLES = ("修复是否有效", "本周进展", "服务时限")


def html(data: ReportData) -> str:
    return report_html(replace(data, weekly_reviews=(), weekly_negative=()))  # charts take time


def texts(data: ReportData) -> tuple[str, str]:
    """What a reader sees in either format; Markdown without its escapes."""
    return "".join(page_of(html(data)).text), re.sub(r"\\(.)", r"\1", report_markdown(data))


def with_service(found: Standing) -> ReportData:
    return replace(sample(), delivery=Delivery(service=found))


def test_both_formats_say_what_became_of_the_tickets() -> None:
    for text in texts(delivered()):
        places = [text.index(title) for title in TITLES]
        assert places == sorted(places)
        assert text.count("已完成不等于已根治") == 1
        for part in (
            "发布过的工单 5 张：复发 1，无效 1，样本不足 1，还没有结论 1，有效 1。",
            "发布后 28 天里 12 条，按发布前的水平应有 40 条：是原来的 30%（18%-52%）",
            "登记了全量发布、发布以后又有了数据，才能验证。",
            "2026年11月2日—8日",
            "已完成 2 张（已根治 1 张），未完成 3 张，下周计划 1 张",
            "已验证，系统，2026-11-04 10:30；验证：有效",
            "复发，截止 2026-11-08（原定 2026-11-02）；原因：等供应商",
            "进行中，截止 2026-11-08；原因：未说明原因",
            "没有人安排过的草稿 1 张",
            "到 2026年11月6日 为止的 30 天里，投诉和负面评价 186 件。",
            "80.0%",
            "95% 区间 72.9% 至 85.6%，到期 150 件",
            "12 小时 35 分",
            "快到期 6 件；最近 90 天",
            "更早未答复 41 件",
        ):
            assert part in text


def test_a_verdict_is_a_word_and_a_colour() -> None:
    view, page = fixes(delivered()), html(delivered())
    assert view is not None
    shown = [(fix.verdict, str(fix.tone), fix.state) for fix in view.shown]
    assert shown == [
        ("复发", "bad", "复发"),
        ("无效", "bad", "进行中"),
        ("样本不足", "open", "验证中"),
        (OPEN, "open", "已发布"),
        ("有效", "good", "已验证"),
    ]
    for word, tone, _ in shown:
        assert f'<span class="verdict {tone}">{word}</span>' in page


def test_hostile_titles_and_comments_stay_words() -> None:
    data = worked_on(hostile())
    assert page_of(html(data)).tags.isdisjoint({"script", "img", "b"})
    part = report_markdown(data).partition("## 修复是否有效")[2]
    assert not re.search(r"(?<!\\)[<>`\[\]]", part.partition("## 在说什么")[0])
    assert "等供应商 <b>换</b> 物料；[看](javascript:1) `x` | 完（小周" in texts(data)[1]


def test_there_is_no_section_without_something_to_say() -> None:
    draft = delivered().tickets[-1]
    untouched = DepartmentWeek(
        "研发", (), (Unfinished(draft, draft.state, SUNDAY, None, None),), ()
    )
    silent = replace(SERVICE, whole=_silent(0), escalated=0)
    quiet = Delivery((), Progress(SUNDAY, (untouched,)), silent)
    for data in (sample(), EMPTY, replace(sample(), delivery=quiet)):
        for text in texts(data):
            assert not any(title in text for title in TITLES)


def test_a_draft_that_somebody_took_up_is_told() -> None:
    draft = replace(delivered().tickets[-1], owner="小陈")
    told = DepartmentWeek("研发", (), (), (Planned(draft, draft.state, SUNDAY),))
    view = week(replace(sample(), delivery=Delivery(progress=Progress(SUNDAY, (told,)))))
    assert view is not None
    ((entry,),) = [part.entries for part in view.departments[0].parts]
    assert entry.text == "待评估，截止 2026-11-08，小陈"


def test_a_verdict_about_an_earlier_release_is_not_told() -> None:
    data = sample()
    ticket = replace(data.tickets[0], state=TicketState.RELEASED)
    old = verification(ticket, Verdict.FAILED)
    for found, state, told in (
        (old, TicketState.RELEASED, False),
        (replace(old, doubt=Doubt.NO_DATES), TicketState.RELEASED, True),
        (old, TicketState.IN_PROGRESS, True),
        (verification(ticket, Verdict.INCONCLUSIVE), TicketState.IN_PROGRESS, False),
        (verification(ticket, Verdict.INCONCLUSIVE), TicketState.VERIFIED, True),
    ):
        one = replace(data, tickets=(replace(ticket, state=state),), delivery=Delivery((found,)))
        assert (ticket.id in findings(one)) is told


def test_a_person_who_says_verified_is_not_the_data() -> None:
    data = sample()
    ticket = replace(data.tickets[0], state=TicketState.VERIFIED)
    open_still = Delivery((verification(ticket, Verdict.INCONCLUSIVE),))
    for delivery, said in ((open_still, "移到已验证的是人。"), (None, "人工确认，没有验证结论。")):
        view = fixes(replace(data, tickets=(ticket,), delivery=delivery))
        assert view is not None
        assert view.shown[0].text.endswith(said)


def test_of_many_fixes_the_good_ones_are_counted_only() -> None:
    data = sample()
    many = tuple(
        replace(data.tickets[0], id=f"W-{n:04}", state=TicketState.VERIFIED)
        for n in range(FIXES_SHOWN + 3)
    )
    found = tuple(verification(each, Verdict.WORKED) for each in many)
    bad = replace(found[-1], verdict=Verdict.FAILED)
    view = fixes(replace(data, tickets=many, delivery=Delivery((*found[:-1], bad))))
    assert view is not None
    assert (len(view.shown), view.shown[0].ticket_id) == (FIXES_SHOWN, bad.ticket_id)
    assert view.more == "另有 3 张，见 tickets.csv 的 verdict 一列。"


def _silent(cases: int) -> Figures:
    """Nobody is known to have answered or resolved anything."""
    late = share(0, cases) if cases else None
    return Figures(cases, late, late, None, overdue=cases, untimed=0, unresolved=cases)


def test_without_any_answer_no_rate_is_told() -> None:
    silent = replace(SERVICE, whole=_silent(52), escalated=0)
    for text in texts(with_service(silent)):
        assert "服务时限" not in text
        assert "投诉和负面评价 52 件。数据里没有任何答复：算不出及时率" in text
        assert "0.0%" not in text
    view = service(with_service(replace(silent, escalated=3)))
    assert view is not None
    assert [(card.key, card.shown) for card in view.cards] == [("escalated", "3")]
    (note,) = view.notes
    assert note.startswith("数据里没有任何答复")
    assert not any("答复：" in each for each in notes(with_service(SERVICE)))


@pytest.mark.parametrize(
    ("whole", "key", "shown", "note"),
    [
        pytest.param(
            replace(FIGURES, resolved=share(0, 99), unresolved=99),
            "resolved",
            "—",
            "到期的 99 件都没有解决的记录",
            id="nothing is known to be resolved",
        ),
        pytest.param(
            replace(FIGURES, resolved=share(0, 99), unresolved=98),
            "resolved",
            "0.0%",
            "95% 区间 0.0% 至 3.7%，到期 99 件",
            id="one was resolved too late",
        ),
        pytest.param(
            replace(FIGURES, answered=share(0, 12), took=None),
            "answered",
            "—",
            "答复都不知道时间",
            id="answers without times",
        ),
        pytest.param(
            replace(FIGURES, answered=None), "answered", "—", "还没有到期的", id="nothing is due"
        ),
    ],
)
def test_a_rate_that_means_nothing_is_not_told(
    whole: Figures, key: str, shown: str, note: str
) -> None:
    view = service(with_service(replace(SERVICE, whole=whole)))
    assert view is not None
    (card,) = [card for card in view.cards if card.key == key]
    assert (card.shown, card.note) == (shown, note)


def test_a_crowded_department_is_cut_short() -> None:
    _, busy = week_of(delivered().tickets).departments
    late = busy.unfinished[0]
    many = replace(
        busy,
        unfinished=tuple(replace(late, due=SUNDAY - timedelta(days=n)) for n in range(8)),
    )
    view = week(replace(sample(), delivery=Delivery(progress=Progress(SUNDAY, (many,)))))
    assert view is not None
    part = view.departments[0].parts[1]
    assert (len(part.entries), part.more) == (5, "另有 3 张，用 ticket progress 查看")
