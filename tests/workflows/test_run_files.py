import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, SpotClassifier
from desk import AFTER_EXAMPLES, COMPLAINTS, EXAMPLES, Desk, sample_rows, write_csv
from run_agreement import assert_files_agree, read_opinions
from sqlalchemy import func, select

from feedback_nlp.errors import InputError
from feedback_nlp.records import ThemeState
from feedback_nlp.storage import rejections, reviews, runs, tables
from feedback_nlp.storage import themes as stored_themes
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.import_files import import_files
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.run_files import plan_stored, report_stored, score

BAD_LINES = [
    {"内容": "一打开就闪退", "时间": "2026-03-02", "评分": "1"},
    {"内容": "   ", "时间": "2026-03-02", "评分": "1"},
    {"内容": "退款一直没到账", "时间": "前天", "评分": "1"},
    {"内容": "配送太慢了", "时间": "2026-03-02", "评分": "九"},
]


def themes_of(desk: Desk) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((desk.out / "themes.json").read_text("utf-8"))
    return document


def test_all_numbers_in_all_files_agree(desk: Desk, tmp_path: Path) -> None:
    rows = sample_rows(EXAMPLES)[::3]
    report = desk.run(write_csv(tmp_path / "part.csv", rows), now=AFTER_EXAMPLES)
    assert_files_agree(desk.out)
    assert [path.name for path in report.paths] == [
        "opinions.jsonl",
        "themes.json",
        "tickets.csv",
        "tickets.xlsx",
        "report.html",
        "report.md",
    ]
    assert report.data.run.reviews == len(rows)
    assert report.data.run.themes >= 3


def test_running_twice_changes_nothing(desk: Desk) -> None:
    first = desk.run(COMPLAINTS)
    files, dump = desk.files(), desk.dump()
    second = desk.run(COMPLAINTS, now=NOW + timedelta(days=3))
    assert desk.files() == files
    assert desk.dump() == dump
    assert [done.report.added for done in first.imports] == [30]
    assert [
        (done.report.added, done.report.revised, done.report.unchanged) for done in second.imports
    ] == [(0, 0, 30)]


def test_the_same_file_twice_in_one_run_counts_once(desk: Desk, finished: Desk) -> None:
    desk.run(COMPLAINTS, COMPLAINTS)
    assert desk.files() == finished.files()


def test_rejected_lines_are_counted_and_kept(desk: Desk, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bad.csv", BAD_LINES)
    for _ in range(2):
        report = desk.run(path)
        assert report.imports[0].report.rejected == 3
        assert (report.data.run.reviews, report.data.run.rejected) == (1, 3)
    with desk.engine() as engine, reading(engine) as session:
        kept = list(rejections.every(session, "default", source=str(path.resolve())))
    assert [line.line for line in kept] == [3, 4, 5]
    assert "前天" in kept[1].reason
    assert json.loads(kept[1].raw)["内容"] == "退款一直没到账"
    assert themes_of(desk)["run"]["rejected"] == 3


def test_new_reviews_keep_the_ids_of_known_themes(desk: Desk, tmp_path: Path) -> None:
    rows = sample_rows()
    desk.run(write_csv(tmp_path / "first.csv", rows[6:]))
    before = {theme["quotes"][0]["text"]: theme["id"] for theme in themes_of(desk)["themes"]}
    desk.run(write_csv(tmp_path / "all.csv", rows))
    after = {
        quote["text"]: theme["id"]
        for theme in themes_of(desk)["themes"]
        for quote in theme["quotes"]
    }
    assert len(before) == 3
    assert {text: after.get(text, theme_id) for text, theme_id in before.items()} == before
    crash = next(theme for theme in themes_of(desk)["themes"] if "闪退" in theme["name"])
    assert crash["id"] == "T-0004"
    assert_files_agree(desk.out)


def test_two_workspaces_do_not_mix(desk: Desk, finished: Desk, tmp_path: Path) -> None:
    other = write_csv(
        tmp_path / "b.csv", [row | {"id": f"D{n}"} for n, row in enumerate(sample_rows())]
    )
    replace(desk, workspace="门店").run(other)
    beside = {line["id"] for line in read_opinions(desk.out)}
    desk.run(COMPLAINTS)
    assert desk.files() == finished.files()
    assert len(beside) == 30
    assert not beside & {line["id"] for line in read_opinions(desk.out)}


def test_a_file_may_have_any_name(desk: Desk, finished: Desk, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "三月 评论" / "评论[red]：导出 ①.csv", sample_rows())
    odd = desk.at("输出 ②")
    odd.run(path)
    assert odd.files() == finished.files()


def test_a_file_name_that_is_no_text_still_keeps_its_rejections(desk: Desk, tmp_path: Path) -> None:
    named = tmp_path / b"\xb2\xe2.csv".decode("utf-8", "surrogateescape")
    path = write_csv(named, BAD_LINES)
    assert desk.run(path).data.run.rejected == 3


def test_a_file_with_a_header_only_gives_an_empty_report(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("内容,时间\n", encoding="utf-8")
    run = desk.run(path).data.run
    assert (run.reviews, run.themes, run.tickets, run.as_of) == (0, 0, 0, None)
    assert len(desk.files()) == 6


def test_reviews_without_dates_run_through(desk: Desk, tmp_path: Path) -> None:
    desk.run(write_csv(tmp_path / "undated.csv", sample_rows(without=["时间"])))
    assert_files_agree(desk.out)
    document = themes_of(desk)
    assert document["run"]["as_of"] is None
    assert all(theme["trend"] == [] for theme in document["themes"])


def test_a_missing_file_stops_before_anything_is_imported(desk: Desk, tmp_path: Path) -> None:
    with desk.setup() as setup:
        with pytest.raises(InputError, match="没有这个文件"):
            import_files(Target(setup.engine, "default", NOW), [COMPLAINTS, tmp_path / "no.csv"])
        with pytest.raises(InputError, match="是文件夹"):
            import_files(Target(setup.engine, "default", NOW), [COMPLAINTS, tmp_path])
        with reading(setup.engine) as session:
            assert len(list(reviews.every(session, "default"))) == 0


def test_a_revised_review_is_scored_again(desk: Desk, tmp_path: Path) -> None:
    rows = sample_rows()
    desk.run(write_csv(tmp_path / "a.csv", rows))
    rows[0] |= {"内容": "界面好看，喜欢"}
    report = desk.run(write_csv(tmp_path / "b.csv", rows))
    done = report.imports[0].report
    assert (done.revised, done.unchanged) == (1, 29)
    texts = [line["text"] for line in read_opinions(desk.out)]
    assert "界面好看，喜欢" in texts
    assert "更新以后一打开就闪退" not in texts
    assert_files_agree(desk.out)


def test_a_report_between_import_and_plan_counts_what_is_there(desk: Desk, tmp_path: Path) -> None:
    rows = sample_rows()
    desk.run(write_csv(tmp_path / "a.csv", rows))
    for row in rows[:6]:
        row["内容"] += "，气人"
    with desk.setup() as setup:
        changed = write_csv(tmp_path / "b.csv", rows)
        import_files(Target(setup.engine, "default", NOW), [changed])
        waiting, _ = report_stored(setup, out=desk.out)
        assert score(setup) == 6
        scored, _ = report_stored(setup, out=desk.out)
        plan_stored(setup, now=NOW)
        planned, _ = report_stored(setup, out=desk.out)
    assert waiting.run.reviews == 24
    for data in (waiting, scored, planned):
        assert data.run.assigned + data.run.unassigned == data.run.candidates
        assert min(data.run.assigned, data.run.unassigned) >= 0
    assert_files_agree(desk.out)


def test_a_ticket_follows_a_theme_that_gets_smaller(desk: Desk, tmp_path: Path) -> None:
    rows = sample_rows()
    desk.run(write_csv(tmp_path / "a.csv", rows))
    crashes = [row for row in rows if "闪退" in row["内容"]]
    for row in crashes[2:]:
        row["内容"] = "很好用"
    extra = [row | {"id": f"{row['id']}-2", "用户": "别人"} for row in crashes[:1]]
    desk.run(write_csv(tmp_path / "b.csv", [*rows, *extra]))
    assert_files_agree(desk.out)


def test_a_report_by_a_model_that_read_nothing_is_refused(desk: Desk) -> None:
    desk.run(COMPLAINTS)
    with (
        replace(desk, classifier=SpotClassifier()).setup() as setup,
        pytest.raises(InputError, match="还没有被模型 spot/2026-01-01 分析"),
    ):
        report_stored(setup, out=desk.out)


def test_a_theme_nobody_speaks_of_any_more_sleeps_and_keeps_its_id(
    desk: Desk, tmp_path: Path
) -> None:
    rows = sample_rows()
    desk.run(write_csv(tmp_path / "a.csv", rows))
    crash = next(theme for theme in themes_of(desk)["themes"] if "闪退" in theme["name"])
    calm = [row | {"内容": "很好用"} if "闪退" in row["内容"] else row for row in rows]
    desk.run(write_csv(tmp_path / "b.csv", calm))
    assert crash["id"] not in {theme["id"] for theme in themes_of(desk)["themes"]}
    assert_files_agree(desk.out)
    with desk.engine() as engine, reading(engine) as session:
        asleep = stored_themes.get(session, "default", crash["id"])
        assert asleep is not None
        assert (asleep.state, asleep.count) == (ThemeState.DORMANT, 0)
    desk.run(write_csv(tmp_path / "c.csv", rows))
    assert crash["id"] in {theme["id"] for theme in themes_of(desk)["themes"]}
    assert_files_agree(desk.out)


def test_each_different_run_is_noted_once(desk: Desk, tmp_path: Path) -> None:
    rows = sample_rows()
    desk.run(write_csv(tmp_path / "a.csv", rows[:20]))
    desk.run(write_csv(tmp_path / "b.csv", rows))
    desk.run(write_csv(tmp_path / "b.csv", rows))
    with desk.engine() as engine, reading(engine) as session:
        assert session.execute(select(func.count()).select_from(tables.runs)).scalar_one() == 2
        latest = runs.latest(session, "default")
    assert latest is not None
    assert latest.reviews == 30
    assert sum(row.startswith("runs ") for row in desk.dump()) == 2
