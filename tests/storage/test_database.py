import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError
from storage_samples import HOME, MODEL, NOW, annotation, count_reviews, review, theme

from feedback_nlp.errors import InputError, StorageError
from feedback_nlp.storage import annotations, reviews, themes
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.storage.schema import newest_revision


def test_a_new_database_gets_its_folder_and_its_tables(fresh_url: str) -> None:
    engine = open_database(fresh_url)
    assert "reviews" in inspect(engine).get_table_names()
    engine.dispose()


def test_opening_again_keeps_the_data(fresh_url: str) -> None:
    for expected in (0, 1):
        engine = open_database(fresh_url)
        with transaction(engine) as session:
            assert count_reviews(session) == expected
            reviews.add(session, HOME, [review()], now=NOW)
        engine.dispose()


def test_processes_that_start_at_once_all_find_a_migrated_database(fresh_url: str) -> None:
    program = (
        "import sys; from feedback_nlp.storage.database import open_database;"
        "open_database(sys.argv[1]).dispose()"
    )
    command = [sys.executable, "-W", "error", "-c", program, fresh_url]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]  # noqa: S603 (our own program)
    complaints = [process.communicate(timeout=60)[1] for process in started]
    assert complaints == ["", "", ""]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("not a url", "无法识别", id="no URL at all"),
        pytest.param("nosuchdb://x", "无法识别", id="unknown database"),
        pytest.param("mysql+pymysql://x/y", "不支持|无法识别", id="database we do not support"),
        pytest.param("sqlite://", "内存", id="database in memory"),
        pytest.param("sqlite:///:memory:", "内存", id="database in memory by name"),
        pytest.param("sqlite:///{folder}", "无法打开", id="path is a folder"),
        pytest.param("sqlite:///{folder}/text.db", "不是数据库", id="file is no database"),
        pytest.param("sqlite:///{folder}/text.db/x.db", "文件夹", id="parent is a file"),
        pytest.param(
            "sqlite:///file:{folder}/empty.db?mode=ro&uri=true", "只读", id="read-only file"
        ),
        pytest.param("postgresql://me:secret@127.0.0.1:1/x", "无法使用", id="server is down"),
    ],
)
def test_a_database_that_cannot_be_opened_is_explained(
    url: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "text.db").write_text("评论,时间\n" * 1000, encoding="utf-8")
    (tmp_path / "empty.db").touch()
    with pytest.raises(StorageError, match=message) as caught:
        open_database(url.format(folder=tmp_path))
    assert "secret" not in str(caught.value)


def test_a_newer_schema_is_refused(engine: Engine, database_url: str) -> None:
    change = "UPDATE alembic_version SET version_num = '{}' WHERE version_num = '{}'"
    with engine.begin() as connection:
        connection.execute(text(change.format("9999", newest_revision())))
    try:
        with pytest.raises(StorageError, match="9999"):
            open_database(database_url)
    finally:
        with engine.begin() as connection:
            connection.execute(text(change.format(newest_revision(), "9999")))


def test_tables_of_another_program_are_not_touched(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/a.db")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    engine.dispose()
    with pytest.raises(StorageError, match=r"同名表.*reviews"):
        open_database(f"sqlite:///{tmp_path}/a.db")


def test_a_transaction_commits_at_its_end(engine: Engine) -> None:
    with transaction(engine) as session:
        reviews.add(session, HOME, [review()], now=NOW)
    with reading(engine) as session:
        assert reviews.get(session, HOME, "r1") == review()


def test_an_error_rolls_everything_back(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:  # noqa: PT012 (the point)
        reviews.add(session, HOME, [review()], now=NOW)
        session.execute(text("CREATE TABLE left_over (id INTEGER)"))
        _ = 1 / 0
    with reading(engine) as session:
        assert count_reviews(session) == 0
    assert "left_over" not in inspect(engine).get_table_names()


def test_a_reading_session_cannot_write(engine: Engine) -> None:
    with pytest.raises(StorageError, match="只读"), reading(engine) as session:
        reviews.add(session, HOME, [review()], now=NOW)
    with transaction(engine) as session:
        assert reviews.add(session, HOME, [review()], now=NOW).added == 1


def test_a_reader_sees_one_moment_while_others_write(engine: Engine) -> None:
    with reading(engine) as reader:
        assert count_reviews(reader) == 0
        with transaction(engine) as writer:
            reviews.add(writer, HOME, [review()], now=NOW)
        assert count_reviews(reader) == 0
    with reading(engine) as reader:
        assert count_reviews(reader) == 1


def test_two_engines_that_write_at_once_both_succeed(database_url: str) -> None:
    def write(name: str) -> int:
        engine = open_database(database_url)
        for number in range(20):
            with transaction(engine) as session:
                before = count_reviews(session)
                reviews.add(session, HOME, [review("shared"), review(f"{name}{number}")], now=NOW)
                assert count_reviews(session) >= before
        engine.dispose()
        return 20

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(write, ["a", "b"])) == 40
    engine = open_database(database_url)
    with reading(engine) as session:
        assert count_reviews(session) == 41
    engine.dispose()


def test_a_sqlite_file_locked_by_another_writer_is_explained(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db?timeout=0.01"
    first, second = open_database(url), open_database(url)
    with transaction(first) as session:
        count_reviews(session)
        with pytest.raises(StorageError, match="占用"), transaction(second) as another:
            count_reviews(another)
    first.dispose()
    second.dispose()


def test_more_readers_than_connections_are_explained(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    open_database(url).dispose()
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.01)
    with reading(engine) as session:
        count_reviews(session)
        with pytest.raises(StorageError, match="所有连接"), reading(engine) as another:
            count_reviews(another)
    engine.dispose()


def test_sqlite_is_set_up_for_several_processes(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/a.db")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    engine.dispose()
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "busy_timeout": 15_000,
    }


def test_a_broken_reference_is_a_bug_and_stays_visible(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as session:
        themes.save(session, HOME, [theme("T-0001", ("nobody", 0))], now=NOW)


@pytest.mark.parametrize("bad", [pytest.param("a\ud800", id="lone surrogate")])
def test_a_key_no_database_can_hold_is_an_input_error(engine: Engine, bad: str) -> None:
    with pytest.raises(InputError, match="无法保存"), reading(engine) as session:
        reviews.get(session, HOME, bad)


def test_a_nul_in_a_key_finds_nothing_or_is_an_input_error(engine: Engine) -> None:
    """SQLite knows no such id; PostgreSQL does not even take the question."""
    if engine.dialect.name == "sqlite":
        with reading(engine) as session:
            assert reviews.get(session, HOME, "a\x00") is None
    else:
        with pytest.raises(InputError, match="NUL"), reading(engine) as session:
            reviews.get(session, HOME, "a\x00")


def test_a_naive_time_never_reaches_the_database(engine: Engine) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(Exception, match="without a zone"), transaction(engine) as session:
        reviews.add(session, HOME, [review(created_at=naive)], now=NOW)


def test_statistics_follow_a_bulk_import(engine: Engine) -> None:
    many = [review(f"r{number:05}", text="卡" * 50) for number in range(3_000)]
    with transaction(engine) as session:
        reviews.add(session, HOME, many, now=NOW)
        annotations.add(session, HOME, [annotation(one) for one in many])
        if engine.dialect.name == "postgresql":
            known = text("SELECT reltuples FROM pg_class WHERE oid = 'reviews'::regclass")
            assert session.execute(known).scalar_one() > 0
        assert reviews.pending(session, HOME, model=MODEL, limit=1) == []
