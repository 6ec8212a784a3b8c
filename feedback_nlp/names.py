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
UNCERTAIN: Final = "不确定"
UNASSIGNED: Final = "未归类"
MISSING: Final = "未提供"
