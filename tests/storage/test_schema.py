from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, Table, inspect, text

from feedback_nlp.storage.database import open_database
from feedback_nlp.storage.tables import metadata


@pytest.fixture
def migrated(fresh_url: str) -> Iterator[Engine]:
    engine = open_database(fresh_url)
    yield engine
    engine.dispose()


def _described(engine: Engine) -> dict[str, object]:
    """Say everything about the tables that the inspector knows."""
    found = inspect(engine)
    return {
        name: (
            [
                (c["name"], str(c["type"]), getattr(c["type"], "collation", None), c["nullable"])
                for c in found.get_columns(name)
            ],
            found.get_pk_constraint(name)["constrained_columns"],
            sorted((c["name"] or "", c["sqltext"]) for c in found.get_check_constraints(name)),
            sorted(
                (c["name"] or "", c["constrained_columns"], c["referred_table"])
                for c in found.get_foreign_keys(name)
            ),
            sorted(
                (c["name"] or "", c["column_names"]) for c in found.get_unique_constraints(name)
            ),
            sorted((c["name"] or "", c["column_names"]) for c in found.get_indexes(name)),
        )
        for name in metadata.tables
    }


def test_migrations_leave_nothing_for_autogenerate(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_build_exactly_the_tables_we_declare(migrated: Engine) -> None:
    by_migration = _described(migrated)
    with migrated.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    assert by_migration == _described(migrated)


def test_an_upgrade_starts_from_nothing_only(migrated: Engine) -> None:
    with migrated.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [
            ("0007",)
        ]


ANSWER_WHICH_WORKSPACE = {"ix_api_keys_digest", "ix_logins_digest"}
"""A secret is all that a caller brings: it is looked up to find out whose it is."""


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_the_workspace_comes_first_in_every_key(table: Table) -> None:
    keys = [list(table.primary_key.columns)]
    keys += [list(key.columns) for key in table.foreign_key_constraints]
    keys += [
        list(index.columns) for index in table.indexes if index.name not in ANSWER_WHICH_WORKSPACE
    ]
    assert {columns[0].name for columns in keys} == {"workspace_id"}
