"""Cells of a table whose header says what they hold."""

import re
import unicodedata
from typing import Final

from feedback_nlp.privacy.mask import FILLER, mask

_WHOSE = (
    r"(?:客户|用户|会员|买家|顾客|收货人?|收件人?|寄件人?|发件人?|联系人?|投诉人|申请人|业主|本人|家庭|紧急|常用|注册|绑定"
    r"|登录|预留|您的|你的|我的|请?填写|详细|通讯|居住|公司|单位|个人|真实|中文|英文|customer|user|buyer|member"
    r"|receiver|recipient|contact|shipping|home|delivery|billing|full|real)*的?"
)
_HEADERS: Final = (
    (
        "mobile",
        r"手机号?码?|手机电话|移动电话|mobile|cell(?:phone)?|phone|phoneno|phonenumber|mobileno|mobilephone",
    ),
    (
        "landline",
        r"(?:固定)?电话(?:号码?)?|座机|固话|来电号码|主叫号码|致电号码|tel|telephone|传真|fax",
    ),
    (
        "social",
        r"微信(?:号|id|账号)?|wechat(?:id)?|weixin|wx号?|vx|qq(?:号码?)?|openid|unionid|微博(?:号|id)?",
    ),
    (
        "name",
        r"姓名|名字|联系人|收货人|收件人|寄件人|签收人|持卡人|投诉人|name|username|realname|fullname|昵称|nickname",
    ),
    ("address", r"地址|住址|收货地|门牌号?|address|addr|street"),
    ("id_card", r"身份证(?:号码?|件号)?|证件号码?|idcard(?:no|number)?|idno|idnumber"),
    ("bank_card", r"银行卡号?|卡号|银行账[号户]|bankcard(?:no)?|cardno|cardnumber"),
    ("email", r"邮箱(?:地址)?|电子邮[箱件](?:地址)?|e?mail(?:address)?"),
    ("plate", r"车牌号?码?|licenseplate|plate(?:no)?"),
    ("passport", r"护照号?码?|通行证号?码?|passport(?:no)?"),
    ("order_number", r"订单号码?|订单编号|交易单?号|order(?:id|no|number|sn)"),
    ("tracking_number", r"(?:快递|物流|运)单?号码?|tracking(?:no|number|id)?|waybill(?:no)?"),
    (
        "device",
        r"ip(?:地址)?|ipaddress|mac(?:地址)?|imei|idfa|oaid|androidid|deviceid|设备(?:号|id)",
    ),
    ("birthday", r"生日|出生日期|出生年月日?|birthday|birthdate|dob|dateofbirth"),
    ("mobile", r"联系方式|联络方式|联系电话|contact|contactinfo|联系信息"),
)
_KIND_OF: Final = tuple(
    (kind, re.compile(rf"{_WHOSE}(?:{pattern})\d?")) for kind, pattern in _HEADERS
)
_NOISE = re.compile(r"[\s_\-.:：*()（）\[\]【】/]|必填|选填")


def mask_cell(header: str, value: str) -> tuple[str, tuple[str, ...]]:
    """Mask a cell: all of it where its header names personal data, otherwise like a text.

    Returns the cell at equal length and the kinds found, sorted. A header must name the data as a
    whole: 手机号 and 收货人电话 do, 手机型号 does not. 用户ID belongs to `pseudonym`.
    """
    kind = _header_kind(header)
    if kind is None:
        masked = mask(value)
        return masked.text, masked.kinds
    if not value.strip(f"{FILLER} \t\r\n"):
        return value, ()
    return FILLER * len(value), (kind,)


def _header_kind(header: str) -> str | None:
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", header).casefold())
    return next((kind for kind, pattern in _KIND_OF if pattern.fullmatch(plain)), None)
