"""What a training step is punished for: quality-aware class scores and box overlap on task-aligned cells.

Sources: task alignment (TOOD, Feng 2021), quality focal loss (GFL, Li 2020), complete IoU (Zheng 2020).
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from models.training.network import centred


@dataclass(frozen=True, slots=True)
class Truth:
    """Labels of one picture: boxes g×4 corners in pixels, kinds g, weights g 0..1; skip n: not judged."""

    boxes: Tensor
    kinds: Tensor
    weights: Tensor
    skip: Tensor


@dataclass(frozen=True, slots=True)
class Match:
    """The t cells of a picture that are taught: their numbers, the label of each, and its quality 0..1."""

    cells: Tensor
    label: Tensor
    quality: Tensor


class Loss:
    """Loss of raw cells against labels; holds the cell geometry.

    `topk` cells per box are taught, score^`alpha` × IoU^`beta` ranks them; a box may be taught to cells
    whose centre lies in it or, for a small one, within a stride of its middle.
    """

    def __init__(
        self, centres: Tensor, strides: Tensor, topk: int = 9, alpha: float = 0.5, beta: float = 4.0
    ) -> None:
        self._centres, self._strides = centres, strides
        self._topk, self._alpha, self._beta = topk, alpha, beta

    def __call__(self, raw: Tensor, truths: list[Truth]) -> tuple[Tensor, Tensor]:
        """Class and box loss of raw cells B×(4+classes)×n, summed over cells and divided by all quality."""
        raw = raw.float()
        boxes = _corners(centred(raw, self._centres, self._strides)).transpose(1, 2)
        logits = raw[:, 4:].transpose(1, 2)
        matches = [
            self._match(b.detach(), x.detach(), t) for b, x, t in zip(boxes, logits, truths, strict=True)
        ]
        target, weight = self._targets(logits, truths, matches)
        score = logits.sigmoid()
        kind = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
        kind = (kind * (target - score.detach()).abs().square() * weight).sum()
        box = _box_loss(boxes, truths, matches)
        mass = target.sum().clamp(min=1.0)
        return kind / mass, box / mass

    def _targets(self, logits: Tensor, truths: list[Truth], matches: list[Match]) -> tuple[Tensor, Tensor]:
        target = torch.zeros_like(logits)
        weight = torch.ones_like(logits)
        for row, (truth, match) in enumerate(zip(truths, matches, strict=True)):
            weight[row, truth.skip] = 0.0
            weight[row, match.cells] = truth.weights[match.label][:, None]
            target[row, match.cells, truth.kinds[match.label]] = match.quality
        return target, weight

    def _match(self, boxes: Tensor, logits: Tensor, truth: Truth) -> Match:
        near = self._near(truth.boxes)
        cells = near.any(0).nonzero()[:, 0]
        if not len(cells):
            return Match(cells, cells, boxes.new_zeros(0))
        iou = _iou(truth.boxes[:, None], boxes[None, cells])
        score = logits[cells].sigmoid()[:, truth.kinds].T
        rank = (score.pow(self._alpha) * iou.pow(self._beta) + 1e-9) * near[:, cells]
        best, where = rank.topk(min(self._topk, len(cells)), dim=1)
        chosen = torch.zeros_like(rank).scatter_(1, where, (best > 0).to(rank.dtype))
        claim, label = (chosen * (iou + 1e-6)).max(0)
        chosen = chosen * functional.one_hot(label, len(rank)).T
        rank, iou = rank * chosen, iou * chosen
        quality = (rank / rank.amax(1, keepdim=True).clamp(min=1e-9) * iou.amax(1, keepdim=True)).amax(0)
        taught = claim > 0
        return Match(cells[taught], label[taught], quality[taught])

    def _near(self, boxes: Tensor) -> Tensor:
        half = (boxes[:, 2:] - boxes[:, :2])[:, :, None] / 2
        away = (self._centres.T[None] - (boxes[:, :2] + boxes[:, 2:])[:, :, None] / 2).abs()
        size = half.amax(1)
        reach = torch.where((size < 4 * self._strides)[:, None], half.maximum(self._strides), half)
        inside = (away[:, 0] < reach[:, 0]) & (away[:, 1] < reach[:, 1])
        return inside & (size * 4 >= self._strides)  # a map much coarser than a box cannot place it


def complete_iou(a: Tensor, b: Tensor) -> Tensor:
    """Complete IoU of boxes n×4 with n×4: overlap less centre distance and difference of aspect."""
    low, high = torch.minimum(a[:, :2], b[:, :2]), torch.maximum(a[:, 2:], b[:, 2:])
    diagonal = (high - low).square().sum(1) + 1e-6
    apart = ((a[:, :2] + a[:, 2:] - b[:, :2] - b[:, 2:]) / 2).square().sum(1)
    sides_a, sides_b = (a[:, 2:] - a[:, :2]).clamp(min=1e-3), (b[:, 2:] - b[:, :2]).clamp(min=1e-3)
    turn = torch.atan(sides_a[:, 0] / sides_a[:, 1]) - torch.atan(sides_b[:, 0] / sides_b[:, 1])
    aspect = 4 / torch.pi**2 * turn.square()
    iou = _iou(a, b)
    with torch.no_grad():
        share = aspect / (1 - iou + aspect).clamp(min=1e-6)
    return iou - apart / diagonal - share * aspect


def _box_loss(boxes: Tensor, truths: list[Truth], matches: list[Match]) -> Tensor:
    """Summed over all pictures in one go: many small operations cost more than their arithmetic."""
    pairs = list(zip(truths, matches, strict=True))
    told = torch.cat([b[m.cells] for b, m in zip(boxes, matches, strict=True)])
    goal = torch.cat([t.boxes[m.label] for t, m in pairs])
    worth = torch.cat([m.quality.clamp(min=0.1) * t.weights[m.label] for t, m in pairs])
    return ((1 - complete_iou(told, goal)) * worth).sum()


def _iou(a: Tensor, b: Tensor) -> Tensor:
    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    shared = (high - low).clamp(min=0).prod(-1)
    areas = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - shared
    return shared / areas.clamp(min=1e-6)


def _corners(centred: Tensor) -> Tensor:
    half = centred[:, 2:] / 2
    return torch.cat((centred[:, :2] - half, centred[:, :2] + half), 1)
