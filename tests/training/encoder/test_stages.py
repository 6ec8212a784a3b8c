from pathlib import Path

import pytest
import torch

from training.encoder.stages import Stages, State


class StoppedError(Exception):
    """Stands for a machine that went away."""


def made(value: int) -> State:
    return {"value": torch.tensor(value)}


def stages(work: Path) -> tuple[Stages, list[str]]:
    said: list[str] = []
    return Stages(work, said.append), said


def stopped(checkpoint: Path) -> State:
    checkpoint.write_text("half", encoding="utf-8")
    raise StoppedError


def test_a_result_is_made_once(tmp_path: Path) -> None:
    first, _ = stages(tmp_path)
    first.result("a", settings={"n": 1}, make=lambda _: made(7))
    again, said = stages(tmp_path)
    assert again.result("a", settings={"n": 1}, make=stopped)["value"] == 7
    assert said == ["a: done before"]
    assert again.minutes == first.minutes


def test_other_settings_make_it_anew_without_the_old_checkpoint(tmp_path: Path) -> None:
    one, _ = stages(tmp_path)
    with pytest.raises(StoppedError):
        one.result("a", settings={"n": 1}, make=stopped)
    seen: list[bool] = []

    def make(checkpoint: Path) -> State:
        seen.append(checkpoint.exists())
        return made(2)

    assert one.result("a", settings={"n": 2}, make=make)["value"] == 2
    assert seen == [False]


def test_the_same_settings_find_the_checkpoint(tmp_path: Path) -> None:
    one, _ = stages(tmp_path)
    with pytest.raises(StoppedError):
        one.result("a", settings={"n": 1}, make=stopped)
    texts: list[str] = []

    def make(checkpoint: Path) -> State:
        texts.append(checkpoint.read_text(encoding="utf-8"))
        return made(1)

    one.result("a", settings={"n": 1}, make=make)
    assert texts == ["half"]
    assert not list(tmp_path.glob("*.checkpoint"))


def test_a_stop_after_new_settings_leaves_nothing_of_the_old_result(tmp_path: Path) -> None:
    one, _ = stages(tmp_path)
    one.result("a", settings={"n": 1}, make=lambda _: made(1))
    with pytest.raises(StoppedError):
        one.result("a", settings={"n": 2}, make=stopped)
    assert one.result("a", settings={"n": 2}, make=lambda _: made(2))["value"] == 2


@pytest.mark.parametrize(
    "record",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="cut off"),
        pytest.param("[]", id="no object"),
        pytest.param('{"settings": {"n": 1}}', id="begun, not done"),
    ],
)
def test_a_record_that_does_not_say_done_counts_as_none(tmp_path: Path, record: str) -> None:
    one, _ = stages(tmp_path)
    one.result("a", settings={"n": 1}, make=lambda _: made(1))
    (tmp_path / "a.json").write_text(record, encoding="utf-8")
    assert one.result("a", settings={"n": 1}, make=lambda _: made(2))["value"] == 2
