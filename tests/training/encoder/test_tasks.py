from dataclasses import replace

import numpy as np
import pytest
import tiny_encoder
import torch
from tiny_base import OUTPUTS, ids, network

from training.calibrate import targets
from training.data import LabelledClause
from training.encoder.fit import answers
from training.encoder.network import Network
from training.encoder.tasks import Answers, LabelTask, LikenessTask, MixedTask, SoftTask, Task

CLAUSES = (
    LabelledClause("配送太慢", "neg", "complaint", ("logistics.speed",), 2),
    LabelledClause("味道很好", "pos", "praise", ("food.taste",), 0),
    LabelledClause("登录不上", "neg", "complaint", ("account.login",), 3),
)
TEXTS = ids(*(clause.text for clause in CLAUSES))
TASK = LabelTask(TEXTS, targets(CLAUSES, topics=tiny_encoder.TOPICS))
EVERY = [0, 1, 2]


def reader() -> Network:
    found = network()
    found.eval()
    return found


def loss_of(task: Task, texts: list[int]) -> float:
    with torch.inference_mode():
        return float(task.loss(reader(), texts))


def likeness_of(task: LikenessTask, draw: int) -> float:
    with torch.inference_mode():
        return float(task.loss(reader(), draw))


def some_answers(texts: int = 3) -> Answers:
    generator = np.random.default_rng(1)
    vectors = generator.normal(size=(texts, tiny_encoder.DIMENSIONS)).astype(np.float32)
    return Answers(
        scores=generator.normal(size=(texts, OUTPUTS)).astype(np.float32),
        vectors=vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
    )


def test_a_task_deals_out_all_its_texts() -> None:
    for task in (TASK, SoftTask(TEXTS, some_answers())):
        dealt = task.steps(size=2, seed=0)
        assert sorted(place for step in dealt for place in step) == EVERY


def test_the_labels_of_a_step_are_those_of_its_texts() -> None:
    apart = [loss_of(TASK, [place]) for place in (2, 0)]
    assert loss_of(TASK, [2, 0]) == pytest.approx(sum(apart) / 2, rel=1e-4)


def test_a_teacher_counts_beside_the_labels() -> None:
    said = some_answers()
    both = loss_of(replace(TASK, answers=said), EVERY)
    assert both == pytest.approx(loss_of(TASK, EVERY) + loss_of(SoftTask(TEXTS, said), EVERY))


def test_a_network_is_its_own_best_teacher() -> None:
    own = loss_of(SoftTask(TEXTS, answers(reader(), TEXTS)), EVERY)
    assert own < loss_of(SoftTask(TEXTS, some_answers()), EVERY)


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        pytest.param(slice(1, None), [1, 2], id="a stretch"),
        pytest.param(np.array([2, 0]), [2, 0], id="chosen rows"),
    ],
)
def test_a_part_of_the_answers_is_about_its_own_texts(
    rows: slice | np.ndarray, places: list[int]
) -> None:
    part, whole = some_answers().part(rows).take([0, 1]), some_answers().take(places)
    assert torch.equal(part.scores, whole.scores)
    assert torch.equal(part.vectors, whole.vectors)


def mixed() -> MixedTask:
    return MixedTask(TASK, SoftTask(ids(*tiny_encoder.WORDS[:5]), some_answers(5)))


def test_a_mixed_task_deals_out_both_kinds_in_steps_of_one() -> None:
    steps = mixed().steps(size=2, seed=0)
    assert sorted(place for step in steps for place in step) == list(range(8))
    assert all(len({place < len(TEXTS) for place in step}) == 1 for step in steps)


def test_steps_of_both_kinds_come_in_an_order_that_the_seed_decides() -> None:
    orders = [
        [place < len(TEXTS) for (place,) in mixed().steps(size=1, seed=seed)] for seed in range(9)
    ]
    assert len({tuple(order) for order in orders}) > 5
    assert mixed().steps(size=2, seed=4) == mixed().steps(size=2, seed=4)


@pytest.mark.parametrize(
    ("texts", "alone", "places"),
    [
        pytest.param([2, 0], mixed().labelled, [2, 0], id="labels"),
        pytest.param([3, 7], mixed().unlabelled, [0, 4], id="a teacher"),
    ],
)
def test_a_step_of_a_mixed_task_costs_what_it_costs_alone(
    texts: list[int], alone: Task, places: list[int]
) -> None:
    assert loss_of(mixed(), texts) == loss_of(alone, places)


def likeness(pairs: int = 3) -> LikenessTask:
    one, other, third = ids("配送太慢", "配送慢", "很好")
    texts = [*ids(*tiny_encoder.WORDS), *ids(*tiny_encoder.CHARACTERS)]
    return LikenessTask(
        pairs=[(texts[place], texts[-place], place % 3 > 0) for place in range(1, pairs + 1)],
        problems=[[[one, other], ids("登录不上", "登录不了")], [ids("闪退", "闪退了")]],
        without=[[third], []],
    )


def test_both_kinds_of_likeness_take_turns() -> None:
    draws = likeness().draws(count=7, seed=5)
    assert [draw % 2 for draw in draws] == [0, 1, 0, 1, 0, 1, 0]
    assert draws == likeness().draws(count=7, seed=5) != likeness().draws(count=7, seed=6)


@pytest.mark.parametrize("kind", [pytest.param(0, id="problems"), pytest.param(1, id="pairs")])
def test_one_number_is_one_loss_that_teaches(kind: int) -> None:
    learner = reader()
    task = replace(likeness(), problems=likeness().problems[:1], without=likeness().without[:1])
    first = task.loss(learner, 100 + kind)
    first.backward()
    assert float(learner.vector.weight.grad.abs().sum()) > 0
    assert likeness_of(task, 100 + kind) == float(first.detach()) > 0


def test_products_without_lone_complaints_are_drawn_too() -> None:
    lone = replace(likeness(), problems=likeness().problems[1:], without=likeness().without[1:])
    # One problem alone has nothing to be unlike of.
    assert likeness_of(lone, 0) == 0.0


def test_complaints_of_different_products_never_meet() -> None:
    both = {round(likeness_of(likeness(), 2 * draw), 4) for draw in range(12)}
    first = replace(likeness(), problems=likeness().problems[:1], without=likeness().without[:1])
    # The order of the texts differs from draw to draw, the loss of a product does not.
    assert both == {round(likeness_of(first, 0), 4), 0.0}


def test_every_stretch_of_pairs_is_drawn_the_last_one_too() -> None:
    task = likeness(pairs=33)  # two stretches of 32
    losses = {round(likeness_of(task, 2 * draw + 1), 4) for draw in range(20)}
    last = replace(task, pairs=task.pairs[1:])
    assert len(losses) == 2
    assert round(likeness_of(last, 1), 4) in losses
