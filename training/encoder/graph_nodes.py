"""Collects the nodes and constants of an ONNX graph; a node's name says where it stands."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

FloatArray = npt.NDArray[np.float32]

CONTRIB: Final = "com.microsoft"
"""The operators that ONNX Runtime brings beside the standard ones; in every CPU build of it."""
_BITS_8: Final = 127
_BITS_7: Final = 63
_ZERO: Final = 128
"""What stands for 0 where a rounded value is kept without a sign."""
_TINY: Final = np.float32(1e-12)


def quantise(rows: FloatArray, *, most: int = _BITS_8) -> tuple[npt.NDArray[np.int8], FloatArray]:
    """Return whole numbers -`most` .. `most` and one scale a row; their product is near `rows`.

    Symmetric: 0 stays 0. Rounds half to even. `rows` is (n, m), the scales are (n, 1).
    """
    steps = np.abs(rows).max(axis=1, keepdims=True) / np.float32(most)
    scales = np.where(steps > np.finfo(np.float32).tiny, steps, 1).astype(np.float32)
    return np.rint(rows / scales).astype(np.int8), scales


@dataclass(frozen=True, slots=True)
class Nodes:
    """A graph under construction; every method returns the name of the value it adds."""

    int8: bool = True
    """Whether linear layers multiply whole numbers."""
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def add(
        self, op: str, name: str, *inputs: str, domain: str = "", **attributes: float | list[int]
    ) -> str:
        """Add one node with one output; `name` is the name of both."""
        node = helper.make_node(op, list(inputs), [name], name, domain=domain, **attributes)
        self.nodes.append(node)
        return name

    def split(self, name: str, value: str, *, parts: int) -> list[str]:
        """Cut a value into equal parts along its last axis."""
        names = [f"{name}.{part}" for part in range(parts)]
        self.nodes.append(
            helper.make_node("Split", [value], names, name, axis=-1, num_outputs=parts)
        )
        return names

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        """Store an array; one name is one array."""
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def number(self, name: str, value: np.generic) -> str:
        """Store one number, without axes."""
        return self.constant(name, np.array(value))

    def whole(self, *numbers: int) -> str:
        """Store a list of whole numbers, such as a shape."""
        name = "whole." + ".".join(map(str, numbers))
        return self.constant(name, np.array(numbers, np.int64))

    def linear(self, name: str, value: str, weight: FloatArray) -> str:
        """Add `value @ weight.T`; `value` is (n, in), `weight` is (out, in).

        With `int8` each row of `value` is rounded with a scale of its own, so that the answer for
        a row depends on no other row. The weight then has 7 bits: where a processor has no VNNI
        instructions, the sum of two products of 8 bits would not fit into its 16 bits.

        Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient
        Integer-Arithmetic-Only Inference", CVPR 2018; a scale for each row: Yao et al.,
        "ZeroQuant", NeurIPS 2022.
        """
        if not self.int8:
            return self.add("MatMul", name, value, self.constant(f"{name}.weight", weight.T))
        rounded, steps = self._rounded(name, value)
        whole, scales = quantise(weight, most=_BITS_7)
        product = self.add(
            "MatMulIntegerToFloat",
            f"{name}.product",
            rounded,
            self.constant(f"{name}.int8", whole.T),
            self.number("one", np.float32(1)),
            self.constant(f"{name}.scale", scales.ravel()),
            self.number("zero", np.uint8(_ZERO)),
            domain=CONTRIB,
        )
        return self.add("Mul", name, product, steps)

    def _rounded(self, name: str, rows: str) -> tuple[str, str]:
        """Add the rows (n, m) as whole numbers, and how much a step of each row means, (n, 1)."""
        sizes = self.add("Abs", f"{name}.sizes", rows)
        most = self.add("ReduceMax", f"{name}.most", sizes, self.whole(-1), keepdims=1)
        steps = self.add("Mul", f"{name}.step", most, self.number("share", np.float32(1 / _BITS_8)))
        steps = self.add("Max", f"{name}.step.safe", steps, self.number("tiny", _TINY))
        flat = self.add("Reshape", f"{name}.step.flat", steps, self.whole(-1))
        zeros = self._zeros(rows)
        return self.add("QuantizeLinear", f"{name}.rounded", rows, flat, zeros, axis=0), steps

    def _zeros(self, rows: str) -> str:
        """Add the zero point of each row, once: all rounded values have equally many rows."""
        name = "zeros"
        if all(node.name != name for node in self.nodes):
            count = self.add("Shape", f"{name}.count", rows, start=0, end=1)
            self.add("Expand", name, self.number("zero", np.uint8(_ZERO)), count)
        return name

    def rows(self, name: str, table: FloatArray, places: str) -> str:
        """Add rows of a table, stored as int8 and picked before they become floats."""
        whole, scales = quantise(table)
        picked = self.add("Gather", f"{name}.rows", self.constant(f"{name}.int8", whole), places)
        floats = self.add("Cast", f"{name}.float", picked, to=TensorProto.FLOAT)
        scale = self.add("Gather", f"{name}.scales", self.constant(f"{name}.scale", scales), places)
        return self.add("Mul", name, floats, scale)
