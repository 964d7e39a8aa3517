"""No unredacted pixel leaves a running box by any way; and every way that is opened on purpose shows it.

A box in real processes watches and records somebody whose body has a known random texture, while all that it
offers is used. What comes out is searched for the texture: the wire to its broker, answers of its listeners,
what its processes and verbs say, every file that they leave or take away, and a package as its recipient has
it. What a library written in C takes away by itself is on the disk nevertheless: the long form searches all
that ever came to a disk.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest

from edge.adapters import segment_file
from tests.fakes import outlets
from tests.fakes.blobs import FPS
from tests.fakes.box import RULES, Box, camera, eventually
from tests.fakes.clips import clip
from tests.fakes.governed import Governed, governed
from tests.fakes.leaks import CHANCE
from tests.fakes.mosquitto import Mosquitto, free_port
from tests.fakes.outlets import Caught, Tap
from tests.fakes.raw_disk import can_mount, ext4
from tests.invariants.breaks.sitecustomize import BREAKS, NAMELESS, SNAPSHOT
from tests.invariants.pixels import PICTURES, SIZE, TEXTURE, walking
from tests.run.test_background import POINTS

pytestmark = pytest.mark.process

MAY = "[detect-objects, count, follow-in-one-camera, record-footage, export-footage, people-free-background]"
EVER = ("--from", "2020-01-01T00:00:00Z", "--to", "2098-01-01T00:00:00Z", "--expires", "2098-01-01T00:00:00Z")
LEAST_SEGMENTS = 2
WAYS: dict[str, Collection[str]] = {
    "an event carries a thumbnail": ("wire", "box/var/outbox.db"),
    "a picture is logged": ("box/box.log", "verbs"),
    "a picture is left in the data folder": (f"box/var/{SNAPSHOT}",),
    "a picture is in a temporary file for a moment": ("removed/",),
    "the metrics serve a picture": ("http GET /metrics",),
    "footage is not sealed": ("box/var/footage/",),
    "a redaction fills nothing": ("package redacted/", "out/copy.mp4", "out/opened/"),
    "a redaction has no margin": ("package redacted/", "out/copy.mp4", "out/opened/", "out/view.mp4"),
    "the console gets a picture of now": ("out/console.png", "wire", "box/var/outbox.db"),
    "the annotated view is not redacted": ("out/view.mp4",),
}
"""Where each break of the program shows; nowhere else, and one of them at least."""


@dataclass
class Street:
    """A box that is watched from all sides: its folder, its policy's people, and who gets its package.

    Attributes:
        folder: of all that it writes.
        film: what its camera sees; not in its folder, because a camera is outside.
        port: of its broker; `metrics` and `panic` are those of its own listeners.
    """

    folder: Path
    film: Path
    port: int
    metrics: int
    panic: int

    def __post_init__(self) -> None:
        self.out, self.court = self.folder / "out", pyrage.x25519.Identity.generate()
        for each in ("tmp", "out", "removed"):
            (self.folder / each).mkdir()
        self.box = Box(self.folder / "box", f"mqtt://127.0.0.1:{self.port}")
        self.state = self._governed()

    def _governed(self) -> Governed:
        folder, film = self.box.folder, self.film
        clip(film, PICTURES, fps=FPS, size=SIZE, draw=walking, options={"preset": "ultrafast", "crf": "12"})
        state = governed(folder, folder / "blobs", allowed=MAY)
        source = {"detect": str(film), "record": str(film)}
        north = camera("north", film, ground={"points": POINTS}) | {"source": source}
        self.box.configure(
            policy=state.policy,
            cameras=[north],
            rules=list(RULES),
            metrics={"port": self.metrics},
            footage={
                "quota_gib": 1, "reserve_gib": 0.01, "segment_s": 2,
                "panic": {"http_port": self.panic, "mqtt": True},
            },
        )  # fmt: skip
        return state

    @property
    def vault(self) -> Path:
        return self.box.folder / "var" / "footage"

    def sealed(self) -> list[Path]:
        return [each for each in segment_file.files(self.vault) if each.suffix == segment_file.SUFFIX]

    def answers(self) -> Caught:
        """What the listeners say, also to who asks for pictures."""
        yield from outlets.answers(
            self.metrics, "GET /metrics", "HEAD /metrics", "GET /", "GET /snapshot.jpg", "POST /metrics"
        )
        yield from outlets.answers(self.panic, "POST /panic", "GET /panic", "POST /north.jpg", "GET /stream")

    def used(self) -> Caught:
        """What a day's verbs say, of operator, authority, keyholders, auditor and public."""
        case, package, copy = self.out / "case.json", self.out / "case.evidence", self.out / "copy.mp4"
        config, policy = str(self.box.config), ("--policy", str(self.state.file))
        key = {name: ("--key", str(self.state.office.key_file(name))) for name in ("officer", "guardian")}
        owners = [w for name in key for w in ("--identity", str(self.state.identity_file(name)))]
        opening = ("--share", str(self.out / "share.age"), *owners)
        sealed = [str(each) for each in self.sealed()[:1]]
        asked = ("--case", "A-1", "--node", "test/box", "--camera", "north", "--purpose", "public-safety")
        recipient = ("--recipient", str(self.court.to_public()))
        yield "verbs", outlets.verbs(
            ("status", config, "--once"),
            ("status", config, "--json"),
            ("tail", config, "--most", "1", "--json"),
            ("panic", config),
            *(("footage", verb, config) for verb in ("list", "disk", "holds")),
            ("background", config, "--camera", "north", "--out", str(self.out / "console.png"), "--send"),
            (
                *("replay", str(self.film), "-c", config, "--draw", str(self.out / "view.mp4")),
                *("--events", str(self.out / "replay.jsonl")),
            ),
            ("footage", "redact", str(self.film), "-c", config, "--out", str(copy)),
            ("export", "request", str(case), *asked, *EVER, *recipient, *policy, *key["officer"]),
            ("export", "approve", str(case), *policy, *key["guardian"]),
            ("footage", "share", config, "--request", str(case), *key["guardian"], "--out", opening[1]),
            (
                *("footage", "open", *sealed, "--request", str(case), *policy, *opening, "-c", config),
                *("--out", str(self.out / "opened")),
            ),
            (
                *("evidence", "pack", str(package), "--request", str(case), *policy, *key["guardian"]),
                *("--config", config, *opening, *(w for each in sealed for w in ("--sealed", each))),
            ),
            ("report", config, "--out", str(self.out)),
            ("sign", config, "--out", str(self.out)),
            ("audit", "show", str(self.box.folder / "var" / "audit"), "--json", *key["guardian"]),
            cwd=self.out,
        )  # fmt: skip
        yield from outlets.package(package, self.court)

    def caught(self, tap: Tap) -> Caught:
        """All that leaves it while it runs and after."""
        with self.box as box:
            box.start()
            eventually(lambda: len(self.sealed()) >= LEAST_SEGMENTS, "sealed segments")
            eventually(lambda: b"line-crossing" in tap.all(), "events")
            assert outlets.strangers(box, self.port) == []
            assert outlets.dumping(box) == []
            yield from self.used()
            yield from self.answers()
            eventually(lambda: b"safecity.background.v1" in tap.all(), "a street on the wire")
            assert box.stop() == 0
        yield from tap.caught()
        own = (self.box.clip, self.box.folder / "blobs", self.box.folder / "office")
        assert not (self.folder / "removed" / NAMELESS).exists(), "a file without a name cannot be searched"
        yield from outlets.files(self.folder, *own)


@pytest.fixture
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("camera") / "street.mp4"


def leaking(
    folder: Path, film: Path, breaks: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, float]:
    """The ways out of a box, so broken, on which the texture is seen, and how clearly."""
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    for name, value in outlets.breaking(breaks, folder / "box" / "var", folder / "removed").items():
        monkeypatch.setenv(name, value)
    with Mosquitto(folder / "broker") as broker, Tap(broker.port) as tap:
        street = Street(folder, film, tap.port, free_port(), free_port())
        found = {name: TEXTURE.shown_in(content) for name, content in street.caught(tap)}
    wanted = [way for ways in WAYS.values() for way in ways if not way.endswith(SNAPSHOT)]
    assert [way for way in wanted if not any(name.startswith(way) for name in found)] == [], sorted(found)
    return {name: share for name, share in found.items() if share >= CHANCE}


def test_nothing_that_leaves_a_running_box_shows_a_body(
    tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leaking(tmp_path, film, (), monkeypatch) == {}


def test_every_way_that_is_opened_shows_it(
    tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All breaks at once: each is seen where it lets something out, and the other ways stay clean."""
    seen = leaking(tmp_path, film, tuple(BREAKS), monkeypatch)
    assert unseen(seen, tuple(BREAKS)) == []


@pytest.mark.soak
@pytest.mark.parametrize("one", BREAKS)
def test_one_way_that_is_opened_shows_it(
    one: str, tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = ("a picture is left in the data folder",) if one == "the metrics serve a picture" else ()
    seen = leaking(tmp_path, film, (one, *needs), monkeypatch)
    assert unseen(seen, (one, *needs)) == []


def unseen(seen: Collection[str], breaks: Sequence[str]) -> list[str]:
    """Breaks that showed nowhere, and ways on which something showed that no break opened."""
    hidden = [each for each in breaks if not any(name.startswith(tuple(WAYS[each])) for name in seen)]
    known = tuple(way for each in breaks for way in WAYS[each])
    return hidden + [name for name in seen if not name.startswith(known)]


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("breaks", [(), ("a picture is in a temporary file for a moment",)])
def test_nothing_that_ever_came_to_the_disk_shows_a_body(
    breaks: Sequence[str], tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wrote it, Python or a library, and however short it was there."""
    if reason := can_mount():
        pytest.skip(reason)
    with ext4(tmp_path, 1024, journal_mib=400) as (mounted, raw):
        on_disk = mounted / "side"
        on_disk.mkdir()
        leaking(on_disk, film, breaks, monkeypatch)
        shown = [name for name, stretch in outlets.blocks(raw()) if TEXTURE.shown_in(stretch) >= CHANCE]
    assert bool(shown) == bool(breaks), shown
