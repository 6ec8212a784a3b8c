"""Answers of any length: one JSON object a line, sent while the rest is still being read."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from fastapi.responses import StreamingResponse

NDJSON: Final = "application/x-ndjson"
EXPORTED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "每行一个 JSON 对象，UTF-8",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    }
}


class LinesResponse(StreamingResponse):
    """Lines of JSON."""

    media_type = NDJSON


def answer_lines(lines: Iterator[bytes]) -> LinesResponse:
    """Answer with these lines.

    The first ones are read before the answer begins: what goes wrong at once, such as a database
    that is gone, is still answered with a problem. Whatever `lines` hold open must be closed
    between two of them, because a client may leave at any time.
    """
    first = next(lines, b"")
    return LinesResponse(chain([first], lines))
