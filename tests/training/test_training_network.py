"""The network learns, resumes where it stopped, and is exported as it was trained."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install 'safecity-edge[train]'")
onnxruntime = pytest.importorskip("onnxruntime")

from models.training.augment import Augment, Variety  # noqa: E402
from models.training.batches import Batches, Source  # noqa: E402
from models.training.data import Labelled, Shelf  # noqa: E402
from models.training.export import Product, exported  # noqa: E402
from models.training.loss import Loss, Truth, complete_iou  # noqa: E402
from models.training.network import Network, Shape, cells, centred  # noqa: E402
from models.training.train import Schedule, Stage, Training  # noqa: E402

SMALL = Shape(classes=2, trunk=(16, 16, 16, 16, 16), depth=(1, 1, 1), neck=16)
SCHEDULE = Schedule(pictures=400, pace=2e-3, warm_up=20)
STAGE = Stage(96, 64, batch=4)


def square(seed):
    rng = np.random.default_rng(seed)
    pixels = np.full((64, 96, 3), 90, np.uint8)
    x, y = int(rng.integers(0, 60)), int(rng.integers(0, 30))
    pixels[y : y + 30, x : x + 24] = (230, 30, 30)
    box = np.array([[x, y, x + 24, y + 30]], np.float32)
    return Labelled("square", pixels, box, np.array([1], np.int64), np.ones(1, np.float32))


@pytest.fixture
def batches():
    torch.set_num_threads(1)
    tame = Variety(four=0, nine=0, plain=1, grey=0, night=0, blur=0, noise=0, jpeg=0)
    shelf = Shelf([square(seed) for seed in range(16)])
    return lambda first=0: Batches([Source(shelf, 1.0)], Augment(96, 64, tame), 4, seed=1, first=first)


def training(threads=2):
    return Training(SMALL, SCHEDULE, STAGE, 1, torch.device("cpu"), threads)


def learn(pupil, batches, steps):
    losses = [pupil.learn(batch) for batch, _ in zip(batches(pupil.step), range(steps), strict=False)]
    return [sum(loss) for loss in losses]


def test_it_learns_a_red_square(batches):
    losses = learn(training(), batches, 60)
    assert np.mean(losses[-5:]) < 0.75 * np.mean(losses[:5])


def test_a_resumed_training_is_the_same_as_one_never_stopped(batches, tmp_path):
    whole, half = training(), training()
    straight = learn(whole, batches, 6)
    learn(half, batches, 3)
    half.save(tmp_path / "state.pt")
    again = training()
    again.load(tmp_path / "state.pt")
    assert (again.step, again.seen) == (3, 12)
    assert learn(again, batches, 3) == pytest.approx(straight[3:], rel=1e-4)


def test_the_pace_rises_falls_and_ends_with_the_pictures():
    rates = [SCHEDULE.rate(seen, 0.0) for seen in range(0, 401, 20)]
    assert max(rates) == rates[1]
    assert rates[1:] == sorted(rates[1:], reverse=True)
    assert rates[-1] == pytest.approx(SCHEDULE.pace / 50)


def test_a_limit_of_time_ends_the_schedule_however_few_pictures_were_seen():
    hasty = replace(SCHEDULE, minutes=10.0)
    assert hasty.done(40, 300.0) == 0.5
    assert hasty.done(300, 300.0) == 0.75
    assert hasty.rate(40, 600.0) == pytest.approx(SCHEDULE.pace / 50)


def test_the_exported_model_answers_as_the_network_does():
    network = Network(Shape()).eval()
    model = exported(network, 96, 64)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    pixels = np.random.default_rng(0).integers(0, 256, (1, 64, 96, 3)).astype(np.uint8)
    (told,) = session.run(None, {"pixels": pixels})
    assert told.shape == (1, 10, 96 + 24 + 6)
    with torch.no_grad():
        wanted = Product(network, 96, 64)(torch.from_numpy(pixels)).numpy()
    assert told == pytest.approx(wanted, rel=1e-2, abs=1e-2)


def test_the_shipped_size_stays_small():
    assert 300_000 <= sum(p.numel() for p in Network(Shape()).parameters()) <= 1_000_000


def test_complete_iou_is_one_for_the_same_box_and_falls_with_distance():
    box = torch.tensor([[10.0, 10.0, 30.0, 60.0]])
    assert complete_iou(box, box).item() == pytest.approx(1.0, abs=1e-4)
    near, far = (complete_iou(box + shift, box).item() for shift in (5.0, 200.0))
    assert 1 > near > 0 > far


def test_a_perfect_answer_costs_little_and_an_ignored_place_nothing():
    centres, strides = cells(96, 64)
    loss = Loss(centres, strides)
    truth = Truth(
        torch.tensor([[20.0, 10.0, 44.0, 40.0]]), torch.tensor([1]), torch.ones(1), torch.zeros(126).bool()
    )
    raw = torch.zeros(1, 6, 126)
    raw[:, :2] = ((torch.tensor([[32.0], [25.0]]) - centres.T) / strides)[None]
    raw[:, 2:4] = (torch.tensor([[24.0], [30.0]]) / strides).log()[None]
    raw[:, 4:] = -20.0
    assert torch.allclose(centred(raw, centres, strides)[0, :, 0], torch.tensor([32.0, 25.0, 24.0, 30.0]))
    _, box = loss(raw, [truth])
    assert box.item() < 1e-3
    raw[:, 4] = 5.0  # sure of the wrong class everywhere
    wrong, _ = loss(raw, [truth])
    nowhere = Truth(truth.boxes[:0], truth.kinds[:0], truth.weights[:0], torch.ones(126).bool())
    nothing, _ = loss(raw, [nowhere])
    assert wrong.item() > 1.0
    assert nothing.item() == 0.0


def test_a_box_narrower_than_a_stride_is_taught():
    centres, strides = cells(96, 64)
    truth = Truth(
        torch.tensor([[41.0, 20.0, 46.0, 33.0]]), torch.tensor([0]), torch.ones(1), torch.zeros(126).bool()
    )
    _, box = Loss(centres, strides)(torch.zeros(1, 6, 126), [truth])
    assert box.item() > 0
