"""What a box lets out of its cameras: nothing that shows the texture of a body."""

import base64
import io
import logging
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from edge.config.load import load
from edge.pipeline import Pipeline, Step
from edge.privacy import redaction
from edge.privacy.background import Background
from edge.privacy.redaction import Region
from edge.run import verb_background, verb_redact, verb_replay
from edge.run.draw import Drawing
from edge.run.replay import Stamp
from edge.run.wiring import watching
from edge.values.frame import Frame, Pixels, Size
from tests.fakes.blobs import FPS
from tests.fakes.box import RULES, Box
from tests.fakes.clips import clip
from tests.fakes.leaks import CHANCE, Texture
from tests.invariants.invariant import Invariant, Mutant
from tests.run.test_background import ALLOWED, box_with

SIZE, WIDE, HIGH, BLOCK = Size(320, 180), 40, 72, 4
GRAIN = np.random.default_rng(6).integers(90, 130, (SIZE.height, SIZE.width, 1)).repeat(3, 2)
SHADES = np.random.default_rng(5).integers(0, 2, (HIGH // BLOCK, WIDE // BLOCK)) * 130 + 20
BODY: Pixels = np.full((HIGH, WIDE, 3), 230, np.uint8)
BODY[:, :, 1:] = SHADES.repeat(BLOCK, 0).repeat(BLOCK, 1)[:, :, None]
"""Red enough for the finder of `tests.fakes.blobs`, in a pattern that nothing else has."""
STANDS_AT, RIM = (2, 202), 8
STANDING: Pixels = (
    np.random.default_rng(9).integers(0, 2, (16, 11, 1)).astype(np.uint8).repeat(3, 2) * 130 + 40
)
STANDING = STANDING.repeat(BLOCK, 0).repeat(BLOCK, 1)[:61, :41]
STANDING[RIM:-RIM, RIM:-RIM] = (60, 220, 60)
"""Somebody of whom the finder sees the green middle only; a margin is to hide the rest, a pattern too."""
TEXTURE = Texture(BODY, SIZE.width, SIZE.width // 5, rim=(STANDING, RIM))


def walking(index: int) -> Pixels:
    """Picture `index` of somebody who stands, and another who walks from left to right in 24 pictures."""
    picture, left = GRAIN.astype(np.uint8), 15 * index - WIDE
    top, beside = STANDS_AT
    picture[top : top + STANDING.shape[0], beside : beside + STANDING.shape[1]] = STANDING
    body = BODY[:, max(0, -left) : max(0, SIZE.width - left)]
    picture[70 : 70 + HIGH, max(0, left) : max(0, left) + body.shape[1]] = body
    return picture


PICTURES = 26
START = "2026-01-01T12:00:00Z"


def street_box(folder: Path) -> Box:
    """A box whose camera sees one body walk by, and whose policy lets a console have the empty street."""
    box = box_with(folder, ALLOWED)
    lossless = {"preset": "ultrafast", "crf": "12"}
    clip(box.clip, PICTURES, fps=FPS, size=SIZE, draw=walking, options=lossless)
    box.configure(rules=list(RULES))
    return box


def no_pixel_leaves(folder: Path) -> None:
    """All that a box makes of a body that walks by, on every way out, searched for the body's texture."""
    box, out = street_box(folder / "box"), folder / "out"
    out.mkdir()
    said, logged = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(logged)
    logging.getLogger().addHandler(handler)
    try:
        with redirect_stdout(said), redirect_stderr(said):
            (out / "messages").write_bytes(_messages(box))
            _search(out)
            verb_replay.replay(_drawn(box, out / "view.mp4"))
            verb_redact.redact(
                verb_redact.Request(box.clip, out / "copy.mp4", box.config, "north", "", 10.0, True)
            )
            verb_background.background(box.config, "north", 60.0, out / "console.png")
    finally:
        logging.getLogger().removeHandler(handler)
    (out / "said").write_text(said.getvalue() + logged.getvalue())
    _search(out)


def _drawn(box: Box, out: Path) -> verb_replay.Request:
    return verb_replay.Request(
        clip=box.clip,
        config=box.config,
        camera="north",
        start=START,
        events=None,
        draw=out,
        landmarks=False,
        as_json=True,
    )


def _search(out: Path) -> None:
    for way in sorted(out.iterdir()):
        found = TEXTURE.shown_in(way.read_bytes())
        assert found < CHANCE, f"{way.name}: a body's texture is in it ({found:.2f})"


def _messages(box: Box) -> bytes:
    """All messages about the walk, as they go to the broker; and how its pictures print themselves."""
    node = load(box.config)
    replay, stamp, lines = watching.replay_of(node, node.camera("north"), box.clip, 0), Stamp(), list[bytes]()
    for look in replay.looks():
        lines.extend(stamp.lines(look.step.messages))
        lines.append(f"{look.frame!r}\n".encode())
    lines.extend(stamp.lines(replay.farewell()))
    assert any(b"line-crossing" in line for line in lines), "nobody was seen"
    return b"".join(lines)


def _coded(pixels: Pixels) -> str:
    done, content = cv2.imencode(".jpg", pixels[:, :, ::-1])
    assert done
    return base64.b64encode(content.tobytes()).decode()


def _with_thumbnail(self: Pipeline, frame: Frame, *rest: Any) -> Step:
    made = _step(self, frame, *rest)
    said = f',"thumbnail":"{_coded(frame.pixels)}"}}'.encode()
    return replace(made, messages=tuple(replace(each, body=each.body[:-1] + said) for each in made.messages))


def _last_picture(self: Background) -> tuple[Pixels, Any]:
    middle = self._kept[len(self._kept) // 2][0]
    return middle.copy(), np.zeros(middle.shape[:2], np.bool_)


_step = Pipeline.step

NO_PIXEL_LEAVES = Invariant(
    "no unredacted pixel of a body leaves",
    no_pixel_leaves,
    (
        Mutant("an event carries a thumbnail", Pipeline, "step", _with_thumbnail),
        Mutant("a redaction fills nothing", Region, "filled", lambda _, pixels, __: pixels.copy()),
        Mutant("a redaction has no margin", redaction, "MARGIN", 0.0),
        Mutant("the annotated view is not redacted", Drawing, "_redacted", lambda _, look: look.frame.pixels),
        Mutant("the console gets a picture of now", Background, "street", _last_picture),
        Mutant("a picture shows itself in a log", Frame, "__repr__", lambda frame: _coded(frame.pixels)),
    ),
)
