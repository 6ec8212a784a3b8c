"""A database moves to another kind of database and back, whole or not at all."""

from pathlib import Path

import pytest
from databases import every_row
from full_database import content, fill, review_row
from sqlalchemy import Engine, insert, inspect, text, update
from storage_samples import HOME

from feedback_nlp.errors import ConflictError, StorageError
from feedback_nlp.storage import copying, tables
from feedback_nlp.storage.copying import copy_database
from feedback_nlp.storage.database import open_database, transaction
from feedback_nlp.storage.schema import downgrade


@pytest.fixture
def full_file(tmp_path: Path) -> str:
    """A SQLite database with rows in every table of two workspaces."""
    url = f"sqlite:///{tmp_path}/full.db"
    engine = open_database(url)
    with transaction(engine) as session:
        for workspace in (HOME, "away"):
            fill(session, workspace)
    engine.dispose()
    return url


def rows_of(url: str) -> list[str]:
    engine = open_database(url)
    try:
        return every_row(engine)
    finally:
        engine.dispose()


def test_every_row_arrives_and_comes_back(
    full_file: str,
    fresh_url: str,
    tmp_path: Path,
) -> None:
    seen: dict[str, int] = {}

    def copied(table: str, rows: int) -> None:
        seen[table] = seen.get(table, 0) + rows

    there = copy_database(full_file, fresh_url, copied=copied)
    expected = {name: 2 * len(rows) for name, rows in content().items()}
    assert {each.table: each.rows for each in there} == expected == seen
    assert rows_of(fresh_url) == rows_of(full_file)
    back = f"sqlite:///{tmp_path}/back.db"
    assert copy_database(fresh_url, back) == there
    assert rows_of(back) == rows_of(full_file)


def test_a_target_with_rows_is_not_touched(
    full_file: str, engine: Engine, database_url: str
) -> None:
    with transaction(engine) as session:
        fill(session, "theirs")
    before = every_row(engine)
    with pytest.raises(ConflictError, match="已有数据"):
        copy_database(full_file, database_url)
    assert every_row(engine) == before


def test_rows_of_a_target_are_replaced_on_demand(
    full_file: str,
    engine: Engine,
    database_url: str,
) -> None:
    with transaction(engine) as session:
        fill(session, "theirs")
    copy_database(full_file, database_url, replace=True)
    assert every_row(engine) == rows_of(full_file)


def test_a_copy_that_breaks_off_leaves_nothing(full_file: str, fresh_url: str) -> None:
    class PowerCutError(Exception):
        pass

    def copied(table: str, _rows: int) -> None:
        if table == "tickets":
            raise PowerCutError

    with pytest.raises(PowerCutError):
        copy_database(full_file, fresh_url, copied=copied)
    assert rows_of(fresh_url) == []
    copy_database(full_file, fresh_url)
    assert rows_of(fresh_url) == rows_of(full_file)


def test_many_rows_go_in_batches(
    full_file: str, fresh_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BATCH", 100)
    engine = open_database(full_file)
    with transaction(engine) as session:
        rows = [review_row(f"m{n}", f"第{n}条", None) | {"workspace_id": "m"} for n in range(250)]
        session.execute(insert(tables.reviews), rows)
    engine.dispose()
    sizes: list[int] = []

    def copied(table: str, rows: int) -> None:
        if table == "reviews":
            sizes.append(rows)

    copy_database(full_file, fresh_url, copied=copied)
    assert sizes == [100, 100, 60]


def test_rows_that_change_on_the_way_are_noticed(full_file: str, fresh_url: str) -> None:
    """A trigger stands in for a target that does not keep what it is given."""
    engine = open_database(fresh_url)
    body = "UPDATE customers SET tier = 'x' WHERE tier IS NULL"
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            trigger = f"CREATE TRIGGER spoil AFTER INSERT ON customers BEGIN {body}; END"
            connection.execute(text(trigger))
        else:
            function = (
                "CREATE FUNCTION spoil() RETURNS trigger AS"
                f" $$ BEGIN {body}; RETURN NULL; END $$ LANGUAGE plpgsql"
            )
            connection.execute(text(function))
            trigger = "CREATE TRIGGER spoil AFTER INSERT ON customers EXECUTE FUNCTION spoil()"
            connection.execute(text(trigger))
    engine.dispose()
    with pytest.raises(StorageError, match=r"核对不一致.*customers"):
        copy_database(full_file, fresh_url)


def test_a_source_with_another_schema_is_not_written(fresh_url: str, tmp_path: Path) -> None:
    engine = open_database(fresh_url)
    downgrade(engine, "0001")
    with pytest.raises(StorageError, match="0001"):
        copy_database(fresh_url, f"sqlite:///{tmp_path}/target.db")
    assert "imports" not in inspect(engine).get_table_names()
    assert not (tmp_path / "target.db").exists()
    engine.dispose()


def test_a_source_that_is_not_there_is_not_made(tmp_path: Path, fresh_url: str) -> None:
    with pytest.raises(StorageError, match="不存在"):
        copy_database(f"sqlite:///{tmp_path}/none.db", fresh_url)
    assert not (tmp_path / "none.db").exists()


def test_a_source_file_keeps_every_byte(full_file: str, fresh_url: str, tmp_path: Path) -> None:
    before = (tmp_path / "full.db").read_bytes()
    copy_database(full_file, fresh_url)
    assert (tmp_path / "full.db").read_bytes() == before


def test_the_digest_tells_one_changed_cell(full_file: str, tmp_path: Path) -> None:
    first = copy_database(full_file, f"sqlite:///{tmp_path}/a.db")
    engine = open_database(full_file)
    with transaction(engine) as session:
        session.execute(update(tables.orders).where(tables.orders.c.id == "o1").values(amount=99.8))
    engine.dispose()
    second = copy_database(full_file, f"sqlite:///{tmp_path}/b.db")
    assert [one.table for one, two in zip(first, second, strict=True) if one != two] == ["orders"]


def test_a_source_that_is_no_database_is_explained(fresh_url: str, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("评论,时间\n" * 1000, encoding="utf-8")
    with pytest.raises(StorageError, match="不是数据库"):
        copy_database(f"sqlite:///{tmp_path}/text.db", fresh_url)
