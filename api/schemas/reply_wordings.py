"""Replies: who wants none, the wordings, release notes."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.policy import SOME_NAME, AuthorIn, SignedIn
from api.schemas.replies import Id, SomeText
from feedback_nlp.records import TemplateKind
from feedback_nlp.workflows.opt_out import LONGEST_USER

MAX_VERSION: Final = 200

UserId = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_USER, pattern=SOME_NAME)]


class OptOutIn(SignedIn):
    """哪位用户；`user` 和 `review` 只写一个。"""

    user: UserId | None = Field(
        default=None, description="用户编号，与来源一致", examples=["U1024"]
    )
    review: Id | None = Field(
        default=None, description="这位用户的一条评论；没有用户编号的人用它指明"
    )


class WordingIn(SignedIn):
    """改一种文案模板。"""

    text: SomeText | None = Field(
        description="内容，可用 {product} {version} {problem} {date} {ticket}；null 恢复为自带的",
        examples=["您好，您提到的“{problem}”已在{version}中解决。"],
    )


class NoteIn(BaseModel):
    """哪个版本。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Annotated[
        str, StringConstraints(min_length=1, max_length=MAX_VERSION, pattern=SOME_NAME)
    ] = Field(description="版本，与登记发布时写的一字不差", examples=["8.2"])


class OptOutOut(BaseModel):
    """一位不愿收到消息的用户。"""

    user: str = Field(
        description="用户编号，是个人信息的换成了化名；没有编号的写 review: 加评论编号",
        examples=["U1024"],
    )
    active: bool = Field(description="为真是不愿收到消息，为假是已经恢复")
    author: str = Field(description="谁记的", examples=["小李"])
    at: datetime = Field(description="何时记的，北京时间")
    reason: str = Field(description="原因，没有写的为空")


class WishedOut(OptOutOut):
    """记下了什么。"""

    reviews: int = Field(description="这位用户有几条评论；0 可能是编号写错了", examples=[3])


class OptOutsOut(BaseModel):
    """不愿收到消息的用户，按编号。"""

    opt_outs: list[OptOutOut]
    total: int = Field(description="一共有几位", examples=[3])
    limit: int = Field(description="本页最多几位", examples=[20])
    offset: int = Field(description="跳过了前面几位", examples=[0])


class WordingOut(BaseModel):
    """一种文案模板。"""

    kind: TemplateKind = Field(description="哪一种", examples=["app_store"])
    name: str = Field(description="用途", examples=["公开回复"])
    text: str = Field(description="现在的内容")
    built_in: str = Field(description="自带的内容")
    limit: int = Field(description="填好后最多几个字，按码点数", examples=[350])
    author: str | None = Field(description="谁改的；自带的为 null", examples=["小李"])
    at: datetime | None = Field(description="何时改的，北京时间；自带的为 null")
    reason: str | None = Field(description="原因；自带的为 null")


class WordingsOut(BaseModel):
    """全部文案模板。"""

    templates: list[WordingOut]


class WordingChangeOut(BaseModel):
    """一次修改。"""

    number: int = Field(description="编号，随时间增大", examples=[3])
    text: str | None = Field(description="改成的内容；null 是恢复为自带的")
    author: str = Field(description="谁改的", examples=["小李"])
    at: datetime = Field(description="何时改的，北京时间")
    reason: str = Field(description="原因，没有写的为空")


class WordingHistoryOut(BaseModel):
    """一种模板的修改，最近的在前。"""

    history: list[WordingChangeOut]


class NoteOut(BaseModel):
    """一个版本的更新说明。"""

    version: str = Field(description="版本", examples=["8.2"])
    text: str = Field(description="更新说明，不含任何一位用户的原话")
    tickets: list[str] = Field(description="涉及的工单", examples=[["K-0007"]])


class OptInIn(AuthorIn):
    """恢复哪位用户；`user` 和 `review` 只写一个。"""

    user: UserId | None = Field(
        default=None, description="用户编号，与来源一致", examples=["U1024"]
    )
    review: Id | None = Field(
        default=None, description="这位用户的一条评论；没有用户编号的人用它指明"
    )
