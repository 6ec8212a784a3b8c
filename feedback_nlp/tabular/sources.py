"""Where bytes come from: a file, a gzip file or a member of an archive, with limits on all."""

import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final

from feedback_nlp.errors import InputError

BLOCK: Final = 1 << 20
MAX_UNPACKED: Final = 4 << 30
"""Bytes that one archive may unpack to."""
MAX_RATIO: Final = 200
"""Times its packed size; texts reach 20, a bomb 1000."""
HARMLESS: Final = 100 << 20
"""Bytes below which no ratio is suspicious."""
GZIP_MAGIC: Final = b"\x1f\x8b"
_DAMAGED: Final = (
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
)


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes with a name that can be read from the beginning as often as needed."""

    name: str
    """As people know it: the path, with `!` before what is inside."""
    open: Callable[[], BinaryIO]


def file_source(path: Path) -> Source:
    """Return a regular file as a source.

    Raises:
        InputError: it is not there, may not be read, or is a folder, pipe or device.
    """
    with readable(str(path)):
        mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise InputError(f"{path}: 是文件夹，请给出文件")
    if not stat.S_ISREG(mode):
        raise InputError(f"{path}: 不是普通文件（管道或设备），请先存成文件")
    return Source(str(path), lambda: path.open("rb"))


def gunzipped(packed: Source) -> Source:
    """Return what a gzip file holds, under the same name."""

    def unpack() -> BinaryIO:
        with ExitStack() as stack:
            stream = stack.enter_context(packed.open())
            size = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            unpacked = stack.enter_context(gzip.GzipFile(fileobj=stream))
            return limited(unpacked, packed.name, packed_size=size, owner=stack.pop_all())

    return Source(packed.name, unpack)


def limited(
    stream: io.BufferedIOBase | IO[bytes], name: str, *, packed_size: int, owner: ExitStack
) -> BinaryIO:
    """Refuse to unpack more than `MAX_UNPACKED` bytes or than a text can have been packed to.

    Closing the stream closes `owner`.
    """
    most = min(MAX_UNPACKED, max(HARMLESS, packed_size * MAX_RATIO))
    return io.BufferedReader(_Limited(stream, name, most, owner))


class _Limited(io.RawIOBase):
    def __init__(
        self, stream: io.BufferedIOBase | IO[bytes], name: str, most: int, owner: ExitStack
    ) -> None:
        super().__init__()
        self._stream, self._name, self._left, self._owner = stream, name, most, owner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # narrower than WriteableBuffer
        with unpacking(self._name):
            data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise InputError(bomb(self._name))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._owner.close()
        super().close()


def bomb(name: str) -> str:
    """Say, in Chinese, that something unpacks to more than we read."""
    return (
        f"{name}: 解压后过大或压缩比超过 {MAX_RATIO} 倍，可能是压缩炸弹，没有读；"
        "确是真实数据请先解压、拆分再导入"
    )


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turn what goes wrong below a stream into an `InputError` that names the source."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{name}: 没有这个文件") from None
    except PermissionError:
        raise InputError(f"{name}: 没有读取权限") from None
    except OSError as error:
        raise InputError(f"{name}: 读不了（{error.strerror or error}）") from error


@contextmanager
def unpacking(name: str) -> Iterator[None]:
    """Turn what `zipfile` and `gzip` raise on forged archives into an `InputError`."""
    try:
        yield
    except NotImplementedError as error:
        raise InputError(f"{name}: 用了不支持的压缩方法，请重新压缩") from error
    except (*_DAMAGED, ValueError, IndexError, RuntimeError, OverflowError) as error:
        what = f"{_kind_by_name(name)}损坏或不完整（{error}）"
        raise InputError(f"{name}: {what}，请重新导出") from error


def _kind_by_name(name: str) -> str:
    if name.lower().endswith(".gz"):
        return "gzip 压缩包"
    return "Excel 文件" if name.lower().endswith((".xlsx", ".xlsm", ".xls")) else "压缩包"


def head(source: Source, size: int) -> bytes:
    """Return the first bytes of a source."""
    with readable(source.name), source.open() as stream:
        return stream.read(size)


def blocks(source: Source) -> Iterator[bytes]:
    """Yield all bytes of a source, in blocks."""
    with readable(source.name), source.open() as stream:
        while block := stream.read(BLOCK):
            yield block
