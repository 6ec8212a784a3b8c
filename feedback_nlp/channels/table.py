"""The generic table: any CSV or JSONL with known headers -> reviews."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected, Review
from feedback_nlp.tabular.columns import match_columns, missing_text_column
from feedback_nlp.tabular.rows import Row, kind_of, read_rows
from feedback_nlp.tabular.values import is_missing, parse_count, parse_rating, parse_time

DEFAULT_CHANNEL = "file"


def read_table(
    path: Path, *, now: datetime, channel: str = DEFAULT_CHANNEL
) -> Iterator[Review | Rejected]:
    """Yield the reviews of `path` in file order, unusable lines as `Rejected`.

    `channel` is used where the file has no channel column or an empty cell. A title is put before
    the text on a line of its own, unless the text already begins with it. `now` bounds dates.

    An external id names one review of its channel in a file: the first usable line with it wins
    and later ones are rejected, so that reading the file again changes nothing. Where lines
    with the same id differ, this is the one thing that depends on the order of lines. The same id
    in another file is an update.

    Raises:
        InputError: the file cannot be read at all, or no column holds the text.
    """
    seen: Counter[str] = Counter()
    first: dict[str, tuple[int, int]] = {}
    for row in read_rows(path):
        if isinstance(row, Rejected):
            yield row
            continue
        columns = match_columns(row.cells)
        if "text" in columns:
            review = _review(row, columns, seen, now=now, channel=channel)
            yield _repeated(review, row, first) or review
        elif kind_of(path) == ".csv":
            raise InputError(f"{path}: {missing_text_column(row.cells)}")
        else:  # JSON lines may differ from each other: only this one is wrong.
            yield Rejected(row.line, missing_text_column(row.cells), _as_read(row))


def _review(
    row: Row, columns: dict[str, str], seen: Counter[str], *, now: datetime, channel: str
) -> Review | Rejected:
    given = {
        field: row.cells[header]
        for field, header in columns.items()
        if not is_missing(row.cells[header]) or field == "text"
    }
    text = _text(given)
    if not text.strip():
        return Rejected(row.line, "正文为空", _as_read(row))
    try:
        created_at = parse_time(given["created_at"], now=now) if "created_at" in given else None
        rating = parse_rating(given["rating"]) if "rating" in given else None
        likes = parse_count(given["likes"]) if "likes" in given else 0
    except ValueError as error:
        return Rejected(row.line, str(error), _as_read(row))
    channel = given.get("channel", channel).strip()
    external_id = given["external_id"].strip() if "external_id" in given else None
    used = set(columns.values()) - {columns.get("reply")}
    return Review(
        id=_identity(channel, external_id, row.cells, seen),
        channel=channel,
        text=text,
        external_id=external_id,
        created_at=created_at,
        rating=rating,
        likes=likes,
        extras=tuple((head, cell) for head, cell in row.cells.items() if cell and head not in used),
        product=_plain(given, "product"),
        version=_plain(given, "version"),
        region=_plain(given, "region"),
        author_id=_plain(given, "author_id"),
        author_tier=_plain(given, "author_tier"),
    )


def _repeated(
    review: Review | Rejected, row: Row, first: dict[str, tuple[int, int]]
) -> Rejected | None:
    """Reject a line whose external id is taken; `first` is id -> (line, hash of the review)."""
    if isinstance(review, Rejected) or review.external_id is None:
        return None
    if review.id not in first:
        first[review.id] = (row.line, hash(review))
        return None
    line, content = first[review.id]
    found = "内容相同" if content == hash(review) else "内容不同；请改用唯一的编号"
    reason = f"编号 {review.external_id} 在本文件第 {line} 行已出现，{found}"
    return Rejected(row.line, reason, _as_read(row))


def _as_read(row: Row) -> str:
    return json.dumps(row.cells, ensure_ascii=False)


def _plain(given: dict[str, str], field: str) -> str | None:
    return given[field].strip() if field in given else None


def _text(given: dict[str, str]) -> str:
    text, title = given["text"], given.get("title", "").strip()
    if not text.strip():
        return title
    return text if text.lstrip().startswith(title) else f"{title}\n{text}"


def _identity(
    channel: str, external_id: str | None, cells: dict[str, str], seen: Counter[str]
) -> str:
    if external_id is not None:
        return review_id(channel, "id", external_id)
    content = json.dumps(sorted(cells.items()), ensure_ascii=False)
    seen[content] += 1
    return review_id(channel, "content", content, str(seen[content]))


def review_id(*parts: str) -> str:
    """Derive the permanent id of a review: 64 bits of SHA-256 over its identity."""
    return "R-" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
