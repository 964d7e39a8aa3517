"""The empty street for consoles: only where the policy allows it, as coarse as it says, with nobody in it."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edge.config.load import load
from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.messages.background import BackgroundMessage
from edge.messages.parse import parse
from edge.privacy.allowed_place import MAX_PICTURE_BYTES
from edge.privacy.background import STRIPES
from edge.run import verb_background, verb_calibrate
from edge.run.console_picture import console_picture, finest_px_per_m, to_send
from edge.run.console_standing import standing
from edge.run.wiring import auditing, vaulting
from edge.suitability.verdict import Verdict
from edge.values.audit import Action
from edge.values.errors import ConfigError, PolicyError, StorageError
from edge.values.frame import Pixels
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
    shown = console_picture(STREET, FREE, (), ground, most)
    picture = shown.pixels
    assert abs(picture.shape[1] - width) <= 1
    assert finest_px_per_m(ground, picture.shape[0]) == shown.px_per_m <= most


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
        ).pixels
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


def sent(box: Box) -> BackgroundMessage:
    ((topic, payload),) = box.query("SELECT topic, payload FROM messages")
    assert topic == "safecity/v1/test/box/background/north"
    told = parse(topic, payload)
    assert isinstance(told, BackgroundMessage)
    return told


def test_it_is_sent_through_the_outbox_and_the_log_has_its_hash_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = box_with(tmp_path / "box", ALLOWED)
    verb_background.background(box.config, "north", 60.0, None, send=True)
    data = sent(box).data
    assert "in the outbox: north without people" in capsys.readouterr().out
    assert data.from_[:4] == data.until[:4] == data.utc[:4] != "1970", "a clip has no time of its own"
    assert data.px_per_m <= data.policy.max_px_per_m == 40
    seen = cv2.imdecode(np.frombuffer(data.raw, np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    assert seen.shape == (data.height, data.width, 3)
    for colour in (RED, GREEN):
        assert np.abs(seen[:, :, ::-1].astype(int) - colour).sum(axis=2).min() > 100, "somebody is in it"
    entry = [e.entry for e in auditing.entries(box.folder / "var" / "audit")][-1]
    assert (entry.action, entry.subject) == (Action.READ, "north")
    assert entry.words.endswith(hashlib.sha256(data.raw).hexdigest())
    assert "sent to the monitoring centre" in entry.words


def test_where_the_log_cannot_be_written_nothing_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = box_with(tmp_path / "box", ALLOWED)

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(auditing.Journal, "note", full)
    for out, send in ((None, True), (tmp_path / "north.png", False)):
        with pytest.raises(StorageError):
            verb_background.background(box.config, "north", 60.0, out, send=send)
    assert not box.query("SELECT topic FROM messages")
    assert not (tmp_path / "north.png").exists()


def test_a_small_outbox_is_told_of_before_it_makes_pictures_coarse(tmp_path: Path) -> None:
    box = box_with(tmp_path / "box", ALLOWED)
    box.configure(outbox={"max_message_kib": 4})
    (short,) = (each for each in standing(load(box.config)) if each.verdict is Verdict.DOUBTFUL)
    assert "raise outbox.max_message_kib" in short.advice


@pytest.mark.parametrize(("message_bytes", "most"), [(64 << 10, MAX_PICTURE_BYTES), (4 << 10, 1536)])
def test_noise_is_made_coarse_until_it_fits(message_bytes: int, most: int) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (360, 640, 3)).astype(np.uint8)
    packed = to_send(noise, np.zeros((360, 640), np.bool_), (), flat(40), 40.0, message_bytes)
    assert most * 2 // 3 < len(packed.png) <= most
    assert packed.shown.px_per_m < 40


def test_somebody_has_to_want_it(tmp_path: Path) -> None:
    box = box_with(tmp_path / "box", ALLOWED)
    with pytest.raises(ConfigError, match="wanted --out FILE, --send, or both"):
        verb_background.background(box.config, "north", 60.0, None)


def test_check_says_what_a_console_can_be_shown(tmp_path: Path) -> None:
    def said(box: Box) -> list[tuple[str, str]]:
        return [(each.found, each.verdict.value) for each in standing(load(box.config))]

    assert said(box_with(tmp_path / "able", ALLOWED)) == [
        ("streets of 1 of 1 cameras, at most 40 px/m", "ok")
    ]
    ((found, verdict),) = said(box_with(tmp_path / "bare", ALLOWED, ground=False))
    assert ("north has no measured ground" in found, verdict) == (True, "warn")
    forbidden = box_with(tmp_path / "none", ALLOWED.replace(", people-free-background", ""))
    assert said(forbidden) == [("the policy allows no pictures of streets without people", "ok")]


def denied(box: Box) -> list[tuple[str, str]]:
    entries = (e.entry for e in auditing.entries(box.folder / "var" / "audit"))
    return [(entry.subject, entry.words) for entry in entries if entry.action is Action.DENIED]


def test_a_refusal_is_on_record(tmp_path: Path) -> None:
    box = box_with(tmp_path / "box", ALLOWED.replace(", people-free-background", ""))
    with pytest.raises(PolicyError):
        verb_background.background(box.config, "north", 60.0, None, send=True)
    assert denied(box) == [("people-free-background", "capability-not-allowed")]


@pytest.mark.parametrize("key", ["max_px_per_m", "allowed"])
def test_a_policy_that_somebody_changed_shows_nothing(tmp_path: Path, key: str) -> None:
    """The operator can write into the file, and not sign it: nothing finer, nothing that was not allowed."""
    few = ALLOWED.replace(", people-free-background", "")
    box = box_with(tmp_path / "box", ALLOWED if key == "max_px_per_m" else few)
    file = tmp_path / "box" / "policy.yaml"
    text = file.read_text()
    changed = (
        text.replace("max_px_per_m: 40", "max_px_per_m: 400")
        if key == "max_px_per_m"
        else text.replace(few, ALLOWED)
    )
    assert changed != text
    file.write_text(changed)
    for out, send in ((None, True), (tmp_path / "north.png", False)):
        with pytest.raises(PolicyError, match="sign"):
            verb_background.background(box.config, "north", 60.0, out, send=send)
    assert not (tmp_path / "north.png").exists()
    assert not box.query("SELECT topic FROM messages")
    assert denied(box) == [("people-free-background", "policy-not-accepted")] * 2


def test_the_grid_over_a_street_is_no_finer_than_the_policy_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def ground_picture(street: Pixels, *rest: Any) -> tuple[Pixels, float]:
        drawn.append(street.shape[0])
        return draw(street, *rest)

    draw = verb_calibrate.ground_picture
    monkeypatch.setattr(verb_calibrate, "ground_picture", ground_picture)
    box = box_with(tmp_path / "box", ALLOWED, max_px_per_m="2")
    out = tmp_path / "grid.png"
    verb_calibrate.calibrate(verb_calibrate.Request(box.config, "north", False, 60.0, 0.0, 0.0, out, True))
    ground = load(box.config).camera("north").ground
    assert ground is not None
    assert out.exists()
    assert 0 < finest_px_per_m(ground, drawn[0]) <= 2
