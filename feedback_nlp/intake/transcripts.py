"""A conversation written into one cell -> its turns.

Four ways of writing are read; the first line decides which one the whole cell uses:

    客户 10:01: 打不开          [10:01] 客户：打不开
    客户 2026-03-01 10:01:22    客户：打不开
    打不开

Other lines go on with the turn before them. So that an agent's words never become the customer's,
a line that begins with a known role other than the customer and a colon begins a turn in every way
of writing, and a line that begins with a name nobody knows rejects the whole cell.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from feedback_nlp.intake.roles import Role, role_of, unknown_role
from feedback_nlp.intake.transcript_lines import (
    LABELS,
    ONLY_CLOCK,
    WHEN,
    both_sides_begin_lines,
    customer_speaks_in,
    staff_follows_closely,
    staff_speaks_in,
    transcript_lines,
)
from feedback_nlp.intake.turns import Turn
from feedback_nlp.records import CHINA
from feedback_nlp.tabular.values import parse_time

_TIME: Final = rf"(?P<time>{WHEN})"
_WHO: Final = r"(?P<who>[^\s:：\[\]【】][^:：\[\]【】]{0,30}?)"
_SAID: Final = r"\s*[:：](?!\d{2}[\]】)）]?\s*$)\s*(?P<said>.*)"
"""Two digits at the end are the seconds of a time, not words."""
_BARE: Final = re.compile(rf"\s*{_WHO}{_SAID}")
_STYLES: Final = (
    re.compile(rf"\s*[\[【(（]?{_TIME}[\]】)）]?\s*{_WHO}{_SAID}"),
    re.compile(rf"\s*{_WHO}\s*[\[【(（]?{_TIME}[\]】)）]?{_SAID}"),
    re.compile(rf"\s*{_WHO}\s*[\[【(（]?{_TIME}[\]】)）]?\s*(?P<said>)"),
    _BARE,
)
_LONGEST_NAME: Final = 8
_LONGEST_LATIN_NAME: Final = 20
_HALF_A_DAY: Final = timedelta(hours=12)

Speakers = Callable[[str], Role | None]
"""Who is meant by a name."""


@dataclass(frozen=True, slots=True)
class _Said:
    role: Role
    written_time: str | None
    lines: list[str]
    """Grows while the lines after it go on with it."""


def read_transcript(
    cell: str, *, begun: datetime | None, now: datetime, speakers: Speakers = role_of
) -> tuple[Turn, ...]:
    """Return the turns of a transcript in the order written; those without words are left out.

    `begun` gives the day to times that have none; past midnight the next day begins. Without it
    such turns have no time. Full times are bounded by `now`.

    Raises:
        ValueError: the first line names no speaker, a speaker is unknown, several speak on one
            line, or a time is impossible.
    """
    lines = transcript_lines(cell)
    style = next((style for style in _STYLES if lines and style.fullmatch(lines[0])), None)
    if style is None:
        shown = lines[0].strip()[:30] if lines else cell
        raise ValueError(f"对话第一句看不出是谁说的：“{shown}”；每句请写成 客户 10:01：……")
    said: list[_Said] = []
    for line in lines:
        begins = _begins_turn(line, style, said[-1].role if said else None, speakers)
        if begins is None:
            said[-1].lines.append(line)
        else:
            said.append(begins)
    _refuse_mixed(said, on_one_line=len(lines) == 1)
    return _timed([each for each in said if _text(each)], begun, now)


def is_transcript(cell: str, speakers: Speakers = role_of) -> bool:
    """Say whether a text is a conversation: the staff speaks on one of its lines."""
    lines = transcript_lines(cell)
    whole = "\n".join(lines)
    if staff_speaks_in(whole) or both_sides_begin_lines(whole):
        return True
    begun_by_customer = bool(lines) and Role.CUSTOMER in _roles(lines[0], _STYLES, speakers)
    styles = _STYLES if begun_by_customer else _STYLES[:-1]
    if any(_roles(line, styles, speakers) - {None, Role.CUSTOMER} for line in lines):
        return True
    # A name that the row itself gives its agent is no label of the customer's.
    return any(_is_named_agent(line, speakers) for line in lines)


def _is_named_agent(line: str, speakers: Speakers) -> bool:
    match = _BARE.fullmatch(line)
    who = match["who"] if match else ""
    return speakers(who) is Role.AGENT and role_of(who) is None


def _roles(line: str, styles: tuple[re.Pattern[str], ...], speakers: Speakers) -> set[Role | None]:
    matches = (style.fullmatch(line) for style in styles)
    return {speakers(match["who"]) for match in matches if match and match["who"] not in LABELS}


def _refuse_mixed(said: list[_Said], *, on_one_line: bool) -> None:
    """Raise if a turn seems to hold what somebody else said, so that nobody is misquoted."""
    for each in said:
        text = _text(each)
        by_staff = each.role is Role.CUSTOMER and (
            staff_speaks_in(text) or staff_follows_closely(text)
        )
        if by_staff or (on_one_line and customer_speaks_in(text)):
            raise ValueError("几个人的话写在同一行，分不清谁说到哪里；请每句话另起一行")


def _begins_turn(
    line: str, style: re.Pattern[str], before: Role | None, speakers: Speakers
) -> _Said | None:
    """Return the turn that `line` begins, or None where it goes on with the one before."""
    match = style.fullmatch(line)
    if match is not None and (style is not _BARE or before is None):
        role = speakers(match["who"])
        if role is None:
            raise ValueError(unknown_role(match["who"]))
        return _Said(role, match.groupdict().get("time"), [match["said"]])
    match = _BARE.fullmatch(line)
    if match is None or match["who"].lower() in LABELS:
        return None
    role = speakers(match["who"])
    if role is None:
        _refuse_a_name(match["who"], style, before)
    if role is None or (role is Role.CUSTOMER and style is not _BARE):
        return None
    return _Said(role, None, [match["said"]])


def _refuse_a_name(who: str, style: re.Pattern[str], before: Role | None) -> None:
    """Raise if `who` may be a person who breaks in on the customer."""
    longest = _LONGEST_LATIN_NAME if who.isascii() else _LONGEST_NAME
    may_be_a_name = len(who) <= longest and who.isalnum() and not who.isdigit()
    breaks_in = style is _BARE and before is Role.CUSTOMER
    if breaks_in and may_be_a_name:
        raise ValueError(unknown_role(who))


def _text(said: _Said) -> str:
    return "\n".join(said.lines).strip()


def _timed(said: list[_Said], begun: datetime | None, now: datetime) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    last = begun
    for each in said:
        at = _moment(each.written_time, last, now)
        last = at or last
        turns.append(Turn(each.role, _text(each), at))
    return tuple(turns)


def _moment(written: str | None, last: datetime | None, now: datetime) -> datetime | None:
    if written is None:
        return None
    if not ONLY_CLOCK.fullmatch(written):
        return parse_time(written, now=now)
    if last is None:
        return None
    here = last.astimezone(CHINA)
    at = _on(here.date(), written, now)
    # A clock that runs far backwards has passed midnight; a little is two clocks that disagree.
    return at + timedelta(days=1) if here - at > _HALF_A_DAY else at


def _on(day: date, clock: str, now: datetime) -> datetime:
    return parse_time(f"{day:%Y-%m-%d} {clock}", now=now)
