"""Accounts: made and changed by admins."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path

from api.access_shapes import user_out, users_out
from api.auth import KnownCaller
from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.schemas.access import UserIn, UserOut, UsersOut
from api.schemas.policy import SOME_NAME
from api.schemas.problem import problems
from feedback_nlp.records import Signature
from feedback_nlp.workflows import manage_users
from feedback_nlp.workflows.manage_users import LONGEST_USER, UserWish

router = APIRouter(prefix="/users", tags=["权限"])

UserName = Annotated[
    str,
    Path(
        min_length=1,
        max_length=LONGEST_USER,
        pattern=SOME_NAME,
        description="用户名，写在一行里",
        examples=["小李"],
    ),
]


@router.get("", summary="列出帐号", responses=problems(503))
def index(session: ReadSession, setup: OpenSetup) -> UsersOut:
    """本工作区的全部帐号，停用的也在内。"""
    return users_out(manage_users.list_users(session, setup.workspace))


@router.put("/{name}", summary="建立或修改帐号", responses=problems(400, 404, 413, 422, 503))
def put(
    name: UserName, body: UserIn, session: WriteSession, caller: KnownCaller, now: Now
) -> UserOut:
    """没有就建立，那时要写明角色和密码；有就只改写明的。改角色、停用立即生效，改密码要重新登录。"""
    wish = UserWish(name, body.role, body.active, body.password)
    by = Signature(caller.name, now)
    return user_out(manage_users.put_user(session, caller.workspace, wish, by))
