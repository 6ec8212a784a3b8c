"""Reviews that do not count for now: visible everywhere, counted once, let back in by a person."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from desk import Desk, sample_rows, write_csv
from run_agreement import assert_files_agree, read_opinions

from feedback_nlp.errors import InputError, NotFoundError
from feedback_nlp.records import QuarantineReason
from feedback_nlp.storage import annotations
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.quarantine import Decision
from feedback_nlp.workflows.browse_intake import Held, list_quarantine
from feedback_nlp.workflows.decide_quarantine import decide, undecide
from feedback_nlp.workflows.run_files import plan_stored, report_stored, screen_stored

ADVERT = "兼职日结，加微信 ab123456"
DEFAULT = "系统默认好评"
COPIED = "买了两周才送到，包装也压坏了，问了几次都没有人回复我"
SEVERE = "盗刷了我的银行卡两千块"


def row(number: int, text: str, author: str) -> dict[str, str]:
    return {
        "id": f"Q-{number}",
        "内容": text,
        "用户": author,
        "时间": f"2026-03-1{number} 10:00",
        "渠道": "应用商店",
    }


ODD = [
    row(1, ADVERT, "甲"),
    row(2, DEFAULT, "乙"),
    row(3, COPIED, "丙"),
    row(4, COPIED, "丙"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "a.csv", [*sample_rows(without=["topic", "版本"]), *ODD])


def held(desk: Desk, *, released: bool = False) -> list[Held]:
    with desk.setup() as setup:
        model = setup.classifier.version
        return list_quarantine(setup.engine, desk.workspace, model=model, released=released)


def quarantined(desk: Desk) -> dict[str, str]:
    return {
        line["text"]: line["quarantine"] for line in read_opinions(desk.out) if line["quarantine"]
    }


def test_held_reviews_are_told_and_leave_voices_and_counts(desk: Desk, file: Path) -> None:
    report = desk.run(file)
    masked = ADVERT.replace("ab123456", "*" * 8)
    assert quarantined(desk) == {masked: "spam", DEFAULT: "default_praise", COPIED: "duplicate"}
    run = report.data.run
    assert (run.reviews, run.quarantined) == (34, 3)
    polarity = report.data.polarity
    assert polarity.neg + polarity.neu + polarity.pos == 31
    assert dict(report.data.quarantined) == {"spam": 1, "default_praise": 1, "duplicate": 1}
    assert_files_agree(desk.out)
    with desk.engine() as engine, reading(engine) as session:
        voices = annotations.voices(session, desk.workspace, model=desk.classifier.version)
    (one,) = {voice.review_id for voice in voices if voice.text in COPIED}
    assert one not in {each.row.review_id for each in held(desk)}


def test_running_twice_changes_nothing(desk: Desk, file: Path) -> None:
    desk.run(file)
    before, files, rows = desk.dump(), desk.files(), held(desk)
    desk.run(file, now=NOW + timedelta(days=3))
    assert (desk.dump(), desk.files()) == (before, files)
    assert held(desk) == rows
    assert {each.row.found_at for each in rows} == {NOW}


def test_a_person_lets_a_review_back_in_for_good(desk: Desk, file: Path) -> None:
    desk.run(file)
    (copy,) = [each for each in held(desk) if each.text == COPIED]
    decision = Decision(held=False, by="小李", note="两次都是真的")
    with desk.engine() as engine:
        decide(engine, desk.workspace, [copy.row.review_id], decision, now=NOW)
    for _ in range(2):  # screened again, imported again
        report = desk.run(file, now=NOW + timedelta(days=1))
        assert report.data.run.quarantined == 2
        assert COPIED not in quarantined(desk)
        assert_files_agree(desk.out)
    (shown,) = [each for each in held(desk, released=True) if each.text == COPIED]
    assert (shown.row.held, shown.row.decided_by, shown.row.effective) == (False, "小李", False)
    assert len(held(desk)) == 2
    with desk.engine() as engine:
        undecide(engine, desk.workspace, [copy.row.review_id])
    assert desk.run(file).data.run.quarantined == 3


def test_a_person_holds_what_the_rules_missed(desk: Desk, file: Path) -> None:
    desk.run(file)
    good = next(line["id"] for line in read_opinions(desk.out) if not line["quarantine"])
    with desk.engine() as engine:
        with pytest.raises(InputError, match="没有被规则隔离"):
            decide(engine, desk.workspace, [good], Decision(held=True, by="小李"), now=NOW)
        decision = Decision(held=True, by="小李", reason=QuarantineReason.SPAM)
        decide(engine, desk.workspace, [good], decision, now=NOW)
    report = desk.run(file)
    assert report.data.run.quarantined == 4
    assert_files_agree(desk.out)
    assert [each.row.review_id for each in held(desk) if each.row.held] == [good]


def test_decisions_hold_for_all_reviews_or_for_none(desk: Desk, file: Path) -> None:
    desk.run(file)
    ids, before = [each.row.review_id for each in held(desk)], held(desk)
    release = Decision(held=False, by="小李")
    with desk.engine() as engine:
        with pytest.raises(NotFoundError, match="没有编号为 R-0 的评论"):
            decide(engine, desk.workspace, [*ids, "R-0"], release, now=NOW)
        assert held(desk) == before
        decide(engine, desk.workspace, ids, release, now=NOW)
        with pytest.raises(NotFoundError, match="没有编号为 R-0 的评论"):
            undecide(engine, desk.workspace, [*ids, "R-0"])
        assert held(desk) == []
        undecide(engine, desk.workspace, ids)
    assert held(desk) == before


def test_a_severe_text_is_never_held_not_even_by_a_person(desk: Desk, tmp_path: Path) -> None:
    rows = [*ODD, row(5, SEVERE, "丁"), row(6, SEVERE, "丁")]
    report = desk.run(write_csv(tmp_path / "a.csv", rows))
    severe = [line for line in read_opinions(desk.out) if line["text"] == SEVERE]
    assert len(severe) == 2
    assert max(o["severity"] for line in severe for o in line["opinions"]) == 3
    assert [line["quarantine"] for line in severe] == [None, None]
    with desk.engine() as engine:
        decision = Decision(held=True, by="小李", reason=QuarantineReason.SPAM)
        ids = [line["id"] for line in severe]
        decide(engine, desk.workspace, ids, decision, now=NOW)
    assert desk.run(tmp_path / "a.csv").data.run.quarantined == report.data.run.quarantined == 3
    assert_files_agree(desk.out)


def test_screening_says_what_the_rules_found(desk: Desk, file: Path) -> None:
    desk.run(file)
    with desk.setup() as setup:
        found = screen_stored(setup, now=NOW)
    assert (found.looked_at, dict(found.held)) == (
        34,
        {"default_praise": 1, "duplicate": 1, "spam": 1},
    )


def test_reasons_are_listed_one_at_a_time(desk: Desk, file: Path) -> None:
    desk.run(file)
    with desk.setup() as setup:
        found = list_quarantine(
            setup.engine,
            desk.workspace,
            model=setup.classifier.version,
            reason=QuarantineReason.DUPLICATE,
        )
    assert [(each.row.reason.value, each.text) for each in found] == [("duplicate", COPIED)]
    assert held(replace(desk, workspace="别人")) == []


def test_a_text_that_was_mended_is_let_go(desk: Desk, file: Path, tmp_path: Path) -> None:
    desk.run(file)
    desk.run(write_csv(tmp_path / "b.csv", [row(2, "很好用", "乙"), row(4, "还是登不上", "丙")]))
    assert list(quarantined(desk).values()) == ["spam"]
    with desk.setup() as setup:
        plan_stored(setup, now=NOW)
        data, _ = report_stored(setup, out=desk.out)
    assert data.run.quarantined == 1
    assert_files_agree(desk.out)
