"""No unredacted pixel leaves in a package: people with known random textures, every byte of it correlated."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import av
import cv2
import numpy as np
import pyrage
import pytest

from edge.adapters.footage_room import FootageRoom
from edge.adapters.memory_file import memory_file
from edge.adapters.vault import Vault
from edge.config.load import load
from edge.privacy.redaction import Region
from edge.run import evidence, verb_export, verb_release
from edge.run.verb_export import Packing
from edge.run.wiring.copying import Copyist, copyist_of
from edge.run.wiring.exporting import held_policy, read_request
from edge.run.wiring.opening import Sealed, opened_by_two
from edge.values.audit import Action
from edge.values.errors import AuditError, ConfigError, ModelError
from edge.values.evidence import Copy, Opened, Redacting
from edge.values.frame import Pixels
from edge.values.segment import SegmentId
from tests.fakes.clips import clip
from tests.fakes.vaults import stretch
from tests.run.test_export import repacked, unsealed_with
from tests.run.test_redact import (
    FPS,
    PERSON,
    PICTURES,
    SIZE,
    Walk,
    drawn,
    leaving,
    staying,
    texture_in,
    unfilled,
    walking,
)  # fmt: skip
from tests.run.test_share import SLOT, Street, street

__all__ = ["street"]

COURT = pyrage.x25519.Identity.generate()
WALKS = (walking, staying, leaving)
SEGMENTS = [SegmentId(SLOT, 3 + number) for number in range(len(WALKS))]
"""After those that `street` has sealed."""

CHANCE = 0.25
"""So much the borders of filled areas look like a body's texture somewhere; bodies themselves reach 0.7."""

CLIPS: list[bytes] = []


@pytest.fixture
def recorded(street: Street, tmp_path: Path) -> Street:
    """The street, with three people of known texture in its sealed footage whom no detector finds."""
    if not CLIPS:
        made = (
            clip(tmp_path / f"{walk.__name__}.mp4", PICTURES, fps=FPS, size=SIZE, draw=partial(drawn, walk))
            for walk in WALKS
        )
        CLIPS.extend(path.read_bytes() for path in made)
    node = load(street.box.config)
    assert node.footage_policy is not None
    room = FootageRoom(street.room)
    vault = Vault(room.root, room.catalogue, room.ring, node.footage_policy)
    for second, content in enumerate(CLIPS):
        vault.put(stretch(10 + second, content, "north"))
    vault.close()
    room.close()
    return street


def asked(street: Street, **changes: object) -> Path:
    return street.request(recipient=str(COURT.to_public()), **changes)


def sealed(street: Street, share: Path) -> Sealed:
    owners = [street.state.identity_file(name) for name in ("guardian", "auditor")]
    return Sealed(street.sealed(*SEGMENTS), share, owners)


def package(street: Street, request: Path, *, on_box: bool = True) -> Path:
    """What the box or the keyholder's tool off it makes of the sealed files; nothing else is written."""
    out, share = street.folder / "case.evidence", street.share(request)
    box = street.box.config if on_box else None
    audit = None if on_box else street.box.folder / "var" / "audit"
    model = str(street.box.folder / "blobs")
    job = Packing(
        out, request, street.state.file, audit, box, street.key("guardian"),
        sealed=sealed(street, share), model=model,
    )  # fmt: skip
    before = set(street.folder.rglob("*"))
    verb_export.pack(job)
    new = {each.name for each in set(street.folder.rglob("*")) - before if each.is_file()}
    assert new <= {out.name, "audit.head.new"}
    return out


def decoded(content: bytes) -> Iterator[np.ndarray]:
    with memory_file(content) as path, av.open(str(path)) as container:
        for picture in container.decode(video=0):
            yield picture.to_ndarray(format="rgb24")


def correlation(picture: np.ndarray) -> float:
    """The texture of a body anywhere in a picture: 1 for all, 0 for nothing of it."""
    known, seen = unfilled(PERSON).astype(np.float32), unfilled(picture).astype(np.float32)
    known -= known.mean()
    return float(np.abs(cv2.matchTemplate(seen, known, cv2.TM_CCORR)).max() / (known * known).sum())


def shingles(content: bytes, length: int = 24) -> set[bytes]:
    """Stretches of the coded pictures of a clip, at every byte."""
    found: set[bytes] = set()
    with memory_file(content) as path, av.open(str(path)) as container:
        for packet in container.demux(video=0):
            coded = bytes(packet)[1024 if packet.is_keyframe else 16 :]  # behind what names the encoder
            found |= {coded[at : at + length] for at in range(max(0, len(coded) - length))}
    return found


def nothing_leaves(files: dict[str, bytes]) -> None:
    """The invariant: no file holds a body when it is decoded, nor a stretch of the original's bytes."""
    known = set().union(*map(shingles, CLIPS))
    assert len(known) > 1000
    copies = {name: content for name, content in files.items() if name.startswith("redacted/")}
    assert len(copies) == len(WALKS)
    assert set(files) - set(copies) == {evidence.MANIFEST, evidence.SIGNATURE, *evidence.PAPERS}
    for name, content in files.items():
        leaked = [at for at in range(len(content) - 24) if content[at : at + 24] in known]
        assert not leaked, f"{name}: bytes of the original at {leaked[:3]}"
    for (name, content), walk in zip(sorted(copies.items()), WALKS, strict=True):
        pictures = list(decoded(content))
        assert len(pictures) == PICTURES
        anywhere, there = max(map(correlation, pictures)), max(at_their_place(pictures, walk))
        assert there < 0.02, f"{name}: {there:.3f} of a body's texture comes out where it was"
        assert anywhere < CHANCE, f"{name}: {anywhere:.2f} of a body's texture comes out"


def at_their_place(pictures: list[np.ndarray], walk: Walk) -> Iterator[float]:
    for index, picture in enumerate(pictures):
        left = walk(index)
        if left is not None and left < SIZE.width - 8:
            yield abs(texture_in(picture, left))


@pytest.mark.parametrize("on_box", [True, False])
def test_nothing_of_a_body_leaves_in_a_package(
    recorded: Street, on_box: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert min(max(map(correlation, decoded(content))) for content in CLIPS) > 0.7
    made = package(recorded, asked(recorded), on_box=on_box)
    files = unsealed_with(COURT, made)
    nothing_leaves(files)
    capsys.readouterr()
    plain = repacked(recorded.folder / "plain.tar", files)
    verb_export.verify(plain, None, recorded.state.policy["roots"], "", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["pictures"] == evidence.COPY
    assert told["redacted_by"].startswith("blobs")
    assert told["clocks"] == "3 synced"
    last = recorded.log[-1]
    assert (last.action is Action.EXPORTED) is on_box
    assert not on_box or last.words.startswith("a redacted copy, 3 files")


def test_a_redaction_that_fills_nothing_is_seen(recorded: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(_self: Region, pixels: Pixels, _palette: object) -> Pixels:
        return pixels.copy()

    monkeypatch.setattr(Region, "filled", shown)
    with pytest.raises(AssertionError, match="of a body's texture comes out where it was"):
        nothing_leaves(unsealed_with(COURT, package(recorded, asked(recorded))))


def test_an_original_in_the_place_of_a_copy_is_seen(
    recorded: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lazy(_self: Copyist, opened: Opened) -> Copy:
        return Copy(opened.content, Redacting("blobs", "0" * 64, 10, 0, 80, 0, 0))

    monkeypatch.setattr(Copyist, "copy", lazy)
    with pytest.raises(AssertionError, match="bytes of the original"):
        nothing_leaves(unsealed_with(COURT, package(recorded, asked(recorded))))


def test_where_both_agreed_the_original_is_packed_as_it_was_sealed(recorded: Street) -> None:
    files = unsealed_with(COURT, package(recorded, asked(recorded, original=True)))
    pictures = [files[name] for name in sorted(files) if name.startswith("footage/")]
    assert pictures == CLIPS
    assert not any(name.startswith("redacted/") for name in files)


def test_the_keyholders_tool_writes_copies_and_no_original(
    recorded: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    request, out = asked(recorded), recorded.folder / "opened"
    verb_release.open_(
        sealed(recorded, recorded.share(request)), request, recorded.state.file, out, recorded.box.config
    )
    assert "the request is not for originals" in capsys.readouterr().out
    assert {each.name for each in out.iterdir()} == {
        f"{segment}.redacted.mp4{beside}" for segment in SEGMENTS for beside in ("", ".json")
    }
    known = set().union(*map(shingles, CLIPS))
    for path in out.iterdir():
        content = path.read_bytes()
        assert not any(content[at : at + 24] in known for at in range(len(content) - 24))
    assert max(max(map(correlation, decoded(path.read_bytes()))) for path in out.glob("*.mp4")) < CHANCE
    told = json.loads((out / f"{SEGMENTS[0]}.redacted.mp4.json").read_bytes())
    assert told["origin"]["segment"] == str(SEGMENTS[0])
    assert told["redaction"]["pictures"] == PICTURES


def test_a_model_that_the_policy_does_not_allow_makes_no_copy(recorded: Street) -> None:
    request = asked(recorded)
    share = recorded.share(request)
    out = recorded.folder / "opened"
    with pytest.raises(ModelError, match="allows the models"):
        verb_release.open_(sealed(recorded, share), request, recorded.state.file, out, None, "street-nano")
    assert not out.exists()


def test_what_the_box_excludes_is_filled_beside_what_the_policy_masks(recorded: Street) -> None:
    corner, door = ((0, 0), (2000, 0), (2000, 2000)), [[0.5, 0.5], [0.6, 0.5], [0.6, 0.7]]
    policy = replace(held_policy(recorded.state.file), masks={"north": frozenset({corner})})
    cameras = [
        each | ({"exclude": [door]} if each["id"] == "north" else {})
        for each in recorded.box.wanted["cameras"]
    ]
    recorded.box.configure(cameras=cameras)
    copyist = copyist_of(policy, "north", recorded.box.config, "")
    assert copyist.masks == [((0.0, 0.0), (0.2, 0.0), (0.2, 0.2)), tuple(map(tuple, door))]
    assert len(copyist_of(policy, "south", recorded.box.config, "").masks) == 0


def test_what_the_policy_masks_is_filled(recorded: Street) -> None:
    node = load(recorded.box.config)
    corner = ((0, 0), (2500, 0), (2500, 2500), (0, 2500))
    policy = replace(held_policy(recorded.state.file), masks={"north": frozenset({corner})})
    copyist = copyist_of(policy, "north", recorded.box.config, "")
    assert node.cameras[0].masks == ()
    (opened, *_) = opened_by(recorded)
    copy = copyist.copy(opened)
    assert copy.redacting.masks == 1
    corners = [picture[2:24, 2:44] for picture in decoded(copy.content)]
    assert max(int(np.ptp(each)) for each in corners) < 10
    with pytest.raises(ConfigError, match="wanted the camera nowhere"):
        copyist_of(policy, "nowhere", recorded.box.config, "")


def opened_by(street: Street) -> list[Opened]:
    request = asked(street)
    return list(opened_by_two(sealed(street, street.share(request)), read_request(request)))


def forged(street: Street, files: dict[str, bytes], change: object) -> Path:
    """A package whose manifest was changed and signed again by somebody who may sign manifests."""
    said = json.loads(files[evidence.MANIFEST])
    for each in said["files"]:
        if each["name"].startswith("redacted/"):
            change(each)  # type: ignore[operator]
    raw = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    value = street.state.office.keys["guardian"].sign(evidence.to_sign(raw))
    signed = {evidence.MANIFEST: raw, evidence.SIGNATURE: evidence.signature("guardian", value)}
    return repacked(street.folder / "forged.tar", {**files, **signed})


def test_a_copy_that_does_not_say_how_it_was_made_is_no_evidence(recorded: Street) -> None:
    files = unsealed_with(COURT, package(recorded, asked(recorded)))
    for change, told in (
        (lambda each: each.pop("redaction"), "how this copy was made"),
        (lambda each: each.pop("origin"), "its origin is missing"),
        (lambda each: each["redaction"].update(blank="none"), "blank is of another kind"),
        (lambda each: each["redaction"].update(model_sha256="0" * 64), "which the policy does not allow"),
        (lambda each: each["origin"].update(segment="north.20200101T000000Z.0000"), "was not released"),
    ):
        with pytest.raises(AuditError, match=told):
            verb_export.verify(forged(recorded, files, change), None, "", "", as_json=False)


def test_a_file_that_has_no_place_in_a_package_is_named(recorded: Street) -> None:
    files = unsealed_with(COURT, package(recorded, asked(recorded)))
    more = repacked(recorded.folder / "more.tar", {**files, "more/plaza.mp4": CLIPS[0]})
    with pytest.raises(AuditError, match=r"more/plaza\.mp4: this file has no place in a package"):
        verb_export.verify(more, None, "", "", as_json=False)


def test_a_changed_byte_of_a_copy_names_its_file(recorded: Street) -> None:
    files = unsealed_with(COURT, package(recorded, asked(recorded)))
    name = next(each for each in files if each.startswith("redacted/"))
    changed = bytearray(files[name])
    changed[len(changed) // 2] ^= 1
    bad = repacked(recorded.folder / "bad.tar", {**files, name: bytes(changed)})
    with pytest.raises(AuditError, match=f"{name}: changed since the package was made"):
        verb_export.verify(bad, None, "", "", as_json=False)
