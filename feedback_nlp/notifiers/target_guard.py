"""Which addresses we may be told to call: never one inside our own network.

Source: OWASP Server Side Request Forgery Prevention Cheat Sheet; RFC 6890 (special addresses).
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

import httpx2

from feedback_nlp.errors import InputError, SourceError

LONGEST_URL: Final = 2_000
_PORTS: Final = {"https": 443, "http": 80}
_FIRST_FREE_PORT: Final = 1024
_LAST_PORT: Final = 65_535
_NAT64: Final = IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = IPv6Network("::/96")
_PRINTABLE: Final = re.compile(r"[^\s\x00-\x20\x7f-\x9f\\]+")
_NUMBER: Final = re.compile(r"(?:0[xX][0-9A-Fa-f]*|[0-9]+)")
"""What other programs read as an address when it stands at the end of a host name."""
_INSIDE: Final = ("localhost", "local", "internal", "localdomain", "home.arpa")

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a name; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


@dataclass(frozen=True, slots=True)
class Guard:
    """What an operator allows beyond public addresses by https."""

    allow_http: bool = False
    allow_hosts: frozenset[str] = frozenset()
    """Names or addresses inside the network that may be called, by http too."""
    resolve: Resolve = field(default=system_resolve, repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """An address that was taken apart, in one way only: what is checked is what is called."""

    scheme: str
    host: str
    """In lower case, in ASCII, without the dot at the end."""
    port: int
    target: str
    """Path and query."""
    authority: str
    """For the Host header."""


def read_place(url: str, guard: Guard) -> Place:
    """Take an address apart and refuse what is wrong with it before anybody is asked for its host.

    Raises:
        InputError: it cannot be used; the message says why.
    """
    if len(url) > LONGEST_URL or not _PRINTABLE.fullmatch(url):
        raise InputError(f"url：地址最多 {LONGEST_URL} 个字符，不含空白、控制字符和反斜线")
    try:
        parts = httpx2.URL(url)
        host = parts.raw_host.decode("ascii").lower().removesuffix(".")
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise InputError("url：不是完整的网址，应如 https://example.com/hook") from error
    if parts.scheme not in _PORTS or not host:
        raise InputError("url：应以 https:// 开头，如 https://example.com/hook")
    if parts.userinfo or "@" in url.split("//", 1)[-1].split("/", 1)[0]:
        raise InputError("url：网址里不能写用户名和密码")
    allowed = host in guard.allow_hosts
    if parts.scheme == "http" and not (guard.allow_http or allowed):
        raise InputError("url：只能用 https；管理员可设 FEEDBACK_WEBHOOK_ALLOW_HTTP 允许 http")
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    if port not in _PORTS.values() and not _FIRST_FREE_PORT <= port <= _LAST_PORT:
        bounds = f"{_FIRST_FREE_PORT} 到 {_LAST_PORT}"
        raise InputError(f"url：端口只能是 80、443 或 {bounds}，不能是 {port}")
    if not allowed:
        _check_name(host)
    target = parts.raw_path.decode("ascii")
    return Place(parts.scheme, host, port, target, parts.netloc.decode("ascii"))


def addresses_of(place: Place, guard: Guard) -> list[str]:
    """Return the addresses of a place, all of them checked; connect to these and no others.

    Raises:
        InputError: one of them is inside our network.
        SourceError: its name leads nowhere just now.
    """
    return checked(place.host, place.port, guard)


def checked(host: str, port: int, guard: Guard) -> list[str]:
    """Return the checked addresses of a host; see `addresses_of`."""
    literal = _literal(host)
    try:
        found = [host] if literal else list(dict.fromkeys(guard.resolve(host, port)))
    except (OSError, UnicodeError) as error:
        raise SourceError(f"url：查不到 {host} 的地址，请核对域名") from error
    if not found:
        raise SourceError(f"url：查不到 {host} 的地址，请核对域名")
    if host not in guard.allow_hosts and not all(is_public(ip_address(each)) for each in found):
        raise _refused(host)
    return found


def is_public(address: Address) -> bool:
    """Say that an address belongs to the public internet, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None or address.is_site_local or address.teredo:
            return False
        inner = _wrapped(address)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to this one reach."""
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _check_name(host: str) -> None:
    literal = _literal(host)
    if literal is not None:
        if not is_public(literal):
            raise _refused(host)
        return
    last = host.rsplit(".", 1)[-1]
    # 127.1, 0x7f000001 and 2130706433 are this machine to some resolvers, a name to others.
    if _NUMBER.fullmatch(last):
        raise InputError(f"url：{host} 不是通常写法的 IP 地址，应如 203.0.113.7，或写域名")
    if "." not in host or any(host == each or host.endswith(f".{each}") for each in _INSIDE):
        raise _refused(host)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _refused(host: str) -> InputError:
    return InputError(
        f"url：{host} 是内部网络的地址，不能使用；"
        "确实需要时，请管理员把它写进 FEEDBACK_WEBHOOK_ALLOW_HOSTS"
    )
