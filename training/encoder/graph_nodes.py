"""Collects the nodes and constants of an ONNX graph; a node's name says where it stands."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

FloatArray = npt.NDArray[np.float32]


def quantise(rows: FloatArray) -> tuple[npt.NDArray[np.int8], FloatArray]:
    """Return whole numbers -127 .. 127 and one scale a row; their product is near `rows`.

    Symmetric: 0 stays 0. Rounds half to even. `rows` is (n, m), the scales are (n, 1).
    """
    steps = np.abs(rows).max(axis=1, keepdims=True) / np.float32(127)
    scales = np.where(steps > np.finfo(np.float32).tiny, steps, 1).astype(np.float32)
    return np.rint(rows / scales).astype(np.int8), scales


@dataclass(frozen=True, slots=True)
class Nodes:
    """A graph under construction; every method returns the name of the value it adds."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def add(self, op: str, name: str, *inputs: str, **attributes: float | list[int]) -> str:
        """Add one node with one output; `name` is the name of both."""
        self.nodes.append(helper.make_node(op, list(inputs), [name], name, **attributes))
        return name

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        """Store an array; one name is one array."""
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def whole(self, *numbers: int) -> str:
        """Store a list of whole numbers, such as a shape."""
        name = "whole." + ".".join(map(str, numbers))
        return self.constant(name, np.array(numbers, np.int64))

    def linear(
        self, name: str, value: str, weight: FloatArray, bias: FloatArray, *, times: float = 1.0
    ) -> str:
        """Add `times * (value @ weight.T + bias)`; the weight, (out, in), is stored as int8.

        `Cast` and `Mul` of constants are folded when ONNX Runtime loads the file, so it computes
        in float32; `DequantizeLinear` it would leave in place.
        """
        whole, scales = quantise(weight)
        stored = self.constant(f"{name}.int8", whole.T)
        floats = self.add("Cast", f"{name}.float", stored, to=TensorProto.FLOAT)
        scale = self.constant(f"{name}.scale", scales.T * np.float32(times))
        weights = self.add("Mul", f"{name}.weight", floats, scale)
        product = self.add("MatMul", f"{name}.product", value, weights)
        return self.add("Add", name, product, self.constant(f"{name}.bias", times * bias))

    def rows(self, name: str, table: FloatArray, places: str) -> str:
        """Add rows of a table, stored as int8 and picked before they become floats."""
        whole, scales = quantise(table)
        picked = self.add("Gather", f"{name}.rows", self.constant(f"{name}.int8", whole), places)
        floats = self.add("Cast", f"{name}.float", picked, to=TensorProto.FLOAT)
        scale = self.add("Gather", f"{name}.scales", self.constant(f"{name}.scale", scales), places)
        return self.add("Mul", name, floats, scale)
