"""Cases whose personal parts are marked `⟦kind:…⟧`, and how well masking agrees with the marks.

A marked part is recalled when every code point of it is masked, whatever the kind: anything less
leaks. A find is right when at least half of its code points lie in marked parts. Characters are
counted as well: the share of marked ones that are masked, and of masked ones that are marked.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from feedback_nlp.privacy import Found, mask

HERE = Path(__file__).parent
_MARK = re.compile(r"⟦(\w+):(.*?)⟧")


@dataclass(frozen=True, slots=True)
class Case:
    """A raw text and the parts of it that are personal data."""

    text: str
    parts: tuple[Found, ...]


@dataclass(slots=True)
class Scores:
    """Counts by kind; `overall` sums them."""

    marked: Counter[str] = field(default_factory=Counter)
    recalled: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    marked_characters: int = 0
    masked_characters: int = 0
    common_characters: int = 0

    @property
    def precision(self) -> float:
        return self.right.total() / max(1, self.found.total())

    @property
    def recall(self) -> float:
        return self.recalled.total() / max(1, self.marked.total())

    @property
    def character_precision(self) -> float:
        return self.common_characters / max(1, self.masked_characters)

    @property
    def character_recall(self) -> float:
        return self.common_characters / max(1, self.marked_characters)

    def table(self) -> str:
        """Return a Markdown table, one line a kind."""
        lines = ["| kind | marked | recall | found | precision |", "|---|---|---|---|---|"]
        for kind in sorted(self.marked | self.found):
            recall = _share(self.recalled[kind], self.marked[kind])
            precision = _share(self.right[kind], self.found[kind])
            lines.append(
                f"| {kind} | {self.marked[kind]} | {recall} | {self.found[kind]} | {precision} |"
            )
        lines.append(
            f"| all | {self.marked.total()} | {self.recall:.3f} | {self.found.total()} |"
            f" {self.precision:.3f} |"
        )
        lines.append(
            f"| characters | {self.marked_characters} | {self.character_recall:.3f} |"
            f" {self.masked_characters} | {self.character_precision:.3f} |"
        )
        return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def parse(marked: str) -> Case:
    """Take the marks out of a marked text."""
    parts: list[Found] = []
    text, position = "", 0
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        parts.append(Found(match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        position = match.end()
    return Case(text + marked[position:], tuple(parts))


def read_cases(name: str) -> tuple[Case, ...]:
    """Return the cases of a file beside this one."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return tuple(parse(json.loads(line)["text"]) for line in lines)


def score(cases: Iterable[Case]) -> Scores:
    """Mask every case and count agreement."""
    scores = Scores()
    for case in cases:
        found = mask(case.text).found
        wanted = {i for part in case.parts for i in range(part.start, part.end)}
        got = {i for each in found for i in range(each.start, each.end)}
        for part in case.parts:
            scores.marked[part.kind] += 1
            scores.recalled[part.kind] += set(range(part.start, part.end)) <= got
            scores.named[part.kind] += any(
                each.kind == part.kind and each.start < part.end and part.start < each.end
                for each in found
            )
        for each in found:
            inside = sum(i in wanted for i in range(each.start, each.end))
            scores.found[each.kind] += 1
            scores.right[each.kind] += 2 * inside >= each.end - each.start
        scores.marked_characters += len(wanted)
        scores.masked_characters += len(got)
        scores.common_characters += len(wanted & got)
    return scores
