"""The release gate: kept answers of a detector to the sample clips give the golden events.

After a change that is meant: GOLDEN_UPDATE=1 pytest tests/golden, and read the difference in review.
"""

import functools
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from edge.config.load import load
from edge.detect.card import Thresholds
from edge.evaluate.thermal_run import run
from edge.run.parts import pipeline_of, replay_seed
from edge.run.replay import BOOT, Replay, Stamp
from edge.samples.heats import all_heats
from tests.fakes.camera import FakeCamera
from tests.fakes.cards import tiny_card
from tests.fakes.detector import FakeDetector
from tests.fakes.replays import CLIPS
from tests.golden.answers import CAMERAS, LABELS, SITE, Answers
from tests.golden.difference import differences
from tests.golden.driven import SHOWN as DRIVEN
from tests.golden.driven import STREETS, VESTED
from tests.golden.filmed import FILMS, FLIGHT, PLACES, Filmed
from tests.golden.gathered import CROWDS, SHOWN

HERE = Path(__file__).parent
WANTED = {
    "counter-flow": "counter-flow",
    "queue": "queue",
    "panic": "dispersal",
    "rush": "flow",
    "surge": "surge",
    "turbulence": "pressure",
    "stop-and-go": "stop-and-go",
    "blocked-route": "route",
    "bag-among-passers": "abandoned",
    "fetched-again": "abandoned",
    "plant-taken": "removed",
    "flight": "zone-entry",
}


@functools.cache
def replayed(
    camera: str, site: Path = SITE, kept: type[Answers] = Answers, labels: tuple[str, ...] = LABELS
) -> tuple[bytes, ...]:
    """The stamped messages of a replay of kept answers."""
    written = sha256(site.read_bytes()).hexdigest()  # stands for hashes that change with every new setting
    node, answers = (
        replace(load(site), gate=False, sha256=written, policy_sha256=written),
        kept.kept(camera, site.parent),
    )
    card = tiny_card(b"the golden detector", labels=labels, thresholds=Thresholds({}, default=0.4))
    pipeline = pipeline_of(node, node.camera(camera), card, BOOT, replay_seed("golden", camera))
    replay = Replay(FakeCamera(answers.frames(BOOT)), FakeDetector(answers.detections(), labels), pipeline)
    stamp = Stamp()
    lines = [line for look in replay.looks() for line in stamp.lines(look.step.messages)]
    return (*lines, *stamp.lines(replay.farewell()))


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_replay_gives_the_golden_events(camera: str) -> None:
    agrees(replayed(camera), HERE / f"{camera}.jsonl")


@pytest.mark.parametrize("gathering", SHOWN)
def test_a_replay_of_a_gathering_gives_the_golden_events(gathering: str) -> None:
    got = replayed(gathering, CROWDS / "site.yaml")
    agrees(got, CROWDS / f"{gathering}.jsonl")
    kinds = {json.loads(line)["type"].split(".")[2] for line in got}
    assert WANTED[gathering] in kinds, "nothing of what the scene is for was told"


@pytest.mark.parametrize("film", [*PLACES, FLIGHT])
def test_a_replay_of_a_film_gives_the_golden_events(film: str) -> None:
    got = replayed(film, FILMS / "site.yaml", Filmed)
    agrees(got, FILMS / f"{film}.jsonl")
    kinds = {json.loads(line)["type"].split(".")[2] for line in got}
    assert WANTED[film] in kinds, "nothing of what the film is for was told"


def test_a_drawn_fire_gives_the_golden_events() -> None:
    scene = next(scene for scene in all_heats() if scene.name == "car-burns")
    stamp = Stamp()
    got = tuple(stamp.lines(run(replace(scene, seconds=45.0), 1).messages))
    agrees(got, HERE / "heat.jsonl")
    assert {json.loads(line)["data"]["kind"] for line in got} == {"hot-spot", "fire-like"}


@pytest.mark.parametrize("street", DRIVEN)
def test_a_replay_of_a_street_gives_the_golden_events(street: str) -> None:
    got = replayed(street, STREETS / "site.yaml", labels=VESTED)
    agrees(got, STREETS / f"{street}.jsonl")
    kinds = {json.loads(line)["type"].split(".")[2] for line in got}
    assert DRIVEN[street] in kinds, "nothing of what the scene is for was told"


def test_the_golden_counts_are_those_of_the_truth() -> None:
    """What a golden file holds is what was to be told, not what happened to be."""
    told = [
        json.loads(line)["data"] for line in replayed("counts-dusk", STREETS / "site.yaml", labels=VESTED)
    ]
    counted = Counter((body["direction"], body["objects"][0]["label"]) for body in told)
    assert counted == {
        ("forward", "car"): 2, ("forward", "bus"): 1, ("forward", "bicycle"): 1, ("forward", "truck"): 1,
        ("backward", "car"): 2, ("backward", "truck"): 1, ("backward", "bus"): 1,
    }  # fmt: skip


def agrees(got: tuple[bytes, ...], golden: Path) -> None:
    """The same bytes as the golden file, or the differences in words."""
    if os.environ.get("GOLDEN_UPDATE"):
        golden.write_bytes(b"".join(got))
    told = differences(golden.read_bytes().splitlines(), got)
    assert not told, "\n".join([f"{golden.name}:", *told[:40]])
    assert golden.read_bytes() == b"".join(got)


def test_two_processes_give_the_same_bytes_of_a_clip(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "edge.cli", "replay", str(CLIPS / "gate.mp4"), "--config", str(SITE)]
    files = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for file in files:
        subprocess.run([*command, "--events", str(file)], check=True, capture_output=True)
    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert first.count(b"\n") > 10


def test_a_difference_is_told_by_event_field_and_time() -> None:
    golden = (HERE / "gate.jsonl").read_bytes().splitlines()
    changed = [golden[0].replace(b'"count":1', b'"count":7'), *golden[1:-1]]
    told = differences(golden, changed)
    assert len(told) == 2
    assert "count: wanted 1, got 7" in told[0]
    assert told[1].startswith("missing: ")
