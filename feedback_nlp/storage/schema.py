"""Brings a database to the newest schema."""

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select

from feedback_nlp.errors import StorageError
from feedback_nlp.storage.tables import metadata

_LOCK: Final = 0x6665_6564_6261_636B
"""Any number that no other program takes: "feedback"."""


def migrate(engine: Engine) -> None:
    """Migrate to the newest schema, all or nothing; the common case only reads.

    Raises:
        StorageError: the schema is newer than this program, or the tables are not ours.
    """
    config = Config()
    config.set_main_option("script_location", "feedback_nlp.storage:migrations")
    script = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        if _is_current(connection, script):
            return
    locked = engine.execution_options(begin="BEGIN IMMEDIATE")
    with locked.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        # Asked again: another process may have migrated while this one waited for the lock.
        if not _is_current(connection, script):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _is_current(connection: Connection, script: ScriptDirectory) -> bool:
    known = {revision.revision for revision in script.walk_revisions()}
    present = MigrationContext.configure(connection).get_current_heads()
    unknown = sorted(set(present) - known)
    if unknown:
        raise StorageError(
            f"数据库由更新版本的程序建立（结构版本 {'、'.join(unknown)}）；请升级本程序后再打开"
        )
    if not present:
        foreign = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
        if foreign:
            raise StorageError(
                f"数据库里已有其他程序的同名表（{'、'.join(foreign)}）；请换一个数据库"
            )
    return set(present) == set(script.get_heads())
