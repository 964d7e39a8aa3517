"""A warm start: the weights of a landed `model.onnx` put back into a network that can learn on.

An exported model has its batch normalisations folded into the convolutions. They are unfolded against the
statistics of real pictures: each gets the mean and the spread that its convolution has on those, and a gain
and an offset that undo both. So the network answers as the model does, and still does when it starts to
learn, where batch normalisation goes by the statistics of each batch.
"""

from typing import cast

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from models.training.network import Head, Network, Unit

Weights = dict[str, Tensor]


def unfolded(network: Network, model: bytes, pictures: Tensor) -> None:
    """Give a network the weights of an exported model of the same shape; of other classes it learns anew.

    Args:
        network: changed in place; in training mode before and after.
        model: the bytes of its `model.onnx`.
        pictures: B×3×H×W, 0..1, as it will learn from; some dozens are enough.

    Raises:
        ValueError: the model is of another shape.
    """
    graph = onnx.load_from_string(model).graph
    held = {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    convolutions = _in_order(network, pictures[:1])
    if len(nodes) != len(convolutions):
        raise ValueError(f"wanted a model of {len(convolutions)} convolutions, got one of {len(nodes)}")
    offsets: dict[nn.Module, Tensor] = {}
    last = [cast(Head, head).kind[-1] for head in network.heads]
    for node, convolution in zip(nodes, convolutions, strict=True):
        weight, *bias = (held[name] for name in node.input[1:])
        if convolution in last and len(weight) != len(convolution.weight):
            continue
        _set(node.name, convolution.weight, weight)
        if convolution.bias is not None:
            _set(node.name, convolution.bias, bias[0])
        elif bias:
            offsets[convolution] = bias[0]
    with torch.no_grad():
        convolutions[0].weight *= 255  # the exported first convolution scales the pixels as well
    _set_joins(network, held)
    _normalise(network, offsets, pictures)


def _in_order(network: Network, picture: Tensor) -> list[nn.Conv2d]:
    """The convolutions in the order in which a picture meets them, which is that of an exported graph."""
    met: list[nn.Conv2d] = []
    hooks = [
        module.register_forward_pre_hook(lambda module, _: met.append(module))
        for module in network.modules()
        if isinstance(module, nn.Conv2d)
    ]
    with torch.no_grad():
        network.eval()(picture)
    network.train()
    for hook in hooks:
        hook.remove()
    return met


def _set_joins(network: Network, held: Weights) -> None:
    """Normalisations of sums, which cannot be folded and are in the model by their own names."""
    for name, module in network.named_modules():
        if isinstance(module, nn.BatchNorm2d) and f"network.{name}.weight" in held:
            for part in ("weight", "bias", "running_mean", "running_var"):
                _set(name, getattr(module, part), held[f"network.{name}.{part}"])


def _normalise(network: Network, offsets: dict[nn.Module, Tensor], pictures: Tensor) -> None:
    hooks = [
        unit[1].register_forward_pre_hook(_measuring(offsets[unit[0]]))
        for unit in network.modules()
        if isinstance(unit, Unit)
    ]
    with torch.no_grad():
        network.eval()(pictures)
    network.train()
    for hook in hooks:
        hook.remove()


def _measuring(offset: Tensor):  # type: ignore[no-untyped-def]  # torch has no name for the type of a hook
    """A hook that sets a normalisation so that it adds `offset` and nothing else to what it is given."""

    def hook(norm: nn.BatchNorm2d, given: tuple[Tensor, ...]) -> None:
        spread, mean = torch.var_mean(given[0].float(), (0, 2, 3), correction=0)
        assert norm.running_mean is not None and norm.running_var is not None
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread)
        norm.weight.copy_((spread + norm.eps).sqrt())
        norm.bias.copy_(offset.to(mean) + mean)

    return hook


def _set(name: str, target: Tensor, value: Tensor) -> None:
    if target.shape != value.shape:
        raise ValueError(f"{name}: wanted weights {tuple(target.shape)}, got {tuple(value.shape)}")
    with torch.no_grad():
        target.copy_(value)
