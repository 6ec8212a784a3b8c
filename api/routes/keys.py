"""API keys: made, listed, revoked by admins."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path

from api.access_shapes import key_out, keys_out, new_key_out
from api.auth import KnownCaller
from api.dependencies import Now, OpenSetup, ReadSession, SecretSession, WriteSession
from api.schemas.access import KeyIn, KeyOut, KeysOut, NewKeyOut
from api.schemas.problem import problems
from feedback_nlp.records import Signature
from feedback_nlp.workflows import manage_keys
from feedback_nlp.workflows.manage_keys import KeyWish

router = APIRouter(prefix="/keys", tags=["权限"])

KeyNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="密钥编号", examples=[3])]


@router.get("", summary="列出密钥", responses=problems(503))
def index(session: ReadSession, setup: OpenSetup) -> KeysOut:
    """本工作区的全部密钥，吊销了的也在内；密钥本身不再显示。"""
    return keys_out(manage_keys.list_keys(session, setup.workspace))


@router.post("", summary="建立密钥", status_code=201, responses=problems(400, 413, 422, 503))
def create(body: KeyIn, session: SecretSession, caller: KnownCaller, now: Now) -> NewKeyOut:
    """密钥本身只在这次应答里出现，我们只存它的摘要。不支持 Idempotency-Key：那会把密钥存下来。"""
    wish = KeyWish(body.name, body.role, body.per_minute, body.expires_at)
    made, token = manage_keys.add_key(session, caller.workspace, wish, Signature(caller.name, now))
    return new_key_out(made, token.text)


@router.delete("/{number}", summary="吊销密钥", responses=problems(404, 409, 422, 503))
def revoke(number: KeyNumber, session: WriteSession, caller: KnownCaller, now: Now) -> KeyOut:
    """立即失效，记录保留。没有这个密钥：404；已经吊销：409。"""
    by = Signature(caller.name, now)
    return key_out(manage_keys.revoke_key(session, caller.workspace, number, by))
