"""What `nightly` says about a night and about a replay."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from feedback_nlp.names import NIGHT_STEP, OUT_OF_REACH
from feedback_nlp.records import Night
from feedback_nlp.workflows.replay_night import Replay

SHOWN: Final = 20
"""Differences that are printed; the others are counted."""


def night_lines(night: Night, *, fresh: bool) -> Iterator[str]:
    """Say what a finished night did and found."""
    figures = {step.name: step.figures for step in night.steps}
    if fresh:
        yield f"{night.day} 第 {night.number} 夜：{_arrived(figures['import'])}"
    else:
        yield f"{night.day} 已经做过（第 {night.number} 夜），此后没有变化；要再做一遍请加 --again"
    yield from result_lines(night.result)


def result_lines(result: Mapping[str, Any]) -> Iterator[str]:
    """Say what a night found."""
    held = sum(result["held"].values())
    themes = sum(state == "open" for state, *_ in result["themes"].values())
    yield (
        f"评论 {result['reviews']} 条（隔离 {held}），观点 {result['opinions']} 个，"
        f"主题 {themes} 个，工单 {len(result['tickets'])} 张，未归类 {result['unassigned']} 个"
    )
    sla = result["sla"]
    yield (
        f"预警 {len(result['alerts'])} 条，验证过的工单 {len(result['verdicts'])} 张，"
        f"超时未答 {sla['overdue']} 条，升级未处理 {sla['escalated']} 条"
    )
    yield f"结果摘要 {result['digest']}"


def failed_line(night: Night, fault: str) -> str:
    """Say in which step a night failed, and why."""
    return f"错误：{night.day} 第 {night.number} 夜，{_name(night.steps[-1].name)}：{fault}"


def replay_lines(replay: Replay) -> Iterator[str]:
    """Say whether a day comes out as it was recorded, and what differs."""
    *before, last = replay.nights
    if last.number is None:
        yield f"{last.day} 没有做过；用那一天结束时已有的数据，结果会是："
    elif last.differing:
        yield f"{last.day} 第 {last.number} 夜：与当时不同，{len(last.differing)} 处"
    else:
        yield f"{last.day} 第 {last.number} 夜：与当时一致"
    for place, recorded, again in last.differing[:SHOWN]:
        yield f"  {place}：当时 {_value(recorded)}，现在 {_value(again)}"
    if len(last.differing) > SHOWN:
        yield f"  另有 {len(last.differing) - SHOWN} 处"
    yield from result_lines(last.result)
    others = [night.day for night in before if night.differing]
    if others:
        yield f"此前 {len(before)} 夜里有 {len(others)} 夜也不同，最早的是 {others[0]}"
    if replay.out_of_reach:
        told = "、".join(f"{OUT_OF_REACH[name]} {count}" for name, count in replay.out_of_reach)
        yield f"无法重放、因此可能不同的有：{told}"


def _arrived(figures: Mapping[str, Any]) -> str:
    files = figures["files"]
    read = [file for file in files if not file["skipped"]]
    told = [f"读了 {len(read)} 个文件", f"新评论或新版本 {figures['new']} 条"]
    told += _counted("以前导入过的文件 {} 个没有再读", len(files) - len(read))
    told += _counted("拒绝 {} 行", sum(file["rejected"] for file in read))
    told += _counted("还没有到的 {} 行", sum(file["later"] for file in read))
    return "，".join(told)


def _counted(words: str, count: int) -> list[str]:
    return [words.format(count)] if count else []


def _name(step: str) -> str:
    return NIGHT_STEP.get(step, step)


def _value(value: object) -> str:
    return "无" if value is None else json.dumps(value, ensure_ascii=False)
