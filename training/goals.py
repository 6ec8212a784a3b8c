"""The figures that `make eval` and the card of an encoder list, and what they must reach."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from training.calibrate import UNCERTAIN_RISK


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure must be at least, or at most, `limit`."""

    limit: float
    at_most: bool = False

    def __str__(self) -> str:
        """As the table prints it, `>= 0.8200`."""
        return f"{'<=' if self.at_most else '>='} {self.limit:.4f}"

    def missing(self, value: float) -> float:
        """Return by how much `value` misses the goal; 0 when it holds."""
        return max(0.0, value - self.limit if self.at_most else self.limit - value)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number with its goal."""

    name: str
    chinese: str
    value: float
    interval: tuple[float, float] | None = None
    """90 %, where one was measured."""
    goal: Goal | None = None

    @property
    def verdict(self) -> str:
        """`holds`, `missed by 0.012`, or nothing without a goal."""
        if self.goal is None:
            return ""
        missing = self.goal.missing(self.value)
        return f"missed by {missing:.4f}" if missing else "holds"

    @property
    def chinese_verdict(self) -> str:
        """`达到`, `差 0.0120`, or a dash without a goal."""
        if self.goal is None:
            return "-"
        missing = self.goal.missing(self.value)
        return f"差 {missing:.4f}" if missing else "达到"


REVIEW_ACCURACY: Final = Goal(0.88)
_LISTED: Final = (
    ("polarity", "macro_f1", "polarity macro-F1", "情感宏平均 F1", Goal(0.82)),
    ("topics", "micro_f1", "topics micro-F1", "主题微平均 F1", Goal(0.74)),
    ("topics", "groups_micro_f1", "topic groups micro-F1", "主题大类微平均 F1", Goal(0.80)),
    ("intent", "macro_f1", "intent macro-F1", "意图宏平均 F1", Goal(0.72)),
    ("severity", "macro_f1", "severity macro-F1", "严重度宏平均 F1", None),
    ("severity", "within_one", "severity within one step", "严重度相差不超过一级", None),
    (
        "severity",
        "within_one_of_negatives",
        "severity within one step, negatives",
        "严重度相差不超过一级（只看负面）",
        None,
    ),
    ("polarity", "accuracy", "polarity accuracy", "情感准确率", None),
    ("intent", "accuracy", "intent accuracy", "意图准确率", None),
    ("topics", "macro_f1", "topics macro-F1", "主题宏平均 F1", None),
    ("topics", "first_accuracy", "first topic right", "首个主题正确", None),
    ("polarity", "ece", "polarity ECE", "情感校准误差 ECE", Goal(0.05, at_most=True)),
    ("topics", "ece", "named topics ECE", "给出的主题校准误差 ECE", Goal(0.05, at_most=True)),
    (
        "polarity",
        "accuracy_at_80",
        "polarity accuracy, surest 80 %",
        "最有把握的 80% 的情感准确率",
        Goal(0.94),
    ),
    (
        "polarity",
        "measured_risk",
        "wrong among not uncertain",
        "没有标“不确定”的分句中判错的比例",
        Goal(UNCERTAIN_RISK, at_most=True),
    ),
    ("polarity", "certain_coverage", "share not uncertain", "没有标“不确定”的比例", None),
)
"""Head, key in `eval.json`, name, Chinese name, goal."""
_CHINESE: Final = {"polarity": "情感", "intent": "意图", "severity": "严重度", "topics": "主题"}
_ROUNDING: Final = Goal(0.01, at_most=True)
_EMBEDDING: Final = (
    ("pairs", "average_precision", "pairs, average precision", "同义句对 LCQMC 测试集，平均精确率"),
    ("alipay", "b_cubed_f1", "themes alipay, B-cubed F1", "支付应用投诉归并，B-cubed F1"),
    ("alipay", "ari", "themes alipay, ARI", "支付应用投诉归并，ARI"),
    ("waimai", "b_cubed_f1", "themes waimai, B-cubed F1", "外卖投诉归并，B-cubed F1"),
    ("waimai", "ari", "themes waimai, ARI", "外卖投诉归并，ARI"),
)


def dev_figures(dev: Mapping[str, Any]) -> Iterator[Figure]:
    """Yield the listed figures of `evaluate` or `evaluate_labels`."""
    for head, key, name, chinese, goal in _LISTED:
        ends = dev[head]["intervals"].get(key)
        interval = None if ends is None else (ends[0], ends[1])
        yield Figure(name, chinese, dev[head][key], interval, goal)


def rare_figures(dev: Mapping[str, Any]) -> Iterator[Figure]:
    """Yield the F1 of the classes with few clauses, each with its interval."""
    for head in ("polarity", "intent", "severity", "topics"):
        for label, rare in dev[head]["rare"].items():
            low, high = rare["interval"]
            yield Figure(
                f"rare: {head} {label} ({rare['clauses']}) F1",
                f"{_CHINESE[head]} {label}（{rare['clauses']} 句）",
                rare["f1"],
                (low, high),
            )


def embedding_goals(found: Mapping[str, Any], base: Mapping[str, Any] | None) -> Iterator[Figure]:
    """Yield the figures of `embedding_figures`; those of the base, where known, are the goals."""
    for group, key, name, chinese in _EMBEDDING:
        goal = None if base is None else Goal(base[group][key])
        yield Figure(name, chinese, found[group][key], goal=goal)


def rounding_goals(lost: Mapping[str, float]) -> Iterator[Figure]:
    """Yield what int8 costs each head: a figure of the training, which alone has float32."""
    for place, value in lost.items():
        head, _, key = place.partition(".")
        which = {"groups_micro_f1": ("topic groups", "主题大类")}.get(key, (head, _CHINESE[head]))
        yield Figure(
            f"F1 lost by int8: {which[0]}", f"int8 损失的 F1：{which[1]}", value, goal=_ROUNDING
        )
