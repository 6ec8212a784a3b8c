"""The ordered catalogue of the kinds of personal data; the earlier wins a tie."""

import re
from typing import Final

from feedback_nlp.privacy import addresses, identity, online, orders, people, phones
from feedback_nlp.privacy.found import Kind

_DIGIT: Final = r"\d零〇○洞一幺妖壹二两贰三叁四肆五伍六陆七柒八捌九玖"
_LONG_NUMBER: Final = re.compile(rf"[{_DIGIT}](?:[ \-.·,，/、_~()]{{0,2}}[{_DIGIT}Xx]){{5}}")
_LATIN_RUN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{3}|使 ?\d{6}")
_BIRTH: Final = re.compile(r"生(?:日|于|人|的|(?<=出生))")

KINDS: Final = (
    Kind("id_card", "身份证号", _LONG_NUMBER, identity.id_cards),
    Kind("bank_card", "银行卡号", _LONG_NUMBER, identity.bank_cards),
    Kind("mobile", "手机号", _LONG_NUMBER, phones.mobiles),
    Kind("landline", "固定电话", _LONG_NUMBER, phones.landlines),
    Kind("email", "电子邮箱", online.AT_HINT, online.emails),
    Kind("passport", "护照或通行证号", _LONG_NUMBER, identity.passports),
    Kind("plate", "车牌号", _LATIN_RUN, identity.plates),
    Kind("tracking_number", "快递单号", _LONG_NUMBER, orders.tracking_numbers),
    Kind("order_number", "订单号", _LONG_NUMBER, orders.order_numbers),
    Kind("social", "微信、QQ 等账号", _LATIN_RUN, online.socials),
    Kind("url_secret", "网址中的密钥", online.URL_HINT, online.url_secrets),
    Kind("device", "设备或网络地址", online.DEVICE_HINT, online.devices),
    Kind("birthday", "出生日期", _BIRTH, identity.birthdays),
    Kind("address", "详细地址", addresses.HINT, addresses.addresses),
    Kind("name", "姓名", people.HINT, people.names),
)

KIND_NAMES: Final = {kind.code: kind.name for kind in KINDS}
