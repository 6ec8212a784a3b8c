import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.privacy import KIND_NAMES, mask, mask_cell


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("手机号", "mobile"),
        ("手机号码（必填）", "mobile"),
        ("联系方式", "mobile"),
        ("Mobile_No", "mobile"),
        ("收货人电话", "landline"),
        ("姓名", "name"),
        ("客户姓名", "name"),
        ("收货人", "name"),
        ("昵称", "name"),
        ("User Name", "name"),
        ("收货地址", "address"),
        ("详细地址*", "address"),
        ("shipping_address", "address"),
        ("身份证号", "id_card"),
        ("证件号码", "id_card"),
        ("银行卡号", "bank_card"),
        ("邮箱", "email"),
        ("E-mail", "email"),
        ("微信号", "social"),
        ("QQ", "social"),
        ("openid", "social"),
        ("车牌号", "plate"),
        ("护照号", "passport"),
        ("订单编号", "order_number"),
        ("快递单号", "tracking_number"),
        ("IP地址", "device"),
        ("IMEI", "device"),
        ("出生日期", "birthday"),
        ("姓 名", "name"),
        ("ＱＱ号", "social"),
    ],
)
def test_mask_cell_masks_all_of_a_cell_whose_header_names_personal_data(
    header: str, kind: str
) -> None:
    assert mask_cell(header, "随便 Any-1") == ("*" * 8, (kind,))
    assert kind in KIND_NAMES


@pytest.mark.parametrize(
    "header",
    [
        "手机型号",
        "手机品牌",
        "电话客服评分",
        "微信版本",
        "商品名称",
        "店铺名称",
        "网址",
        "是否留电话",
        "邮箱验证结果",
        "评论内容",
        "地区",
        "",
    ],
)
def test_mask_cell_reads_any_other_cell_like_a_text(header: str) -> None:
    assert mask_cell(header, "iPhone15ProMax 很好") == ("iPhone15ProMax 很好", ())
    assert mask_cell(header, "打13812345678") == ("打***********", ("mobile",))


def test_mask_cell_finds_nothing_in_a_masked_or_empty_cell() -> None:
    assert mask_cell("手机号", "*** ****") == ("*** ****", ())
    assert mask_cell("手机号", "") == ("", ())


@given(st.sampled_from(["手机号", "备注", "姓名", ""]) | st.text(), st.text())
def test_mask_cell_keeps_the_length_and_is_idempotent(header: str, value: str) -> None:
    once, _ = mask_cell(header, value)
    assert len(once) == len(value)
    assert mask_cell(header, once) == (once, ())


@given(st.text())
def test_mask_cell_without_a_telling_header_is_mask(value: str) -> None:
    masked = mask(value)
    assert mask_cell("备注", value) == (masked.text, masked.kinds)
