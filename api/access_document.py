"""What the OpenAPI document says about access, once for every operation below /v1."""

from typing import Any

from api.auth import COOKIE, KEY_HEADER, is_open
from api.schemas.problem import problems

_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "API 密钥：`Authorization: Bearer fb_…`",
    },
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": KEY_HEADER,
        "description": f"API 密钥，不便用 Authorization 时：`{KEY_HEADER}: fb_…`",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "浏览器登录后的 cookie；修改时请求要来自本站",
    },
}


def with_access(document: dict[str, Any]) -> dict[str, Any]:
    """Add to a document how callers are recognised and how they are refused."""
    document["components"]["securitySchemes"] = _SCHEMES
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if not is_open(method.upper(), path):
                operation["security"] = [{name: []} for name in _SCHEMES]
                for status, refusal in problems(401, 403, 429).items():
                    operation["responses"].setdefault(str(status), refusal)
    return document
