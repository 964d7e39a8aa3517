"""From trained weights to `model.onnx`: bytes in, finished boxes out, in the raw layout of Ultralytics heads.

The picture goes in as the video scaler gives it (uint8, rows of RGB) and is scaled by the first
convolution, which costs nothing; what comes out is float32 [1, 4+classes, n]: cx, cy, width, height in
pixels, then a score per class.
"""

import copy
import tempfile
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from models.training.network import Network, cells, centred

OPSET = 17


class Product(nn.Module):
    """A network with what stands before and behind it in the shipped model."""

    centres: Tensor
    strides: Tensor

    def __init__(self, network: Network, width: int, height: int) -> None:
        super().__init__()
        self.network = copy.deepcopy(network).cpu().float().eval()
        first = next(m for m in self.network.modules() if isinstance(m, nn.Conv2d))
        with torch.no_grad():
            first.weight /= 255
        centres, strides = cells(width, height)
        self.register_buffer("centres", centres)
        self.register_buffer("strides", strides)

    def forward(self, pixels: Tensor) -> Tensor:
        raw = self.network(pixels.permute(0, 3, 1, 2).float())
        return torch.cat((centred(raw, self.centres, self.strides), raw[:, 4:].sigmoid()), 1)


def exported(network: Network, width: int, height: int) -> bytes:
    """The ONNX model of a network for pictures of one size."""
    product = Product(network, width, height).eval()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the exporter without a further dependency is the older one, and says so
        torch.onnx.export(
            product,
            (torch.zeros(1, height, width, 3, dtype=torch.uint8),),
            str(Path(folder, "model.onnx")),
            opset_version=OPSET,
            input_names=["pixels"],
            output_names=["cells"],
            dynamo=False,
        )
        return Path(folder, "model.onnx").read_bytes()
