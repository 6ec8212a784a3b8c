from collections.abc import Sequence

from builders import make_theme, make_voices
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Theme
from feedback_nlp.themes.cluster import Cluster
from feedback_nlp.themes.sayings import Saying
from feedback_nlp.themes.track import keep_ids


def cluster(*reviews: int) -> Cluster:
    voices = [voice for voice in make_voices(["闪退"] * 40) if int(voice.review_id[2:]) in reviews]
    return Cluster((Saying("闪退", "闪退", tuple(voices)),))


def theme(theme_id: str, *reviews: int) -> Theme:
    return make_theme(cluster(*reviews).voices, id=theme_id)


def test_first_clusters_are_numbered_in_order() -> None:
    assert keep_ids([cluster(1), cluster(2)], [], next_number=1) == ["T-0001", "T-0002"]


def test_cluster_keeps_its_id_when_opinions_are_added_and_removed() -> None:
    assert keep_ids([cluster(2, 3, 4, 5)], [theme("T-0007", 1, 2, 3)], next_number=8) == ["T-0007"]


def test_cluster_with_too_little_in_common_gets_a_new_id() -> None:
    past = [theme("T-0007", 1, 2, 3, 4, 5)]
    assert keep_ids([cluster(5, 6, 7, 8, 9)], past, next_number=8) == ["T-0008"]


def test_small_cluster_swallowed_by_a_large_one_keeps_the_larger_id() -> None:
    past = [theme("T-0001", 1, 2, 3), theme("T-0002", *range(4, 20))]
    assert keep_ids([cluster(*range(1, 20))], past, next_number=3) == ["T-0002"]


def test_largest_part_of_a_split_theme_keeps_the_id() -> None:
    past = [theme("T-0001", *range(1, 10))]
    parts = [cluster(1, 2, 3), cluster(*range(4, 10))]
    assert keep_ids(parts, past, next_number=2) == ["T-0002", "T-0001"]


def test_equal_parts_go_by_cluster_order_and_equal_themes_by_id() -> None:
    assert keep_ids(
        [cluster(1, 2), cluster(3, 4)], [theme("T-0001", 1, 2, 3, 4)], next_number=2
    ) == [
        "T-0001",
        "T-0002",
    ]
    past = [theme("T-0005", 3, 4), theme("T-0004", 1, 2)]
    assert keep_ids([cluster(1, 2, 3, 4)], past, next_number=6) == ["T-0004"]


def test_id_of_a_theme_that_is_gone_is_not_given_again() -> None:
    assert keep_ids([cluster(9)], [theme("T-0001", 1)], next_number=2) == ["T-0002"]


@given(
    st.lists(st.integers(0, 4), min_size=30, max_size=30),
    st.lists(st.integers(0, 4), min_size=30, max_size=30),
)
def test_no_two_clusters_share_an_id_and_new_ones_are_new(
    before: Sequence[int], after: Sequence[int]
) -> None:
    def grouped(homes: Sequence[int]) -> list[list[int]]:
        return [
            [n for n, home in enumerate(homes, 1) if home == each] for each in sorted(set(homes))
        ]

    past = [theme(f"T-{n:04d}", *members) for n, members in enumerate(grouped(before), 1)]
    ids = keep_ids([cluster(*members) for members in grouped(after)], past, next_number=6)
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {each.id for each in past} | {f"T-{n:04d}" for n in range(6, 11)}
