"""Migrations go up and down with data in the tables."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from full_database import content, fill
from sqlalchemy import Column, Engine, MetaData, Table, insert, inspect, select, text
from storage_samples import HOME

from feedback_nlp.errors import InputError, StorageError
from feedback_nlp.storage import schema, tables
from feedback_nlp.storage.database import open_database, open_unmigrated, transaction

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")


@pytest.fixture
def engine(fresh_url: str) -> Iterator[Engine]:
    """A database that never saw a later revision than the first one."""
    open_database(fresh_url).dispose()
    engine = open_unmigrated(fresh_url)
    schema.downgrade(engine, schema.BASE)
    up_to(engine, "0001")
    yield engine
    engine.dispose()


def up_to(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "feedback_nlp.storage:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def present_tables(engine: Engine) -> dict[str, Table]:
    """Describe the tables as they are now, with our types."""
    found = inspect(engine)
    present = {}
    for table in tables.metadata.sorted_tables:
        if found.has_table(table.name):
            names = {column["name"] for column in found.get_columns(table.name)}
            columns = [Column(c.name, c.type) for c in table.columns if c.name in names]
            present[table.name] = Table(table.name, MetaData(), *columns)
    return present


def put(engine: Engine, workspace: str) -> None:
    """Write the rows of the full database as far as the present tables can hold them."""
    rows = content()
    with engine.begin() as connection:
        for name, table in present_tables(engine).items():
            for row in rows[name]:
                known = {key: value for key, value in row.items() if key in table.columns}
                connection.execute(insert(table), {"workspace_id": workspace, **known})


def rows_of(engine: Engine, workspace: str, *, like: dict[str, Table]) -> list[str]:
    """Read a workspace through the columns of `like`."""
    with engine.connect() as connection:
        return sorted(
            f"{name} {row!r}"
            for name, table in like.items()
            for row in connection.execute(select(table).where(table.c.workspace_id == workspace))
        )


def test_rows_of_the_first_schema_survive_the_way_up_and_down(
    engine: Engine, fresh_url: str
) -> None:
    put(engine, "old")
    first = present_tables(engine)
    before = rows_of(engine, "old", like=first)
    assert len(first) == 12
    assert before

    open_database(fresh_url).dispose()
    assert set(present_tables(engine)) == set(tables.metadata.tables)
    assert rows_of(engine, "old", like=first) == before
    with transaction(engine) as session:
        fill(session, HOME)
    new = rows_of(engine, HOME, like=first)

    schema.downgrade(engine, "0001")
    assert set(present_tables(engine)) == set(first)
    assert {name: t.columns.keys() for name, t in present_tables(engine).items()} == {
        name: t.columns.keys() for name, t in first.items()
    }
    assert rows_of(engine, "old", like=first) == before
    assert rows_of(engine, HOME, like=first) == new

    open_database(fresh_url).dispose()
    assert rows_of(engine, "old", like=first) == before
    assert rows_of(engine, HOME, like=first) == new


def test_old_rows_get_the_defaults_of_new_columns(engine: Engine, fresh_url: str) -> None:
    put(engine, "old")
    open_database(fresh_url).dispose()
    expected: dict[str, Any] = {"csat": None, "replies": [], "resolved_at": None, "masked": []}
    with engine.connect() as connection:
        for table in (tables.reviews, tables.review_revisions):
            rows = connection.execute(select(*(table.c[name] for name in expected))).all()
            assert rows
            assert {str(row._asdict()) for row in rows} == {str(expected)}
        marks = select(tables.rejections.c.import_id, tables.rejections.c.corrected_at)
        assert set(connection.execute(marks)) == {(None, None)}


def test_everything_can_be_taken_down(engine: Engine, fresh_url: str) -> None:
    put(engine, "old")
    open_database(fresh_url).dispose()
    schema.downgrade(engine, schema.BASE)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    open_database(fresh_url).dispose()
    assert set(present_tables(engine)) == set(tables.metadata.tables)


@pytest.mark.parametrize("revision", ["0001", "9999", "", "head", "-1"])
def test_only_a_known_earlier_revision_can_be_gone_back_to(engine: Engine, revision: str) -> None:
    with pytest.raises(InputError, match="base"):
        schema.downgrade(engine, revision)


def test_nothing_is_below_an_empty_database(engine: Engine) -> None:
    schema.downgrade(engine, schema.BASE)
    with pytest.raises(InputError, match="无"):
        schema.downgrade(engine, schema.BASE)


def test_a_newer_database_is_not_taken_down(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="9999"):
        schema.downgrade(engine, "0001")


def test_a_downgrade_that_fails_changes_nothing(engine: Engine, fresh_url: str) -> None:
    """A table that is missing already stops the way down at its last step."""
    open_database(fresh_url).dispose()
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE column_maps"))
    before = {name: t.columns.keys() for name, t in present_tables(engine).items()}
    with pytest.raises(Exception, match="column_maps"):
        schema.downgrade(engine, "0001")
    assert {name: t.columns.keys() for name, t in present_tables(engine).items()} == before
    with engine.connect() as connection:
        assert schema.present_revision(connection) == schema.newest_revision()


def test_the_revisions_are_those_this_test_walks_through() -> None:
    assert schema.known_revisions() == set(REVISIONS)
    assert schema.newest_revision() == REVISIONS[-1]


def test_what_themes_hold_becomes_placements(engine: Engine, fresh_url: str) -> None:
    put(engine, "old")
    members = present_tables(engine)["theme_members"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE themes SET state = 'dormant' WHERE id = 'T-0001'"))
        shared = {"workspace_id": "old", "theme_id": "T-0001", "review_id": "r2", "start": 0}
        connection.execute(insert(members), shared)
    open_database(fresh_url).dispose()
    placed = tables.theme_placements.c
    query = select(placed.review_id, placed.start, placed.theme_id, placed.how, placed.basis)
    with engine.connect() as connection:
        found = connection.execute(query.order_by(placed.review_id)).all()
    assert list(map(tuple, found)) == [
        ("r1", 0, "T-0001", "founded", ""),
        ("r2", 0, "T-0002", "founded", ""),
        ("r3", 0, "T-0002", "founded", ""),
    ]
