"""Gets rid of the bytes that deleted rows leave behind in a database's files."""

import sqlite3
from typing import Final

from sqlalchemy import Engine

from feedback_nlp.storage.faults import explain

_STILL_READ: Final = 1


def clear_deleted(engine: Engine, *, rewrite: bool = True) -> bool:
    """Rewrite a SQLite file and empty its log, so that no deleted byte is left; True when done.

    False: another process is reading, and its snapshot keeps the log; call it again later.
    PostgreSQL answers False: its files are the administrator's, see docs/personal-data.md.
    Rewriting takes as much free disk as the database is large; without it, what was deleted with
    `secure_delete` is overwritten all the same. Call it outside any transaction.

    Raises:
        StorageError: the disk is full, or another process writes for too long.
    """
    if engine.dialect.name != "sqlite":
        return False
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only = OFF")  # a reader may have had this connection before
        if rewrite:
            cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        outcome = cursor.fetchone()
    except sqlite3.Error as error:
        raise explain(engine, str(error)) from error
    finally:
        connection.close()
    return outcome is not None and outcome[0] != _STILL_READ
