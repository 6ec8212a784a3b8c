"""Asking a server that may be busy, broken or gone: again after a while, then a clear error."""

from collections.abc import Callable
from typing import Any, Final

import httpx2

from feedback_nlp.errors import InputError, SourceError

Pause = Callable[[float], None]
"""Waits for a number of seconds; injected, so that no test has to."""
ATTEMPTS: Final = 5
LONGEST_PAUSE: Final = 60.0
_REFUSED: Final = frozenset({400, 401, 403, 404})
_LATER: Final = frozenset({408, 425, 429})
_SERVER_FAULT: Final = 500


def answer_of(ask: Callable[[], httpx2.Response], *, wait: Pause, who: str) -> dict[str, Any]:
    """Return the JSON object that a server answers; busy or broken ones are asked five times.

    Pauses double from one second, or are what `Retry-After` says, at most a minute. `ask` signs
    afresh each time. No message holds a header, so no key or signature can reach a log.

    Raises:
        InputError: the server refuses who we are or what we ask for.
        SourceError: it cannot be reached, stays busy or answers no JSON object.
    """
    fault, pause = "", 0.0
    for attempt in range(ATTEMPTS):
        if attempt:
            wait(pause)
        pause = min(2.0**attempt, LONGEST_PAUSE)
        try:
            response = ask()
        except httpx2.TimeoutException:
            fault = "没有按时回答"
            continue
        except httpx2.TransportError as error:
            fault = f"连不上（{type(error).__name__}）"
            continue
        fault, found = _judge(response, who)
        if found is not None:
            return found
        pause = _asked_pause(response) or pause
    raise SourceError(f"{who}{fault}，试了 {ATTEMPTS} 次；已拉取的数据保留，请稍后再拉")


def _judge(response: httpx2.Response, who: str) -> tuple[str, dict[str, Any] | None]:
    status = response.status_code
    if status in _REFUSED:
        raise InputError(
            f"{who}拒绝了请求（HTTP {status}）；请核对产品 ID、密钥，以及本机时间是否准确"
        )
    if status in _LATER:
        return f"请求太频繁（HTTP {status}）", None
    if status >= _SERVER_FAULT:
        return f"出了故障（HTTP {status}）", None
    if not response.is_success:
        raise SourceError(f"{who}的回答是 HTTP {status}，不是数据；请核对接口地址")
    try:
        body = response.json()
    except ValueError:
        return "的回答不是合法的 JSON", None
    return "的回答不是 JSON 对象", body if isinstance(body, dict) else None


def _asked_pause(response: httpx2.Response) -> float | None:
    written = response.headers.get("Retry-After", "")
    return min(float(written), LONGEST_PAUSE) if written.isascii() and written.isdigit() else None
