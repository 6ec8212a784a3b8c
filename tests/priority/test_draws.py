"""Bootstrap draws hang on the user alone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.priority.draws import DRAWS, user_draws

MANY = [f"应用商店\n{number}" for number in range(2_000)]
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
few = settings(max_examples=30)


def test_first_draws_are_these_on_every_machine() -> None:
    drawn = user_draws(["甲", "R-0001", "应用商店\nu1"])
    assert drawn[:, :12].tolist() == [
        [0, 0, 3, 1, 0, 1, 0, 2, 1, 1, 0, 1],
        [1, 0, 1, 1, 0, 0, 1, 0, 3, 2, 0, 1],
        [0, 0, 0, 3, 2, 2, 0, 0, 0, 2, 2, 1],
    ]
    assert drawn.sum(axis=1).tolist() == [966, 1016, 976]


@few
@given(st.lists(names, unique=True, min_size=1, max_size=8), st.data())
def test_a_user_is_drawn_the_same_whoever_else_there_is(
    users: list[str], data: st.DataObject
) -> None:
    some = data.draw(st.permutations(users))[: data.draw(st.integers(1, len(users)))]
    drawn = user_draws(users)
    assert np.array_equal(user_draws(some), drawn[[users.index(user) for user in some]])


def test_nobody_is_drawn_from_nobody() -> None:
    assert user_draws([]).shape == (0, DRAWS)


def test_draws_are_poisson_with_mean_one() -> None:
    drawn = user_draws(MANY)
    assert drawn.shape == (len(MANY), DRAWS)
    shares = np.bincount(drawn.ravel(), minlength=5)[:5] / drawn.size
    assert np.allclose(shares, [0.36788, 0.36788, 0.18394, 0.06131, 0.01533], atol=0.001)
    assert abs(drawn.mean() - 1) < 0.003
    assert abs(drawn.var() - 1) < 0.005


def test_no_user_and_no_draw_is_heavier_than_chance_allows() -> None:
    drawn = user_draws(MANY).astype(float)
    # The mean of n draws strays by 1 / sqrt(n); five times that is too far.
    assert np.abs(drawn.mean(axis=1) - 1).max() < 5 / np.sqrt(DRAWS)
    assert np.abs(drawn.mean(axis=0) - 1).max() < 5 / np.sqrt(len(MANY))


def test_users_are_drawn_independently_of_each_other() -> None:
    correlations = np.asarray(np.corrcoef(user_draws(MANY[:300])))
    between = correlations[np.triu_indices(300, k=1)]
    assert abs(between.mean()) < 0.002
    assert np.abs(between).max() < 6 / np.sqrt(DRAWS)


def test_draws_are_independent_of_each_other() -> None:
    drawn = user_draws(MANY).astype(float)
    for lag in (1, 2, 16, 500):
        apart = np.corrcoef(drawn[:, :-lag].ravel(), drawn[:, lag:].ravel())[0, 1]
        assert abs(apart) < 0.005
