import json

import pytest

from edge.samples import render
from edge.samples.account import account
from edge.samples.scene import Actor, Label, Stop
from edge.values.truth import Truth
from tests.fakes.samples import small_scene, walker


@pytest.fixture(scope="module")
def truth() -> Truth:
    car = Actor(Label.CAR, (Stop(0.0, 12.0),), facing_deg=90.0)
    zone = {"yard": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))}
    scene = small_scene(walker((-3, 14.5), (3, 14.5)), car, seconds=1.0, zones=zone)
    return account(scene, {1: "person", 2: "car"}, [frame for _, frame in render(scene, 1)])


def test_json_tells_the_same_truth(truth: Truth) -> None:
    again = Truth.from_json(json.loads(json.dumps(truth.to_json())))
    assert (again.name, again.size, again.fps, again.labels) == (
        truth.name,
        truth.size,
        truth.fps,
        truth.labels,
    )
    assert (again.counts, again.zones, again.lines) == (truth.counts, truth.zones, truth.lines)
    for frame, true_frame in zip(again.frames, truth.frames, strict=True):
        assert frame.pts_s == pytest.approx(true_frame.pts_s)
        for o, original in zip(frame.objects, true_frame.objects, strict=True):
            assert (o.id, o.label) == (original.id, original.label)
            assert o.full == pytest.approx(original.full, abs=1e-4)
            assert o.feet == pytest.approx(original.feet, abs=1e-3)
            assert o.visibility == pytest.approx(original.visibility, abs=1e-4)
            assert (o.visible is None) is (original.visible is None)


def test_writing_what_was_read_gives_the_same_bytes(truth: Truth) -> None:
    written = json.dumps(truth.to_json())
    assert json.dumps(Truth.from_json(json.loads(written)).to_json()) == written


def test_another_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="wants schema 1, got 7"):
        Truth.from_json({"schema": 7})


def test_a_damaged_truth_is_refused(truth: Truth) -> None:
    data = truth.to_json()
    del data["homography"]
    with pytest.raises(ValueError, match="homography"):
        Truth.from_json(data)
