from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from builders import SpotClassifier, complaints, make_voice, make_voices
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.records import Voice
from feedback_nlp.themes.cluster import Cluster, gather
from feedback_nlp.themes.recipes import DEFAULT, RECIPES, Recipe, suited

GRAIN = [recipe for recipe in RECIPES if recipe.is_grain]
CRASH = "更新以后一打开就闪退"


def gathered(voices: Sequence[Voice], recipe: Recipe = DEFAULT) -> list[Cluster]:
    return gather(voices, SpotClassifier(), recipe)


def reviews_of(clusters: Sequence[Cluster]) -> list[list[str]]:
    return [[voice.review_id for voice in cluster.voices] for cluster in clusters]


def along(*degrees: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Unit vectors at these angles of one plane."""
    turned = np.radians(degrees)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


MEANING_ONLY = replace(DEFAULT, meaning_weight=1.0, term_weight=0.0, topic_weight=0.0)


def test_each_kind_of_model_has_its_own_recipe() -> None:
    assert suited("linear-zh/2026-11-22").name == "2026-11-22-grain-linear"
    assert suited("encoder-zh/2026-11-22").name == "2026-11-22-grain"


# --- the three steps ---------------------------------------------------------------------------


def test_highest_similarity_that_leaves_few_alone_is_taken() -> None:
    # Two bundles 40 degrees wide: whole at a mean similarity of 0.8, apart at one of 0.98.
    voices = make_voices([f"说法{n}" for n in "甲乙丙丁戊己"])
    vectors = along(0, 20, 40, 180, 200, 220)
    few = replace(
        MEANING_ONLY, finest=0.99, coarsest=0.5, found_share=0.1, left_share=1.0, merge_similarity=2
    )
    many = replace(few, found_share=1.0)
    assert len(gather(voices, SpotClassifier(), few, vectors=vectors)) == 2
    assert gather(voices, SpotClassifier(), many, vectors=vectors) == []


def test_coarsest_similarity_bounds_how_much_is_thrown_together() -> None:
    voices = make_voices([f"说法{n}" for n in "甲乙丙"])
    recipe = replace(MEANING_ONLY, finest=0.9, coarsest=0.8, found_share=0.0, least_similarity=2)
    assert gather(voices, SpotClassifier(), recipe, vectors=along(0, 40, 80)) == []
    lower = replace(recipe, coarsest=0.1)
    assert len(gather(voices, SpotClassifier(), lower, vectors=along(0, 40, 80))) == 1


@pytest.mark.parametrize(("cosine", "themes"), [(0.5, 1), (0.99, 2)])
def test_themes_with_much_the_same_mean_are_one(cosine: float, themes: int) -> None:
    voices = make_voices([f"说法{n}" for n in "甲乙丙丁戊己"])
    vectors = along(0, 1, 2, 40, 41, 42)
    recipe = replace(MEANING_ONLY, finest=0.9, coarsest=0.9, merge_similarity=cosine)
    assert len(gather(voices, SpotClassifier(), recipe, vectors=vectors)) == themes


@pytest.mark.parametrize(
    ("shares", "members"),
    [
        pytest.param((0.0, 0.4), 5, id="all that are close enough join"),
        pytest.param((0.2, 0.4), 4, id="the closest join until few are left"),
        pytest.param((0.5, 0.4), 3, id="few are left already"),
        pytest.param((0.0, 0.95), 3, id="too far to join"),
    ],
)
def test_closest_of_those_left_alone_join_in(shares: tuple[float, float], members: int) -> None:
    voices = make_voices([f"说法{n}" for n in "甲乙丙丁戊"])
    left, least = shares
    recipe = replace(
        MEANING_ONLY,
        finest=0.98,
        coarsest=0.98,
        found_share=1.0,
        left_share=left,
        least_similarity=least,
    )
    clusters = gather(voices, SpotClassifier(), recipe, vectors=along(0, 1, 2, 45, 300))
    assert [len(cluster.voices) for cluster in clusters] == [members]


def test_a_group_that_is_too_broad_is_parted_at_a_higher_similarity() -> None:
    voices = make_voices([f"说法{n}" for n in "甲乙丙丁戊己"])
    vectors = along(0, 1, 2, 50, 51, 52)
    whole = replace(MEANING_ONLY, finest=0.5, coarsest=0.5, merge_similarity=2, broad_share=1.0)
    parted = replace(whole, broad_share=0.6, broad_opinions=5, broad_step=0.2, max_similarity=0.9)
    assert len(gather(voices, SpotClassifier(), whole, vectors=vectors)) == 1
    assert len(gather(voices, SpotClassifier(), parted, vectors=vectors)) == 2


# --- more wordings than one block holds --------------------------------------------------------


def test_wordings_of_all_blocks_are_in_the_theme_they_are_closest_to() -> None:
    voices = make_voices([f"说法{n}" for n in "甲乙丙丁戊己庚辛壬癸"])
    vectors = along(0, 90, 1, 91, 2, 92, 3, 93, 4, 180)
    recipe = replace(MEANING_ONLY, block=5, left_share=0.0)
    clusters = gather(voices, SpotClassifier(), recipe, vectors=vectors)
    assert reviews_of(clusters) == [
        ["R-001", "R-003", "R-005", "R-007", "R-009"],
        ["R-002", "R-004", "R-006", "R-008"],
    ]


# --- given vectors -----------------------------------------------------------------------------


def test_given_vectors_stand_for_what_the_classifier_would_say() -> None:
    voices = complaints()
    vectors = SpotClassifier().encode([voice.text for voice in voices])
    assert gather(voices, SpotClassifier(), DEFAULT, vectors=vectors) == gathered(voices)


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.name for recipe in RECIPES])
def test_there_is_one_vector_a_voice(recipe: Recipe) -> None:
    with pytest.raises(ValueError, match="1 vectors for 30 voices"):
        gather(complaints(), SpotClassifier(), recipe, vectors=along(0))


# --- laws --------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.name for recipe in RECIPES])
def test_shuffled_ten_times_the_themes_are_the_same(recipe: Recipe) -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        voices = [complaints()[place] for place in rng.permutation(len(complaints()))]
        assert gathered(voices, recipe) == gathered(complaints(), recipe)


WORDS = ["闪退", "登录", "验证码", "配送", "太慢", "打开", "退款", "！", "A", "😡"]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("".join), min_size=1, max_size=24
)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False), st.sampled_from(GRAIN), st.sampled_from([4, 3000]))
def test_order_changes_nothing_and_given_vectors_follow_their_voices(
    texts: list[str], random: object, recipe: Recipe, block: int
) -> None:
    recipe = replace(recipe, block=block)
    voices = make_voices(texts)
    order = list(range(len(voices)))
    random.shuffle(order)  # type: ignore[attr-defined]
    vectors = SpotClassifier().encode([voice.text for voice in voices])
    clusters = gather(voices, SpotClassifier(), recipe, vectors=vectors)
    mixed = [voices[place] for place in order]
    assert gather(mixed, SpotClassifier(), recipe, vectors=vectors[order]) == clusters


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.integers(0, 23), st.integers(1, 5), st.sampled_from(GRAIN))
def test_exact_duplicates_are_in_one_theme(
    texts: list[str], which: int, copies: int, recipe: Recipe
) -> None:
    said = texts[which % len(texts)]
    voices = make_voices([*texts, *[said] * copies])
    same = {voice.review_id for voice in voices if voice.text == said}
    homes = {
        place
        for place, reviews in enumerate(reviews_of(gathered(voices, recipe)))
        if same & set(reviews)
    }
    held = [reviews for reviews in reviews_of(gathered(voices, recipe)) if same & set(reviews)]
    assert len(homes) <= 1
    assert all(same <= set(reviews) for reviews in held)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.sampled_from(GRAIN), st.sampled_from([1, 4, 3000]))
def test_no_voice_is_lost_or_twice_in_themes_of_enough_users(
    texts: list[str], recipe: Recipe, block: int
) -> None:
    clusters = gathered(make_voices(texts), replace(recipe, block=block))
    reviews = [review for each in reviews_of(clusters) for review in each]
    assert len(reviews) == len(set(reviews))
    assert all(len(each.voices) >= recipe.min_opinions for each in clusters)
    assert [len(each.voices) for each in clusters] == sorted(
        (len(each.voices) for each in clusters), reverse=True
    )


def test_context_pulls_only_a_little() -> None:
    # Two problems in each of three reviews: they are two themes, not three reviews.
    voices = [
        make_voice(text, review_id=f"R-{n}", start=start)
        for n, pair in enumerate(
            [(CRASH, "配送太慢了"), (f"{CRASH}了", "配送真慢"), (f"{CRASH}啊", "配送慢死了")]
        )
        for start, text in zip((0, 20), pair, strict=True)
    ]
    clusters = gathered(voices)
    assert len(clusters) == 2
    assert {voice.start for voice in clusters[0].voices} in ({0}, {20})
