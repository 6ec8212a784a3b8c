"""The container of .xls files, checked before it is read: every chain of sectors must end.

The reader behind it trusts the sector tables; a forged one makes it panic or run for ever.
Source: [MS-CFB] Compound File Binary File Format, 2.2 to 2.6.
"""

import struct
from dataclasses import dataclass
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.biff_records import check_records

OLE_MAGIC: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_SHIFTS: Final = (9, 12)
_END: Final = 0xFFFFFFFA
"""From here on numbers are marks (free, end of chain), not sectors."""
_IN_HEADER: Final = 109
_ENTRY: Final = 128
_MINI: Final = 64
_STREAM: Final = 2
_ROOT: Final = 5
_WORKBOOKS: Final = ("workbook", "book")


@dataclass(frozen=True, slots=True)
class _Container:
    """Bytes padded to whole sectors, their size, and the table of what follows each."""

    data: bytes
    size: int
    table: tuple[int, ...]

    def sector(self, number: int) -> bytes:
        begin = (number + 1) * self.size
        found = self.data[begin : begin + self.size]
        if len(found) != self.size:
            raise IndexError(f"sector {number}")
        return found

    def chain(self, start: int) -> bytes:
        return b"".join(self.sector(number) for number in follow(start, self.table))


def check_ole(data: bytes, name: str) -> bytes:
    """Return the file, padded to whole sectors, if all its chains stay inside it and end.

    Raises:
        InputError: damaged, or a workbook with a password.
    """
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise InputError(f"{name}: 有密码，请去掉密码后重新导入")
    try:
        return _checked(data)
    except (IndexError, struct.error) as error:
        message = f"{name}: Excel 文件损坏或不完整（{error}），请用 Excel 打开后重新保存"
        raise InputError(message) from error


def follow(start: int, table: tuple[int, ...]) -> list[int]:
    """Return the numbers of a chain.

    Raises:
        IndexError: it leaves the table or never ends.
    """
    numbers, number = list[int](), start
    while number < _END:
        if number >= len(table) or len(numbers) > len(table):
            raise IndexError(f"chain {start}")
        numbers.append(number)
        number = table[number]
    return numbers


def _checked(data: bytes) -> bytes:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in _SHIFTS:
        raise IndexError(f"sector shift {shift}")
    size = 1 << shift
    padded = data + bytes(-len(data) % size)
    directory, cutoff, mini_start = struct.unpack_from("<I4xII", data, 48)
    whole = _Container(padded, size, _table(_Container(padded, size, ())))
    mini = _words(whole.chain(mini_start))
    entries, small = whole.chain(directory), b""
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        kind, title = entries[at + 66], entries[at : at + 64].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entries, at + 116)
        if kind == _ROOT:
            small = whole.chain(start)
        elif kind == _STREAM and length:
            stream = whole.chain(start) if length >= cutoff else _small_chain(start, mini, small)
            if len(stream) < length:
                raise IndexError(f"{len(stream)} < {length}")
            if title.rstrip("\0").lower() in _WORKBOOKS:
                check_records(stream[:length])
    return padded


def _table(container: _Container) -> tuple[int, ...]:
    """Return the sector table, which is itself spread over sectors."""
    words = struct.unpack_from(f"<{_IN_HEADER}I", container.data, 76)
    count, further = struct.unpack_from("<I20xI", container.data, 44)
    places, seen = list(words), 0
    while further < _END:
        listed = _words(container.sector(further))
        places += listed[:-1]
        further, seen = listed[-1], seen + 1
        if seen * container.size > len(container.data):
            raise IndexError("sector list")
    used = [place for place in places if place < _END]
    if count != len(used):
        raise IndexError("sector table")
    return tuple(word for place in used for word in _words(container.sector(place)))


def _words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data)


def _small_chain(start: int, mini: tuple[int, ...], small: bytes) -> bytes:
    """Return a short stream, whose sectors stand inside the stream of the root."""
    numbers = follow(start, mini)
    if (max(numbers, default=0) + 1) * _MINI > len(small):
        raise IndexError(f"small chain {start}")
    return b"".join(small[number * _MINI : (number + 1) * _MINI] for number in numbers)
