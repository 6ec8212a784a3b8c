"""Every command by its name."""

import sys
from typing import Final

import typer

from feedback_nlp.cli.lazy import LazyGroup, Listed

COMMANDS: Final = {
    "run": Listed(
        "batch:run", "从评论文件一直走到报告：导入、分析、归主题、排优先级、写工单和报告。"
    ),
    "nightly": Listed(
        "nightly:nightly",
        "每晚一次：导入、分析、归主题、排优先级、验证、查时限、出报告，一次做完；"
        "被打断后再执行会接着做。",
    ),
    "preview": Listed(
        "preview:preview",
        "看一眼文件会被怎样读入：编码、分隔符、列名对应、前几行和会被拒绝的行；什么也不保存。",
    ),
    "import": Listed(
        "batch:import_", "只导入，不分析；重复导入同一个文件不会多出评论。有行被拒绝时退出码为 3。"
    ),
    "pull": Listed(
        "pull:pull",
        "从腾讯兔小巢拉取用户帖子并导入；产品编号和密钥见 FEEDBACK_TUXIAOCHAO_*。可放心重复。",
    ),
    "score": Listed("batch:score", "分析所有还没有被当前模型分析过的评论。"),
    "plan": Listed("batch:plan", "检查重复和垃圾评论，归纳主题、计算 RICE 并起草工单。"),
    "report": Listed(
        "batch:report", "把数据库里的结果写成报告文件：HTML、Markdown、JSON、CSV 和 Excel。"
    ),
    "analyze": Listed(
        "analysis:analyze",
        "分析文本，每行输入对应一行 JSON 输出；不用数据库。有坏行时退出码为 3。",
    ),
    "themes": Listed(
        "analysis:themes",
        "把每一行当作一个观点归成主题，输出 id、主题编号和主题名；不用数据库。有坏行时退出码为 3。",
    ),
    "imports": Listed(
        "rejected:imports", "列出最近的导入：时间、来源、格式、结果；没有完成的会标明。"
    ),
    "retention": Listed(
        "person:retention", "按 FEEDBACK_RETENTION_* 删除到期的数据；没有设置的一直保留。"
    ),
    "train": Listed(
        "train:train",
        "训练自己的模型。encoder 被打断后再执行一次会接着做；要先装 feedback-nlp[train]。",
    ),
    "work": Listed("work:work", "常驻：新评论到了几秒内就分析；可以开几个，同一条不会分析两遍。"),
    "settings": Listed("settings:settings", "列出设置和现在的值；密钥和密码不显示。"),
    "serve": Listed(
        "server:serve",
        "启动 HTTP 接口。只监听本机而且还没有帐号时，给出一次性登录链接；否则要先有帐号或密钥。",
    ),
    "rejected": Listed("rejected:app", "被拒绝的行：查看，导出改正后再导入。"),
    "quarantine": Listed("quarantine:app", "隔离区：重复、模板和垃圾评论，可查看、可恢复。"),
    "opinion": Listed("opinion:app", "观点：查看标签，改正标签；人改的胜过任何模型。"),
    "theme": Listed(
        "theme:app", "主题：查看来历，改名、合并、拆分、移动、关闭、重开、撤销，处理建议。"
    ),
    "alerts": Listed(
        "alerts:alerts",
        "列出预警：突然变多的主题、新出现的主题，提到安全、未成年人、法律或曝光的评论。",
    ),
    "satisfaction": Listed(
        "satisfaction:satisfaction",
        "列出 NPS、满意度、平均评分和负面占比：数值和区间、走势、拖累最大的主题。",
    ),
    "target": Listed("target:app", "目标：设定、对照实际、撤回。"),
    "sla": Listed("sla:app", "时限：及时率和解决率，超时、快到期和升级的投诉。"),
    "priority": Listed(
        "priority:app", "优先级：按 RICE 列出主题，看每个数的理由，看各通道排了什么。"
    ),
    "policy": Listed(
        "policy:app", "政策：等级、分层、话题的权重，各通道的产能，评审权重，RFM 门槛，时限。"
    ),
    "effort": Listed("effort:app", "投入：估计一个主题要多少人周，记下工单实际用了多少。"),
    "ticket": Listed(
        "ticket:app",
        "工单：列出、查看，移动状态，分派，修改，备注，记录，每周的进展。",
    ),
    "release": Listed("release:app", "发布：登记何时哪些用户有了改进，列出，撤回。"),
    "verify": Listed(
        "verify:verify",
        "验证已发布的改进是否有效，盯住已验证的会不会复发；工单随结论移动。可放心重复。",
    ),
    "verification": Listed("verify:app", "验证：看一张工单的改进是否有效，以前每次验证的结论。"),
    "vote": Listed(
        "vote:vote",
        "评审：给一个主题打分，每人每项以最近一次为准；不写的项不变。下次 plan 按它算。",
    ),
    "competitor": Listed("competitor:app", "竞品：标记别家的产品，与它们对比。"),
    "segments": Listed(
        "segments:segments",
        "按版本、地区、等级、RFM 分层或渠道分开看：哪些用户在哪些话题上抱怨得特别多或特别少。",
    ),
    "reply": Listed(
        "reply:app", "回复：谁的问题解决了、怎样告诉他们，记录、回访、退订、文案模板。"
    ),
    "exposure": Listed(
        "nouns:exposure", "曝光数据：每天的订单数、活跃用户数、安装量，万投比的分母。"
    ),
    "customer": Listed("nouns:customer", "客户：等级、地区、注册日期。"),
    "order": Listed("nouns:order", "订单：RFM 的来源。"),
    "usage": Listed("nouns:usage", "使用行为事件：按用户和版本与评论关联。"),
    "survey": Listed("nouns:survey", "问卷：NPS、满意度和开放题。"),
    "webhook": Listed(
        "webhook:app", "Webhook：有事时告诉别的系统；加、列出、删除，看发了没有，再发一次。"
    ),
    "person": Listed("person:app", "一个人的数据：查找、导出、删除。"),
    "key": Listed("key:app", "密钥：建立、列出、吊销；程序用它调用接口。"),
    "user": Listed("user:app", "帐号：建立、列出、停用，改角色，改密码；人用它登录网页。"),
    "db": Listed("care:app", "数据库：复制、备份、恢复、降级。"),
}
"""Each command by its name, in the order of `--help`, which is to be printed at once."""


class _Commands(LazyGroup):
    table = COMMANDS


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.callback(cls=_Commands, no_args_is_help=True)
def program() -> None:
    """feedback-nlp：把中文用户反馈变成主题、优先级和工单。"""


def main() -> None:
    """Run the command line; results are UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        # A file name may hold bytes that are no text.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    app()
