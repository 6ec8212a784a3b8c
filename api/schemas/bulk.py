"""Many reviews in one body."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.incoming import DEFAULT_CHANNEL, Name


class BulkIn(BaseModel):
    """请求体是什么。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Name = Field(
        default=DEFAULT_CHANNEL, description="数据里没有渠道列时用的渠道名", examples=["tmall"]
    )
    format: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(
        default="table", description="导出文件的格式，同命令行的 --format", examples=["app_store"]
    )
    map: list[Annotated[str, StringConstraints(max_length=200)]] = Field(
        default_factory=list, max_length=50, description="指明某一列是什么：列名=字段，可写多次"
    )


class BulkCountsOut(BaseModel):
    """各种结果各有几行。"""

    added: int = Field(description="新增", examples=[99_990])
    revised: int = Field(description="更新：编号已有而内容不同，旧文另存", examples=[0])
    unchanged: int = Field(description="没有变化", examples=[0])
    rejected: int = Field(description="不合格，没有保存", examples=[10])
    refused: int = Field(description="作者已要求删除个人数据，没有保存", examples=[0])


class LineOut(BaseModel):
    """没有保存的一行。"""

    line: int = Field(description="行号，从 1 数起", examples=[4711])
    error: str = Field(description="原因", examples=["正文为空"])


class BulkOut(BaseModel):
    """一个文件已保存，稍后标注。"""

    imports: list[int] = Field(
        description="导入的编号；压缩包或工作簿里每张表一个", examples=[[17]]
    )
    links: list[str] = Field(description="查看这些导入的地址", examples=[["/v1/imports/17"]])
    counts: BulkCountsOut
    errors: list[LineOut] = Field(description="没有保存的行，最多列出 100 行")
    notes: list[str] = Field(description="读取时猜到的或不寻常的事")
    pending: int = Field(description="整个工作区里等待标注的评论数", examples=[99_990])
