"""The network: a plain 3x3 residual trunk, a two-way feature pyramid and one anchor-free head per stride.

Only operators that onnxruntime runs in its blocked layout are used: dense 3x3 and 1x1 convolutions with ReLU
(batch normalisation folds into them), additions, concatenations of multiples of 16 channels, nearest
upsampling. Depthwise convolutions and smooth activations were measured and cost more time than they save
arithmetic.
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDES = (8, 16, 32)
PRIOR = -4.6
"""Class logit that every cell starts with, a score of 0.01, so that empty cells do not drown the first steps
(RetinaNet, 4.1)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What makes a network.

    Attributes:
        classes: number of classes.
        trunk: channels at strides 2, 4, 8, 16 and 32.
        depth: residuals at strides 8, 16 and 32.
        neck: channels of the pyramid.
    """

    classes: int = 6
    trunk: tuple[int, int, int, int, int] = (16, 32, 64, 96, 128)
    depth: tuple[int, int, int] = (2, 3, 1)
    neck: int = 64


class Unit(nn.Sequential):
    """Convolution, batch normalisation, ReLU."""

    def __init__(self, inside: int, outside: int, kernel: int = 3, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outside, eps=1e-3, momentum=0.03),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Module):
    """Two 3x3 units and a bypass."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(Unit(channels, channels), Unit(channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        return x + cast(Tensor, self.body(x))


class Partial(nn.Module):
    """Cross-stage partial block (CSPNet): half of the channels pass `depth` residuals, half go straight.

    The halves meet in a sum of two 1x1 convolutions, which is what one convolution of their concatenation
    would be, without the copies that a concatenation costs forwards and, more so, backwards.
    """

    def __init__(self, inside: int, outside: int, depth: int) -> None:
        super().__init__()
        half = outside // 2
        self.deep = nn.Sequential(Unit(inside, half, 1), *(Residual(half) for _ in range(depth)))
        self.straight = Unit(inside, half, 1)
        self.from_deep = nn.Conv2d(half, outside, 1, bias=False)
        self.from_straight = nn.Conv2d(half, outside, 1, bias=False)
        self.join = nn.Sequential(nn.BatchNorm2d(outside, eps=1e-3, momentum=0.03), nn.ReLU(inplace=True))

    def forward(self, x: Tensor) -> Tensor:
        both = self.from_deep(self.deep(x)) + self.from_straight(self.straight(x))
        return cast(Tensor, self.join(both))


class Surround(nn.Module):
    """Three chained 5x5 maxima beside the map itself: a wide look around for little (SPPF of YOLOv5)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.narrow = Unit(channels, channels // 2, 1)
        self.join = Unit(channels * 2, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        maps = [self.narrow(x)]
        for _ in range(3):
            maps.append(functional.max_pool2d(maps[-1], 5, 1, 2))
        return cast(Tensor, self.join(torch.cat(maps, 1)))


class Trunk(nn.Module):
    """Picture to maps at strides 8, 16 and 32."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        c2, c4, c8, c16, c32 = shape.trunk
        d8, d16, d32 = shape.depth
        self.to8 = nn.Sequential(
            Unit(3, c2, 3, 2), Unit(c2, c4, 3, 2), Unit(c4, c8, 3, 2), Partial(c8, c8, d8)
        )
        self.to16 = nn.Sequential(Unit(c8, c16, 3, 2), Partial(c16, c16, d16))
        self.to32 = nn.Sequential(Unit(c16, c32, 3, 2), Partial(c32, c32, d32), Surround(c32))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x8 = self.to8(x)
        x16 = self.to16(x8)
        return x8, x16, self.to32(x16)


class Neck(nn.Module):
    """Feature pyramid downwards, then upwards again (PANet), all maps of one width, joined by addition."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        _, _, c8, c16, c32 = shape.trunk
        n = shape.neck
        self.side8, self.side16, self.side32 = Unit(c8, n, 1), Unit(c16, n, 1), Unit(c32, n, 1)
        self.fine16, self.fine8 = Partial(n, n, 1), Partial(n, n, 1)
        self.down8, self.down16 = Unit(n, n, 3, 2), Unit(n, n, 3, 2)
        self.coarse16, self.coarse32 = Partial(n, n, 1), Partial(n, n, 1)

    def forward(self, x8: Tensor, x16: Tensor, x32: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        top = self.side32(x32)
        middle = self.fine16(_doubled(top) + self.side16(x16))
        out8 = self.fine8(_doubled(middle) + self.side8(x8))
        out16 = self.coarse16(self.down8(out8) + middle)
        return out8, out16, self.coarse32(self.down16(out16) + top)


class Head(nn.Module):
    """From a map, per cell: a box (centre offset and logarithm of size, in strides) and class logits."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.box = nn.Sequential(Unit(channels, 32), nn.Conv2d(32, 4, 1))
        self.kind = nn.Sequential(Unit(channels, 48), nn.Conv2d(48, classes, 1))
        nn.init.constant_(cast(Tensor, cast(nn.Conv2d, self.kind[-1]).bias), PRIOR)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat((self.box(x), self.kind(x)), 1)


class Network(nn.Module):
    """RGB pictures B×3×H×W in 0..1 to raw cells B×(4+classes)×n, strides 8, 16, 32 one after the other."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.trunk, self.neck = Trunk(shape), Neck(shape)
        self.heads = nn.ModuleList(Head(shape.neck, shape.classes) for _ in STRIDES)

    def forward(self, x: Tensor) -> Tensor:
        maps = self.neck(*self.trunk(x))
        return torch.cat([head(m).flatten(2) for head, m in zip(self.heads, maps, strict=True)], 2)


def cells(width: int, height: int) -> tuple[Tensor, Tensor]:
    """Centres n×2 (x, y) in pixels and strides n of all cells, in the order of the network's output."""
    centres, strides = [], []
    for stride in STRIDES:
        y, x = torch.meshgrid(torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        centres.append((torch.stack((x, y), -1).reshape(-1, 2) + 0.5) * stride)
        strides.append(torch.full((centres[-1].shape[0],), float(stride)))
    return torch.cat(centres), torch.cat(strides)


def centred(raw: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
    """Boxes B×4×n (cx, cy, width, height) in pixels from the first four rows of the raw cells.

    A centre is free to lie outside its cell, so that a box narrower than a stride can still be met exactly.
    """
    middle = raw[:, :2] * strides + centres.T
    return torch.cat((middle, raw[:, 2:4].clamp(max=6.0).exp() * strides), 1)


def _doubled(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")
