"""Which encoding a text is written in, and its lines; broken bytes stay visible marks."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.cells import CUT, MAX_LINE, shorten, storable
from feedback_nlp.tabular.sources import Source, blocks, head, readable

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
KNOWN: Final = (
    "utf-8", "gb18030", "gbk", "gb2312", "hz", "big5", "big5hkscs", "cp950", "utf-16", "utf-16-le",
    "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "shift_jis", "cp932", "euc_jp", "euc_kr",
    "cp949", "ascii", "iso8859-1", "cp1252",
)  # fmt: skip
"""What `--encoding` may say, as Python names it."""
_SAMPLE: Final = 1 << 18
_MARK: Final = "tabular.mark"
_STRONG: Final = 6
"""Bytes outside ASCII on a line: two Chinese characters in UTF-8, three in GBK. A GBK line that
happens to be valid UTF-8 is shorter (the famous 联通)."""
_LOOKED_AT: Final = 1_000
_LEAST_COMMON: Final = 0.4
_FEW_COMMON: Final = 0.7
_MOSTLY: Final = 0.9
"""Of the signs of a text in Big5 read as Big5, so many are frequent; of one in GBK about half."""
_PLAUSIBLE: Final = 0.9
_MOST_CONTROLS: Final = 0.1
_FEW: Final = 64


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Write each byte that does not decode as the surrogate U+DC00 + byte."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_MARK, _mark)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A source with the encoding that fits it; every reading begins at its first character."""

    source: Source
    encoding: str
    notes: tuple[str, ...] = ()

    def lines(self, newline: str) -> Iterator[str]:
        """Yield the lines with their ends; `newline` as `io.TextIOWrapper` takes it.

        A line of more than `MAX_LINE` characters comes out as its beginning behind `CUT`, without
        quotes, so that it spoils no line but itself.
        """
        with readable(self.source.name), self._stream(newline) as stream:
            first = True
            while line := stream.readline(MAX_LINE):
                if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
                    while rest := stream.readline(MAX_LINE):
                        if rest.endswith(("\n", "\r")):
                            break
                    line = CUT + shorten(line).replace('"', "") + "\n"
                yield line.removeprefix("\ufeff") if first else line
                first = False

    def chunks(self) -> Iterator[str]:
        """Yield all characters, a block at a time."""
        with readable(self.source.name), self._stream("") as stream:
            first = True
            while chunk := stream.read(1 << 16):
                yield chunk.removeprefix("\ufeff") if first else chunk
                first = False

    def _stream(self, newline: str) -> io.TextIOWrapper:
        return io.TextIOWrapper(
            self.source.open(), encoding=self.encoding, errors=_MARK, newline=newline
        )


def decode(source: Source, encoding: str | None = None) -> Decoded:
    """Find the encoding: the one given, else byte order mark, UTF-8, GB18030 or Big5, UTF-16.

    UTF-16 without a mark is looked for first of the last three, because its ASCII part is valid
    UTF-8 full of NUL; that evidence and nothing else decides for it. Where no encoding fits every
    line, the lines vote: a line of Chinese that is valid UTF-8 is no accident, so that one broken
    line never turns a whole UTF-8 file into GB18030 garbage.

    Raises:
        InputError: an unknown encoding, an empty source, or no text in any of them.
    """
    start = head(source, _SAMPLE)
    if not start:
        raise InputError(f"{source.name}: 文件是空的（0 字节），第一行没有表头")
    if encoding is not None:
        return Decoded(source, _with_byte_order(named_encoding(encoding), start))
    for bom, name in _BOMS:
        if start.startswith(bom):
            return _checked(Decoded(source, name), start)
    wide = _utf16_without_mark(start)
    if wide is not None:
        note = f"没有 BOM，按内容判断为 {wide.upper()} 编码"
        return Decoded(source, wide, (note,))
    if _is_utf8(source):
        return _checked(Decoded(source, "utf-8"), start)
    return _checked(_voted(source), start)


def named_encoding(encoding: str) -> str:
    """Return an encoding that a person named, as Python names it.

    Raises:
        InputError: not one of `KNOWN`.
    """
    wanted = encoding.strip().lower().replace("_", "-").removesuffix("-sig")
    try:
        name = codecs.lookup(wanted).name
    except (LookupError, ValueError):
        name = ""
    if name not in KNOWN:
        shown = "、".join(KNOWN)
        raise InputError(f"编码“{storable(encoding)}”不认识，请用 {shown} 之一")
    return name


def _with_byte_order(name: str, start: bytes) -> str:
    """Return UTF-16 and UTF-32 with their byte order, which each reading must know."""
    if name not in ("utf-16", "utf-32"):
        return name
    big = start.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
    return f"{name}-{'be' if big else 'le'}"


def _is_utf8(source: Source) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in blocks(source):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(start: bytes) -> str | None:
    """Return which UTF-16 it is if the NULs of its ASCII part tell so, else None."""
    if b"\0" not in start:
        return None
    even = start[: len(start) // 2 * 2]
    for name, ascii_half in (("utf-16-le", even[1::2]), ("utf-16-be", even[::2])):
        text = even.decode(name, "replace")
        ends = "\n" in text or "\r" in text or not (b"\n" in start or b"\r" in start)
        nuls = ascii_half.count(0)
        if (
            ends
            and nuls > 0.9 * start.count(0)
            and text.count("\0") <= 0.1 * nuls
            and _share_common(text) >= _PLAUSIBLE
        ):
            return name
    return None


def _share_common(text: str) -> float:
    """Return the share of ASCII and of Chinese characters and signs, in [0, 1]."""
    common = sum(
        " " <= sign <= "~" or sign in "\t\r\n" or "\u2000" <= sign <= "\u9fff" or sign >= "\uf900"
        for sign in text
        if sign != "\ufffd"
    )
    return common / len(text)


def _voted(source: Source) -> Decoded:
    """Choose between UTF-8, GB18030 and Big5 by the lines that only one of them explains."""
    votes = _count_votes(source)
    if votes.utf8 >= votes.gb18030 and (votes.utf8 or votes.ascii > votes.broken):
        note = f"按 UTF-8 读取，约 {votes.broken:,} 行有别的编码的字节，逐行列出"
        return Decoded(source, "utf-8", (note,))
    if votes.big5 >= _MOSTLY * votes.signs_big5 > 0 and votes.common < _FEW_COMMON * votes.signs:
        return Decoded(source, "big5hkscs", ("按 Big5 读取（没有 BOM，也不是 UTF-8）",))
    if votes.gb18030 > votes.utf8 and votes.common >= _LEAST_COMMON * votes.signs:
        return Decoded(source, "gb18030", ("按 GB18030 读取（没有 BOM，也不是 UTF-8）",))
    raise InputError(
        f"{source.name}: 看不出文字编码，请用 Excel 或记事本另存为 UTF-8 后导入，"
        "或用 --encoding 指明（台湾的文件多为 big5）"
    )


@dataclass(slots=True)
class _Votes:
    """Lines by what explains them; `common` of `signs` looked at are what Chinese is made of."""

    ascii: int = 0
    utf8: int = 0
    gb18030: int = 0
    broken: int = 0
    """Lines that are not valid UTF-8."""
    common: int = 0
    signs: int = 0
    big5: int = 0
    """Frequent ones among `signs_big5`, the signs of the same lines read as Big5."""
    signs_big5: int = 0


def _count_votes(source: Source) -> _Votes:
    votes = _Votes()
    for line in chain.from_iterable(block.splitlines() for block in _line_blocks(source)):
        if line.isascii():
            votes.ascii += 1
        elif _decodes(line, "utf-8"):
            votes.utf8 += _beyond_ascii(line) >= _STRONG
        else:
            votes.broken += 1
            if _decodes(line, "gb18030"):
                votes.gb18030 += 1
                # The first lines tell what the others are; looking at every sign is slow.
                if votes.gb18030 <= _LOOKED_AT:
                    _look_at_signs(line, votes)
    return votes


def _line_blocks(source: Source) -> Iterator[bytes]:
    """Yield the bytes in blocks that end where a line ends, if lines are not too long."""
    left = b""
    for block in blocks(source):
        whole = left + block
        cut = max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1 or len(whole)
        yield whole[:cut]
        left = whole[cut:]
    yield left


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _beyond_ascii(line: bytes) -> int:
    return len(line) - len(line.decode("ascii", "ignore"))


def _look_at_signs(line: bytes, votes: _Votes) -> None:
    """Count the signs beyond ASCII, and which of them are frequent.

    Big5 mostly decodes as GB18030 too, but half of it lands on rare characters and in the
    private use area.
    """
    for sign in line.decode("gb18030"):
        if sign.isascii():
            continue
        lead, trail = sign.encode("gb18030")[:2]
        frequent = 0xA1 <= lead <= 0xD7 and trail >= 0xA1  # noqa: PLR2004 (GB2312, level 1)
        private = "\ue000" <= sign <= "\uf8ff"
        votes.signs += 1
        votes.common += (frequent or trail < 0x40) and not private  # noqa: PLR2004 (of four bytes)
        votes.common -= private
    for sign in line.decode("big5hkscs", "replace"):
        if not sign.isascii():
            first = sign.encode("big5hkscs", "ignore")[:1]
            votes.signs_big5 += 1
            votes.big5 += b"\xa1" <= first <= b"\xc6"  # Signs and the frequent characters.


def _checked(decoded: Decoded, start: bytes) -> Decoded:
    """Refuse what is no text in any encoding."""
    text = start.decode(decoded.encoding, "ignore")
    controls = sum(sign < " " and sign not in "\t\r\n\f\v\0" for sign in text)
    if controls > _MOST_CONTROLS * len(text) + _FEW:
        raise InputError(f"{decoded.source.name}: 不是文本文件，请导出为 CSV、Excel 或 JSONL")
    return decoded
