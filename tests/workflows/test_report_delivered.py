"""A release, a verdict and an answered complaint: from the database into every file of a report."""

from datetime import datetime, time, timedelta
from pathlib import Path

from builders import TAXONOMY
from fixing import DAY, HOME, MODEL, OUT, World, make_world, noon, read
from run_agreement import assert_verdicts_agree

from feedback_nlp.records import CHINA, Reply, Review, TicketState, Verdict
from feedback_nlp.reports.content import ReportData
from feedback_nlp.storage import annotations, reviews
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.browse_sla import sla_standing
from feedback_nlp.workflows.browse_tickets import progress
from feedback_nlp.workflows.build_report import build_report
from feedback_nlp.workflows.escalate import escalate_overdue
from feedback_nlp.workflows.import_sheet import Target


def fixed_world(target: Target) -> World:
    """A ticket that was released four weeks ago and helped; one complaint was answered."""
    world = make_world(target.engine)
    world.hear(1, crash=3)
    world.release(OUT)
    world.hear(28, crash=0)
    came = noon(world.today - DAY)
    reply = (Reply("已修复，请更新", came + timedelta(hours=1)),)
    answered = Review("answered", "客服", "登不上去", created_at=came, replies=reply)
    with transaction(target.engine) as session:
        reviews.add(session, HOME, [answered], now=noon(world.today))
        annotations.add(session, HOME, [read(answered)])
    world.check()
    return world


def written(world: World, out: Path) -> tuple[ReportData, list[bytes]]:
    data, paths = build_report(world.engine, HOME, TAXONOMY, model=MODEL, out=out)
    return data, [path.read_bytes() for path in paths]


def test_a_report_says_what_became_of_a_ticket(target: Target, tmp_path: Path) -> None:
    world = fixed_world(target)
    data, content = written(world, tmp_path)
    told, end = data.delivery, datetime.combine(world.today, time.max, CHINA)
    assert told is not None
    assert [each.verdict for each in told.verifications] == [Verdict.WORKED]
    assert [ticket.state for ticket in data.tickets] == [TicketState.VERIFIED]
    with reading(world.engine) as session:
        assert told.progress == progress(session, HOME, week=world.today)
        assert told.service == sla_standing(session, HOME, model=MODEL, now=end, taxonomy=TAXONOMY)
    assert told.service is not None
    assert told.service.whole.took is not None
    assert_verdicts_agree(tmp_path)
    for name in ("report.html", "report.md"):
        text = (tmp_path / name).read_text("utf-8")
        for part in (
            "发布过的工单 1 张：有效 1。",
            "发布后 14 天里 0 条",
            "已完成 1 张（已根治 1 张）",
            "已验证，系统，2026-03-29 18:00；验证：有效",
            "到 2026年3月29日 为止的 30 天里",
            "中位数；工作时间 ",
        ):
            assert part in text
    assert "有效" in (tmp_path / "tickets.csv").read_text("utf-8-sig")

    later = noon(world.today) + timedelta(days=9)
    assert escalate_overdue(world.engine, HOME, model=MODEL, now=later, taxonomy=TAXONOMY)
    assert written(world, tmp_path)[1] == content  # what is done later has no say


def test_without_dates_only_fixes_are_told(target: Target, tmp_path: Path) -> None:
    said = Review("R-1", "商店", "又出错了")
    with transaction(target.engine) as session:
        reviews.add(session, HOME, [said], now=noon(OUT))
        annotations.add(session, HOME, [read(said)])
    data, _ = written(World(target.engine), tmp_path)
    assert data.delivery is not None
    assert (data.delivery.progress, data.delivery.service) == (None, None)
