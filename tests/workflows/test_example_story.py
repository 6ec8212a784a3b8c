"""The sample story of `examples/`, against the issues written beside it by hand."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from desk import AFTER_EXAMPLES, EXAMPLES, TESTS, Desk, sample_rows
from run_agreement import assert_files_agree, read_opinions

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.records import Theme
from training.grouping import agreement

CLAUSES = TESTS / "samples" / "example_clauses.csv"
NO_ISSUE = frozenset({"none", "vague", "remedy_request", "other"})


@dataclass(frozen=True, slots=True)
class Story:
    """What a run over the examples gave: themes by RICE, and of each labelled clause its theme."""

    desk: Desk
    themes: tuple[Theme, ...]
    clauses: tuple[tuple[str, str | None], ...]
    """(issue by hand, theme id) of each clause that is about an issue."""

    def issues_of(self, theme: Theme) -> Counter[str]:
        return Counter(issue for issue, found in self.clauses if found == theme.id)


@pytest.fixture(scope="module", params=["linear-zh", "encoder-zh"])
def story(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Story:
    classifier = load_classifier(request.param)
    desk = Desk(tmp_path_factory.mktemp("story"), classifier, load_taxonomy())
    themes = desk.run(EXAMPLES, now=AFTER_EXAMPLES).data.themes
    theme_of = {member: theme.id for theme in themes for member in theme.members}
    spans = {
        line["external_id"]: [
            (opinion["start"], opinion["end"], theme_of.get((line["id"], opinion["start"])))
            for opinion in line["opinions"]
        ]
        for line in read_opinions(desk.out)
    }
    return Story(desk, themes, tuple(_matched(spans)))


def _matched(
    spans: Mapping[str, list[tuple[int, int, str | None]]],
) -> Iterator[tuple[str, str | None]]:
    """Find the opinion that overlaps each labelled clause most: our clauses may end elsewhere."""
    for row in sample_rows(CLAUSES):
        issue = row["issue"].split(";", maxsplit=1)[0]
        if issue in NO_ISSUE:
            continue
        begin, stop = int(row["start"]), int(row["end"])
        overlaps = [
            (min(stop, end) - max(begin, start), theme)
            for start, end, theme in spans[row["评论编号"]]
        ]
        length, theme = max(overlaps, key=lambda item: item[0], default=(0, None))
        yield issue, theme if length > 0 else None


def test_all_numbers_in_all_files_agree(story: Story) -> None:
    assert_files_agree(story.desk.out)
    assert len(read_opinions(story.desk.out)) == 400


def test_themes_follow_the_issues_of_the_story(story: Story) -> None:
    measured = agreement(story.clauses)
    assert measured.f1 >= 0.44, measured
    assert measured.ari >= 0.37, measured


def test_the_incident_is_among_the_first_three(story: Story) -> None:
    first = [story.issues_of(theme).most_common(1)[0][0] for theme in story.themes[:3]]
    assert "coupon_crash" in first
