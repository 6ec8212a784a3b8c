"""Hostile gzip and zip files, and things that are no files."""

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from hostile.record import HostileFile, content
from hostile.texts import TABLE

Member = tuple[str, bytes]
UTF8: Final = TABLE.encode()


def zipped(*members: Member) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def gbk_names() -> bytes:
    """Names as old Chinese Windows writes them: GBK, not flagged as anything."""
    return zipped(("AAAA.csv", UTF8)).replace(b"AAAA", "评论".encode("gbk"))


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def encrypted() -> bytes:
    """Set the flag of both headers that says a member has a password."""
    data = bytearray(zipped(("a.csv", UTF8)))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def lying(size: int) -> bytes:
    """Claim another unpacked size in the central directory."""
    data = bytearray(zipped(("a.csv", UTF8)))
    at = data.index(b"PK\1\2") + 24
    data[at : at + 4] = size.to_bytes(4, "little")
    return bytes(data)


def bomb_of_zeros() -> bytes:
    return zipped(("bomb.csv", bytes(300 << 20)), ("good.csv", UTF8))


def gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(400)) + packer.flush()


def odd_method() -> bytes:
    data = bytearray(zipped(("a.csv", UTF8)))
    data[8:10] = data[data.index(b"PK\1\2") + 10 : data.index(b"PK\1\2") + 12] = b"\x63\0"
    return bytes(data)


def linked(path: Path) -> None:
    target = path.with_name("target.csv")
    target.write_bytes(UTF8)
    path.symlink_to(target)


def dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere.csv"))


def looped(path: Path) -> None:
    path.symlink_to(path)


def nothing(path: Path) -> None:
    """Leave the path without a file."""


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _zip(
    what: str, members: Callable[[], bytes] | Sequence[Member], **expected: int | str
) -> HostileFile:
    name = "".join(sign if sign.isalnum() else "-" for sign in what) + ".zip"
    data = members if callable(members) else lambda: zipped(*members)
    return HostileFile(what, name, content(data), **expected)  # type: ignore[arg-type]


GZIPS: Final = (
    HostileFile("gzip", "ok.csv.gz", content(gzip.compress(UTF8)), good=2),
    HostileFile(
        "two gzip streams in one file",
        "two.csv.gz",
        content(gzip.compress(UTF8) + gzip.compress(b"3,fine,,\n")),
        good=3,
    ),
    HostileFile(
        "truncated gzip",
        "cut.csv.gz",
        content(gzip.compress(UTF8 * 50)[:-20]),
        error="压缩包损坏或不完整",
    ),
    HostileFile(
        "gzip header only",
        "head.csv.gz",
        content(gzip.compress(UTF8)[:10]),
        error="压缩包损坏",
    ),
    HostileFile(
        "gzip with flipped bytes",
        "flip.csv.gz",
        content(flipped(gzip.compress(UTF8), 30)),
        error="压缩包损坏",
    ),
    HostileFile(
        "gzip with a wrong checksum",
        "crc.csv.gz",
        content(flipped(gzip.compress(UTF8), -8 + len(gzip.compress(UTF8)))),
        error="压缩包损坏",
    ),
    HostileFile(
        "gzip with rubbish behind it",
        "tail.csv.gz",
        content(gzip.compress(UTF8) + b"rubbish"),
        error="压缩包损坏",
    ),
    HostileFile("gzip of nothing", "none.csv.gz", content(gzip.compress(b"")), error="文件是空的"),
    HostileFile(
        "gzip in gzip",
        "gz.csv.gz",
        content(gzip.compress(gzip.compress(UTF8))),
        error="压缩包里又有压缩包",
    ),
    HostileFile(
        "zip in gzip",
        "zip.csv.gz",
        content(gzip.compress(zipped(("a.csv", UTF8)))),
        error="压缩包里又有压缩包",
    ),
    HostileFile("gzip bomb", "bomb.csv.gz", content(gzip_bomb), error="压缩炸弹"),
    HostileFile("plain text saved as .gz", "plain.csv.gz", content(UTF8), good=2, said="没有压缩"),
    HostileFile("gzip saved as .csv", "gzip.csv", content(gzip.compress(UTF8)), good=2),
    HostileFile(
        "gzip in GB18030", "gb.csv.gz", content(gzip.compress(TABLE.encode("gb18030"))), good=2
    ),
)
ZIPS: Final = (
    _zip("zip of two files", [("a.csv", UTF8), ("b.jsonl", '{"内容": "好"}'.encode())], good=3),
    _zip("empty zip", [], error="没有文件"),
    _zip(
        "zip of folders and litter",
        [("九月/", b""), ("__MACOSX/._a.csv", b"x"), (".DS_Store", b"x")],
        error="没有文件",
    ),
    _zip(
        "zip with litter",
        [("a.csv", UTF8), ("__MACOSX/._a.csv", b"x"), ("x/.DS_Store", b"x")],
        good=2,
        said="__MACOSX",
    ),
    _zip("zip with names in GBK", gbk_names, good=2),
    _zip(
        "zip with paths that climb",
        [
            ("../../etc/passwd.csv", UTF8),
            ("/abs/b.csv", b"id,text\n7,fine\n"),
            ("C:\\w.csv", b"id,text\n8,fine\n"),
        ],
        good=4,
    ),
    _zip(
        "zip with a path that climbs and holds no table",
        [("../../etc/passwd", b"\x7fELF" + bytes(range(32)) * 20)],
        rejected=1,
    ),
    _zip(
        "zip in zip",
        [("a.csv", UTF8), ("inner.zip", zipped(("b.csv", UTF8)))],
        good=2,
        rejected=1,
        said="压缩包里又有压缩包",
    ),
    _zip(
        "zip in zip under another name",
        [("a.csv", UTF8), ("inner.csv", zipped(("b.csv", UTF8)))],
        good=2,
        rejected=1,
        said="压缩包里又有压缩包",
    ),
    _zip(
        "gzip in zip",
        [("a.csv", UTF8), ("b.csv.gz", gzip.compress(UTF8))],
        good=2,
        rejected=1,
        said="压缩包里又有压缩包",
    ),
    _zip(
        "zip with a picture",
        [("a.csv", UTF8), ("晒图.png", b"\x89PNG\r\n\x1a\n")],
        good=2,
        rejected=1,
        said="图片",
    ),
    _zip(
        "zip with an empty file",
        [("a.csv", UTF8), ("b.csv", b"")],
        good=2,
        rejected=1,
        said="文件是空的",
    ),
    _zip(
        "zip with a broken line in each file",
        [("a.csv", UTF8 + b'3,"\n'), ("b.csv", b'text\nfine\n"\n')],
        good=3,
        rejected=2,
    ),
    _zip("zip bomb beside a good file", bomb_of_zeros, good=2, rejected=1, said="压缩炸弹"),
    _zip(
        "zip of 1,001 files",
        [(f"{n}.csv", b"text\nfine\n") for n in range(1001)],
        error="1,001 个文件",
    ),
    _zip("zip with a password", encrypted, rejected=1, said="有密码"),
    _zip("zip that claims a smaller size", lambda: lying(20), rejected=1, said="损坏"),
    _zip("zip that claims 4 GB", lambda: lying((1 << 32) - 2), rejected=1, said="压缩炸弹"),
    _zip("zip packed by an unknown method", odd_method, rejected=1, said="不支持的压缩方法"),
    _zip("truncated zip", lambda: zipped(("a.csv", UTF8 * 50))[:-30], error="压缩包损坏"),
    _zip(
        "zip with flipped bytes",
        lambda: flipped(zipped(("a.csv", UTF8)), 45),
        rejected=1,
        said="损坏",
    ),
    _zip("zip magic and rubbish", lambda: b"PK\3\4" + b"rubbish" * 99, error="压缩包损坏"),
    HostileFile("zip saved as .csv", "zip.csv", content(zipped(("a.csv", UTF8))), good=2),
)
OTHERS: Final = (
    HostileFile("symbolic link to a good file", "link.csv", linked, good=2),
    HostileFile("symbolic link to nothing", "dangling.csv", dangling, error="没有这个文件"),
    HostileFile("symbolic link to itself", "loop.csv", looped, error="loop.csv: "),
    HostileFile("no such file", "vanished.csv", nothing, error="没有这个文件"),
    HostileFile("folder", "folder.csv", folder, error="是文件夹"),
    HostileFile("named pipe", "pipe.csv", pipe, error="不是普通文件"),
    HostileFile("endless device", "device.csv", device, error="不是普通文件"),
    HostileFile("PDF saved as .csv", "pdf.csv", content(b"%PDF-1.7\n1 0 obj\n"), error="PDF"),
    HostileFile(
        "picture saved as .csv", "png.csv", content(b"\x89PNG\r\n\x1a\n" + bytes(99)), error="图片"
    ),
    HostileFile("RAR saved as .zip", "rar.zip", content(b"Rar!\x1a\x07\x00"), error="RAR"),
    HostileFile(
        "Word file saved as .xlsx",
        "word.xlsx",
        content(zipped(("word/document.xml", b"<a/>"))),
        error=".docx",
    ),
    HostileFile("another ending", "notes.md", content("# 内容\n"), error="不支持的文件类型"),
)
PACKED: Final = (*GZIPS, *ZIPS, *OTHERS)
