import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import (
    TAXONOMY,
    SpotClassifier,
    complaints,
    make_labels,
    make_voice,
    make_voices,
    shanghai,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.records import Polarity, Theme, Voice
from feedback_nlp.themes.count import Span
from feedback_nlp.themes.discover import discover
from feedback_nlp.themes.recipes import DEFAULT, RECIPES, Recipe

GOLDEN = Path(__file__).parents[1] / "golden"
SPAN = Span(shanghai(2026, 3, 2), shanghai(2026, 3, 29, 10))


def found(voices: Sequence[Voice], *, span: Span = SPAN, recipe: Recipe = DEFAULT) -> list[Theme]:
    return discover(voices, SpotClassifier(), TAXONOMY, span=span, recipe=recipe)


# --- golden ------------------------------------------------------------------------------------


def readable(themes: Sequence[Theme], voices: Sequence[Voice]) -> str:
    words = {(voice.review_id, voice.start): voice.text for voice in voices}
    lines = []
    for theme in themes:
        lines += [
            f"{theme.id} {theme.name}",
            f"  类别 {theme.topic} · 关键词 {'、'.join(theme.keywords)}",
            f"  {theme.count} 条意见，{theme.reviews} 条评论，{theme.users} 位用户",
            f"  负面占比 {theme.negative_share:g}",
            f"  {theme.first_seen:%Y-%m-%d %H:%M} 至 {theme.last_seen:%Y-%m-%d %H:%M}",
            "  每周 " + " ".join(f"{week.week:%m-%d}:{week.count}" for week in theme.trend),
            "  渠道 " + " ".join(f"{value}:{count}" for value, count in theme.by_channel),
            "  版本 " + " ".join(f"{value or '—'}:{count}" for value, count in theme.by_version),
            *(f"  引文 {quote.review_id} {quote.text}" for quote in theme.quotes),
            *(f"  成员 {review} {words[review, start]}" for review, start in theme.members),
            "",
        ]
    assigned = {member for theme in themes for member in theme.members}
    lines += [
        "未归类",
        *(f"  {v.review_id} {v.text}" for v in voices if (v.review_id, 0) not in assigned),
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_recipe_gives_what_it_always_gave(recipe: Recipe) -> None:
    """To add a recipe: run once with FEEDBACK_WRITE_GOLDEN=1, and read the new file."""
    path = GOLDEN / f"themes-{recipe.name}.txt"
    text = readable(found(complaints(), recipe=recipe), complaints())
    if os.environ.get("FEEDBACK_WRITE_GOLDEN") and not path.exists():
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


# --- laws --------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(st.permutations(complaints()))
def test_order_of_voices_changes_nothing(voices: list[Voice]) -> None:
    assert found(voices) == found(complaints())


def test_no_voices_make_no_themes() -> None:
    assert found([]) == []


# --- what a theme says -------------------------------------------------------------------------


def test_theme_counts_what_its_members_say() -> None:
    text = "一打开就闪退"
    voices = [
        make_voice(text, review_id="R-1", author_id="u1", rating=1.0, version="3.1", region="浙江"),
        make_voice(text, review_id="R-1", author_id="u1", rating=1.0, version="3.1", start=10),
        make_voice(text, review_id="R-2", author_id="u1", rating=4.5, created_at=None),
        make_voice(text, review_id="R-3", channel="微博", created_at=shanghai(2026, 3, 9)),
    ]
    request = make_labels(polarity=Polarity.NEU, severity=0)
    voices[3] = replace(voices[3], labels=request)
    (theme,) = found(voices)
    assert theme.members == (("R-1", 0), ("R-1", 10), ("R-2", 0), ("R-3", 0))
    assert (theme.count, theme.reviews, theme.users) == (4, 3, 2)
    assert theme.negative_share == 0.75
    assert (theme.first_seen, theme.last_seen) == (voices[0].created_at, voices[3].created_at)
    assert [week.count for week in theme.trend] == [2, 1, 0, 0]
    assert theme.by_channel == (("应用商店", 3), ("微博", 1))
    assert theme.by_version == (("", 2), ("3.1", 2))
    assert theme.by_region == (("", 3), ("浙江", 1))
    assert theme.by_rating == (("1", 2), ("", 1), ("4.5", 1))


def test_theme_without_dates_has_no_times_and_no_trend() -> None:
    (theme,) = found(make_voices(["一打开就闪退"] * 3, created_at=None), span=Span())
    assert (theme.first_seen, theme.last_seen, theme.trend) == (None, None, ())


@pytest.mark.parametrize(
    ("span", "days"),
    [
        (Span(), None),
        (Span(first=shanghai(2026, 3, 1)), None),
        (Span(shanghai(2026, 3, 1), shanghai(2026, 3, 1)), 1),
        (Span(shanghai(2026, 3, 1), shanghai(2026, 3, 1) + timedelta(hours=36)), 2),
    ],
    ids=["no dates", "half a span", "one moment", "a day and a half"],
)
def test_span_has_a_length_in_days(span: Span, days: float | None) -> None:
    assert span.days == days
