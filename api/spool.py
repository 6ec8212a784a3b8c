"""The body of a bulk request -> a temporary file, in bounded memory."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final

from anyio import CapacityLimiter
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.body_limit import MEGABYTE
from api.gzip_body import Gunzip, is_packed
from api.refusals import Refusal
from feedback_nlp.errors import StorageError
from feedback_nlp.storage.faults import meaning_of

UNPACKED: Final = 4
"""Times the limit that a packed body may hold."""
_BLOCK: Final = 1 << 20
_SUFFIXES: Final = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/plain": ".txt",
    "application/x-ndjson": ".ndjson",
    "application/ndjson": ".ndjson",
    "application/jsonl": ".jsonl",
    "application/json": ".json",
}


@dataclass
class BulkGate:
    """How large bulk requests may be, and how many may be worked on at once."""

    limit: int
    """Bytes, as they are sent."""
    most: int = 8
    """Received at once: one that sends slowly holds a place for long."""
    running: int = 0
    """Changed in the event loop only."""
    importing: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    """Whoever has sent everything waits for its turn here."""

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[None]:
        """Take a place; raises Refusal when there is none."""
        if self.running >= self.most:
            wait = {"Retry-After": "10"}
            raise Refusal(503, f"正在接收 {self.most} 个批量提交，请稍后再发", headers=wait)
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1


@dataclass(frozen=True, slots=True)
class Spooled:
    """A body on disk."""

    path: Path
    hash: Any
    """SHA-256 of the bytes as they were sent."""


@dataclass
class _Spool:
    file: IO[bytes]
    gunzip: Gunzip | None
    hash: Any = field(default_factory=sha256)

    def write(self, data: bytes) -> None:
        self.hash.update(data)
        for piece in (data,) if self.gunzip is None else self.gunzip.unpack(data):
            self.file.write(piece)

    def finish(self) -> None:
        if self.gunzip is not None:
            self.gunzip.finish()
        self.file.flush()


@asynccontextmanager
async def spooled(request: Request, *, limit: int) -> AsyncIterator[Spooled]:
    """Keep the body in a file as long as the block runs; nothing is kept of one that breaks off.

    Raises:
        Refusal: larger than `limit`, or than four times as much unpacked, or broken.
        StorageError: there is no room for it.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    suffix = _SUFFIXES.get(kind, ".txt")
    packed = is_packed(request.headers.get("content-encoding"))
    try:
        with NamedTemporaryFile(prefix="feedback-bulk-", suffix=suffix) as file:
            spool = _Spool(file, Gunzip(UNPACKED * limit) if packed else None)
            async for block in _blocks(request, limit):
                await run_in_threadpool(spool.write, block)
            await run_in_threadpool(spool.finish)
            yield Spooled(Path(file.name), spool.hash)
    except ClientDisconnect:
        raise Refusal(400, "请求体没有发完，什么也没有保存") from None
    except OSError as error:
        why = meaning_of(os.strerror(error.errno or 0))
        raise StorageError(f"临时文件夹{why}：{error.strerror}") from error


async def _blocks(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Collect what arrives into blocks worth a trip to another thread."""
    announced = request.headers.get("content-length", "")
    arrived, block = 0, bytearray()
    too_large = Refusal(413, f"请求体过大：最多 {limit / MEGABYTE:g} MB，请分批发送")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise too_large
    async for part in request.stream():
        arrived += len(part)
        if arrived > limit:
            raise too_large
        block += part
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)
