"""Chinese names of every identifier that people see. Data always holds the identifiers."""

from typing import Final

POLARITY: Final = {"neg": "负面", "neu": "中性", "pos": "正面"}
INTENT: Final = {
    "complaint": "抱怨",
    "praise": "表扬",
    "request": "建议",
    "question": "咨询",
    "other": "其他",
}
ROLE: Final = {"viewer": "查看者", "analyst": "分析师", "manager": "经理", "admin": "管理员"}
SEVERITY: Final = {0: "无", 1: "轻微", 2: "明显", 3: "严重"}
KIND: Final = {"review": "评论", "ticket": "工单", "survey": "问卷", "post": "帖子", "chat": "会话"}
QUARANTINE: Final = {
    "spam": "垃圾信息",
    "template": "模板好评",
    "default_praise": "系统默认好评",
    "duplicate": "重复",
    "near_duplicate": "近似重复",
}
LANE: Final = {
    "weekly": "每周修复",
    "monthly": "月度更新",
    "quarterly": "季度迭代",
    "yearly": "年度更新",
    "emergency": "应急通道",
}
QUADRANT: Final = {
    "quick_win": "速赢",
    "strategic": "战略",
    "fill_in": "填空",
    "defer": "暂缓",
}
SEGMENT: Final = {
    "high_value": "高价值",
    "potential": "潜力",
    "new": "新用户",
    "at_risk": "流失风险",
    "lost": "流失",
}
CRITERION: Final = {"feasibility": "可行性", "novelty": "创新性", "benefit": "效益预期"}
EFFORT_SOURCE: Final = {"override": "人工估计", "history": "团队历史", "default": "类别默认"}
METRIC: Final = {
    "nps": "NPS",
    "csat": "满意度",
    "rating": "平均评分",
    "negative_share": "负面占比",
}
TARGET_STANDING: Final = {
    "met": "已达成",
    "missed": "未达成",
    "unclear": "看不出",
    "no_data": "尚无数据",
    "not_started": "未开始",
}
THEME_STATE: Final = {
    "open": "在列",
    "dormant": "休眠",
    "closed": "已关闭",
    "merged": "已并入",
}
HOW: Final = {
    "founded": "主题由此形成",
    "same_words": "原话相同",
    "joined": "与主题相近",
    "carried": "随原来的观点",
    "by_hand": "人工",
}
THEME_EVENT: Final = {
    "rename": "改名",
    "merge": "合并",
    "split": "拆分",
    "move": "移动",
    "close": "关闭",
    "reopen": "重开",
    "undo": "撤销",
    "created": "发现",
    "renamed": "名称更新",
    "dormant": "休眠",
    "revived": "重新出现",
    "moved": "状态改变",
    "remodelled": "换了模型或词典",
}
"""What happened to a theme; the first seven a person did."""
TICKET_EVENT: Final = {
    "created": "起草",
    "updated": "草稿更新",
    "moved": "移动",
    "assigned": "分派",
    "edited": "修改",
    "commented": "备注",
}
"""What happened to a ticket; the last four people and the life cycle did."""
TICKET_FIELD: Final = {
    "owner": "负责人",
    "department": "责任部门",
    "due": "截止日期",
    "title": "标题",
    "target": "验证目标",
    "problem": "问题",
    "evidence": "证据",
    "lane": "通道",
    "resources": "资源",
    "acceptance": "验收标准",
    "priority": "优先级",
    "related": "相关工单",
}
"""What may change about a ticket; people set the first five, drafts the others."""
PROPOSAL_STATE: Final = {
    "open": "待处理",
    "accepted": "已接受",
    "rejected": "已拒绝",
    "stale": "已过时",
}
ALERT: Final = {
    "spike": "突增",
    "new_theme": "新主题",
    "safety": "安全",
    "minors": "未成年人",
    "legal": "法律与曝光",
}
COMPARED: Final = {
    "higher": "我们更差",
    "lower": "我们更好",
    "unclear": "看不出差别",
    "too_few": "样本太少",
}
"""What a comparison with a competitor says of a topic that users complain of."""
CUT: Final = {
    "higher": "偏高",
    "lower": "偏低",
    "unclear": "看不出差别",
    "too_few": "样本太少",
}
"""What a comparison of some users with all others says of what they complain of."""
DIMENSION: Final = {
    "version": "版本",
    "region": "地区",
    "tier": "客户等级",
    "segment": "RFM 分层",
    "channel": "渠道",
}
ADVICE: Final = {"widen": "建议扩大", "wait": "继续观察", "stop": "建议停止"}
"""What a comparison of users with and without a release lets one do."""
TEMPLATE: Final = {
    "app_store": "公开回复",
    "app_store_sorry": "公开回复，低分",
    "app_store_early": "公开回复，验证之前",
    "app_store_early_sorry": "公开回复，验证之前，低分",
    "service": "客服话术",
    "service_sorry": "客服话术，低分",
    "service_early": "客服话术，验证之前",
    "service_early_sorry": "客服话术，验证之前，低分",
    "release_note": "更新说明",
    "callback_7": "7 天回访",
    "callback_30": "30 天回访",
}
REPLY_STYLE: Final = {"app_store": "公开回复", "service": "客服话术"}
LEFT_OUT: Final = {
    "competitor": "属于竞品",
    "quarantined": "评论被隔离",
    "changed": "已改写，或被人改判",
    "opted_out": "不愿收到消息",
    "told": "已经通知过",
    "said_again": "发布后又提到",
}
"""Why a user is not told that a problem is fixed."""
FOOTING: Final = {
    "verdict": "验证有效",
    "person": "人工确认",
    "early": "还没有验证，只能说已发布新版本",
}
PURPOSE: Final = {
    "answer": "首次答复",
    "told": "告知已解决",
    "callback_7": "7 天回访",
    "callback_30": "30 天回访",
}
ANSWERED: Final = {"satisfied": "满意", "unsolved": "还没解决", "unreached": "没联系上"}
LOYALTY_LACK: Final = {
    "no_orders": "没有订单，看不了复购；先用 order import 导入",
    "short": "发布前后有订单的日子不足 14 天，看不了复购",
    "few": "样本太少",
}
"""Why nothing can be said of customers before and after a release."""
SLA_CUT: Final = {
    "tier": "客户等级",
    "department": "责任部门",
    "channel": "渠道",
    "scenario": "适用的上限",
    "kind": "来源",
}
EVENT: Final = {
    "ticket.changed": "工单有变化",
    "alert.raised": "新的预警",
    "verification.done": "验证有了结论",
    "escalation.opened": "投诉升级",
    "import.finished": "导入完成",
}
UNCERTAIN: Final = "不确定"
UNASSIGNED: Final = "未归类"
MISSING: Final = "未提供"
NIGHT_STEP: Final = {
    "import": "导入",
    "score": "分析评论",
    "screen": "检查重复和垃圾评论",
    "plan": "归纳主题、排优先级",
    "alerts": "查看预警",
    "verify": "验证修复",
    "sla": "查看时限",
    "report": "写报告",
}
"""The steps of a night, in order."""
OUT_OF_REACH: Final = {
    "theme_edits": "人对主题的修改",
    "proposals": "处理过的合并与拆分建议",
    "quarantine": "人对隔离的决定",
    "erasures": "按要求删除的人",
    "versions": "用别的模型或词典做的夜",
    "meanwhile": "当夜运行时进来的数据",
}
"""What a replay cannot do again."""
