import pytest

from feedback_nlp.intake.roles import Role, role_of, unknown_role


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("客户", Role.CUSTOMER),
        (" 买家 ", Role.CUSTOMER),
        ("Customer", Role.CUSTOMER),
        ("用户张三", Role.CUSTOMER),
        ("用户_1023", Role.CUSTOMER),
        ("买家tb88***6", Role.CUSTOMER),
        ("客户（微信）", Role.CUSTOMER),
        ("访客王女士", Role.CUSTOMER),
        ("客服", Role.AGENT),
        ("客服小王", Role.AGENT),
        ("售后-小李", Role.AGENT),
        ("agent 7", Role.AGENT),
        ("机器人", Role.ROBOT),
        ("机器人小蜜", Role.ROBOT),
        ("智能客服", Role.ROBOT),
        ("chatbot-1", Role.ROBOT),
        ("系统", Role.SYSTEM),
        ("系统消息", Role.SYSTEM),
        pytest.param("客户经理", Role.AGENT, id="staff whose title begins with customer"),
        pytest.param("客户服务中心", Role.AGENT, id="department named after customers"),
        pytest.param("用户体验部", Role.AGENT, id="department named after users"),
        pytest.param("客户成功", Role.AGENT, id="department that begins with customer"),
        pytest.param("assistant", Role.ROBOT, id="assistant of a language model"),
        pytest.param("2. **客 服**", Role.AGENT, id="numbered and adorned"),
        pytest.param("顧客", Role.CUSTOMER, id="traditional characters"),
        pytest.param("v1(客户)", Role.CUSTOMER, id="customer in brackets behind a name"),
        pytest.param("小美[客服]", Role.AGENT, id="staff in brackets behind a name"),
        pytest.param("客服(客户)", Role.AGENT, id="staff wins over brackets"),
        pytest.param("会员专属顾问", Role.AGENT, id="adviser of members"),
        pytest.param("张三", None, id="a name alone says nothing"),
        pytest.param("用户觉得很不好用", None, id="a sentence about users is no name"),
        pytest.param("我问客服", None, id="a sentence about the staff is no name"),
        pytest.param("username", None, id="a word that begins with user"),
        pytest.param("", None, id="blank"),
    ],
)
def test_role_is_what_the_name_says(name: str, role: Role | None) -> None:
    assert role_of(name) == role


def test_names_that_the_row_gives_are_known() -> None:
    names = {"customer": "张三", "agent": "小王"}
    assert (role_of("张三", **names), role_of("小王 ", **names)) == (Role.CUSTOMER, Role.AGENT)


def test_a_name_that_could_be_either_is_staff() -> None:
    assert role_of("张三", customer="张三", agent="张三") is Role.AGENT


def test_unknown_role_names_the_value_and_what_to_write() -> None:
    assert unknown_role(" 张三 ") == (
        "看不出“张三”是客户还是客服；请改写为 客户、客服、机器人 或 系统"
    )
