from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from builders import SpotClassifier, complaints, make_voices
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.themes.assign import Assigned, Standing, assign
from feedback_nlp.themes.cluster import gather
from feedback_nlp.themes.recipes import DEFAULT, RECIPES, Recipe
from feedback_nlp.themes.sayings import Saying, distinct

CRASH = ["一打开就闪退", "每次打开就闪退", "打开以后闪退"]
COURIER = ["配送太慢了", "配送慢死了", "配送等太久"]
FAR = replace(DEFAULT, join_similarity=1.1)


def standing(theme_id: str, texts: Sequence[str]) -> Standing:
    sayings = tuple(distinct(make_voices(texts, prefix=theme_id)))
    return Standing(theme_id, sayings, SpotClassifier().encode([each.text for each in sayings]))


THEMES = [standing("T-0001", CRASH), standing("T-0002", COURIER)]


def assigned(
    texts: Sequence[str],
    themes: Sequence[Standing] = THEMES,
    recipe: Recipe = DEFAULT,
    forbidden: frozenset[tuple[str, str]] = frozenset(),
) -> dict[str, Assigned]:
    new = distinct(make_voices(texts, prefix="N"))
    vectors = SpotClassifier().encode([each.text for each in new])
    answers = assign(new, vectors, themes, recipe, forbidden=forbidden)
    return {saying.key: answer for saying, answer in zip(new, answers, strict=True)}


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        pytest.param("打开就闪退了", "T-0001", id="close to the first"),
        pytest.param("配送真的太慢", "T-0002", id="close to the second"),
        pytest.param("发票抬头写错", None, id="close to none"),
    ],
)
@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.name for recipe in RECIPES])
def test_new_wording_joins_the_theme_it_is_close_to(
    text: str, theme: str | None, recipe: Recipe
) -> None:
    assert assigned([text], recipe=recipe)[text].theme_id == theme


def test_answer_names_the_closest_theme_and_the_runner_up() -> None:
    answer = assigned(["打开配送就闪退"])["打开配送就闪退"]
    assert (answer.closest, answer.runner_up) == ("T-0001", "T-0002")
    assert answer.runner_up_similarity is not None
    assert 1 >= answer.similarity > answer.runner_up_similarity > 0


def test_a_single_theme_has_no_runner_up() -> None:
    answer = assigned(["打开就闪退了"], THEMES[:1])["打开就闪退了"]
    assert (answer.runner_up, answer.runner_up_similarity) == (None, None)


def test_who_waits_is_told_which_theme_was_closest() -> None:
    answer = assigned(["打开就闪退了"], recipe=FAR)["打开就闪退了"]
    assert (answer.theme_id, answer.closest) == (None, "T-0001")


def test_same_words_join_whatever_the_similarity() -> None:
    answer = assigned([f"{CRASH[0]}！！"], recipe=replace(FAR, join_similarity=1.0))[CRASH[0]]
    assert (answer.theme_id, answer.similarity, answer.same_words) == ("T-0001", 1.0, True)


def test_forbidden_theme_is_passed_over_even_for_the_same_words() -> None:
    pair = frozenset({(CRASH[0], "T-0001")})
    answer = assigned([CRASH[0]], forbidden=pair)[CRASH[0]]
    assert answer.closest == "T-0002"
    assert answer.theme_id is None
    assert answer.runner_up is None


def test_who_may_join_no_theme_waits() -> None:
    pairs = frozenset({(CRASH[0], "T-0001"), (CRASH[0], "T-0002")})
    assert assigned([CRASH[0]], forbidden=pairs)[CRASH[0]] == Assigned(
        None, None, 0.0, same_words=False, runner_up=None, runner_up_similarity=None
    )


def test_forbidden_pair_of_an_unknown_theme_or_wording_changes_nothing() -> None:
    pairs = frozenset({(CRASH[0], "T-0009"), ("没人说过", "T-0001")})
    assert assigned(CRASH, forbidden=pairs) == assigned(CRASH)


def test_of_equal_themes_the_older_one_is_joined() -> None:
    twins = [replace(THEMES[0], id="T-10000"), replace(THEMES[0], id="T-9999")]
    assert assigned(["打开就闪退了"], twins)["打开就闪退了"].theme_id == "T-9999"


def test_without_themes_all_wait_and_without_wordings_there_is_no_answer() -> None:
    assert assigned(["打开就闪退了"], [])["打开就闪退了"].theme_id is None
    assert assigned([]) == {}


# --- laws --------------------------------------------------------------------------------------

WORDS = ["闪退", "登录", "验证码", "配送", "太慢", "打开", "退款", "卡", "红包"]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join),
    min_size=1,
    max_size=8,
    unique=True,
)


@cache
def sample_themes() -> tuple[Standing, ...]:
    return tuple(
        Standing(
            f"T-{place:04d}",
            cluster.sayings,
            SpotClassifier().encode([saying.text for saying in cluster.sayings]),
        )
        for place, cluster in enumerate(gather(complaints(), SpotClassifier(), DEFAULT))
    )


def shuffled(theme: Standing, order: Sequence[int]) -> Standing:
    places = [place for place in order if place < len(theme.sayings)]
    return Standing(theme.id, tuple(theme.sayings[p] for p in places), theme.vectors[places])


@settings(max_examples=25, deadline=None)
@given(TEXTS, st.permutations(range(8)), st.permutations(range(4)))
def test_answers_depend_on_no_order_and_on_no_other_new_wording(
    texts: list[str], order: list[int], theme_order: list[int]
) -> None:
    themes = sample_themes()
    answers = assigned(texts, themes)
    other = [
        shuffled(themes[place], [*order, *range(8, 40)])
        for place in [*(p for p in theme_order if p < len(themes)), *range(4, len(themes))]
    ]
    again = assigned([texts[place] for place in order if place < len(texts)], other)
    assert again == answers
    for text in texts:
        ((key, answer),) = assigned([text], themes).items()
        assert answer == answers[key]


@settings(max_examples=25, deadline=None)
@given(TEXTS, st.sets(st.tuples(st.sampled_from(WORDS), st.sampled_from(["T-0001", "T-0002"]))))
def test_forbidden_themes_are_never_named(texts: list[str], pairs: set[tuple[str, str]]) -> None:
    answers = assigned(texts, forbidden=frozenset(pairs))
    for key, answer in answers.items():
        named = {answer.theme_id, answer.closest, answer.runner_up}
        assert not named & {theme for said, theme in pairs if said == key}


def test_every_member_is_closest_to_its_own_theme() -> None:
    sayings: list[Saying] = [saying for theme in THEMES for saying in theme.sayings]
    vectors = np.concatenate([theme.vectors for theme in THEMES])
    answers = assign(sayings, vectors, THEMES, DEFAULT)
    assert [answer.theme_id for answer in answers] == ["T-0001"] * 3 + ["T-0002"] * 3
