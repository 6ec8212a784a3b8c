"""Check whether requests can be answered: the database is there, with the schema we know."""

from sqlalchemy import Engine

from feedback_nlp.errors import StorageError
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.schema import newest_revision, present_revision


def check_ready(engine: Engine) -> tuple[str, ...]:
    """Return why not, in Chinese and without addresses or names; empty when all is well."""
    try:
        with reading(engine) as session:
            present = present_revision(session.connection())
    except StorageError:
        return ("数据库连不上，原因在服务日志里",)
    if present != newest_revision():
        return (f"数据库结构是 {present or '空'}，本程序要 {newest_revision()}",)
    return ()
