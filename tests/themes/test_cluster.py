from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import SpotClassifier, complaints, make_voice, make_voices
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.records import Voice
from feedback_nlp.themes.cluster import Cluster, gather
from feedback_nlp.themes.recipes import DEFAULT, RECIPES, Recipe
from feedback_nlp.themes.sayings import is_vague

(BY_BLOCKS,) = [recipe for recipe in RECIPES if recipe.name == "2026-11-22-encoder"]
SMALL_BLOCKS = replace(BY_BLOCKS, block=12)
CRASH = "更新以后一打开就闪退"


def gathered(voices: Sequence[Voice], recipe: Recipe = DEFAULT) -> list[Cluster]:
    return gather(voices, SpotClassifier(), recipe)


def reviews_of(clusters: Sequence[Cluster]) -> list[list[str]]:
    return [[voice.review_id for voice in cluster.voices] for cluster in clusters]


def every_review(clusters: Sequence[Cluster]) -> Counter[str]:
    return Counter(review for reviews in reviews_of(clusters) for review in reviews)


def test_a_group_that_is_too_broad_is_parted_at_a_higher_similarity() -> None:
    voices = complaints()
    broad = replace(BY_BLOCKS, min_similarity=0.02, broad_share=1.0)
    parted = replace(broad, broad_share=0.2, broad_opinions=5, broad_step=0.1, max_similarity=0.4)
    one, several = gathered(voices, broad), gathered(voices, parted)
    assert len(one[0].voices) > 0.5 * len(voices)
    assert len(several) > len(one)
    assert every_review(several) <= every_review(one)


def test_a_large_group_stays_when_it_may_not_be_parted_further() -> None:
    alike = make_voices([f"更新以后一打开就闪退{n}" for n in "一二三四五六"])
    recipe = replace(BY_BLOCKS, broad_share=0.1, broad_opinions=2, max_similarity=0.42)
    assert [len(cluster.voices) for cluster in gathered(alike, recipe)] == [6]


# --- what is a group ---------------------------------------------------------------------------


def test_no_voices_make_no_clusters() -> None:
    assert gathered([]) == []


def test_only_vague_voices_make_no_clusters() -> None:
    assert gathered(make_voices(["太差了"] * 5, "general.overall")) == []


def test_voices_about_one_problem_gather_and_largest_comes_first() -> None:
    crash = make_voices(
        ["一打开就闪退", "打开就闪退", "每次打开就闪退", "一打开就闪退了"], prefix="A"
    )
    login = make_voices(["收不到登录验证码", "登录验证码收不到", "收不到验证码"], prefix="B")
    assert reviews_of(gathered([*login, *crash])) == [
        ["A-001", "A-002", "A-003", "A-004"],
        ["B-001", "B-002", "B-003"],
    ]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([CRASH, CRASH, CRASH], id="letter by letter"),
        pytest.param([CRASH, f"{CRASH}！！", f" {CRASH}。"], id="other marks"),
        pytest.param(
            ["APP一打开就闪退", "app一打开就闪退", "ＡＰＰ一打开就闪退"], id="case and width"
        ),
        pytest.param(["更新以後一打開就閃退", CRASH, CRASH], id="traditional script"),
        pytest.param(["😡", "😡", "😡"], id="nothing but an emoji"),
    ],
)
def test_same_wording_is_one_saying(texts: list[str]) -> None:
    (cluster,) = gathered(make_voices(texts))
    assert len(cluster.sayings) == 1


def test_exact_duplicates_never_part() -> None:
    voices = [*complaints(), *make_voices([CRASH] * 3, prefix="D")]
    for clusters in (gathered(voices), gathered(voices, SMALL_BLOCKS)):
        homes = [
            place for place, each in enumerate(clusters) for v in each.voices if CRASH in v.text
        ]
        assert len(homes) == 5
        assert len(set(homes)) == 1


def test_vague_opinion_joins_nothing_even_with_telling_words() -> None:
    vague = make_voice(f"总之{CRASH}", "general.other", review_id="V-1")
    (cluster,) = gathered([vague, *make_voices([CRASH] * 3)])
    assert is_vague(vague)
    assert "V-1" not in every_review([cluster])


@pytest.mark.parametrize(("count", "clusters"), [(2, 0), (3, 1)])
def test_group_needs_three_opinions(count: int, clusters: int) -> None:
    assert len(gathered(make_voices([CRASH] * count))) == clusters


def test_one_loud_user_is_no_theme() -> None:
    assert gathered(make_voices([CRASH] * 9, author_id="u1")) == []


def test_two_users_of_that_name_on_two_channels_are_two_users() -> None:
    voices = make_voices([CRASH] * 3, author_id="u1")
    voices[0] = replace(voices[0], channel="微博")
    assert len(gathered(voices)) == 1


def test_one_review_that_repeats_itself_is_one_user() -> None:
    assert gathered([make_voice(CRASH, start=place * 20) for place in range(5)]) == []


def test_most_central_saying_comes_first() -> None:
    (cluster,) = gathered(
        make_voices(["一打开就闪退", "一打开就闪退", "一打开就闪退", "打开闪退，郁闷"])
    )
    assert cluster.sayings[0].key == "一打开就闪退"


# --- laws --------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.permutations(complaints()), st.sampled_from([DEFAULT, BY_BLOCKS, SMALL_BLOCKS]))
def test_order_of_voices_changes_nothing(voices: list[Voice], recipe: Recipe) -> None:
    assert gathered(voices, recipe) == gathered(complaints(), recipe)


WORDS = ["闪退", "登录", "验证码", "配送", "太慢", "打开", "退款", "！", "A", "😡"]


@settings(max_examples=50)
@given(
    st.lists(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("".join), max_size=30
    ).flatmap(lambda texts: st.tuples(st.just(texts), st.permutations(range(len(texts))))),
    st.integers(1, 40),
    st.sampled_from([DEFAULT, BY_BLOCKS]),
)
def test_clusters_are_disjoint_large_enough_and_blind_to_order(
    drawn: tuple[list[str], list[int]], block: int, recipe: Recipe
) -> None:
    texts, order = drawn
    recipe = replace(recipe, block=block)
    voices = make_voices(texts)
    clusters = gathered(voices, recipe)
    counts = every_review(clusters)
    assert set(counts) <= {voice.review_id for voice in voices}
    assert set(counts.values()) <= {1}
    assert all(len(cluster.voices) >= recipe.min_opinions for cluster in clusters)
    assert gathered([voices[place] for place in order], recipe) == clusters


# --- more wordings than one block holds --------------------------------------------------------


def test_small_blocks_find_the_same_themes_of_the_sample() -> None:
    at_once = gathered(complaints(), BY_BLOCKS)
    assert reviews_of(gathered(complaints(), SMALL_BLOCKS)) == reviews_of(at_once)


def test_wording_of_a_later_block_joins_a_frequent_one() -> None:
    # One wording used three times is large enough to be joined, though it is a single wording.
    voices = make_voices([CRASH] * 3 + ["更新以后打开就闪退", "更新以后闪退", "配送太慢"])
    (cluster,) = gathered(voices, replace(BY_BLOCKS, block=1))
    assert len(cluster.voices) == 5


def test_wordings_too_rare_in_their_block_join_a_group_of_a_later_one() -> None:
    early = make_voices(["A一打开就闪退", "B一打开就闪退"], prefix="E")
    later = make_voices([f"{word}一打开就闪退" for word in ("总是", "每次", "经常")], prefix="L")
    (cluster,) = gathered([*early, *later], replace(BY_BLOCKS, block=3))
    assert len(cluster.voices) == 5
