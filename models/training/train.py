"""The training loop: AdamW on a cosine, a moving average of the weights; resumable at any step.

Sixteen-bit numbers are used where the processor has them: they halve a step there, and make one ten times as
long on a processor that must imitate them.
"""

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

from models.training.augment import Variety
from models.training.batches import Batch, Batches
from models.training.loss import Loss, Truth
from models.training.network import Network, Shape, cells
from models.training.warm import unfolded

TELL_EVERY = 100
"""Steps between two lines on how it goes."""
SAVE_EVERY_S = 120.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long a training learns and how fast.

    Attributes:
        pictures: number of pictures that the network is shown.
        minutes: time after which it is at its end, however few pictures were shown; None for no limit. A
            training with a limit depends on the machine's speed and cannot be repeated exactly.
        pace: highest learning rate.
        warm_up: pictures until the learning rate is at its highest.
        decay: weight decay.
        box_weight: weight of the box loss against the class loss.
        memory: share of the averaged weights that a step leaves.
    """

    pictures: int
    minutes: float | None = None
    pace: float = 1.5e-3
    warm_up: int = 5_000
    decay: float = 0.03
    box_weight: float = 2.0
    memory: float = 0.999

    def done(self, seen: int, spent_s: float) -> float:
        """Share 0..1 of the schedule that is behind, by pictures or by time, whichever is further."""
        by_time = 0.0 if self.minutes is None else spent_s / (60 * self.minutes)
        return min(1.0, max(seen / self.pictures, by_time))

    def rate(self, seen: int, spent_s: float) -> float:
        """Learning rate: linear up, and half a cosine over the whole, down to a fiftieth."""
        fall = 0.02 + 0.98 * (1 + math.cos(math.pi * self.done(seen, spent_s))) / 2
        return self.pace * fall * min(1.0, (seen + 1) / self.warm_up)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a schedule with pictures of one size.

    Attributes:
        width: of the pictures, pixels.
        height: of the pictures, pixels.
        until: share of the schedule at which it ends.
        batch: pictures per step.
        variety: how its pictures are varied, where not as the recipe says.
    """

    width: int
    height: int
    until: float = 1.0
    batch: int = 16
    variety: Variety | None = None


class Training:
    """A network, its average, its optimiser and where it has got to; `save` and `load` keep all of it.

    On the CPU a batch is shared out to threads that each compute alone on a replica: on cores that others
    use too, the barriers of a threaded convolution cost several times what they save.
    """

    def __init__(
        self, shape: Shape, schedule: Schedule, stage: Stage, seed: int, device: torch.device, threads: int
    ) -> None:
        torch.manual_seed(seed)
        self._schedule, self._stage, self._device = schedule, stage, device
        self._half = device.type != "cpu" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))
        self.step = self.seen = 0
        self.spent_s = 0.0
        self._network = _placed(Network(shape), device)
        self.average = copy.deepcopy(self._network).eval()
        count = threads if device.type == "cpu" else 1
        self._replicas = [self._network, *(copy.deepcopy(self._network) for _ in range(count - 1))]
        self._pool = ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,))
        self._optimiser = torch.optim.AdamW(_groups(self._network, schedule.decay))
        centres, strides = cells(stage.width, stage.height)
        self._loss = Loss(centres.to(device), strides.to(device))

    @property
    def done(self) -> float:
        """Share 0..1 of the schedule that is behind."""
        return self._schedule.done(self.seen, self.spent_s)

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step; returns the class and the box loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = self._schedule.rate(self.seen, self.spent_s)
        losses = list(self._pool.map(self._gradient, self._replicas, batch.split(len(self._replicas))))
        self._gather()
        nn.utils.clip_grad_norm_(self._network.parameters(), 10.0)
        self._optimiser.step()
        self.step, self.seen = self.step + 1, self.seen + len(batch.truths)
        self._remember()
        for replica in self._replicas[1:]:
            _copy(self._network.parameters(), replica.parameters())
        return fmean(kind for kind, _ in losses), fmean(box for _, box in losses)

    def _gradient(self, network: Network, batch: Batch) -> tuple[float, float]:
        network.zero_grad(set_to_none=True)
        pixels = batch.pixels.to(self._device).permute(0, 3, 1, 2)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._half):
            raw = network(pixels.float() / 255)
        kind, box = self._loss(raw, [_moved(truth, self._device) for truth in batch.truths])
        torch.autograd.backward((kind + self._schedule.box_weight * box) / len(self._replicas))
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
                "seen": self.seen,
                "spent_s": self.spent_s,
                "shape": asdict(self._network.shape),
                "network": self._network.state_dict(),
                "average": self.average.state_dict(),
                "optimiser": self._optimiser.state_dict(),
            },
            partial,
        )
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a file of `save`."""
        held = torch.load(path, map_location=self._device, weights_only=True)
        self.average.load_state_dict(held["average"])
        self._network.load_state_dict(held["network"])
        self._optimiser.load_state_dict(held["optimiser"])
        self.step, self.seen, self.spent_s = held["step"], held["seen"], held["spent_s"]
        self._spread()

    def start_from(self, model: bytes, batch: Batch) -> None:
        """Start from an exported model; `batch` shows what the pictures are like."""
        pictures = batch.pixels.to(self._device).permute(0, 3, 1, 2).float() / 255
        unfolded(self._network, model, pictures)
        self.average.load_state_dict(self._network.state_dict())
        self._spread()

    def _spread(self) -> None:
        for replica in self._replicas[1:]:
            replica.load_state_dict(self._network.state_dict())

    def _remember(self) -> None:
        keep = self._schedule.memory * (1 - math.exp(-self.step / 1000))
        with torch.no_grad():
            for old, new in zip(
                self.average.state_dict().values(), self._network.state_dict().values(), strict=True
            ):
                if old.is_floating_point():
                    old.lerp_(new, 1 - keep)


def run(
    training: Training,
    stage: Stage,
    batches: Batches,
    file: Path,
    say: Callable[[str], None],
    look: Callable[[Training], None],
    stop: Callable[[], bool],
) -> None:
    """Learn until the stage ends or it is asked to stop, saving now and then and saying how it goes."""
    saved = told = last = time.monotonic()
    losses: list[tuple[float, float]] = []
    for batch in batches:
        if training.done >= stage.until or stop():
            break
        losses.append(training.learn(batch))
        training.spent_s, last = training.spent_s + time.monotonic() - last, time.monotonic()
        look(training)
        if len(losses) == TELL_EVERY:
            speed = TELL_EVERY * stage.batch / (time.monotonic() - told)
            say(f"{_told(training, losses)}, {speed:.0f} pictures/s")
            told, losses = time.monotonic(), []
        if time.monotonic() - saved > SAVE_EVERY_S:
            training.save(file)
            saved = time.monotonic()
    training.save(file)


def _told(training: Training, losses: list[tuple[float, float]]) -> str:
    kind, box = (fmean(column) for column in zip(*losses, strict=True))
    return f"{training.seen} pictures, {training.done:.0%}: class {kind:.3f} box {box:.3f}"


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
