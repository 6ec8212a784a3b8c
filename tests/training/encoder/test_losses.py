import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import normalize

from feedback_nlp.heads.scores import INTENTS, POLARITIES, SEVERITIES, SEVERITY_FROM, TOPICS_FROM
from training.encoder.losses import cosines, in_batch_loss, label_loss, ranking_loss, soft_loss
from training.encoder.network import Reading

N_TOPICS = 4
EVEN = math.log(len(POLARITIES)) + math.log(len(INTENTS)) + N_TOPICS * math.log(2)
"""The loss of scores that are all 0, without severity."""


def drawn(seed: int, rows: int = 3) -> Reading:
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(rows, TOPICS_FROM + N_TOPICS, generator=generator)
    return Reading(scores, normalize(torch.randn(rows, 6, generator=generator), dim=1))


def loss_of(scores: Tensor, *labels: tuple[int, int, int]) -> float:
    topics = torch.zeros(len(labels), N_TOPICS)
    return float(label_loss(scores, torch.tensor(labels), topics))


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param([(0, 0, 2)], EVEN + math.log(len(SEVERITIES)), id="negative"),
        pytest.param([(2, 1, 0)], EVEN, id="no severity"),
        pytest.param(
            [(0, 0, 1), (2, 1, 0)], EVEN + math.log(len(SEVERITIES)) / 2, id="one of each"
        ),
    ],
)
def test_scores_that_know_nothing_cost_the_logarithm_of_the_choices(
    labels: list[tuple[int, int, int]], expected: float
) -> None:
    zeros = torch.zeros(len(labels), TOPICS_FROM + N_TOPICS)
    assert loss_of(zeros, *labels) == pytest.approx(expected)


def test_scores_that_are_sure_and_right_cost_nothing() -> None:
    scores = torch.zeros(1, TOPICS_FROM + N_TOPICS)
    scores[0, [0, len(POLARITIES) + 3, SEVERITY_FROM + 2]] = 50.0
    scores[0, TOPICS_FROM:] = torch.tensor([50.0, -50.0, -50.0, 50.0])
    topics = torch.tensor([[1.0, 0.0, 0.0, 1.0]])
    loss = label_loss(scores, torch.tensor([[0, 3, 3]]), topics)
    assert float(loss) == pytest.approx(0.0, abs=1e-6)


def test_a_clause_without_severity_teaches_none() -> None:
    scores = drawn(1).scores.requires_grad_()
    labels = torch.tensor([[2, 1, 0], [1, 4, 0], [0, 0, 3]])
    label_loss(scores, labels, torch.zeros(3, N_TOPICS)).backward()
    assert scores.grad is not None
    taught = scores.grad[:, SEVERITY_FROM:TOPICS_FROM].abs().sum(1) > 0
    assert taught.tolist() == [False, False, True]


def test_severity_one_is_the_first_column() -> None:
    scores = torch.zeros(1, TOPICS_FROM + N_TOPICS)
    scores[0, SEVERITY_FROM] = 9.0
    right, wrong = loss_of(scores, (0, 0, 1)), loss_of(scores, (0, 0, 2))
    assert right < EVEN + 0.01 < wrong


@given(seed=st.integers(0, 1000))
def test_a_student_loses_least_by_saying_what_the_teacher_says(seed: int) -> None:
    teacher, other = drawn(seed), drawn(seed + 1)
    least = float(soft_loss(teacher, teacher))
    assert least < float(soft_loss(Reading(other.scores, teacher.vectors), teacher))
    assert least < float(soft_loss(Reading(teacher.scores, other.vectors), teacher))


def test_at_the_teacher_no_score_wants_to_move() -> None:
    teacher = drawn(5)
    scores = teacher.scores.clone().requires_grad_()
    soft_loss(Reading(scores, teacher.vectors), teacher).backward()
    assert scores.grad is not None
    assert float(scores.grad.abs().max()) < 1e-6


def test_vectors_turned_alike_keep_their_likenesses_but_not_their_places() -> None:
    teacher = drawn(6)
    turned = Reading(teacher.scores, -teacher.vectors)
    # Every vector points away from its own (2 times 2); the likenesses are the same.
    gap = float(soft_loss(turned, teacher) - soft_loss(teacher, teacher))
    assert gap == pytest.approx(4.0, abs=1e-5)


@pytest.mark.parametrize(
    ("alike", "unlike", "expected"),
    [
        pytest.param([0.5], [0.5], math.log(2), id="no order"),
        pytest.param([0.5], [0.5, 0.5, 0.5], math.log(4), id="no order among four"),
        pytest.param([0.6], [0.5], math.log(1 + math.exp(-2)), id="right order"),
        pytest.param([0.5], [0.6], math.log(1 + math.exp(2)), id="wrong order"),
        pytest.param([0.5], [], 0.0, id="nothing to compare with"),
        pytest.param([], [0.5], 0.0, id="nothing alike"),
    ],
)
def test_the_order_of_pairs_has_a_known_price(
    alike: list[float], unlike: list[float], expected: float
) -> None:
    marks = torch.tensor([True] * len(alike) + [False] * len(unlike))
    found = ranking_loss(torch.tensor(alike + unlike), marks)
    assert float(found) == pytest.approx(expected, abs=1e-5)


@given(pairs=st.lists(st.floats(-0.875, 0.75, width=32), min_size=2, max_size=8))
def test_ranking_costs_less_when_pairs_that_are_alike_move_closer(pairs: list[float]) -> None:
    alike = torch.tensor([place % 2 == 0 for place in range(len(pairs))])
    before = torch.tensor(pairs)
    after = torch.where(alike, before + 0.125, before)
    # Not strictly: where the order is right by far, both are 0 to the last digit.
    assert float(ranking_loss(after, alike)) <= float(ranking_loss(before, alike))


def test_ranking_draws_pairs_together_that_are_alike_and_the_others_apart() -> None:
    found = torch.tensor([0.3, 0.5, 0.4, 0.6], requires_grad=True)
    ranking_loss(found, torch.tensor([True, False, True, False])).backward()
    assert found.grad is not None
    assert found.grad.sign().tolist() == [-1, 1, -1, 1]


def test_finding_a_partner_among_equals_costs_the_logarithm_of_their_number() -> None:
    same = torch.tensor([[1.0, 0.0]] * 4)
    found = in_batch_loss(same, same, torch.tensor([True] * 4))
    assert float(found) == pytest.approx(math.log(4))


def test_finding_a_partner_that_stands_apart_costs_nothing() -> None:
    apart = torch.eye(4)
    found = in_batch_loss(apart, apart, torch.tensor([True, False, True, False]))
    assert float(found) == pytest.approx(0.0, abs=1e-6)


def test_without_pairs_that_are_alike_there_is_no_partner_to_find() -> None:
    one = torch.eye(3).requires_grad_()
    loss = in_batch_loss(one, torch.eye(3), torch.tensor([False] * 3))
    loss.backward()
    assert float(loss.detach()) == 0.0
    assert one.grad is not None
    assert float(one.grad.abs().sum()) == 0.0


def test_cosines_are_exact_under_autocast() -> None:
    vectors = drawn(7, rows=20).vectors
    with torch.autocast("cpu", torch.bfloat16):
        assert (vectors @ vectors.T).dtype == torch.bfloat16
        found = cosines(vectors, vectors)
    assert found.dtype == torch.float32
    assert torch.equal(found, vectors @ vectors.T)
