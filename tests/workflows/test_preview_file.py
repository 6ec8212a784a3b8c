"""What an import would make of a file, told without storing anything and without personal data."""

import zipfile
from pathlib import Path

import pytest
from builders import NOW
from desk import COMPLAINTS, TESTS, write_csv, write_text

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.sheets import ReadOptions
from feedback_nlp.workflows.import_files import Intake
from feedback_nlp.workflows.preview_file import SheetPreview, preview_file

PHONE = "13812345678"


def previewed(path: Path, intake: Intake = Intake()) -> SheetPreview:
    (only,) = preview_file(path, intake, now=NOW)
    return only


def test_it_counts_what_an_import_would_store_and_reject(tmp_path: Path) -> None:
    rows = [{"内容": "太慢", "时间": "2026-03-02"}] * 3 + [{"内容": "太贵", "时间": "昨天"}] * 7
    seen = previewed(write_csv(tmp_path / "a.csv", rows))
    assert (seen.usable, seen.rejected, seen.problem) == (3, 7, None)
    assert [line.line for line in seen.reasons] == [5, 6, 7, 8, 9]
    assert (len(seen.found.rows), seen.found.scanned) == (5, 10)
    assert seen.found.columns == (("text", "内容"), ("created_at", "时间"))


def test_the_best_format_is_suggested() -> None:
    survey = TESTS / "samples" / "survey.csv"
    assert previewed(survey, Intake(format="survey")).suggested == "survey"
    seen = previewed(survey)
    assert seen.suggested == "survey"
    assert "找不到正文列" in str(seen.problem)
    assert (seen.usable, seen.rejected) == (0, 0)


def test_a_mapped_column_is_tried_and_a_missing_one_is_the_problem(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "吐槽,天气", "太慢,晴")
    seen = previewed(path, Intake(mapping={"吐槽": "text"}))
    assert (seen.usable, seen.found.columns, seen.found.unmatched) == (
        1,
        (("text", "吐槽"),),
        ("天气",),
    )
    wrong = previewed(path, Intake(mapping={"原话": "text"}))
    assert "列“原话”不在表头里" in str(wrong.problem)
    assert wrong.usable == 0


def test_personal_data_is_shown_nowhere(tmp_path: Path) -> None:
    rows = [
        {"内容": f"打{PHONE}", "时间": f"昨天 {PHONE}", "手机号": PHONE, "收货人": "欧阳晓岚"},
        {"内容": f"打{PHONE}", "时间": "2026-03-02", "手机号": PHONE, "收货人": "欧阳晓岚"},
    ]
    shown = repr(previewed(write_csv(tmp_path / "a.csv", rows)))
    assert PHONE not in shown
    assert "欧阳晓岚" not in shown
    assert "'收货人': '****'" in shown


def test_a_file_without_a_header_shows_no_personal_data_either(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", f"1,{PHONE},物流慢", f"2,{PHONE},{PHONE}很慢")
    assert PHONE not in repr(previewed(path))


def test_only_the_beginning_of_each_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name in ("a.csv", "b.csv"):
            packed.writestr(name, "内容\n" + "太慢\n" * 2500)
        packed.writestr("c.csv", "")
    first, second, third = preview_file(path, Intake(), now=NOW)
    assert (first.usable, second.usable, first.found.scanned) == (1000, 1000, 1000)
    assert (third.usable, third.rejected, third.found.name) == (0, 1, f"{path}!c.csv")


def test_options_reach_the_reader(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "id~内容", "7~好")
    seen = previewed(path, Intake(options=ReadOptions(delimiter="~")))
    assert (seen.found.delimiter, seen.usable) == ("~", 1)


def test_a_file_that_is_not_there_or_unreadable_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有这个文件"):
        previewed(tmp_path / "no.csv")
    empty = tmp_path / "empty.csv"
    empty.touch()
    with pytest.raises(InputError, match="文件是空的"):
        previewed(empty)
    with pytest.raises(InputError, match="没有通道“x”"):
        previewed(COMPLAINTS, Intake(format="x"))
