"""How the service writes its log: text for people, or one JSON object a line for collectors.

Never what anybody wrote: of a bug the frames and the type are written, not its message, which may
quote the value that caused it.
"""

import logging
from collections.abc import Iterator
from contextvars import ContextVar
from enum import StrEnum
from traceback import StackSummary, TracebackException
from types import TracebackType
from typing import Any, Final

from pythonjsonlogger.json import JsonFormatter

ACCESS: Final = "feedback_nlp.access"
"""The logger of requests."""
REQUEST_ID: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
_TEXT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
_JSON: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
_NAMES: Final = {"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "traceback"}

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LogFormat(StrEnum):
    """How a line of the log looks."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """From where on something is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def log_config(format_: LogFormat, level: LogLevel) -> dict[str, Any]:
    """Return what `logging.config.dictConfig` and uvicorn take."""
    formatter = (
        f"{__name__}.{JsonLines.__name__ if format_ is LogFormat.JSON else TextLines.__name__}"
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {
            "err": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["err"], "level": level.upper()},
        "loggers": {
            # Ours, with the route instead of the address, takes its place.
            "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            # Each request would be a line: where to, with its query.
            "httpcore2": {"level": "WARNING"},
            "httpx2": {"level": "WARNING"},
        },
    }


class TextLines(logging.Formatter):
    """One line an event, with the id of its request."""

    def __init__(self) -> None:
        """Use our own line."""
        super().__init__(_TEXT)

    def format(self, record: logging.LogRecord) -> str:
        """Write one line, and the frames of a bug below it."""
        line = super().format(record)
        name = REQUEST_ID.get()
        return line if name is None else f"{line} request_id={name}"

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (logging's name)
        """Write the frames without the message."""
        return "\n".join(frames(ei[1]))


class JsonLines(JsonFormatter):
    """One JSON object a line, with the id of its request."""

    def __init__(self) -> None:
        """Use our own names."""
        super().__init__(_JSON, rename_fields=_NAMES, json_ensure_ascii=False)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (logging's name)
        """Write the frames without the message."""
        return "\n".join(frames(ei[1]))

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        """Add the id of the request."""
        super().add_fields(log_data, record, message_dict)
        name = REQUEST_ID.get()
        if name is not None:
            log_data.setdefault("request_id", name)


def frames(error: BaseException | None) -> Iterator[str]:
    """Yield where an error was raised and of which type it is, its causes first."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for each in reversed(chain):
        told = TracebackException.from_exception(each, capture_locals=False, lookup_lines=True)
        stack: StackSummary = told.stack
        yield "".join(stack.format()).rstrip("\n")
        yield f"{type(each).__module__}.{type(each).__qualname__}"
