"""A text file as plain lines, whatever its encoding, plain or gzipped."""

from collections.abc import Iterator
from pathlib import Path

from feedback_nlp.tabular.encodings import decode
from feedback_nlp.tabular.sources import GZIP_MAGIC, file_source, gunzipped, head


def read_text_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a text file with their ends; an empty file has none.

    Bytes that do not decode come out as lone surrogates, so that they spoil their own line only.

    Raises:
        InputError: the file cannot be read, or holds no text in any encoding we know.
    """
    source = file_source(path)
    if head(source, len(GZIP_MAGIC)) == GZIP_MAGIC:
        source = gunzipped(source)
    if head(source, 1):
        yield from decode(source).lines("\n")
