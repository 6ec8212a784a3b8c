from collections.abc import Iterator
from pathlib import Path

import pytest
from report_sample import annotations, sample

from feedback_nlp.records import Annotation, Review
from feedback_nlp.reports.write import replacing, write_atomically, write_reports


def test_write_replaces_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "报告.md"
    path.write_bytes(b"old and longer")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def write_half(path: Path) -> None:
    with replacing(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "themes.json"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_half(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_reports_are_readable_like_any_other_file(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.write_bytes(b"")
    write_atomically(tmp_path / "report", b"")
    assert (tmp_path / "report").stat().st_mode == ordinary.stat().st_mode


def test_output_folder_is_made_and_annotations_are_read_once(tmp_path: Path) -> None:
    def stream() -> Iterator[tuple[Annotation, Review | None]]:
        for annotation, _ in annotations():
            yield annotation, None

    paths = write_reports(sample(), stream(), tmp_path / "a" / "b")
    assert all(path.stat().st_size for path in paths)
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == sorted(
        path.name for path in paths
    )


def test_broken_characters_do_not_stop_the_report(tmp_path: Path) -> None:
    lone = Review(id="1", channel="c", text="坏\ud800字")
    annotation, _ = annotations()[0]
    (opinions, *_) = write_reports(sample(), [(annotation, lone)], tmp_path)
    assert opinions.read_text("utf-8")
