from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_encoder
import torch
from tiny_base import OUTPUTS, base, ids, network

from feedback_nlp.heads.scores import INTENTS, POLARITIES, TOPICS_FROM
from training.calibrate import targets
from training.data import LabelledClause
from training.encoder.batches import batch_of
from training.encoder.fit import Schedule, answers, fit, half_precision, use_cores
from training.encoder.network import Network
from training.encoder.tasks import LabelTask, LikenessTask, SideTask, SoftTask

SLOW = LabelledClause("", "neg", "complaint", ("logistics.speed",), 2)
GOOD = LabelledClause("", "pos", "praise", ("food.taste",), 0)
SLOW_TEXTS = ("太慢", "配送太慢", "店家配送太慢", "你家太慢了", "退款太慢", "客服太慢", "太慢了,差")
GOOD_TEXTS = ("很好", "味道很好", "这家味道很好", "你家很好的", "客服很好", "很好!", "了,味道很好")
LABELLED = [SLOW] * len(SLOW_TEXTS) + [GOOD] * len(GOOD_TEXTS)
TEXTS = ids(*SLOW_TEXTS, *GOOD_TEXTS)
TASK = LabelTask(TEXTS, targets(LABELLED, topics=tiny_encoder.TOPICS))
BESIDE = LikenessTask(
    pairs=[(TEXTS[0], TEXTS[1], True), (TEXTS[0], TEXTS[8], False), (TEXTS[7], TEXTS[8], True)],
    problems=[[TEXTS[:3], TEXTS[3:5]]],
    without=[TEXTS[5:7]],
)
ACROSS = LikenessTask(
    pairs=[
        (TEXTS[0], TEXTS[7], True),
        (TEXTS[0], TEXTS[1], False),
        (TEXTS[7], TEXTS[8], False),
        (TEXTS[1], TEXTS[8], True),
    ],
    problems=[[[TEXTS[0], TEXTS[7]], [TEXTS[1], TEXTS[8]]]],
    without=[[]],
)
"""What is alike here has different labels."""
SHORT = Schedule(epochs=25, rate=6e-3, size=4)
LONG = Schedule(epochs=66, rate=1e-3, size=4)
"""264 steps: one checkpoint, and a line of progress after it."""


class StoppedError(Exception):
    """The machine goes away."""


def gentle(seed: int = 3) -> Network:
    """Return a network whose layers change little, so that it learns without leaping about."""
    found = base()
    tensors = {
        name: rows * np.float32(0.2) if name.startswith("encoder.") and rows.ndim == 2 else rows
        for name, rows in found.tensors.items()
    }
    reader = Network(
        replace(found, tensors=tensors),
        layers=2,
        outputs=OUTPUTS,
        dimensions=tiny_encoder.DIMENSIONS,
        seed=seed,
    )
    reader.settle([batch_of(TEXTS)])
    return reader


def quiet(_: str) -> None:
    pass


def stopping(line: str) -> None:
    if line.startswith("  step 250 "):
        raise StoppedError


def learned(reader: Network) -> tuple[float, float]:
    """Return the shares of right polarities and of right topics."""
    scores = answers(reader, TEXTS).scores
    polarity = scores[:, : len(POLARITIES)].argmax(axis=1) == TASK.targets.polarity
    topics = (scores[:, TOPICS_FROM:] > 0) == TASK.targets.topics
    return float(polarity.mean()), float(topics.mean())


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return tmp_path / "stage.checkpoint"


@pytest.mark.parametrize(
    "beside", [pytest.param(None, id="alone"), pytest.param(BESIDE, id="beside another")]
)
def test_a_task_that_can_be_learned_is_learned(beside: SideTask | None, checkpoint: Path) -> None:
    reader = gentle()
    assert max(learned(reader)) < 1.0
    fit(reader, TASK, SHORT, checkpoint=checkpoint, say=quiet, beside=beside)
    assert learned(reader) == (1.0, 1.0)


def test_a_task_beside_is_learned_too(checkpoint: Path) -> None:
    alone, both = gentle(), gentle()
    fit(alone, TASK, SHORT, checkpoint=checkpoint, say=quiet)
    fit(both, TASK, SHORT, checkpoint=checkpoint, say=quiet, beside=ACROSS)
    draws = ACROSS.draws(count=8, seed=9)
    with torch.inference_mode():
        losses = [
            sum(float(ACROSS.loss(reader.eval(), draw)) for draw in draws)
            for reader in (alone, both)
        ]
    assert losses[1] < 0.5 * losses[0]


def test_a_student_comes_closer_to_its_teacher(checkpoint: Path) -> None:
    student = gentle(seed=2)
    wanted = answers(gentle(seed=1), TEXTS)
    before = answers(student, TEXTS)
    fit(student, SoftTask(TEXTS, wanted), SHORT, checkpoint=checkpoint, say=quiet)
    after = answers(student, TEXTS)
    assert (before.vectors * wanted.vectors).sum(1).mean() < 0.3
    assert (after.vectors * wanted.vectors).sum(1).mean() > 0.5


@pytest.mark.parametrize(
    "beside", [pytest.param(None, id="alone"), pytest.param(BESIDE, id="beside another")]
)
def test_a_run_that_was_stopped_ends_as_one_that_was_not(
    beside: SideTask | None, checkpoint: Path
) -> None:
    whole, stopped, resumed = network(), network(), network(seed=8)
    fit(whole, TASK, LONG, checkpoint=checkpoint, say=quiet, beside=beside)
    with pytest.raises(StoppedError):
        fit(stopped, TASK, LONG, checkpoint=checkpoint, say=stopping, beside=beside)
    said: list[str] = []
    fit(resumed, TASK, LONG, checkpoint=checkpoint, say=said.append, beside=beside)
    assert said[0] == "  going on from step 200 of 264"
    expected = whole.state_dict()
    for name, value in resumed.state_dict().items():
        assert torch.equal(value, expected[name]), name
    assert not torch.equal(stopped.heads.weight, whole.heads.weight)


def test_only_the_checkpoint_is_left_beside_a_finished_run(checkpoint: Path) -> None:
    fit(network(), TASK, LONG, checkpoint=checkpoint, say=quiet)
    assert list(checkpoint.parent.iterdir()) == [checkpoint]


def test_progress_is_shown_every_fifty_steps_and_at_the_end(checkpoint: Path) -> None:
    said: list[str] = []
    fit(network(), TASK, LONG, checkpoint=checkpoint, say=said.append)
    steps = [int(line.split()[1]) for line in said]
    losses = [float(line.split()[-1]) for line in said]
    assert steps == [50, 100, 150, 200, 250, 264]
    assert losses[-1] < losses[0]


def test_answers_come_in_the_order_of_the_texts() -> None:
    reader = network()
    together = answers(reader, TEXTS)
    alone = np.vstack([answers(reader, [text]).scores for text in TEXTS])
    assert np.abs(together.scores - alone).max() < 0.05 * np.abs(alone).max()
    assert together.scores.shape[1] == TOPICS_FROM + len(tiny_encoder.TOPICS)
    assert len(POLARITIES) + len(INTENTS) < TOPICS_FROM


@pytest.mark.parametrize(
    ("able", "kind"),
    [
        pytest.param({"amx_bf16": True}, torch.bfloat16, id="AMX"),
        pytest.param({"avx512_bf16": True, "amx_bf16": False}, torch.bfloat16, id="AVX-512"),
        pytest.param({"avx512_f": True, "avx512_bf16": False}, torch.float32, id="too old"),
        pytest.param({"sve": True}, torch.float32, id="another architecture"),
    ],
)
def test_only_cpus_that_can_multiply_halves_do(
    able: dict[str, bool], kind: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    with half_precision():
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == kind


@pytest.fixture
def _as_before() -> Iterator[None]:
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)
    torch.set_flush_denormal(False)


@pytest.mark.usefixtures("_as_before")
def test_cores_can_be_chosen() -> None:
    use_cores(2)
    assert torch.get_num_threads() == 2
    use_cores(1)
    assert torch.get_num_threads() == 1


@pytest.mark.usefixtures("_as_before")
def test_numbers_too_small_to_be_fast_become_zero() -> None:
    small = torch.full((64,), 2e-38)
    assert float((small / 16).sum()) > 0
    use_cores(1)
    assert float((small / 16).sum()) == 0.0
