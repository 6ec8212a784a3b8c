"""How many requests and how many logins; counted in this process, forgotten when it ends."""

from ipaddress import ip_address, ip_network
from math import ceil
from time import time
from typing import Final

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.refusals import Refusal
from feedback_nlp.records import Caller

LOGINS_PER_NAME: Final = RateLimitItemPerMinute(10, 5)
LOGINS_PER_ADDRESS: Final = RateLimitItemPerMinute(30, 5)
LOGINS_OF_ALL: Final = RateLimitItemPerMinute(200, 5)
"""For one name from anywhere: strangers at a few addresses must not lock its owner out."""
_IPV6_HOST_BITS: Final = 64


class Rates:
    """The counters of one application: moving windows, exact and without bursts at their edges."""

    def __init__(self, per_minute: int) -> None:
        """Count for callers whose key says nothing else."""
        self._per_minute = per_minute
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, caller: Caller) -> None:
        """Count a request; raises Refusal (429) when there were too many in the last minute."""
        allowed = caller.per_minute or self._per_minute
        # Whoever has logged in twice may not ask twice as often.
        who = ("caller", caller.workspace, caller.credential, caller.name)
        self._hit(RateLimitItemPerMinute(allowed), who, f"请求太频繁：每分钟最多 {allowed} 次")

    def count_login(self, workspace: str, name: str, address: str) -> None:
        """Count a try to log in; raises Refusal (429) when there were too many."""
        detail = "登录太频繁：每 5 分钟，同一地址最多 30 次，其中同一用户名最多 10 次"
        network = _network(address)
        # The address first: it bounds how many names one client can make us remember.
        self._hit(LOGINS_PER_ADDRESS, ("address", network), detail)
        self._hit(LOGINS_PER_NAME, ("name", workspace, name, network), detail)
        self._hit(LOGINS_OF_ALL, ("anywhere", workspace, name), detail)

    def _hit(self, item: RateLimitItem, who: tuple[str, ...], detail: str) -> None:
        if self._limiter.hit(item, *who):
            return
        wait = max(1, ceil(self._limiter.get_window_stats(item, *who).reset_time - time()))
        raise Refusal(429, f"{detail}；请 {wait} 秒后再试", headers={"Retry-After": str(wait)})


def _network(address: str) -> str:
    """Return whom an address stands for: of IPv6 everybody has a whole network."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:  # noqa: PLR2004 (the Internet Protocol)
        return address
    return str(ip_network((found, _IPV6_HOST_BITS), strict=False))


def rates_of(request: Request) -> Rates:
    """Return the counters of the application."""
    rates: Rates = request.state.rates
    return rates
