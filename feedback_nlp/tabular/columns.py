"""Known headers, any case: which column holds which field of a review."""

from collections.abc import Iterable
from typing import Final

HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "text": ("text", "content", "评论内容", "评价内容", "内容", "正文", "反馈内容", "sentence"),
    "external_id": ("id", "评论编号", "编号", "工单号"),
    "created_at": (
        "time",
        "date",
        "created_at",
        "评论时间",
        "评价时间",
        "创建时间",
        "提交时间",
        "时间",
        "日期",
    ),
    "rating": ("rating", "star", "score", "评分", "星级"),
    "channel": ("channel", "渠道", "来源"),
    "version": ("version", "版本"),
    "product": ("product", "产品", "商品"),
    "author_id": ("user", "author", "用户", "用户id", "昵称"),
    "author_tier": ("tier", "等级", "客户等级"),
    "likes": ("likes", "点赞", "有用数"),
    "region": ("region", "地区", "省份"),
    "title": ("title", "标题"),
    "reply": ("reply", "回复"),
}
_FIELD_OF: Final = {header: name for name, headers in HEADERS.items() for header in headers}


def match_columns(headers: Iterable[str]) -> dict[str, str]:
    """Map each field to the first header that names it; unknown headers are left out."""
    found: dict[str, str] = {}
    for header in headers:
        name = _FIELD_OF.get(header.strip().lower())
        if name is not None:
            found.setdefault(name, header)
    return found


def missing_text_column(headers: Iterable[str]) -> str:
    """Say, in Chinese, that no column holds the words themselves and how to name it."""
    return (
        f"找不到正文列：表头是 {'、'.join(headers) or '（空）'}；"
        f"正文列请命名为 {'、'.join(HEADERS['text'])} 之一"
    )
