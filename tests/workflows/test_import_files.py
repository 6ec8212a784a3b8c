"""Every kind of file through every channel: what is stored, under which map, with which remarks."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from builders import NOW
from desk import TESTS, Desk, imported, open_rejections, stored, write_text
from hostile.workbooks import saved
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import func, select

from feedback_nlp.channels import CHANNELS
from feedback_nlp.errors import InputError
from feedback_nlp.storage import column_maps, imports, tables
from feedback_nlp.storage.database import reading
from feedback_nlp.tabular.sheets import ReadOptions
from feedback_nlp.workflows.browse_intake import list_imports, list_rejected
from feedback_nlp.workflows.import_files import Intake, Watch, import_files
from feedback_nlp.workflows.import_sheet import Target

SAMPLES = TESTS / "samples"
STORED = [
    ("table", "table.csv", {"reviews": 5}, 2),
    ("app_store", "app_store.csv", {"reviews": 7}, 3),
    ("ecommerce", "ecommerce.csv", {"reviews": 7}, 3),
    ("support", "support.csv", {"reviews": 3}, 4),
    ("support", "support_tickets.csv", {"reviews": 4}, 4),
    ("survey", "survey.csv", {"reviews": 4, "survey_answers": 7}, 3),
    ("community", "community.csv", {"reviews": 5}, 4),
    ("usage", "usage.csv", {"usage_events": 5}, 5),
    ("exposure", "exposure.csv", {"exposure": 4}, 5),
    ("customers", "customers.csv", {"customers": 5}, 3),
    ("orders", "orders.csv", {"orders": 4}, 6),
]
ARRIVALS = ("reviews", "survey_answers", "usage_events", "exposure", "customers", "orders")


def counts(target: Target) -> dict[str, int]:
    with reading(target.engine) as session:
        found = {
            name: session.execute(
                select(func.count()).select_from(tables.metadata.tables[name])
            ).scalar_one()
            for name in ARRIVALS
        }
    return {name: count for name, count in found.items() if count}


@pytest.mark.parametrize(
    ("format_", "name", "rows", "rejected"), STORED, ids=[name for _, name, _, _ in STORED]
)
def test_every_kind_of_record_is_stored_and_importing_again_changes_nothing(
    format_: str, name: str, rows: dict[str, int], rejected: int, target: Target, desk: Desk
) -> None:
    done = imported(target, SAMPLES / name, format=format_)
    assert counts(target) == rows
    assert (done.added, done.rejected) == (sum(rows.values()), rejected)
    before = desk.dump()
    again = imported(target, SAMPLES / name, format=format_)
    assert (again.added, again.revised, again.unchanged) == (0, 0, done.added)
    assert desk.dump() == before


def test_every_format_is_among_these_samples() -> None:
    assert {format_ for format_, *_ in STORED} == set(CHANNELS)


def test_an_unknown_format_lists_the_choices(target: Target) -> None:
    with pytest.raises(InputError, match="没有通道“问卷星”，可选：table"):
        imported(target, SAMPLES / "table.csv", format="问卷星")


def test_each_import_is_logged_with_what_was_asked_and_what_became_of_it(
    target: Target, tmp_path: Path
) -> None:
    path = write_text(tmp_path / "a.csv", "吐槽,时间", "太慢,2026-03-02", "太贵,昨天")
    import_files(target, [path], intake=Intake(channel="店", mapping={"吐槽": "text"}))
    (log,) = list_imports(target.engine, target.workspace, limit=5)
    assert (log.origin.source, log.origin.format, log.origin.channel, log.origin.mapping) == (
        str(path.resolve()),
        "table",
        "店",
        {"吐槽": "text"},
    )
    assert (log.counts["added"], log.counts["rejected"], log.finished_at) == (1, 1, NOW)
    (line,) = list_rejected(target.engine, target.workspace)
    assert (line.source, line.line, line.import_id) == (str(path.resolve()), 3, log.id)
    assert list(list_rejected(target.engine, target.workspace, source="别处")) == []


def test_what_a_person_maps_wins_over_known_headers(target: Target, tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "内容,吐槽", "模板,太慢")
    imported(target, path, mapping={"吐槽": "text"})
    (review,) = stored(target)
    assert (review.text, review.extras) == ("太慢", (("内容", "模板"),))


def test_a_saved_map_is_used_by_the_same_channel_and_format_only(
    target: Target, tmp_path: Path
) -> None:
    mapping = {"吐槽": "text"}
    path = write_text(tmp_path / "a.csv", "吐槽", "太慢")
    imported(target, path, channel="店", mapping=mapping, save_mapping=True)
    later = write_text(tmp_path / "b.csv", "吐槽", "太贵")
    assert imported(target, later, channel="店").added == 1
    for other in ({}, {"channel": "别家"}, {"channel": "店", "format": "app_store"}):
        with pytest.raises(InputError, match="找不到正文"):
            imported(target, later, **other)
    with pytest.raises(InputError, match="找不到正文"):
        imported(replace(target, workspace="别人"), later, channel="店")


def test_what_is_mapped_now_replaces_what_was_saved_for_the_same_field(
    target: Target, tmp_path: Path
) -> None:
    path = write_text(tmp_path / "a.csv", "吐槽,原话", "模板,太慢")
    for mapping, text in (({"吐槽": "text"}, "模板"), ({"原话": "text"}, "太慢"), ({}, "太慢")):
        imported(target, path, mapping=mapping, save_mapping=bool(mapping))
        assert [review.text for review in stored(target)] == [text]
    with reading(target.engine) as session:
        kept = column_maps.load(session, target.workspace, "file", "table")
    assert kept == {"原话": "text"}


def test_a_mapped_column_that_is_missing_is_named_and_nothing_is_stored_or_saved(
    target: Target, tmp_path: Path
) -> None:
    path = write_text(tmp_path / "a.csv", "内容", "太慢")
    with pytest.raises(InputError, match="列“吐槽”不在表头里；表头是 内容"):
        imported(target, path, mapping={"吐槽": "text"}, save_mapping=True)
    assert stored(target) == []
    with reading(target.engine) as session:
        assert column_maps.every(session, target.workspace) == []


def second_sheet(book: Workbook, _: Worksheet) -> None:
    sheet = book.create_sheet("九月")
    sheet.append(("内容",))
    sheet.append(("贵",))


def test_options_reach_the_reader(target: Target, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(saved(second_sheet))
    imported(target, book, options=ReadOptions(sheet="九月"))
    big5 = tmp_path / "big5.csv"
    big5.write_bytes("編號,內容\n1,螢幕碎了\n".encode("big5"))
    imported(target, big5, mapping={"內容": "text"}, options=ReadOptions(encoding="big5"))
    tilde = write_text(tmp_path / "tilde.csv", "id~内容", "7~好~很好", "8~慢,贵")
    imported(target, tilde, options=ReadOptions(delimiter="~"))
    assert {review.text for review in stored(target)} == {"贵", "螢幕碎了", "慢,贵"}
    assert [line.line for line in open_rejections(target)] == [2]


def archive(folder: Path) -> Path:
    path = folder / "导出.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("九月/a.csv", "内容,时间\n太慢,2026-03-02\n太贵,昨天\n")
        packed.writestr("b.xlsx", saved(second_sheet))
        packed.writestr("__MACOSX/._a.csv", "x")
        packed.writestr("c.csv", "")
    return path


def test_each_member_and_sheet_of_an_archive_is_an_import_of_its_own(
    target: Target, tmp_path: Path
) -> None:
    path = archive(tmp_path)
    told: list[tuple[str, int]] = []
    watch = Watch(complain=lambda sheet, line: told.append((sheet, line.line)))
    done = import_files(target, [path], watch=watch)
    names = [f"{path}!九月/a.csv", f"{path}!b.xlsx!评论", f"{path}!b.xlsx!九月", f"{path}!c.csv"]
    assert [each.name for each in done] == names
    assert [(each.report.added, each.report.rejected) for each in done] == [
        (1, 1),
        (2, 0),
        (1, 0),
        (0, 1),
    ]
    assert told == [(names[0], 3), (names[3], 0)]
    assert {line.source for line in open_rejections(target)} == {
        f"{path.resolve()}!九月/a.csv",
        f"{path.resolve()}!c.csv",
    }
    with reading(target.engine) as session:
        log = imports.every(session, target.workspace, limit=9)
    assert [each.origin.source for each in reversed(log)] == [
        name.replace(str(path), str(path.resolve())) for name in names
    ]


def test_remarks_come_out_and_are_logged(target: Target, tmp_path: Path) -> None:
    done = import_files(target, [archive(tmp_path)])
    assert any("__MACOSX" in note for note in done[0].notes)
    with reading(target.engine) as session:
        log = imports.every(session, target.workspace, limit=9)
    assert log[-1].origin.notes == done[0].notes


def test_a_relative_path_is_the_same_source(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_text(tmp_path / "a.csv", "内容,时间", "太贵,昨天")
    imported(target, path)
    monkeypatch.chdir(tmp_path)
    imported(target, Path("a.csv"))
    assert len(open_rejections(target)) == 1


def test_a_table_of_another_kind_is_told_which_format_fits(target: Target) -> None:
    sample = SAMPLES / "ecommerce.csv"
    with pytest.raises(InputError, match="--format ecommerce"):
        import_files(target, [sample])
    (plain,) = import_files(target, [SAMPLES / "table.csv"])
    assert not any("--format" in note for note in plain.notes)
