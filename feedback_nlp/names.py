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
UNCERTAIN: Final = "不确定"
UNASSIGNED: Final = "未归类"
MISSING: Final = "未提供"
