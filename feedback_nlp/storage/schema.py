"""Brings a database to the newest schema by itself, and back only when an operator says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select

from feedback_nlp.errors import InputError, StorageError
from feedback_nlp.storage.tables import metadata

_LOCK: Final = 0x6665_6564_6261_636B
"""Any number that no other program takes: "feedback"."""

BASE: Final = "base"
"""The revision before the first one: no table at all."""


def migrate(engine: Engine) -> None:
    """Migrate to the newest schema, all or nothing; the common case only reads.

    Raises:
        StorageError: the schema is newer than this program, or the tables are not ours.
    """
    config = _config()
    with engine.connect() as connection:
        if _is_current(connection):
            return
    with _alone(engine) as connection:
        # Asked again: another process may have migrated while this one waited for the lock.
        if not _is_current(connection):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to an earlier revision, all or nothing, and lose what only the later ones hold.

    For an operator who must run an older program; the present one migrates up again as soon as it
    opens the database. `base` drops every table. Make a backup first.

    Raises:
        InputError: no such revision, or one above the present one.
        StorageError: the schema is newer than this program, or the tables are not ours.
    """
    config = _config()
    with _alone(engine) as connection:
        _is_current(connection)  # only for what it refuses
        below = _below(present_revision(connection))
        if revision not in below:
            raise InputError(f"不能降到结构版本“{revision}”；可选：{'、'.join(below) or '无'}")
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def newest_revision() -> str:
    """Return the revision that this program works with."""
    return str(_script().get_current_head())


def known_revisions() -> frozenset[str]:
    """Return every revision that this program can migrate from."""
    return frozenset(each.revision for each in _script().walk_revisions())


def present_revision(connection: Connection) -> str | None:
    """Return the revision of a database; None when it has none of our tables."""
    heads = MigrationContext.configure(connection).get_current_heads()
    return heads[0] if heads else None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "feedback_nlp.storage:migrations")
    return config


@cache
def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Open a transaction beside which nobody else migrates."""
    locked = engine.execution_options(begin="BEGIN IMMEDIATE")
    with locked.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        yield connection


def _below(present: str | None) -> list[str]:
    """Return the revisions under `present`, newest first, down to the empty database."""
    if present is None:
        return []
    older = [each.revision for each in _script().iterate_revisions(present, BASE)]
    return [*older[1:], BASE]


def _is_current(connection: Connection) -> bool:
    present = present_revision(connection)
    if present is None:
        foreign = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
        if foreign:
            raise StorageError(
                f"数据库里已有其他程序的同名表（{'、'.join(foreign)}）；请换一个数据库"
            )
    elif present not in known_revisions():
        raise StorageError(
            f"数据库由更新版本的程序建立（结构版本 {present}）；请升级本程序后再打开"
        )
    return present == newest_revision()
