"""Words that say what a number beside them is, and the patterns that join the two."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from feedback_nlp.privacy.found import Span

BETWEEN: Final = r"(?:[\s:=#,，\"“(\[]|号码|号|id|是|为|填的|写的){0,6}"
"""What may stand between a cue and its value: marks, and 号, 是, 为."""

HAN: Final = r"\u3400-\u9fff"

NOT_A_QUANTITY: Final = r"(?!\.\d)(?!\s?(?:元|块|rmb|人民币|¥|次|个|人|条|件|点|分|米|万|亿|%))"
"""What follows a number that counts or costs something."""

_OTHER_LABEL: Final = re.compile(
    r"(?:错误码|错误代码|错误|代码|报错|型号|货号|款号|sku|编码|编号|条码|条形码|批次号?|批号|序列号|版本号?"
    r"|[¥$]|价格|售价|金额|(?:播放|阅读|浏览|点赞|粉丝|下载|曝光|转发|收藏|访问|销|用户|数|总)[数量]|阅读量|时间|时间戳|error|code|model|s/n|sn)(?:[\s:=#]|是|为){0,3}$",
    re.IGNORECASE,
)
_LABEL_REACH: Final = 10


def labelled_otherwise(text: str, start: int) -> bool:
    """Say whether the words just before `start` call what follows a code, a model or a price."""
    return _OTHER_LABEL.search(text[max(0, start - _LABEL_REACH) : start]) is not None


def values(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[Span]:
    """Yield the span of the group `v` of every match of every pattern."""
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.span("v")
