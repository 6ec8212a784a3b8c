"""Which clauses say that a user leaves: the table behind the word list."""

import pytest
from builders import make_labels, make_voice

from feedback_nlp.priority.churn import leaves
from feedback_nlp.records import Polarity

LEAVES = (
    "卸载了",
    "已卸载",
    "果断卸载！",
    "忍了三天还是卸了",
    "卸载卸载",
    "一天弹八次窗只能卸载",
    "再闪退就卸载了",
    "想卸载了",
    "把这个软件删了",
    "已经删除这个app了",
    "再也不会来了",
    "再也不买他们家的东西",
    "再也不用这个软件了",
    "再不会来第二次",
    "以后不会再点这家",
    "下次不来了",
    "不会再光顾",
    "再也不在这个平台买衣服",
    "以后不从他家下单",
    "第一次也是最后一次买",
    "不会回购",
    "别再买了，全是坑",
    "最后一次在这买东西",
    "已经换成别家了",
    "打算换到其他平台",
    "还是转投竞品吧",
    "换别的银行了",
    "号已注销",
    "我把账号注销了",
    "准备销户走人",
    "已经退会员",
    "年费会员退了",
    "取消了订阅",
    "氪了三年今天退坑",
    "拉黑了这家店",
    "只好去别家买了",
    "我要注销账号",
    "取关了",
)
"""The writer has left, or says that they will."""

STAYS = (
    "不会卸载的",
    "没卸载过",
    "卸载重装也不行",
    "卸载了重新装还是闪退",
    "卸载不掉",
    "内置的没法卸载",
    "不想卸载但是太占内存",
    "卸载后再安装也没用",
    "把软件删了重装也一样",
    "删除应用里的缓存没反应",
    "怎么卸载，找不到入口",
    "眼影半天卸不干净",
    "卸了妆脸上发红",
    "司机把货卸了就走",
    "螺丝卸掉了装不回去",
    "删了重下还是这样",
    "订单删除不了",
    "取消订单失败",
    "取消会员自动续费的按钮找不到",
    "取消了自动续费还扣钱",
    "会员退了款没到账",
    "退订阅费要等一个月",
    "退款慢",
    "换了手机登录不上",
    "换其他颜色说没货",
    "换了另一个客服还是同样的话",
    "换成别的型号要加钱",
    "换银行卡换了半天",
    "注销不了",
    "显示账号已注销",
    "需要注销才能换绑",
    "账号被注销了也没人通知",
    "注销账号的验证码收不到",
    "解绑银行卡失败",
    "不用了两天就坏了",
    "快递再不来就过期了",
    "再不发货我要投诉",
    "再不想办法就没人用了",
    "再也不能登录",
    "别再来电话推销了",
    "不要再用塑料袋包装",
    "系统不会推荐我想看的",
    "最后一次更新之后就闪退",
    "客服把我拉黑了",
    "被店家拉黑了",
    "以后不用等这么久就好了",
    "绝对不会再出问题的话是骗人的",
    "会员退不了",
)
"""Complaints of those who stay, or of whom nothing is known."""


@pytest.mark.parametrize("text", LEAVES)
def test_clause_of_one_who_leaves(text: str) -> None:
    assert leaves(make_voice(text))


@pytest.mark.parametrize("text", STAYS)
def test_clause_of_one_who_does_not_leave(text: str) -> None:
    assert not leaves(make_voice(text))


@pytest.mark.parametrize("polarity", [Polarity.POS, Polarity.NEU])
def test_only_what_is_said_against_something_counts(polarity: Polarity) -> None:
    assert not leaves(make_voice("卸载了", labels=make_labels(polarity=polarity, severity=0)))


def test_words_are_read_as_the_analysis_reads_them() -> None:
    assert leaves(make_voice("卸載了"))
    assert leaves(make_voice("已经删除这个ＡＰＰ"))
