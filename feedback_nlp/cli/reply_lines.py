"""How replies, messages, calls and wordings are printed."""

from collections.abc import Iterator
from datetime import datetime

from feedback_nlp.names import ANSWERED, FOOTING, LEFT_OUT, PURPOSE, SEVERITY, TEMPLATE
from feedback_nlp.records import CHINA, ReplyTemplate, Sent
from feedback_nlp.replies.audience import Addressee
from feedback_nlp.replies.callbacks import Tally
from feedback_nlp.reports.wording import number
from feedback_nlp.workflows.browse_replies import DraftPage, ToTell
from feedback_nlp.workflows.callbacks import Call, CallPage
from feedback_nlp.workflows.reply_wordings import Wording


def audience_lines(found: ToTell) -> Iterator[str]:
    """Tell whom to tell, who is left out, and who says that it is not solved."""
    yield _heading(found)
    for user in found.users:
        yield f"{user_line(user)}  {_one_line(user.quote.text)}"
    for each in found.unsolved:
        day = each.at.astimezone(CHINA).date().isoformat()
        yield f"  回访说还没解决：{each.review_id}  {day}"
    yield _total(found)


def draft_lines(found: DraftPage) -> Iterator[str]:
    """Tell each draft under the user it is for."""
    yield _heading(found.to_tell)
    for each in found.drafts:
        yield f"{user_line(each.to)}  {TEMPLATE[each.kind]}，{len(each.text)} 字"
        for line in each.text.splitlines():
            yield f"    {line}"
    yield _total(found.to_tell)


def user_line(user: Addressee) -> str:
    """Tell which review of which user is answered."""
    review = user.review
    stars = "" if review.rating is None else f"  {review.rating:g} 星"
    tier = f"  {user.tier}" if user.tier else ""
    more = f"（共 {user.reviews} 条）" if user.reviews > 1 else ""
    known_as = f"  {review.external_id}" if review.external_id else ""
    return (
        f"{review.id}{known_as}  {review.channel}  {review.author_id or '没有用户编号'}{tier}"
        f"  {SEVERITY[user.severity]}{stars}{more}"
    )


def sent_line(sent: Sent) -> str:
    """Tell one message or call."""
    result = f"，{ANSWERED[sent.result]}" if sent.result else ""
    text = f"  {_one_line(sent.text)}" if sent.text else ""
    reason = f"（{sent.reason}）" if sent.reason else ""
    late = "" if sent.noted_at is None else f"（{_minute(sent.noted_at)} 补记）"
    return (
        f"{_minute(sent.at)}  {sent.author}  {sent.ticket_id or '-'}  "
        f"{sent.channel}  {sent.review_id}  {PURPOSE[sent.purpose]}{result}{reason}{late}{text}"
    )


def call_lines(found: CallPage) -> Iterator[str]:
    """Tell the calls that are due, and how things stand."""
    for call in found.calls:
        yield from _call(call)
    unwanted = f"，另有 {found.unwanted} 位不愿收到消息" if found.unwanted else ""
    shown = f"，以上是前 {len(found.calls)} 个" if found.total > len(found.calls) else ""
    yield f"截至 {found.as_of.isoformat()} 共 {number(found.total)} 个回访到期{unwanted}{shown}"
    yield tally_line(found.tally)


def tally_line(tally: Tally) -> str:
    """Tell what became of the users who were told."""
    unsolved = len(tally.unsolved)
    counts = (
        f"已通知 {number(tally.told)} 位用户，回访满意 {tally.satisfied}、"
        f"还没解决 {unsolved}、没联系上 {tally.unreached}"
    )
    share = tally.satisfied_share
    if share is None:
        return f"{counts}；还没有人答复"
    return (
        f"{counts}；答复的人里满意的占 {share.value:.0%}"
        f"（95% 区间 {share.low:.0%} 到 {share.high:.0%}）"
    )


def wording_lines(wording: Wording) -> Iterator[str]:
    """Tell one wording, whose it is, and how long a message may be."""
    told = wording.set
    whose = "自带"
    if told is not None:
        whose = f"{told.at.astimezone(CHINA).date().isoformat()} {told.author} 改的"
    yield f"{wording.kind.value}  {TEMPLATE[wording.kind]}  最多 {wording.limit} 字  {whose}"
    for line in wording.text.splitlines():
        yield f"    {line}"


def history_lines(change: ReplyTemplate) -> Iterator[str]:
    """Tell one change of a wording."""
    reason = f"  {change.reason}" if change.reason else ""
    yield f"{change.at.astimezone(CHINA):%Y-%m-%d %H:%M}  {change.author}{reason}"
    for line in (change.text or "恢复为自带的模板").splitlines():
        yield f"    {line}"


def _heading(found: ToTell) -> str:
    release = found.release
    version = f"，版本 {release.version}" if release and release.version else ""
    return (
        f"{found.ticket.id}  {found.ticket.title}  {found.ticket.state}"
        f"（{FOOTING[found.footing]}{version}）"
    )


def _total(found: ToTell) -> str:
    left_out = "、".join(f"{LEFT_OUT[why]} {count}" for why, count in found.audience.left_out)
    others = f"；没有列入：{left_out}" if left_out else ""
    shown = f"，以上是前 {len(found.users)} 位" if found.total > len(found.users) else ""
    return f"要通知 {number(found.total)} 位用户{shown}{others}"


def _call(call: Call) -> Iterator[str]:
    told = call.due.told
    overdue = f"已过 {call.due.overdue} 天" if call.due.overdue else "今天到期"
    yield (
        f"{told.review_id}  {told.ticket_id}  {told.channel}  {told.author_id or '没有用户编号'}  "
        f"第 {call.due.stage} 天  {call.due.due.isoformat()}（{overdue}）"
    )
    for line in call.text.splitlines():
        yield f"    {line}"


def _minute(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
