"""The training loop: one task, if wanted a second one beside it; goes on where it was stopped."""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import torch

from training.encoder.batches import batch_of, by_length
from training.encoder.network import Network
from training.encoder.tasks import Answers, SideTask, Task, Texts

Say = Callable[[str], None]
"""Shows one line of progress."""
_HEADS_RATE: Final = 1e-3
_CLIP: Final = 1.0
_WARM_UP: Final = 0.06
_SAY_EVERY: Final = 50
_SAVE_EVERY: Final = 200
_READ_AT_ONCE: Final = 128


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast."""

    epochs: int
    rate: float
    """Peak learning rate of the encoder; it rises over 6 % of the steps, then falls to 0."""
    size: int = 64
    """Texts a step."""
    beside_every: int = 3
    """Steps of the task for one of the task beside it."""
    seed: int = 0


def half_precision() -> torch.autocast:
    """Return a context that multiplies in bfloat16 where the CPU has instructions for it.

    Elsewhere PyTorch imitates them, a hundred times slower than float32.
    """
    able = torch.cpu.get_capabilities()
    return torch.autocast(
        "cpu", torch.bfloat16, enabled=bool(able.get("amx_bf16") or able.get("avx512_bf16"))
    )


def use_cores(count: int | None = None) -> None:
    """Set PyTorch up for a CPU: without denormal numbers, which slow it down many times."""
    torch.set_num_threads(count or os.cpu_count() or 1)
    torch.set_flush_denormal(True)


def fit(
    network: Network,
    task: Task,
    schedule: Schedule,
    *,
    checkpoint: Path,
    say: Say,
    beside: SideTask | None = None,
) -> None:
    """Train `network` in place.

    Every 200 steps the state goes to `checkpoint`; a second call with the same arguments begins
    there and ends with the same weights. The file is removed at the end.
    """
    steps = [
        step
        for epoch in range(schedule.epochs)
        for step in task.steps(size=schedule.size, seed=schedule.seed + epoch)
    ]
    others = math.ceil(len(steps) / schedule.beside_every)
    draws = [] if beside is None else beside.draws(count=others, seed=schedule.seed)
    course = _Course.of(network, schedule, len(steps))
    torch.manual_seed(schedule.seed)
    begun = course.restore(checkpoint)
    if begun:
        say(f"  going on from step {begun} of {len(steps)}")
    total = 0.0
    network.train()
    for done, step in enumerate(steps[begun:], begun + 1):
        other, due = divmod(done - 1, schedule.beside_every)
        if beside is not None and due == 0:
            course.step(partial(beside.loss, network, draws[other]))
        total += course.step(partial(task.loss, network, step))
        course.rates.step()
        if done % _SAY_EVERY == 0 or done == len(steps):
            say(f"  step {done} of {len(steps)}, loss {total / ((done - 1) % _SAY_EVERY + 1):.3f}")
            total = 0.0
        if done % _SAVE_EVERY == 0:
            course.save(checkpoint, done)


def answers(network: Network, texts: Texts) -> Answers:
    """Return what the network says about each text, in order."""
    network.eval()
    scores = np.zeros((len(texts), network.heads.out_features), np.float32)
    vectors = np.zeros((len(texts), network.vector.out_features), np.float32)
    with torch.no_grad(), half_precision():
        for places in by_length(texts, size=_READ_AT_ONCE):
            said = network(batch_of([texts[place] for place in places]))
            scores[places], vectors[places] = said.scores.numpy(), said.vectors.numpy()
    return Answers(scores, vectors)


@dataclass(frozen=True, slots=True)
class _Course:
    """All that changes while a network is trained."""

    network: Network
    optimizer: torch.optim.Optimizer
    rates: torch.optim.lr_scheduler.LambdaLR

    @staticmethod
    def of(network: Network, schedule: Schedule, steps: int) -> "_Course":
        outputs = [*network.heads.parameters(), *network.vector.parameters()]
        optimizer = torch.optim.AdamW(
            [
                {"params": list(network.encoder.parameters()), "lr": schedule.rate},
                {"params": outputs, "lr": max(_HEADS_RATE, schedule.rate)},
            ],
            betas=(0.9, 0.98),
            weight_decay=0.01,
            fused=True,
        )

        def rate(step: int) -> float:
            return min(1.0, (step + 1) / (_WARM_UP * steps)) * (1 - step / (steps + 1))

        return _Course(network, optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate))

    def step(self, loss_of: Callable[[], torch.Tensor]) -> float:
        with half_precision():
            loss = loss_of()
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), _CLIP)
        self.optimizer.step()
        return float(loss.detach())

    def save(self, path: Path, done: int) -> None:
        state = {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "rates": self.rates.state_dict(),
            "random": torch.get_rng_state(),
            "step": done,
        }
        written = path.with_suffix(".part")
        torch.save(state, written)
        written.replace(path)  # whole or not at all: the machine can stop at any moment

    def restore(self, path: Path) -> int:
        """Take up the state of a file, if there is one; return how many steps are done."""
        if not path.is_file():
            return 0
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.rates.load_state_dict(state["rates"])
        torch.set_rng_state(state["random"])
        return int(state["step"])
