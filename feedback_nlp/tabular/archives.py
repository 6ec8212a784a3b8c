"""Zip archives: each member is read as a stream, nothing is ever written to disk."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.cells import storable
from feedback_nlp.tabular.sources import (
    HARMLESS,
    MAX_RATIO,
    MAX_UNPACKED,
    Source,
    bomb,
    limited,
    readable,
    unpacking,
)

ZIP_MAGIC: Final = (b"PK\3\4", b"PK\5\6")
MAX_MEMBERS: Final = 1_000
_PACKED: Final = (".zip", ".gz", ".tgz", ".rar", ".7z", ".tar", ".bz2", ".xz")
_LITTER: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_UTF8_FLAG: Final = 0x800


@contextmanager
def open_archive(source: Source) -> Iterator[zipfile.ZipFile]:
    """Open a zip file.

    Raises:
        InputError: damaged, too many members, or a bomb.
    """
    with readable(source.name), source.open() as stream:
        with unpacking(source.name):
            archive = zipfile.ZipFile(_seekable(stream, source.name))
        with archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise InputError(
                    f"{source.name}: 压缩包里有 {len(members):,} 个文件，最多 {MAX_MEMBERS:,} 个"
                )
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise InputError(bomb(source.name))
            yield archive


def is_litter(member: zipfile.ZipInfo) -> bool:
    """Say whether a member is a folder or what a Mac or Windows adds by itself."""
    parts = PurePosixPath(member_name(member)).parts
    return member.filename.endswith("/") or any(
        part in _LITTER or part.startswith("._") for part in parts
    )


def member_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member as its author wrote it: UTF-8 if flagged, else GBK.

    It is only ever shown, never used as a path.
    """
    if member.flag_bits & _UTF8_FLAG:
        return storable(member.filename)
    written = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):  # Some tools write UTF-8 and do not say so.
        try:
            return storable(written.decode(encoding))
        except UnicodeDecodeError:
            continue
    return storable(member.filename)


def refusal(member: zipfile.ZipInfo) -> str | None:
    """Say, in Chinese, why a member is not even opened; None if it may be."""
    name = member_name(member)
    if member.flag_bits & 1:
        return "有密码，请解密后重新压缩，或直接导入里面的文件"
    if name.lower().endswith(_PACKED):
        return "压缩包里又有压缩包，请先解压再导入"
    if member.file_size > max(HARMLESS, member.compress_size * MAX_RATIO):
        return f"解压后有 {member.file_size:,} 字节，压缩比超过 {MAX_RATIO} 倍，可能是压缩炸弹"
    return None


def member_source(archive: Source, member: zipfile.ZipInfo, name: str) -> Source:
    """Return a member as a source under the name `name`; each reading opens the archive anew."""

    def unpack() -> BinaryIO:
        with ExitStack() as stack:
            opened = stack.enter_context(open_archive(archive))
            with unpacking(name):
                stream = stack.enter_context(opened.open(member))
            size = member.compress_size
            return limited(stream, name, packed_size=size, owner=stack.pop_all())

    return Source(name, unpack)


def _seekable(stream: BinaryIO, name: str) -> BinaryIO:
    if stream.seekable():
        return stream
    data = stream.read(HARMLESS + 1)
    if len(data) > HARMLESS:
        raise InputError(f"{name}: 压缩包里的压缩包太大，请先解压再导入")
    return io.BytesIO(data)


def is_workbook(archive: zipfile.ZipFile) -> str | None:
    """Return which kind of office file an archive is, by what it holds; None for a plain one."""
    names = set(archive.namelist())
    if any(name.lower() == "xl/workbook.xml" for name in names):
        return ".xlsx"
    if "xl/workbook.bin" in names:
        return ".xlsb"
    if "word/document.xml" in names:
        return ".docx"
    if "ppt/presentation.xml" in names:
        return ".pptx"
    return ".ods" if "mimetype" in names and "content.xml" in names else None
