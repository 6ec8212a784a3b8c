"""Turns the database's errors into ours; bugs such as a broken constraint pass through."""

from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)

from feedback_nlp.errors import FeedbackError, InputError, StorageError

_INSUFFICIENT_PRIVILEGE: Final = "42501"

_EXPLANATIONS: Final = (
    ("database is locked", "被另一个进程占用，请稍后重试"),
    ("deadlock", "被另一个进程占用，请稍后重试"),
    ("readonly database", "是只读的"),
    ("read-only transaction", "是只读的"),
    ("not a database", "不是数据库文件"),
    ("malformed", "已损坏，请从备份恢复"),
    ("unable to open", "无法打开，请检查路径和权限"),
    ("disk is full", "所在的磁盘已满"),
    ("disk i/o error", "读写失败，请检查磁盘是否已满或损坏"),
    ("file too large", "超过了允许的文件大小"),
    ("no space left", "所在的磁盘已满"),
    ("permission denied", "没有访问权限"),
)


def translate_errors(engine: Engine) -> None:
    """Make every statement of this engine raise StorageError or InputError where they apply."""
    event.listen(engine, "handle_error", _translate)


def explain(engine: Engine, detail: str) -> StorageError:
    """Say which database failed and, where we know the message, what it means."""
    url = engine.url.render_as_string(hide_password=True)
    return StorageError(f"数据库 {url} {meaning_of(detail)}（{detail.strip()}）")


def meaning_of(detail: str) -> str:
    """Say in Chinese what a database or a file system complains about."""
    return next((text for sign, text in _EXPLANATIONS if sign in detail.lower()), "无法使用")


def _translate(context: ExceptionContext) -> FeedbackError | None:
    error = context.sqlalchemy_exception or context.original_exception
    if isinstance(error, (DataError, UnicodeEncodeError, OverflowError)):
        return InputError("数据库无法保存的值：文字含 NUL 或残缺的字符，或数字过大")
    if not isinstance(error, DBAPIError) or isinstance(error, (IntegrityError, NotSupportedError)):
        return None
    if isinstance(error, ProgrammingError) and _state(error) != _INSUFFICIENT_PRIVILEGE:
        return None
    return explain(context.engine, str(error.orig)) if context.engine else None


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
