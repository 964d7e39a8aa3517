"""The training loop: AdamW on a cosine, bfloat16, a moving average of the weights; resumable at any step."""

import copy
import math
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import torch
from torch import Tensor, nn

from models.training.batches import Batch, Batches
from models.training.loss import Loss, Truth
from models.training.network import Network, Shape, cells

TELL_EVERY = 100
"""Steps between two lines on how it goes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One stage of a training.

    Attributes:
        width: of the pictures, pixels.
        height: of the pictures, pixels.
        steps: length of the whole schedule, over all stages.
        until: step at which this stage ends; None for the end of the schedule.
        batch: pictures per step.
        pace: highest learning rate.
        warm_up: steps until the learning rate is at its highest.
        decay: weight decay.
        box_weight: weight of the box loss against the class loss.
        memory: share of the averaged weights that a step leaves.
        save_every_s: seconds between saved states.
    """

    width: int = 416
    height: int = 256
    steps: int = 12_000
    batch: int = 32
    pace: float = 2e-3
    warm_up: int = 300
    decay: float = 0.03
    box_weight: float = 2.0
    memory: float = 0.999
    save_every_s: float = 120.0
    until: int | None = None

    def rate(self, step: int) -> float:
        """Learning rate at a step: linear up, then half a cosine down to a fiftieth."""
        if step < self.warm_up:
            return self.pace * (step + 1) / self.warm_up
        done = min(1.0, (step - self.warm_up) / max(1, self.steps - self.warm_up))
        return self.pace * (0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2)


class Training:
    """A network, its average, its optimiser and where it has got to; `save` and `load` keep all of it.

    On the CPU a batch is shared out to threads that each compute alone on a replica: on cores that others
    use too, the barriers of a threaded convolution cost several times what they save.
    """

    def __init__(self, shape: Shape, plan: Plan, seed: int, device: torch.device, threads: int) -> None:
        torch.manual_seed(seed)
        self._plan, self._device, self.step = plan, device, 0
        self._network = _placed(Network(shape), device)
        self.average = copy.deepcopy(self._network).eval()
        count = threads if device.type == "cpu" else 1
        self._replicas = [self._network, *(copy.deepcopy(self._network) for _ in range(count - 1))]
        self._pool = ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,))
        self._optimiser = torch.optim.AdamW(_groups(self._network, plan.decay), lr=plan.pace)
        centres, strides = cells(plan.width, plan.height)
        self._loss = Loss(centres.to(device), strides.to(device))

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step; returns the class and the box loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = self._plan.rate(self.step)
        losses = list(self._pool.map(self._gradient, self._replicas, batch.split(len(self._replicas))))
        self._gather()
        nn.utils.clip_grad_norm_(self._network.parameters(), 10.0)
        self._optimiser.step()
        self.step += 1
        self._remember()
        for replica in self._replicas[1:]:
            _copy(self._network.parameters(), replica.parameters())
        return fmean(kind for kind, _ in losses), fmean(box for _, box in losses)

    def _gradient(self, network: Network, batch: Batch) -> tuple[float, float]:
        network.zero_grad(set_to_none=True)
        pixels = batch.pixels.to(self._device).permute(0, 3, 1, 2)
        with torch.autocast(self._device.type, torch.bfloat16):
            raw = network(pixels.to(torch.bfloat16) / 255)
        kind, box = self._loss(raw, [_moved(truth, self._device) for truth in batch.truths])
        torch.autograd.backward((kind + self._plan.box_weight * box) / len(self._replicas))
        return kind.item(), box.item()

    def _gather(self) -> None:
        for replica in self._replicas[1:]:
            for own, other in zip(self._network.parameters(), replica.parameters(), strict=True):
                assert own.grad is not None and other.grad is not None
                own.grad += other.grad

    def save(self, path: Path) -> None:
        """Write everything; the file appears whole or not at all."""
        partial = path.with_suffix(".partial")
        torch.save(
            {
                "step": self.step,
                "shape": asdict(self._network.shape),
                "network": self._network.state_dict(),
                "average": self.average.state_dict(),
                "optimiser": self._optimiser.state_dict(),
            },
            partial,
        )
        partial.replace(path)

    def load(self, path: Path, weights_only: bool = False) -> None:
        """Go on from a file of `save`; with `weights_only` start a new schedule from its averaged weights."""
        held = torch.load(path, map_location=self._device, weights_only=True)
        self.average.load_state_dict(held["average"])
        self._network.load_state_dict(held["average" if weights_only else "network"])
        for replica in self._replicas[1:]:
            replica.load_state_dict(self._network.state_dict())
        if not weights_only:
            self._optimiser.load_state_dict(held["optimiser"])
            self.step = held["step"]

    def _remember(self) -> None:
        keep = self._plan.memory * (1 - math.exp(-self.step / 1000))
        with torch.no_grad():
            for old, new in zip(
                self.average.state_dict().values(), self._network.state_dict().values(), strict=True
            ):
                if old.is_floating_point():
                    old.lerp_(new, 1 - keep)


def run(
    training: Training,
    plan: Plan,
    batches: Batches,
    file: Path,
    say: Callable[[str], None],
    stop: Callable[[], bool],
) -> None:
    """Learn until the stage ends or it is asked to stop, saving now and then and saying how it goes."""
    saved = told = time.monotonic()
    losses: list[tuple[float, float]] = []
    for batch in batches:
        if training.step >= (plan.until or plan.steps) or stop():
            break
        losses.append(training.learn(batch))
        if len(losses) == TELL_EVERY:
            kind, box = (fmean(column) for column in zip(*losses, strict=True))
            speed = TELL_EVERY * plan.batch / (time.monotonic() - told)
            say(f"step {training.step}: class {kind:.3f} box {box:.3f}, {speed:.0f} pictures/s")
            told, losses = time.monotonic(), []
        if time.monotonic() - saved > plan.save_every_s:
            training.save(file)
            saved = time.monotonic()
    training.save(file)


def _placed(network: Network, device: torch.device) -> Network:
    return network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _copy(source: Iterable[Tensor], target: Iterable[Tensor]) -> None:
    with torch.no_grad():
        for new, old in zip(source, target, strict=True):
            old.copy_(new)


def _groups(network: nn.Module, decay: float) -> list[dict[str, object]]:
    """Weights of convolutions decay; biases and normalisation do not."""
    free = [p for p in network.parameters() if p.ndim == 1]
    return [
        {"params": [p for p in network.parameters() if p.ndim > 1], "weight_decay": decay},
        {"params": free, "weight_decay": 0.0},
    ]


def _moved(truth: Truth, device: torch.device) -> Truth:
    parts = (truth.boxes, truth.kinds, truth.weights, truth.skip)
    return Truth(*(part.to(device, non_blocking=True) for part in parts))
