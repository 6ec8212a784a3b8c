"""What people are reached by on the net: e-mail, accounts; secrets in URLs; device addresses."""

import re
from collections.abc import Iterator
from typing import Final

from feedback_nlp.privacy.cues import NOT_A_QUANTITY, values
from feedback_nlp.privacy.found import Span

_LOCAL_LENGTH: Final = 64
_LOCAL = re.compile(r"[A-Za-z0-9_%+-](?:[A-Za-z0-9._%+-]*[A-Za-z0-9_%+-])?\Z")
_DOMAIN = re.compile(
    r" ?(?:[A-Za-z0-9-]{1,63}(?:\.|。|点| dot )){1,5}(?:[A-Za-z]{2,24})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_AT = re.compile(r" ?(?:@|[(\[]at[)\]]| at |#at#|艾特) ?", re.IGNORECASE)
AT_HINT: Final = re.compile(r"[@艾tT](?:(?<=[@艾])|(?<=[ (\[#][aA].)[ )\]#])")

_BETWEEN = r"(?:[\s:=,，\"“(\[]|账号|号码|号|id|是|为|我|上|搜索?|加|[^\w\s*@.。！？、/-]){0,6}"
_NO_PRODUCT = (
    r"(?!(?:iphone|ipad|ios|android|windows|mac|pay|app"
    r"|version|ver|wechat|weixin|vip|web|https?|www)(?![_-]))"
)
_WECHAT_ID = r"(?:[A-Za-z][-_A-Za-z0-9]{4,19}[A-Za-z0-9_]|\d{5,12})"
_ACCOUNT: Final = r"(?:账号|帐号|号码?|id)[\s:=是为]{0,3}"
_SOCIALS: Final = (
    # 微信号, 微信: and 加微信 name an id, letters alone will do.
    re.compile(
        r"(?:(?:微信|薇信|威信|徽信|维信|v信|(?<![A-Za-z])(?:wx|vx|wechat|weixin)|(?<=[加➕+])[vV微薇])"
        r"(?:账号|号码|号|id|[\s]?[:=])"
        r"|(?:加|＋|\+|联系|私)(?:我|一下|个|下)?(?:的)?(?:微信|薇信|威信|v信|vx|wx|v|微|薇))"
        rf"{_BETWEEN}{_NO_PRODUCT}(?P<v>{_WECHAT_ID})(?![A-Za-z0-9@]|\.\w){NOT_A_QUANTITY}",
        re.IGNORECASE,
    ),
    # 微信 abc_123 and vx abc123 do so only with a digit or low line in it.
    re.compile(
        r"(?:微信|薇信|威信|徽信|v信|(?<![A-Za-z])(?:wx|vx|wechat|weixin))(?:[\s:=]|是|我|搜索?|加|[^\w\s*@.，。！？、/-]){0,3}"
        rf"{_NO_PRODUCT}(?=[-A-Za-z]{{0,19}}[\d_])(?P<v>[A-Za-z][-_A-Za-z0-9]{{5,19}}|\d{{7,12}})"
        rf"(?![A-Za-z0-9@.])(?!版|系统|客户端){NOT_A_QUANTITY}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:(?<![A-Za-z])qq|🐧|扣扣|秋秋|抠抠|企鹅号?|(?<![A-Za-z&?])q(?: q)?)(?:交流)?(?:群|裙)?"
        rf"{_BETWEEN}(?P<v>[1-9]\d{{4,10}})(?![A-Za-z0-9@.]){NOT_A_QUANTITY}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:加我|私我|找我|加群|进群|交流群|群号|交流裙|加裙|粉丝群|售后群)(?:[\s:=,]|号|是|为|好友|吧){0,3}"
        rf"(?P<v>[1-9]\d{{5,10}})(?![A-Za-z0-9@.]){NOT_A_QUANTITY}"
    ),
    re.compile(
        r"(?<![A-Za-z0-9_@.-])(?P<v>[A-Za-z](?=[-A-Za-z]{0,19}[\d_])[-_A-Za-z0-9]{5,19})\s?(?:这个|是我的?|,|，)?(?:微信号|薇信号|微信)(?!支付|版)",
    ),
    re.compile(
        r"(?:(?<=[\s，。,加])|^)[薇微徽维][^\w\s*@.，。！？、/-]{1,3}(?P<v>[A-Za-z][-_A-Za-z0-9]{5,19})",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<v>wxid_[A-Za-z0-9]{6,20})", re.IGNORECASE),
    re.compile(
        rf"(?:抖音|快手|小红书|微博|支付宝|旺旺|陌陌){_ACCOUNT}"
        r"(?=[-A-Za-z]{0,19}[\d_])(?!20[0-3]\d[01]\d[0-3]\d(?!\d))"
        r"(?P<v>[A-Za-z][-_A-Za-z0-9]{5,19}|\d{7,12})(?![A-Za-z0-9@.])",
        re.IGNORECASE,
    ),
)
_SOCIAL_CUE: Final = re.compile(
    r"[微薇威徽维vV]信|[薇微徽维]|[wWvV][xX]|[wW][eE][cC]hat|[wW]eixin|WEIXIN|[qQ]|🐧|扣扣|秋秋|抠抠|企鹅|[加私找]我"
    r"|[群裙]|[加+][vV]|[音手书博宝旺陌](?:[账帐]?号|[iI][dD])"
)

_URL = re.compile(
    r"(?:[a-z][a-z0-9+]{1,9}://|(?<![a-z0-9.-])www\.)[!#-'+-;=?-~*()]{1,2048}", re.IGNORECASE
)
_URL_TAIL: Final = ".,;:!?'()*"
_SECRETS: Final = (
    re.compile(r"//[^/?#@\s]{1,200}@"),
    re.compile(
        r"[?&#;](?:amp;)?(?:[a-z0-9_.-]{0,24}[_.-]|access|auth|refresh|user|api|app|login|csrf|client|session)?"
        r"(?:(?:key|code|sid|pass|sign|sig|verify|uuid)=[^&#;\s*]{6,}|(?:token|ticket|secret|signature|hmac|session|sessionid"
        r"|phpsessid|auth|authorization|password|passwd|pwd|jwt|phone|mobile|tel|email|mail|openid|unionid"
        r"|idcard|idno|credential|otp|captcha)=[^&#;\s*]{4,})",
        re.IGNORECASE,
    ),
    re.compile(
        r"/(?:reset|token|verify|confirm|activate|unsubscribe|invite|auth|login|share|s)/"
        r"(?=[A-Za-z_-]{0,40}\d)[A-Za-z0-9_-]{16,}",
        re.IGNORECASE,
    ),
)
URL_HINT: Final = re.compile(r"[:wW](?:(?<=:)//|[wW]{2}\.)")

_DEVICES: Final = (
    re.compile(
        r"(?<![A-Za-z])(?:ip|ip地址|登录地址)(?:v[46])?(?:地址)?(?:[\s:=(]|是|为){0,4}"
        r"(?P<v>(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4})(?![\d.])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![A-Za-z])mac(?:地址)?(?:[\s:=(]|是|为){0,4}(?P<v>(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2})(?![0-9a-f])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:(?<![A-Za-z])imei|串号|meid)(?:码|号)?[12]?(?:[\s:=(]|是|为){0,4}(?P<v>[0-9A-F]{14,16})(?![0-9A-Za-z])",
        re.IGNORECASE,
    ),
)
DEVICE_HINT: Final = re.compile(
    r"[.:\d-](?:(?<=\d\.)\d{1,3}\.\d|(?<=[:-])[0-9A-Fa-f]{1,4}[:-]|(?<=\d)[0-9A-F]{13})"
)


def emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, also with a full-width ＠, ` at ` or `(at)`; not `@somebody`."""
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        begin = max(0, at.start() - _LOCAL_LENGTH)
        local = _LOCAL.search(text[begin : at.start()])
        if domain and local:
            yield begin + local.start(), domain.end()


def socials(text: str) -> Iterator[Span]:
    """Yield WeChat ids, QQ numbers and other accounts after a cue; a bare number is none."""
    if _SOCIAL_CUE.search(text):
        yield from values(_SOCIALS, text)


def url_secrets(text: str) -> Iterator[Span]:
    """Yield URLs that hold a secret: a value of token, key, phone …, a user, a key in the path.

    The whole URL: its other parts (an order, a report) often lead to the person as well.
    """
    for url in _URL.finditer(text):
        address = url[0].rstrip(_URL_TAIL)
        if any(secret.search(address) for secret in _SECRETS):
            yield url.start(), url.start() + len(address)


def devices(text: str) -> Iterator[Span]:
    """Yield IP and MAC addresses and IMEI after their cue; `13.8.1.2` alone is a version."""
    yield from values(_DEVICES, text)
