"""Verification over stored data: the states it walks a ticket through, and what it leaves alone."""

from dataclasses import replace

import pytest
from builders import make_theme
from databases import every_row
from desk import Desk, write_csv
from fixing import BY, CRASH, DAY, HOME, MODEL, OUT, SLOW, World, make_world, noon, read, work_on
from storage_samples import run

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import (
    Alert,
    AlertKind,
    Doubt,
    Exposure,
    Review,
    ThemeState,
    TicketState,
    Verdict,
)
from feedback_nlp.storage import (
    alerts,
    annotations,
    exposure,
    retention,
    reviews,
    runs,
    themes,
    tickets,
    verifications,
)
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.verification.windows import Case
from feedback_nlp.workflows.change_ticket import TicketEdit, edit_ticket
from feedback_nlp.workflows.gather_cases import gather_cases
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.note_release import NewRelease, note_release, withdraw_release
from feedback_nlp.workflows.run_files import plan_stored
from feedback_nlp.workflows.verify_fixes import Checked, verify_fixes


@pytest.fixture
def world(target: Target) -> World:
    return make_world(target.engine)


def verdicts(checked: Checked) -> list[Verdict]:
    return [each.verdict for each in checked.verifications]


def why(checked: Checked) -> str:
    (skipped,) = checked.skipped
    return skipped.reason


def test_a_fix_is_verified_then_comes_back_then_is_verified_anew(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    assert "发布之后还没有数据，数据到 2026-03-01" in why(world.check())
    assert world.state() is TicketState.RELEASED

    world.hear(10, crash=0)
    (early,) = world.check().verifications
    assert (early.verdict, early.next_look) == (Verdict.INCONCLUSIVE, OUT + DAY * 14)
    assert (world.state(), world.outcomes()) == (TicketState.VERIFYING, [])

    world.hear(18, crash=0)
    (worked,) = world.check().verifications
    assert (worked.verdict, worked.release, worked.as_of) == (Verdict.WORKED, 1, world.today)
    assert world.state() is TicketState.VERIFIED
    (outcome,) = world.outcomes()
    detail = dict(outcome.detail)
    assert (outcome.verdict, detail["release"], detail["count"]) == (Verdict.WORKED, "1", "0")
    assert float(detail["low"]) <= float(detail["ratio"]) <= float(detail["high"]) < 0.9
    before = every_row(world.engine)
    assert "没有复发" in why(world.check())
    assert every_row(world.engine) == before

    world.hear(25, crash=3)
    (back,) = world.check().verifications
    assert back.verdict is Verdict.RELAPSED
    assert back.relapse is not None
    assert worked.last < back.relapse.since <= back.relapse.alarm <= world.today
    assert world.state() is TicketState.RELAPSED
    assert [each.verdict for each in world.outcomes()] == [Verdict.WORKED, Verdict.RELAPSED]
    before = every_row(world.engine)
    assert world.check() == Checked(world.today, (), ())
    assert every_row(world.engine) == before

    world.hear(30, crash=3)
    again = world.today
    world.release(again)
    world.hear(28, crash=0)
    (anew,) = world.check().verifications
    assert (anew.verdict, anew.release) == (Verdict.WORKED, 2)
    assert anew.first == again + DAY
    with reading(world.engine) as session:
        told = verifications.history(session, HOME, "K-0001")
    assert [each.verdict for each in told] == [
        Verdict.INCONCLUSIVE,
        Verdict.WORKED,
        Verdict.RELAPSED,
        Verdict.WORKED,
    ]
    assert world.moves() == [
        ("已发布", "小李"),
        ("验证中", "系统"),
        ("已验证", "系统"),
        ("复发", "系统"),
        ("进行中", "小李"),
        ("已发布", "小李"),
        ("验证中", "系统"),
        ("已验证", "系统"),
    ]


def test_a_fix_that_does_not_help_goes_back_to_work(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    world.hear(84, crash=5, slow=1)
    (failed,) = world.check().verifications
    assert failed.verdict is Verdict.FAILED
    assert world.state() is TicketState.IN_PROGRESS
    assert [each.verdict for each in world.outcomes()] == [Verdict.FAILED]
    before = every_row(world.engine)
    assert world.check() == Checked(world.today, (), ())
    assert every_row(world.engine) == before
    # The release that failed is spent, whoever says that something is out again.
    world.move(TicketState.RELEASED)
    assert "没有登记发布" in why(world.check())


def test_what_stays_unclear_is_told_once_and_stays(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    world.hear(84, crash=2)
    with transaction(world.engine) as session:
        edit_ticket(session, HOME, "K-0001", TicketEdit(target=0.65), BY)
    (found,) = world.check().verifications
    assert (found.verdict, found.final) == (Verdict.INCONCLUSIVE, True)
    before = every_row(world.engine)
    world.check()
    assert every_row(world.engine) == before
    world.hear(1, crash=2)
    assert verdicts(world.check()) == [Verdict.INCONCLUSIVE]
    assert world.state() is TicketState.VERIFYING
    assert [each.verdict for each in world.outcomes()] == [Verdict.INCONCLUSIVE]


def test_only_what_everybody_has_is_verified(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT, share=0.1)
    world.hear(20, crash=3)
    assert "只有部分放量" in why(world.check())
    assert world.state() is TicketState.RELEASED
    world.release(OUT + DAY * 10)
    (found,) = world.check().verifications
    assert (found.release, found.first) == (2, OUT + DAY * 11)
    with transaction(world.engine) as session:
        withdraw_release(session, HOME, 2, replace(BY, at=noon(world.today)))
    assert "只有部分放量" in why(world.check())


def test_what_a_person_says_is_verified_is_not_watched(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    world.hear(5, crash=0)
    world.check()
    world.move(TicketState.VERIFIED)
    world.hear(40, crash=3)
    assert "是人移到已验证的" in why(world.check())
    assert (world.state(), world.outcomes()) == (TicketState.VERIFIED, [])


def test_what_happened_before_a_late_first_look_is_all_told_at_once(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    world.hear(28, crash=0)
    world.hear(40, crash=3)
    assert verdicts(world.check()) == [Verdict.WORKED, Verdict.RELAPSED]
    assert world.state() is TicketState.RELAPSED
    before = every_row(world.engine)
    assert world.check() == Checked(world.today, (), ())
    assert every_row(world.engine) == before


def test_reviews_that_no_plan_has_placed_are_not_silence(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    with transaction(world.engine) as session:
        planned = replace(run(), as_of=noon(OUT + DAY * 2), model=MODEL)
        runs.add(session, HOME, planned)
    world.hear(40, crash=0)
    (found,) = world.check().verifications
    assert (found.as_of, found.doubt) == (OUT + DAY * 2, Doubt.FEW)


def test_a_case_knows_spikes_and_leaves_out_themes_that_were_released_too(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    told = Alert(AlertKind.SPIKE, CRASH, OUT - DAY * 9, OUT - DAY * 3, "")
    with transaction(world.engine) as session:
        alerts.put(session, HOME, [told, replace(told, kind=AlertKind.NEW_THEME)])
        tickets.save(session, HOME, [work_on("K-0002", SLOW)], now=noon(OUT))
    world.hear(5, crash=1)

    def case() -> Case:
        with reading(world.engine) as session:
            now = noon(world.today)
            found = gather_cases(session, HOME, model=MODEL, now=now, ticket_id="K-0001")
        return found.looked[0].case

    assert case().spikes == ((OUT - DAY * 9, OUT - DAY * 3),)
    assert [theme.id for theme in case().others] == [SLOW]
    assert case().theme.reviews[OUT] == 3
    world.release(OUT + DAY * 3, "K-0002", share=0.5)
    assert case().others == ()


def test_a_theme_that_is_not_counted_any_more_is_not_judged(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    world.hear(30, crash=0)
    for state, said in (
        (ThemeState.CLOSED, "主题 T-0001 已关闭"),
        (ThemeState.MERGED, "主题 T-0001 已并入 T-0002"),
        (ThemeState.DORMANT, "主题 T-0001 现在没有观点"),
    ):
        gone = replace(world.theme(CRASH), state=state)
        with transaction(world.engine) as session:
            into = SLOW if state is ThemeState.MERGED else None
            themes.change(session, HOME, [replace(gone, merged_into=into)])
        assert said in why(world.check())


def test_one_ticket_may_be_asked_for(world: World) -> None:
    assert why(world.check("K-0001")) == "是“进行中”，没有发布在外"
    assert world.check() == Checked(world.today, (), ())
    with pytest.raises(NotFoundError, match="没有编号为 K-0099 的工单"):
        world.check("K-0099")
    world.move(TicketState.RELEASED)
    assert "没有登记发布" in why(world.check("K-0001"))


def test_without_dates_nothing_is_said(target: Target) -> None:
    undated = [Review(f"r{n}", "商店", "又出错了") for n in range(3)]
    with transaction(target.engine) as session:
        reviews.add(session, HOME, undated, now=noon(OUT))
        annotations.add(session, HOME, [read(each) for each in undated])
        held = replace(make_theme(), id=CRASH, members=(("r0", 0), ("r1", 0)))
        themes.save(session, HOME, [held], now=noon(OUT))
        tickets.save(session, HOME, [work_on("K-0001", CRASH)], now=noon(OUT))
        note_release(session, HOME, NewRelease(("K-0001",), noon(OUT)), BY)
    now = noon(OUT + DAY * 200)
    (found,) = verify_fixes(target.engine, HOME, model=MODEL, now=now)
    assert (found.verdict, found.doubt) == (Verdict.INCONCLUSIVE, Doubt.NO_DATES)
    assert World(target.engine).state() is TicketState.RELEASED


def test_what_was_verified_counts_in_the_next_plan(desk: Desk) -> None:
    said = ("一打开就闪退", "更新后打开就闪退", "点开首页就闪退")
    days = [OUT + DAY * n for n in range(-30, 15)]
    many = [(day, n) for day in days for n in range(2 if day <= OUT else 6)]
    rows = [
        {"编号": f"{day}-{n}", "时间": f"{day} 12:00", "用户": f"u{day}{n}", "内容": said[n % 3]}
        for day, n in many
    ]
    desk.run(write_csv(desk.root / "said.csv", rows))
    now = noon(days[-1] + DAY)
    with desk.setup() as setup:
        with transaction(setup.engine) as session:
            exposed = [Exposure(day, orders=1_000) for day in days]
            exposure.add(session, HOME, exposed, now=now)
        (before,) = plan_stored(setup, now=now).priorities
        with transaction(setup.engine) as session:
            wish = NewRelease(("K-0001",), noon(OUT))
            note_release(session, HOME, wish, replace(BY, at=now))
        model = setup.classifier.version
        (found,) = verify_fixes(setup.engine, HOME, model=model, now=now)
        assert found.verdict is Verdict.FAILED
        (after,) = plan_stored(setup, now=now).priorities
    assert after.confidence == pytest.approx(before.confidence * 0.8, abs=0.01)
    assert "以往 1 次改进 0 次有效" in after.reason("confidence")


def test_a_newer_release_is_judged_when_the_older_one_has_failed(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    world.hear(10, crash=6)
    second = world.today
    world.release(second)
    world.hear(5, crash=0)
    (failed,) = world.check().verifications
    assert (failed.verdict, failed.release) == (Verdict.FAILED, 1)
    assert world.state() is TicketState.VERIFYING  # the next one is out already
    world.hear(12, crash=0)
    (worked,) = world.check().verifications
    assert (worked.verdict, worked.release) == (Verdict.WORKED, 2)
    assert [each.verdict for each in world.outcomes()] == [Verdict.FAILED, Verdict.WORKED]


def test_a_release_noted_beside_the_verdict_on_the_one_before_counts(world: World) -> None:
    """The system's own move ends the release that it is about, not one that is newer."""
    world.hear(1, crash=3)
    world.release(OUT)
    world.hear(20, crash=6)
    assert verdicts(world.check()) == [Verdict.FAILED]
    assert world.state() is TicketState.IN_PROGRESS
    signed_before = replace(BY, at=noon(world.today) - DAY)
    with transaction(world.engine) as session:
        wish = NewRelease(("K-0001",), noon(world.today))
        note_release(session, HOME, wish, signed_before)
    world.hear(16, crash=0)
    (worked,) = world.check().verifications
    assert (worked.verdict, worked.release) == (Verdict.WORKED, 2)


def test_without_the_weeks_before_nobody_says_that_it_holds(world: World) -> None:
    world.hear(1, crash=3)
    world.release(OUT)
    world.hear(20, crash=0)
    assert verdicts(world.check()) == [Verdict.WORKED]
    with transaction(world.engine) as session:
        young = retention.Policy(review_days=(world.today - OUT).days)
        assert retention.sweep(session, HOME, young, now=noon(world.today), limit=10_000)
    assert "看不了复发" in why(world.check())
