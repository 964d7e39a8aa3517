"""The FP32 model that a dynamically quantised one stands for: every integer convolution becomes a plain one.

    python bench/fp32_of_int8.py INT8.onnx FP32.onnx

Needs the package onnx. Weights are multiplied out, activations are no longer rounded, and the bias goes into
the convolution; scores differ by what quantisation had cost. For benchmarks: where INT8 is slow, the model's
own time hides what a program adds to it.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper


class Graph:
    """A model's graph, by who makes and who reads each tensor."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self.graph = graph
        self.known = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        self.maker = {name: node for node in graph.node for name in node.output}
        self.readers: dict[str, list[NodeProto]] = defaultdict(list)
        for node in graph.node:
            for name in node.input:
                self.readers[name].append(node)

    def plain(self, integer: NodeProto) -> NodeProto:
        """The convolution of x that stands in DynamicQuantizeLinear(x) → ConvInteger → Cast → Mul (→ Add)."""
        (cast,) = self.readers[integer.output[0]]
        (scaled,) = self.readers[cast.output[0]]
        factors = self.maker[next(name for name in scaled.input if name != cast.output[0])]
        scale = next(self.known[name] for name in factors.input if name in self.known)
        zero = self.known[integer.input[3]].astype(np.float32)
        whole = self.known[integer.input[1]].astype(np.float32)
        weights = (whole - _by_channel(zero)) * _by_channel(scale)
        inputs = [self.maker[integer.input[0]].input[0], self._kept(f"{integer.name}.weight", weights)]
        output = scaled.output[0]
        bias, added = self._bias(output, len(weights))
        if bias is not None:
            inputs.append(self._kept(f"{integer.name}.bias", bias))
            output = added
        node = helper.make_node("Conv", inputs, [output], integer.name)
        node.attribute.extend(integer.attribute)
        return node

    def _bias(self, output: str, channels: int) -> tuple[np.ndarray | None, str]:
        """What is added to each channel right after, and the name of that sum."""
        readers = self.readers[output]
        if len(readers) != 1 or readers[0].op_type != "Add":
            return None, output
        other = next(name for name in readers[0].input if name != output)
        if other in self.maker and self.maker[other].op_type == "Reshape":
            other = self.maker[other].input[0]
        bias = self.known.get(other)
        if bias is None or bias.size != channels:
            return None, output
        return bias.astype(np.float32).reshape(-1), readers[0].output[0]

    def _kept(self, name: str, values: np.ndarray) -> str:
        self.graph.initializer.append(numpy_helper.from_array(values, name))
        return name


def _by_channel(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, 1, 1, 1) if values.size > 1 else values


def made_plain(model: onnx.ModelProto) -> None:
    """Change the model in place."""
    graph = Graph(model.graph)
    plain = [graph.plain(node) for node in model.graph.node if node.op_type == "ConvInteger"]
    replaced = {node.output[0] for node in plain}
    others = [node for node in model.graph.node if not replaced.intersection(node.output)]
    needed = _needed([*others, *plain], [one.name for one in model.graph.output])
    del model.graph.node[:]
    model.graph.node.extend(needed)
    read = {name for node in needed for name in node.input}
    kept = [one for one in model.graph.initializer if one.name in read]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)


def _needed(nodes: list[NodeProto], outputs: list[str]) -> list[NodeProto]:
    """The nodes that the outputs need, each after those that it needs itself."""
    maker = {name: node for node in nodes for name in node.output}
    ordered: list[NodeProto] = []
    met: set[str] = set()
    waiting = list(outputs)
    while waiting:
        node = maker.get(waiting[-1])
        before = [] if node is None else [name for name in node.input if name in maker and name not in met]
        if before:
            waiting.extend(before)
            continue
        waiting.pop()
        if node is not None and node.output[0] not in met:
            met.update(node.output)
            ordered.append(node)
    return ordered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quantised", type=Path)
    parser.add_argument("plain", type=Path)
    options = parser.parse_args()
    model = onnx.load(options.quantised)
    made_plain(model)
    onnx.checker.check_model(model)
    onnx.save(model, options.plain)


if __name__ == "__main__":
    main()
