"""Questions and answers about keys, accounts, logins and the audit log."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.schemas.listing import CursorIn, PageOut, Written
from api.schemas.policy import SOME_NAME
from api.schemas.targets import Day
from feedback_nlp.records import Role
from feedback_nlp.workflows.manage_keys import LONGEST_KEY_NAME, MOST_PER_MINUTE
from feedback_nlp.workflows.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD

_ROLE = (
    "viewer 查看，analyst 另可标注、改主题和工单，manager 另可定政策和发布，admin 另管帐号和密钥"
)
Password = Annotated[str, Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)]
WorkspaceName = Annotated[str, Field(min_length=1, max_length=64)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeyIn(_In):
    """一个新密钥。"""

    name: str = Field(
        min_length=1,
        max_length=LONGEST_KEY_NAME,
        pattern=SOME_NAME,
        description="谁用它，写在一行里；也是它在记录里的署名",
        examples=["客服系统"],
    )
    role: Role = Field(description=_ROLE)
    per_minute: Annotated[int, Field(strict=True, ge=1, le=MOST_PER_MINUTE)] | None = Field(
        default=None, description="每分钟最多几次请求；不写则按 FEEDBACK_RATE_PER_MINUTE"
    )
    expires_at: AwareDatetime | None = Field(
        default=None, description="何时到期，要带时区；不写则不到期"
    )


class KeyOut(BaseModel):
    """一个密钥，不含密钥本身。"""

    number: int = Field(description="编号，吊销时用", examples=[3])
    name: str = Field(description="谁用它", examples=["客服系统"])
    prefix: str = Field(description="密钥的前 8 个字符", examples=["fb_Ab3dE"])
    role: Role = Field(description="角色")
    per_minute: int | None = Field(description="每分钟最多几次请求；null 为按设置")
    expires_at: datetime | None = Field(description="何时到期，北京时间；不到期为 null")
    used_at: datetime | None = Field(description="最近一次使用，精确到小时；没有用过为 null")
    author: str = Field(description="谁建立的", examples=["小李"])
    at: datetime = Field(description="何时建立，北京时间")
    revoked_by: str | None = Field(description="谁吊销的；没有吊销为 null")
    revoked_at: datetime | None = Field(description="何时吊销，北京时间；没有吊销为 null")


class NewKeyOut(KeyOut):
    """刚建立的密钥。"""

    secret: str = Field(description="密钥本身，只在这里出现一次，请立即存好")


class KeysOut(BaseModel):
    """全部密钥，先建立的在前，吊销了的也在内。"""

    keys: list[KeyOut]


class UserIn(_In):
    """帐号要变成怎样；不写的不变。"""

    role: Role | None = Field(default=None, description=_ROLE)
    active: Annotated[bool, Field(strict=True)] | None = Field(
        default=None, description="false 为停用：不能登录，已登录的立即失效"
    )
    password: Password | None = Field(
        default=None, description="新密码，10 到 200 个字符；改了以后要重新登录"
    )


class UserOut(BaseModel):
    """一个帐号，不含密码。"""

    name: str = Field(description="用户名", examples=["小李"])
    role: Role = Field(description="角色")
    active: bool = Field(description="false 为已停用")
    author: str = Field(description="谁建立或最后修改的", examples=["管理员"])
    at: datetime = Field(description="何时建立或最后修改，北京时间")


class UsersOut(BaseModel):
    """全部帐号，按用户名排列，停用的也在内。"""

    users: list[UserOut]


class LogInIn(_In):
    """用户名和密码。"""

    name: str = Field(min_length=1, max_length=64, description="用户名", examples=["小李"])
    password: str = Field(min_length=1, max_length=LONGEST_PASSWORD, description="密码")
    workspace: WorkspaceName | None = Field(
        default=None, description="工作区；不写则为服务自己的工作区"
    )


class SessionOut(BaseModel):
    """是谁。"""

    name: str = Field(description="用户名，或密钥的名称", examples=["小李"])
    role: Role = Field(description="现在的角色")
    workspace: str = Field(description="看到和修改的都在这个工作区里", examples=["default"])
    credential: str = Field(
        description="key 3 是 3 号密钥，session 是登录，link 是一次性链接", examples=["key 3"]
    )
    expires_at: datetime | None = Field(description="何时失效，北京时间；不失效为 null")


class AuditIn(CursorIn):
    """要哪些记录。"""

    actor: Written | None = Field(default=None, description="只看谁做的")
    action: Written | None = Field(
        default=None, description="只看哪种操作，如 POST /v1/releases，与记录一字不差"
    )
    since: Day | None = Field(
        default=None, description="只看这一天起的，按北京时间", examples=["2026-03-01"]
    )


class AuditEntryOut(BaseModel):
    """一次修改。"""

    number: int = Field(description="编号，随时间增大", examples=[17])
    at: datetime = Field(description="时间，北京时间")
    actor: str = Field(description="谁：用户名、密钥的名称或命令行的操作人", examples=["小李"])
    role: Role = Field(description="当时的角色")
    credential: str = Field(
        description="凭什么：key 3、session、link 或 command line", examples=["session"]
    )
    action: str = Field(description="做了什么", examples=["POST /v1/tickets/{ticket_id}/move"])
    subject: dict[str, str] = Field(description="对什么：路径里的编号和名称")
    request_id: str = Field(description="请求编号，与服务日志相同")


class AuditOut(PageOut):
    """一页审计记录，最近的在前。"""

    entries: list[AuditEntryOut]
