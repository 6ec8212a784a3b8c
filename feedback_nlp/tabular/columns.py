"""Known headers, any case: which column holds which field of a review."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.narrow import narrow

HEADERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "text": (
            "text", "content", "评论内容", "评价内容", "内容", "正文", "反馈内容", "用户反馈",
            "评论正文", "反馈详情", "问题描述", "评语", "sentence", "评论", "评价", "反馈",
            "用户评论", "用户评价", "评论详情", "评价详情", "评价正文", "评论文本", "评价文本",
            "反馈正文", "反馈描述", "反馈意见", "意见反馈", "意见内容", "建议内容", "意见建议",
            "意见与建议", "意见和建议", "吐槽内容", "投诉内容", "咨询内容", "留言内容", "留言",
            "工单描述", "工单内容", "问题详情", "问题内容", "重现步骤", "微博正文", "微博内容",
            "帖子内容", "帖子正文", "笔记内容", "原文", "文本内容", "文本", "描述",
            "review text", "review content", "comment text", "comment", "comments", "review",
            "feedback", "body", "message",
        ),
        "external_id": (
            "评论编号", "评价编号", "评论id", "评价id", "反馈编号", "工单号", "工单编号",
            "工单id", "反馈id", "编号", "id", "review id", "review_id", "comment id", "comment_id",
            "feedback_id", "ticket_id", "微博id", "帖子id", "帖子编号", "bug编号", "流水号",
            "订单号", "订单编号",
        ),
        "created_at": (
            "评论时间", "评价时间", "反馈时间", "创建时间", "提交时间", "created_at", "时间",
            "日期", "评论日期", "评价日期", "创建日期", "提交日期", "time", "date",
            "反馈日期", "发表时间", "评论发表时间", "发布时间", "发布日期", "发帖时间", "留言时间",
            "咨询时间", "投诉时间", "提交答卷时间", "create_time", "createtime", "created at",
            "created date", "datetime", "timestamp", "comment_time", "review_time",
            "review submit date and time",
        ),
        "rating": (
            "评分", "星级", "评价星级", "评价分数", "rating", "star", "stars", "score",
            "评论星级", "评论评分", "评价评分", "用户评分", "评分星级", "评分等级", "评价等级",
            "总体评分", "综合评分", "总评分", "整体评分", "打分", "用户打分", "评级", "star rating",
        ),
        "channel": ("渠道", "来源", "channel", "平台", "渠道来源"),
        "version": (
            "版本", "版本号", "应用版本", "app版本", "version", "应用版本号", "app版本号",
            "软件版本", "客户端版本", "产品版本", "app version", "app_version", "app version name",
        ),
        "product": (
            "产品", "商品", "产品名称", "商品名称", "product", "sku", "商品sku", "所属产品",
            "商品标题", "宝贝标题", "宝贝名称", "应用名称", "应用", "app", "app名称", "app name",
        ),
        "author_id": (
            "用户id", "用户", "昵称", "用户昵称", "用户名", "会员名", "买家昵称", "user", "author",
            "用户编号", "用户账号", "用户名称", "买家会员名", "买家", "买家id", "会员昵称",
            "作者", "作者昵称", "评论者", "评论者昵称", "评论人", "评论用户", "评价人", "评价用户",
            "会员id", "发布者", "发布人", "微博昵称", "客户", "客户id", "客户名称", "客户昵称",
            "客户姓名", "user_id", "userid", "user id", "uid", "username", "user_name",
            "user name", "nickname", "author name",
        ),
        "author_tier": ("客户等级", "用户等级", "会员等级", "等级", "tier"),
        "likes": (
            "点赞", "点赞数", "有用数", "likes", "点赞量", "赞", "赞数", "获赞数", "赞同数",
            "like_count",
        ),
        "region": (
            "地区", "省份", "城市", "region", "ip属地", "ip归属地", "所在地",
            "所在地区", "所在省份", "所在城市",
        ),
        "title": (
            "标题", "评论标题", "title", "评价标题", "反馈标题", "工单标题", "工单主题", "问题标题",
            "帖子标题", "bug标题", "主题", "review title", "subject",
        ),
        "reply": (
            "回复", "商家回复", "客服回复", "回复内容", "reply", "商家回复内容", "卖家回复",
            "店铺回复", "官方回复", "客服回复内容",
        ),
    }
)  # fmt: skip
"""Field -> headers. Where a file has several of them, the one named first here counts."""
FIELD_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "正文", "external_id": "编号", "created_at": "时间", "rating": "评分",
        "channel": "渠道", "version": "版本", "product": "产品", "author_id": "用户",
        "author_tier": "客户等级", "likes": "点赞", "region": "地区", "title": "标题",
        "reply": "回复",
    }
)  # fmt: skip
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_REMARK: Final = re.compile(r"\s*(?:[(\[【<][^)\]】>]*[)\]】>]|[*:↑↓▲▼⇅])\s*$")
_LONGEST: Final = 200
_OTHER_SCALE: Final = re.compile(
    r"(?<!\d)(?:7|10|100|七|十|百)\s*分|[-~–—至到]\s*(?:7|10|100)\s*(?:[分星)\]】]|$)|满分\s*(?:7|10)"
)
"""A remark that names another scale than 1 to 5: without it, 3 of 10 would become three stars."""
_BESIDE_CHINESE: Final = re.compile(r"(?<=[一-鿿]) | (?=[一-鿿])")
_TRADITIONAL: Final = str.maketrans(
    "評論內價間標題編號戶暱稱產點讚數區來應買賣覆饋見議問詳創單層級員會態齡狀發時總綜體給復訂貨",
    "评论内价间标题编号户昵称产点赞数区来应买卖复馈见议问详创单层级员会态龄状发时总综体给复订货",
)
"""What headers of Taiwan and Hong Kong are written with."""


def plain_header(header: str) -> str:
    """Return a header as headers are compared: lower case, narrow, without a remark behind it.

    `* 评论内容（必填）`, `評論內容` and `评论内容` are one header; so are `ＩＤ` and `id`.
    A remark that names another scale of scores than ours stays: `评分（10分制）` is no `评分`.
    """
    plain = narrow(header).strip("\ufeff \t\r\n*").lower().translate(_TRADITIONAL)
    if len(plain) > _LONGEST:  # A sentence, or an attack on the search for remarks.
        return plain
    remark = _REMARK.search(plain)
    while remark and remark.start() and not _OTHER_SCALE.search(remark[0]):
        plain = plain[: remark.start()]
        remark = _REMARK.search(plain)
    return _BESIDE_CHINESE.sub("", re.sub(r"\s+", " ", plain).strip())


def match_columns(
    headers: Iterable[str],
    known: Mapping[str, tuple[str, ...]] = HEADERS,
    *,
    given: Mapping[str, str] = _NONE,
) -> dict[str, str]:
    """Map each field to the header that names it; unknown headers are left out.

    Of several headers for a field the one that `known` (field -> headers) names first counts,
    then the one further left. `given` (header -> field) is what a person said: it wins, and its
    headers name no other field.
    """
    written = list(headers)
    said = {plain_header(header): field for header, field in given.items()}
    found: dict[str, str] = {}
    for header in written:
        field = given.get(header) or said.get(plain_header(header))
        if field is not None:
            found.setdefault(field, header)
    open_headers: dict[str, str] = {}
    for header in written:
        if header not in given and plain_header(header) not in said:
            open_headers.setdefault(plain_header(header), header)
    for field, names in known.items():
        for name in names:
            if field not in found and name in open_headers:
                found[field] = open_headers[name]
    return {field: found[field] for field in (*known, *found) if field in found}


def parse_mapping(
    pairs: Sequence[str], known: Mapping[str, tuple[str, ...]] = HEADERS
) -> dict[str, str]:
    """Read what `--map 列名=field` says: header -> field.

    The field is one of `known`, or one of its headers or Chinese names (`--map 吐槽=正文`). It
    stands behind the last `=`, so that a header may hold one.

    Raises:
        InputError: no `=`, an empty header, an unknown field, or a contradiction.
    """
    fields = {plain_header(name): field for field, names in known.items() for name in names}
    fields |= {FIELD_NAMES[field]: field for field in known if field in FIELD_NAMES}
    fields |= {field: field for field in known}
    found: dict[str, str] = {}
    for pair in pairs:
        header, sign, wanted = pair.rpartition("=")
        header, field = header.strip(), fields.get(plain_header(wanted))
        if not sign or not header:
            raise InputError(f"--map “{pair}”看不懂，应为 列名=字段，例如 吐槽=text")
        if field is None:
            shown = "、".join(_shown(name) for name in known)
            raise InputError(f"--map “{pair}”：没有字段“{wanted.strip()}”，可用的有 {shown}")
        if found.get(header, field) != field:
            raise InputError(f"--map “{pair}”：列“{header}”已指定为 {found[header]}，只能指定一个")
        if field in found.values() and header not in found:
            raise InputError(f"--map “{pair}”：字段 {_shown(field)} 已由另一列指定，只能有一列")
        found[header] = field
    return found


def check_mapping(mapping: Mapping[str, str], sheet_header: Iterable[str], name: str) -> None:
    """Check that every column a person named is in the file.

    Raises:
        InputError: it is not; the message lists the headers that are.
    """
    headers = list(sheet_header)
    present = {*headers, *map(plain_header, headers)}
    for header in mapping:
        if header not in present and plain_header(header) not in present:
            shown = "、".join(headers) or "（空）"
            raise InputError(f"{name}: --map 指定的列“{header}”不在表头里；表头是 {shown}")


def with_given(
    known: Mapping[str, tuple[str, ...]], given: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return the known headers and those a person named: what a header row is recognised by."""
    found = dict(known)
    for header, field in given.items():
        found[field] = (*found.get(field, ()), plain_header(header))
    return found


def missing_text_column(headers: Iterable[str]) -> str:
    """Say, in Chinese, that no column holds the words themselves and how to name it."""
    return (
        f"找不到正文列：表头是 {'、'.join(headers) or '（空）'}；"
        f"正文列请命名为 {'、'.join(HEADERS['text'])} 之一"
    )


def _shown(field: str) -> str:
    return f"{field}（{FIELD_NAMES[field]}）" if field in FIELD_NAMES else field
