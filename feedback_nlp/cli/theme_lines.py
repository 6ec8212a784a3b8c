"""Themes, their opinions and their history as lines for a terminal."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

from feedback_nlp.cli.exits import one_line
from feedback_nlp.names import HOW, THEME_EVENT, THEME_STATE, UNASSIGNED
from feedback_nlp.records import CHINA, EditKind, Placement, Quote, Theme, ThemeState
from feedback_nlp.reports.wording import QUOTE_LENGTH, clip, number, percent
from feedback_nlp.storage.theme_history import Told
from feedback_nlp.workflows.browse import RankedTheme
from feedback_nlp.workflows.browse_themes import Member
from feedback_nlp.workflows.edit_desk import Change, Effect

_UNRANKED: Final = "-"


def theme_line(ranked: RankedTheme) -> str:
    """Write one theme of a list: rank, id, name, counts, and its state unless it is open."""
    theme = ranked.theme
    state = "" if theme.state is ThemeState.OPEN else f"  {_state(theme)}"
    return f"{ranked.rank or _UNRANKED}  {_title(theme)}  {_counts(theme)}{state}"


def theme_lines(ranked: RankedTheme) -> Iterator[str]:
    """Write everything about one theme that is not a list."""
    theme, priority = ranked.theme, ranked.priority
    yield f"{_title(theme)}{'（人工命名）' if theme.named_by_hand else ''}"
    yield f"{_state(theme)}，{_counts(theme)}，{theme.reviews} 条评论"
    yield f"话题 {theme.topic}，关键词 {one_line('、'.join(theme.keywords)) or '无'}"
    yield (
        "还没有排过优先级"
        if priority is None
        else f"RICE 第 {ranked.rank} 名，得分 {number(priority.score)}"
    )


def quote_line(quote: Quote) -> str:
    """Write one quote with its place."""
    return f"  {quote.review_id}:{quote.start}  {clip(quote.text, QUOTE_LENGTH)}"


def member_line(member: Member) -> str:
    """Write one opinion of a theme and how it came there."""
    voice = member.voice
    how = "来历没有记录" if member.placement is None else how_line(member.placement)
    return f"  {voice.review_id}:{voice.start}  {how}  {clip(voice.text, QUOTE_LENGTH)}"


def event_line(told: Told) -> str:
    """Write one thing that happened; edits of people have a number for `undo`, and an author."""
    detail = _detail(told)
    words = f"{THEME_EVENT.get(told.kind, told.kind)} {told.theme_id}{detail and f'：{detail}'}"
    by = told.signature
    if by is None:
        return f"  {_moment(told.at)}  {words}"
    undone = "（已撤销）" if told.undone else ""
    reason = f"  {one_line(by.reason)}" if by.reason else ""
    author = one_line(by.author) or "未署名"
    return f"  {_moment(told.at)}  第 {told.number} 号  {author}  {words}{undone}{reason}"


def effect_lines(effect: Effect, *, kept: bool) -> Iterator[str]:
    """Write what an edit did, or would do when it is not `kept`."""
    done = THEME_EVENT[effect.edit.kind]
    yield (f"已{done}，第 {effect.edit.number} 号修改" if kept else f"预览{done}：以下改变没有保存")
    yield from map(_change, effect.changes)
    if effect.moved:
        yield f"移动 {effect.moved} 个观点，原话相同的也在内"
    if kept:
        yield "优先级和工单下次 plan 更新"
        if effect.edit.kind is not EditKind.UNDO:
            yield f"撤销：feedback-nlp theme undo {effect.edit.number}"


def _change(change: Change) -> str:
    theme = change.theme
    return f"{_title(theme)}  {_state(theme)}，{change.before} → {theme.count} 个观点"


def _title(theme: Theme) -> str:
    return f"{theme.id}  {one_line(theme.name)}"


def _state(theme: Theme) -> str:
    return f"{THEME_STATE[theme.state]}{f' {theme.merged_into}' if theme.merged_into else ''}"


def _counts(theme: Theme) -> str:
    last = theme.last_seen and f"，最近 {theme.last_seen.astimezone(CHINA):%Y-%m-%d}"
    share = percent(theme.negative_share)
    return f"{theme.count} 个观点，{theme.users} 个用户，负面 {share}{last or ''}"


def how_line(placement: Placement) -> str:
    """Write how an opinion came to its theme; who was merged into it was next to it before."""
    near = "" if placement.similarity is None else f" {placement.similarity:.2f}"
    if placement.runner_up in {None, placement.theme_id}:
        return f"{HOW[placement.how]}{near}"
    other = (
        "" if placement.runner_up_similarity is None else f" {placement.runner_up_similarity:.2f}"
    )
    return f"{HOW[placement.how]}{near}，其次 {placement.runner_up}{other}"


def _detail(told: Told) -> str:
    detail = dict(told.detail)
    write = _WRITTEN.get(told.kind)
    if write is None:
        return one_line("，".join(f"{key} {value}" for key, value in detail.items()))
    return write(detail)


def _names(detail: Mapping[str, str]) -> str:
    return f"“{one_line(detail['from'])}” → “{one_line(detail['to'])}”"


def _states(detail: Mapping[str, str]) -> str:
    return " → ".join(THEME_STATE[detail[key]] for key in ("from", "to"))


def _themes(detail: Mapping[str, str]) -> str:
    return " → ".join(detail[key] or UNASSIGNED for key in ("from", "to"))


_WRITTEN: Final[Mapping[str, Callable[[Mapping[str, str]], str]]] = {
    "created": lambda detail: f"“{one_line(detail['name'])}”",
    "renamed": _names,
    "dormant": _states,
    "revived": _states,
    "moved": _states,
    EditKind.RENAME: _names,
    EditKind.MERGE: lambda detail: f"并入 {detail['sources']}",
    EditKind.SPLIT: lambda detail: f"拆出 {detail['new']}",
    EditKind.MOVE: _themes,
    EditKind.CLOSE: _states,
    EditKind.REOPEN: _states,
    EditKind.UNDO: lambda detail: f"第 {detail['undoes']} 号{THEME_EVENT[detail['kind']]}",
}
"""How the details of an event read, by its kind."""


def _moment(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
