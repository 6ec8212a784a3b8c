"""Group lines into themes without a database: the `themes` command."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_nlp import pipeline
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy, Voice
from feedback_nlp.workflows.analyze import Line, analyze_lines


@dataclass(frozen=True, slots=True)
class Grouped:
    """One input line and the theme it belongs to; no theme when it is 未归类."""

    line: Line
    theme: str | None = None
    name: str | None = None


def group_lines(lines: Sequence[Line], classifier: Classifier, taxonomy: Taxonomy) -> list[Grouped]:
    """Cluster every line as one opinion of one user, whatever its polarity; same order out."""
    # The place of a line stands in for a review id: ids of lines need not be unique.
    annotations = [made for _, made in analyze_lines(lines, classifier, split=False)]
    voices = [
        Voice(str(place), opinion.start, opinion.end, opinion.text, opinion.labels, channel="lines")
        for place, annotation in enumerate(annotations)
        for opinion in annotation.opinions
    ]
    themes = pipeline.find_themes(voices, classifier, taxonomy)
    theme_of = {int(place): theme for theme in themes for place, _ in theme.members}
    return [
        Grouped(line, theme_of[place].id, theme_of[place].name)
        if place in theme_of
        else Grouped(line)
        for place, line in enumerate(lines)
    ]
