"""What counts as one unbreakable token, as content, and as invisible: patterns of this room."""

import re
from typing import Final

_PICTOGRAPH: Final = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf"
    r"\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e"
    r"\u2611\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u2626\u262a\u262e\u262f\u2638-\u263a\u2640"
    r"\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f\u2692-\u2697\u2699"
    r"\u269b\u269c\u26a0\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26ce"
    r"\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d"
    r"\u270f\u2712\u2714\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755"
    r"\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50"
    r"\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
)
_ELEMENT: Final = rf"{_PICTOGRAPH}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}"

EMOJI: Final = (
    r"(?:[\U0001f1e6-\U0001f1ff]{2}"
    r"|[0-9#*]\ufe0f?\u20e3"
    r"|\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f"
    rf"|{_ELEMENT}(?:\u200d{_ELEMENT}){{0,8}}"
    r"|[\U0001f1e6-\U0001f1ff])"
)
"""One emoji as people see it: flag, keycap, or pictographs with skin tones joined by ZWJ."""

STICKER: Final = r"\[[\u4e00-\u9fffA-Za-z]{1,8}\]"
"""WeChat and Weibo style `[微笑]`."""

URL_MARK: Final = "<url>"

ATOM: Final = re.compile(rf"{EMOJI}|{STICKER}|{URL_MARK}")
"""A token that nothing in this room ever cuts."""

UNBREAKABLE: Final = re.compile(rf"{ATOM.pattern}|[A-Za-z0-9]+(?:[.,:'_+/%-][A-Za-z0-9]+)*")
"""An atom, or a Latin word, number or version string such as `3.5.1` and `1,000`."""

CONTENT: Final = re.compile(rf"[^\W_]|{EMOJI}")
"""A letter, digit, Han character or emoji: what must end up in exactly one clause."""

INVISIBLE: Final = (
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe"
    r"\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""Zero-width, control, private-use, variation and unassigned marks, and lone surrogates."""
