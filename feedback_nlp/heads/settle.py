"""Checks what a person says of an opinion and adds what follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.heads.decide import MOST_TOPICS
from feedback_nlp.heads.scores import SEVERITIES
from feedback_nlp.records import PlainLabels, Polarity, Taxonomy

_GRADES: Final = range(1, len(SEVERITIES) + 1)
"""What a negative opinion can have; every other one has severity 0."""


def settle(seen: PlainLabels, said: PlainLabels, taxonomy: Taxonomy) -> PlainLabels:
    """Return what a person says of an opinion whose labels are `seen`, fit to be kept.

    Polarity and severity imply each other, so one comes with the other: what is not negative has
    severity 0, a negative polarity keeps the severity that is there, a severity the polarity. A
    later model may see both otherwise, and they still agree.

    Raises:
        InputError: nothing is said, a label is none of ours, or two contradict each other; the
            message names the field.
    """
    if said == PlainLabels():
        raise InputError("没有要改的标签；请至少给出 polarity、intent、topics、severity 之一")
    _check_topics(said.topics, taxonomy)
    if said.polarity is None and said.severity is None:
        return said
    polarity = seen.polarity if said.polarity is None else said.polarity
    severity = said.severity
    if severity is None:
        severity = seen.severity if polarity is Polarity.NEG else 0
    if severity not in (_GRADES if polarity is Polarity.NEG else (0,)):
        raise InputError(
            f"severity {severity} 与 polarity {polarity} 不符："
            f"neg 的 severity 为 1 到 {_GRADES[-1]}，其余为 0；请两个都给出"
        )
    return replace(said, polarity=polarity, severity=severity)


def _check_topics(codes: Sequence[str], taxonomy: Taxonomy) -> None:
    if len(codes) > MOST_TOPICS or len(set(codes)) < len(codes):
        raise InputError(f"topics 应为一到 {MOST_TOPICS} 个不同的话题，却是 {'、'.join(codes)}")
    known = {topic.code for topic in taxonomy.topics}
    if unknown := [code for code in codes if code not in known]:
        raise InputError(f"topics：类别表 {taxonomy.version} 里没有 {'、'.join(unknown)}")
