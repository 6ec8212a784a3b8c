"""JSON objects, one a line or in one array -> rows of text cells."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from feedback_nlp.records import Rejected
from feedback_nlp.tabular.cells import MAX_LINE, make_rejected, make_row, shorten, undecoded
from feedback_nlp.tabular.sheets import Row

_BLANK: Final = " \t\r\n"
_KINDS: Final = {list: "数组", str: "字符串", bool: "真假值", type(None): "空值 null"}


def jsonl_rows(lines: Iterable[str], *, encoding: str) -> Iterator[Row | Rejected]:
    """Yield one row a line; blank lines are counted but are no rows."""
    for line, written in enumerate(lines, start=1):
        raw = written.strip()
        broken = undecoded(raw, encoding)
        if broken is not None:
            yield make_rejected(line, broken, raw)
        elif raw:
            yield parse_json_row(line, raw)


def parse_json_row(line: int, raw: str) -> Row | Rejected:
    """Read one JSON object as a row; numbers and nested values become text, NaN an empty cell."""
    try:
        value = _DECODER.decode(raw)
    except (RecursionError, ValueError) as error:
        return make_rejected(line, _fault(error), raw)
    return _object_row(line, value, raw)


def array_rows(chunks: Iterable[str], *, encoding: str) -> Iterator[Row | Rejected]:
    """Yield the objects of one JSON array; the line of a row is its place in the array, from 1.

    Nobody can tell where the object behind a broken one begins, so that the first broken place
    ends the reading: one rejected line that says so.
    """
    window, place = _Window(chunks), 1
    window.skip("[")
    while window.peek() not in ("", "]"):
        raw, value = window.take()
        broken = undecoded(raw, encoding)
        if isinstance(value, Exception):
            reason = f"{broken or _fault(value)}；从这里起都没有读"
            yield make_rejected(place, reason, shorten(raw))
            return
        yield make_rejected(place, broken, raw) if broken else _object_row(place, value, raw)
        place += 1
        window.skip(",")
    if not window.skip("]"):
        yield make_rejected(place, "不是合法的 JSON：数组没有结束，文件不完整", "")
    elif window.peek():
        yield make_rejected(place, "JSON 数组后面还有内容，没有读", shorten(window.buffer))


class _Window:
    """The part of a text that is being looked at; grows only as far as one value needs."""

    __slots__ = ("_chunks", "buffer")

    def __init__(self, chunks: Iterable[str]) -> None:
        self._chunks = iter(chunks)
        self.buffer = ""

    def peek(self) -> str:
        """Return the next character that is not blank; empty at the end."""
        self.buffer = self.buffer.lstrip(_BLANK)
        while not self.buffer and self._grow():
            self.buffer = self.buffer.lstrip(_BLANK)
        return self.buffer[:1]

    def skip(self, sign: str) -> bool:
        """Step over one sign if it comes next."""
        found = self.peek() == sign
        if found:
            self.buffer = self.buffer[1:]
        return found

    def take(self) -> tuple[str, object]:
        """Return the next value as written and as read, or the error in its place."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.buffer)
            except (RecursionError, ValueError) as error:
                if len(self.buffer) > MAX_LINE or not self._grow():
                    return self.buffer, error
            else:
                raw, self.buffer = self.buffer[:end], self.buffer[end:]
                return raw, value

    def _grow(self) -> bool:
        """Double what is held, so that a long value is parsed a few times only."""
        before = len(self.buffer)
        for chunk in self._chunks:
            self.buffer += chunk
            if len(self.buffer) > 2 * before:
                break
        return len(self.buffer) > before


def _object_row(line: int, value: object, raw: str) -> Row | Rejected:
    if not isinstance(value, dict):
        found = _KINDS.get(type(value), "数字")
        return make_rejected(line, f"应为 JSON 对象 {{…}}，实为{found}", raw)
    return make_row(line, {key: _cell(cell) for key, cell in value.items()}, raw)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _fault(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "不是合法的 JSON：嵌套过深"
    if isinstance(error, json.JSONDecodeError):
        return f"不是合法的 JSON：第 {error.pos + 1} 个字符处写错或没有写完（{error.msg}）"
    if isinstance(error, _RepeatedKeyError):
        return str(error)
    return "不是合法的 JSON：数字过长"  # more digits than Python converts


class _RepeatedKeyError(ValueError):
    """One key with two values: whichever is taken, the other is lost."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            raise _RepeatedKeyError(f"键“{key}”出现两次，值不同，请只留一个")
        found[key] = value
    return found


def _constant(name: str) -> str | None:
    """Read what is no JSON but what pandas writes for a missing number."""
    return None if name == "NaN" else name


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_constant)
