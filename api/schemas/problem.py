"""The one shape of every error: application/problem+json. Source: RFC 9457."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Any, Final

from pydantic import BaseModel, Field

PROBLEM_JSON: Final = "application/problem+json"

TITLES: Final = {
    400: "请求无法解析",
    401: "没有登录",
    403: "没有权限",
    404: "没有找到",
    405: "方法不对",
    408: "请求太慢",
    409: "与现状矛盾",
    412: "已被别人改过",
    413: "请求过大",
    415: "编码不支持",
    422: "内容无法使用",
    429: "请求太频繁",
    500: "服务内部错误",
    502: "对方服务暂时不可用",
    503: "服务暂时不可用",
}


class FieldFault(BaseModel):
    """请求里一处不能用的地方和原因。"""

    field: str = Field(description="字段路径，各级以点相连，数组从 0 数起", examples=["reviews"])
    message: str = Field(description="原因", examples=["缺少这个字段"])


class Problem(BaseModel):
    """一个错误；无论哪种错误，格式都一样。"""

    type: str = Field(description="恒为 about:blank", examples=["about:blank"])
    title: str = Field(description="这一类错误的名称", examples=["没有找到"])
    status: int = Field(description="HTTP 状态码", examples=[404])
    detail: str = Field(
        description="这一次哪里不对、该怎么办", examples=["没有编号为 T-9999 的主题"]
    )
    errors: list[FieldFault] = Field(description="有问题的字段，至多 100 处；与字段无关时为空")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Document the errors of a route; FastAPI's own `model` key would promise plain JSON."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": TITLES[status], "content": {PROBLEM_JSON: {"schema": schema}}}
        for status in statuses
    }


def problem_components() -> dict[str, Any]:
    """Return the schemas that `problems` refers to."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = schema.pop("$defs")
    return parts | {"Problem": schema}
