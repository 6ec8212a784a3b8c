"""Lines that document sites, review pages and phones add to what people wrote."""

import re
from functools import cache
from typing import Final

from feedback_nlp.text.lexicon import lexicon
from feedback_nlp.text.offsets import Edit

WATERMARKS: Final = "watermarks@2026-11-22.txt"

HINT: Final = re.compile(
    "文档|下载|页|发[自表送布]|来自|客户端|收起|展开|查看|阅读|全文|[版著]作?权|侵权|转载|原创|AI|ai"
)
"""Every pattern of the lexicon holds one of these words; a test says so."""
_END: Final = r"[ 。.！!…~～]*(?=\Z|\n)"
_START: Final = {
    "line": r"(?:\A|(?<=\n))[ 　]*",
    "sentence": r"(?:\A|(?<=[\n。！？!?…~～；;, ，)）”\]])|(?=[—–-]{2}))[ 　—–-]{0,8}",
    "tail": r"(?:(?<=\n)|(?<=…)|(?<=\.\.)|(?<=… )|(?<=\.\. ))[ 　]*",
}
"""Where a pattern of each kind may begin; all end where the line ends."""


@cache
def _watermark() -> re.Pattern[str]:
    rows = [line.split("\t") for line in lexicon(WATERMARKS)]
    kinds = (
        rf"{start}(?:{'|'.join(pattern for kind, pattern in rows if kind == name)})"
        for name, start in _START.items()
    )
    return re.compile(rf"(?:{'|'.join(kinds)}){_END}", re.IGNORECASE)


def drop_watermarks(text: str) -> list[Edit]:
    """Drop the lines and closing sentences of the lexicon; expects simplified script.

    Nothing inside a sentence is touched: 下载了三次, 请收起广告 stay.
    """
    if not HINT.search(text):
        return []
    return [Edit(*match.span()) for match in _watermark().finditer(text)]
