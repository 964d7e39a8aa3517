"""The empty street for consoles: only where the policy allows it, as coarse as it says, with nobody in it."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.config.load import load
from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.privacy.background import STRIPES
from edge.run import verb_background
from edge.run.console_picture import console_picture, finest_px_per_m
from edge.run.wiring import auditing, vaulting
from edge.values.audit import Action
from edge.values.errors import ConfigError, PolicyError
from tests.fakes.blobs import GREEN, RED
from tests.fakes.box import Box, camera
from tests.fakes.governed import governed

STREET = np.random.default_rng(3).integers(60, 200, (180, 320, 3)).astype(np.uint8)
FREE = np.zeros((180, 320), np.bool_)
POINTS = [
    {"at": [0.1, 0.95], "metres": [0, 0]},
    {"at": [0.9, 0.95], "metres": [8, 0]},
    {"at": [0.7, 0.3], "metres": [8, 12]},
    {"at": [0.3, 0.3], "metres": [0, 12]},
    {"at": [0.5, 0.5], "metres": [4, 6.35]},
]


def flat(px_per_m: float) -> Ground:
    """The ground straight from above: so many pixels per metre all over a picture of 320×180."""
    plane = np.diag([320 / px_per_m, 180 / px_per_m, 1.0])
    return Ground(Lens(320 / 180), plane, np.empty((0, 3, 3)))


def box_with(folder: Path, allowed: str, *, ground: bool = True, **policy: str) -> Box:
    box = Box(folder)
    state = governed(folder, folder / "blobs", allowed=allowed, **policy)
    more = {"ground": {"points": POINTS}} if ground else {}
    box.configure(policy=state.policy, cameras=[camera("north", box.clip, **more)], rules=[])
    return box


ALLOWED = "[detect-objects, count, follow-in-one-camera, record-footage, people-free-background]"


@pytest.mark.parametrize(
    ("finest", "most", "width"), [(80, 40, 160), (160, 40, 80), (20, 40, 320), (40, 40, 320)]
)
def test_no_metre_has_more_pixels_than_the_policy_says(finest: float, most: float, width: int) -> None:
    ground = flat(finest)
    assert finest_px_per_m(ground, 180) == pytest.approx(finest)
    picture = console_picture(STREET, FREE, (), ground, most)
    assert abs(picture.shape[1] - width) <= 1
    assert finest_px_per_m(ground, picture.shape[0]) <= most + 0.01


def test_a_doubtful_ground_is_taken_by_its_worst() -> None:
    sure = flat(40)
    doubtful = replace(sure, doubts=np.stack([flat(80).plane, flat(30).plane]))
    assert finest_px_per_m(doubtful, 180) == pytest.approx(80)


def test_what_is_masked_or_unseen_is_hatched_also_at_its_borders() -> None:
    unseen = FREE.copy()
    unseen[100:120, 200:230] = True
    mask = ((0.0, 0.0), (0.25, 0.0), (0.25, 0.5), (0.0, 0.5))
    pictures = [
        console_picture(
            np.where(unseen[..., None], fill, STREET).astype(np.uint8), unseen, [mask], flat(80), 40
        )
        for fill in (0, 255)
    ]
    hidden = np.isin(pictures[0], np.array(STRIPES)).all(axis=2)
    assert hidden[50:60, 100:115].all()
    assert hidden[:44, :39].all()
    assert np.array_equal(*pictures), "a pixel of what was not seen shines through"


def test_so_coarse_that_nothing_is_left_is_told() -> None:
    with pytest.raises(ConfigError, match="leave nothing of the picture"):
        console_picture(STREET, FREE, (), flat(40), 0)


def test_the_street_is_shown_without_who_walks_through_and_the_log_tells_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box, out = box_with(tmp_path / "box", ALLOWED), tmp_path / "north.png"
    verb_background.background(box.config, "north", 60.0, out)
    seen = cv2.imread(str(out))
    assert seen is not None
    pixels = seen[:, :, ::-1].astype(int)
    for colour in (RED, GREEN):
        assert np.abs(pixels - colour).sum(axis=2).min() > 100, "somebody is in it"
    assert "without people" in capsys.readouterr().out
    (entry,) = [
        e.entry for e in auditing.entries(box.folder / "var" / "audit") if e.entry.action is Action.READ
    ]
    assert (entry.subject, entry.actor.startswith("user ")) == ("north", True)
    verb_background.background(box.config, "north", 60.0, out)  # a console's file is replaced
    assert [each.name for each in tmp_path.iterdir() if each.suffix != ""] == ["north.png"]


def test_without_the_policys_word_nothing_is_shown(tmp_path: Path) -> None:
    box, out = box_with(tmp_path / "box", ALLOWED.replace(", people-free-background", "")), tmp_path / "n.png"
    with pytest.raises(PolicyError, match="does not allow people-free-background"):
        verb_background.background(box.config, "north", 60.0, out)
    bare = Box(tmp_path / "bare")
    with pytest.raises(PolicyError, match="does not allow people-free-background"):
        verb_background.background(bare.config, "north", 60.0, out)
    assert not out.exists()


def test_without_measured_ground_nobody_knows_how_fine_it_is(tmp_path: Path) -> None:
    box = box_with(tmp_path / "box", ALLOWED, ground=False)
    with pytest.raises(ConfigError, match="has no measured ground"):
        verb_background.background(box.config, "north", 60.0, tmp_path / "north.png")


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    box = box_with(tmp_path / "box", ALLOWED)
    with pytest.raises(ConfigError, match="there is no camera west; there are north"):
        verb_background.background(box.config, "west", 60.0, tmp_path / "north.png")
    with pytest.raises(ConfigError, match=r"wanted a file that ends in \.png"):
        verb_background.background(box.config, "north", 60.0, tmp_path / "north.jpg")
    with pytest.raises(ConfigError, match="watch for longer"):
        verb_background.background(box.config, "north", 0.2, tmp_path / "north.png")
    with pytest.raises(ConfigError):
        vaulting.node_of(box.config)
    assert load(box.config).policy.max_px_per_m == 40
