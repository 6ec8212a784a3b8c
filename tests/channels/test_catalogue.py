import pytest

from feedback_nlp.channels import CHANNELS, guess, named
from feedback_nlp.errors import InputError
from feedback_nlp.intake.fields import NAMES
from feedback_nlp.tabular.columns import plain_header


def test_unknown_channel_lists_the_choices() -> None:
    with pytest.raises(InputError, match="没有通道“抖音”，可选：table（通用表格）、app_store"):
        named("抖音")


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_no_header_names_two_fields_and_all_are_written_as_compared(name: str) -> None:
    headers = [header for headers in CHANNELS[name].fields.values() for header in headers]
    assert len(set(headers)) == len(headers)
    assert [header for header in headers if plain_header(header) != header] == []


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_every_field_has_a_chinese_name(name: str) -> None:
    channel = CHANNELS[name]
    assert channel.name == name
    assert {*channel.fields} <= {*NAMES}
    assert {field for group in channel.required for field in group} <= {*channel.fields}


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("评论内容,评论时间,评分,版本", "table"),
        ("标题,评论内容,评分,版本,国家/地区,设备,作者,开发者回复", "app_store"),
        ("商品名称,初评内容,追评内容,评价等级,买家昵称,订单编号", "ecommerce"),
        ("会话ID,角色,消息内容,发送时间", "support"),
        ("工单号,问题描述,创建时间,首次响应时间,解决时间,处理结果", "support"),
        ("序号,提交答卷时间,1、您向朋友推荐的可能性,2、总体满意度,3、您的建议是", "survey"),
        ("帖子ID,楼层,标题,正文,作者,浏览,版块", "community"),
        ("用户ID,事件名称,发生时间,版本", "usage"),
        ("日期,产品,版本,订单数,活跃用户", "exposure"),
        ("客户ID,客户等级,注册时间", "customers"),
        ("订单编号,用户ID,下单时间,实付金额,退款状态", "orders"),
        ("天气,心情", "table"),
        ("", "table"),
    ],
)
def test_guess_is_the_channel_that_knows_most_headers(header: str, name: str) -> None:
    assert guess(header.split(",")) == name
