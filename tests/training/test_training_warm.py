"""A network that starts from a landed model answers as that model does, also while it learns."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install 'safecity-edge[train]'")
pytest.importorskip("onnx")

from models.training.export import exported  # noqa: E402
from models.training.network import Network, Shape  # noqa: E402
from models.training.warm import unfolded  # noqa: E402

SMALL = Shape(classes=2, trunk=(16, 16, 16, 16, 16), depth=(1, 1, 1), neck=16)


@pytest.fixture(scope="module")
def landed():
    """A network whose normalisations are not the ones of a new one, and its exported model."""
    torch.manual_seed(4)
    network = Network(SMALL).train()
    with torch.no_grad():
        for _ in range(20):
            network(pictures(4))
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.05)
    return network.eval(), exported(network, 96, 64)


def pictures(count):
    generator = torch.Generator().manual_seed(count)
    return torch.rand(count, 3, 64, 96, generator=generator)


def test_it_answers_as_the_model(landed):
    network, model = landed
    pupil = Network(SMALL)
    unfolded(pupil, model, pictures(16))
    assert pupil.training
    with torch.no_grad():
        assert pupil.eval()(pictures(3)).numpy() == pytest.approx(
            network(pictures(3)).numpy(), rel=1e-3, abs=1e-3
        )


def test_it_still_does_so_by_the_statistics_of_a_batch(landed):
    network, model = landed
    pupil = Network(SMALL)
    unfolded(pupil, model, pictures(16))
    with torch.no_grad():
        learning, answering = pupil.train()(pictures(16)), network(pictures(16))
    fresh = Network(SMALL).train()(pictures(16)).detach()
    off = (learning - answering).abs().mean()
    assert off < 0.2 * (fresh - answering).abs().mean()


def test_other_classes_are_learnt_anew_and_the_rest_is_kept(landed):
    network, model = landed
    pupil = Network(Shape(classes=5, trunk=SMALL.trunk, depth=SMALL.depth, neck=SMALL.neck))
    unfolded(pupil, model, pictures(16))
    with torch.no_grad():
        boxes = pupil.eval()(pictures(3))[:, :4].numpy()
    assert boxes == pytest.approx(network(pictures(3))[:, :4].detach().numpy(), rel=1e-3, abs=1e-3)


def test_a_model_of_another_shape_is_refused(landed):
    _, model = landed
    wider = Network(Shape(classes=2, trunk=(16, 16, 32, 16, 16), depth=(1, 1, 1), neck=16))
    with pytest.raises(ValueError, match="wanted weights"):
        unfolded(wider, model, pictures(4))
    deeper = Network(Shape(classes=2, trunk=SMALL.trunk, depth=(2, 1, 1), neck=16))
    with pytest.raises(ValueError, match="convolutions"):
        unfolded(deeper, model, pictures(4))


def test_the_exported_copy_of_the_pupil_is_the_model_again(landed):
    _, model = landed
    pupil = Network(SMALL)
    unfolded(pupil, model, pictures(16))
    session, again = (
        pytest.importorskip("onnxruntime").InferenceSession(m, providers=["CPUExecutionProvider"])
        for m in (model, exported(pupil, 96, 64))
    )
    pixels = np.random.default_rng(0).integers(0, 256, (1, 64, 96, 3)).astype(np.uint8)
    (told,), (wanted,) = again.run(None, {"pixels": pixels}), session.run(None, {"pixels": pixels})
    assert told == pytest.approx(wanted, rel=1e-3, abs=1e-2)
