"""Nothing of what was deleted is left in the files of a SQLite database."""

from pathlib import Path

import pytest
from full_database import SAID, TELLING, WHO, fill
from sqlalchemy import Engine
from storage_samples import HOME, NOW

from feedback_nlp.errors import StorageError
from feedback_nlp.storage import people
from feedback_nlp.storage.clearing import clear_deleted
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person

PERSON = Person((WHO,))


def erase(engine: Engine) -> None:
    with transaction(engine) as session:
        people.erase(session, HOME, PERSON, ErasureOrder("管理员", "请求", NOW))


def _bytes_of(path: Path) -> bytes:
    return b"".join(
        each.read_bytes() for each in sorted(path.parent.iterdir()) if path.name in each.name
    )


def test_no_byte_of_the_words_is_left_in_a_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "feedback.db"
    engine = open_database(f"sqlite:///{path}")
    with transaction(engine) as session:
        fill(session, HOME)
    assert SAID.encode() in _bytes_of(path)
    with reading(engine) as session:
        people.find(session, HOME, PERSON)
    erase(engine)
    assert clear_deleted(engine)
    left = {word for word in TELLING if word.encode() in _bytes_of(path)}
    engine.dispose()
    assert left == set()


def test_bytes_that_a_reader_still_sees_are_reported(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/feedback.db?timeout=0.01"
    engine, other = open_database(url), open_database(url)
    with transaction(engine) as session:
        fill(session, HOME)
    with reading(other) as reader:
        people.find(reader, HOME, PERSON)
        erase(engine)
        assert not clear_deleted(engine)
    assert clear_deleted(engine)
    for each in (engine, other):
        each.dispose()


def test_a_file_that_another_process_writes_is_not_cleared(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/feedback.db?timeout=0.01"
    engine, other = open_database(url), open_database(url)
    with transaction(other) as session:
        fill(session, HOME)
        with pytest.raises(StorageError, match="占用"):
            clear_deleted(engine)
    for each in (engine, other):
        each.dispose()
