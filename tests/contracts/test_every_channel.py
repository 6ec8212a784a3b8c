"""What every channel must do. A new channel: a line in `CHANNELS` and one in `SAMPLES`."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from builders import NOW

from feedback_nlp.channels import CHANNELS, Channel
from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected, Review

SAMPLE_FOLDER = Path(__file__).parents[1] / "samples"


@dataclass(frozen=True)
class Sample:
    """An export as the channel writes it; good lines without external ids, two of them equal."""

    file: str
    reviews: int
    rejected: tuple[int, ...]
    """Lines that cannot be used."""
    shuffled: Callable[[str], str]
    """The same records in another order."""


def _reversed_csv(content: str) -> str:
    header, *rows = csv.reader(content.splitlines(keepends=True))
    written = io.StringIO()
    csv.writer(written).writerows([header, *reversed(rows)])
    return written.getvalue()


SAMPLES = {"table": Sample("table.csv", 5, (4, 7), _reversed_csv)}


@pytest.fixture(params=sorted(CHANNELS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def channel(name: str) -> Channel:
    return CHANNELS[name]


@pytest.fixture
def sample(name: str) -> Sample:
    return SAMPLES[name]


@pytest.fixture
def rows(channel: Channel, sample: Sample) -> list[Review | Rejected]:
    return list(channel(SAMPLE_FOLDER / sample.file, now=NOW))


def found(rows: list[Review | Rejected]) -> list[Review]:
    return [row for row in rows if isinstance(row, Review)]


def test_every_channel_has_a_sample() -> None:
    assert set(SAMPLES) == set(CHANNELS)


def test_channel_reads_lazily(channel: Channel, sample: Sample) -> None:
    assert isinstance(channel(SAMPLE_FOLDER / sample.file, now=NOW), Iterator)


def test_channel_gives_reviews_and_rejected_lines_with_reasons(
    rows: list[Review | Rejected], sample: Sample
) -> None:
    rejected = [row for row in rows if isinstance(row, Rejected)]
    assert len(found(rows)) == sample.reviews
    assert tuple(row.line for row in rejected) == sample.rejected
    assert all(row.reason and row.raw for row in rejected)


def test_every_review_has_words_a_channel_and_an_id_of_its_own(
    rows: list[Review | Rejected],
) -> None:
    reviews = found(rows)
    assert all(review.text.strip() and review.channel for review in reviews)
    assert len({review.id for review in reviews}) == len(reviews)


def test_times_are_zoned_and_not_in_the_future(rows: list[Review | Rejected]) -> None:
    times = [review.created_at for review in found(rows) if review.created_at is not None]
    assert times
    assert all(time.tzinfo is not None and time <= NOW for time in times)


def test_reading_twice_gives_the_same(
    channel: Channel, sample: Sample, rows: list[Review | Rejected]
) -> None:
    assert list(channel(SAMPLE_FOLDER / sample.file, now=NOW)) == rows


def test_another_order_of_records_gives_the_same_reviews(
    channel: Channel, sample: Sample, rows: list[Review | Rejected], tmp_path: Path
) -> None:
    path = tmp_path / sample.file
    content = (SAMPLE_FOLDER / sample.file).read_text(encoding="utf-8")
    path.write_text(sample.shuffled(content), encoding="utf-8", newline="")
    again = found(list(channel(path, now=NOW)))
    assert {review.id: review for review in again} == {review.id: review for review in found(rows)}


def test_name_of_the_channel_can_be_given(channel: Channel, sample: Sample) -> None:
    rows = list(channel(SAMPLE_FOLDER / sample.file, now=NOW, channel="另一个来源"))
    assert "另一个来源" in {review.channel for review in found(rows)}


def test_file_that_is_not_text_is_an_input_error(
    channel: Channel, sample: Sample, tmp_path: Path
) -> None:
    path = tmp_path / sample.file
    path.write_bytes(b"\xff\xfe\x00\xd8" * 10)
    with pytest.raises(InputError, match=path.name):
        list(channel(path, now=NOW))
