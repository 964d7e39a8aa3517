"""A policy that may not hold changes nothing on a running box, and the record says what was wrong with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.config.load import load
from edge.config.policy import signatures_path
from edge.run import verb_policy
from edge.run.planner import Planner
from edge.run.wiring import auditing, governing
from edge.values.audit import Action
from edge.values.errors import ConfigError, PolicyError
from edge.values.policy_fault import PolicyFault
from tests.fakes.governed import Governed, recording_box
from tests.fakes.planned import planning

BOTH = ("officer", "guardian")
NAMED = "  - {camera: test/box/south, purposes: ['traffic']}\n"


@dataclass
class Running:
    """A box that runs under version 1 of its policy, read again and again."""

    config: Path
    state: Governed
    planner: Planner
    good: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.good = self.state.file.read_text(), self.beside.read_text()

    @property
    def beside(self) -> Path:
        return signatures_path(self.state.file)

    def says(self, *changes: tuple[str, str], signed: tuple[str, ...] = (), version: int = 2) -> None:
        """The policy's text changes, and these people and nobody else sign it."""
        text = self.good[0].replace("version: 1 ", f"version: {version} ")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.state.file.write_text(text)
        self.beside.unlink()
        for name in signed:
            verb_policy.sign(self.state.file, self.state.office.key_file(name))

    def mended(self) -> None:
        self.state.file.write_text(self.good[0])
        self.beside.write_text(self.good[1])

    @property
    def holds(self) -> tuple[int, str]:
        last = governing.remembered(load(self.config))
        assert last is not None
        return last.version, last.sha256

    def last(self) -> tuple[Action, str]:
        folder = auditing.folder_of(load(self.config))
        *_, logged = auditing.entries(folder)
        return logged.entry.action, logged.entry.words


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    box, state = recording_box(tmp_path_factory.mktemp("box"))
    state.name_cameras({"test/box/north": ["traffic", "public-safety"], "test/box/south": ["traffic"]})
    with planning(box.config) as planner:
        planner.plan()
        yield Running(box.config, state, planner)


WRONG: dict[str, tuple[PolicyFault, Callable[[Running], object]]] = {
    "no file": (PolicyFault.UNREADABLE, lambda r: r.state.file.unlink()),
    "nothing in it": (PolicyFault.UNREADABLE, lambda r: r.state.file.write_text("")),
    "no YAML": (PolicyFault.UNREADABLE, lambda r: r.says(("publish:", "publish: ["), signed=())),
    "a misspelt key": (PolicyFault.UNREADABLE, lambda r: r.says(("max_px_per_m", "max_px_pr_m"))),
    "torn signatures": (PolicyFault.UNREADABLE, lambda r: r.beside.write_text(r.good[1][:99])),
    "no signatures": (PolicyFault.TOO_FEW, lambda r: r.says(("max_px_per_m: 40", "max_px_per_m: 30"))),
    "loosened by one": (
        PolicyFault.TOO_FEW,
        lambda r: r.says(("max_px_per_m: 40", "max_px_per_m: 50"), signed=("auditor",)),
    ),
    "a camera more by one": (
        PolicyFault.TOO_FEW,
        lambda r: r.says((NAMED, NAMED + NAMED.replace("south", "west")), signed=("officer",)),
    ),
    "a purpose more by one": (
        PolicyFault.TOO_FEW,
        lambda r: r.says((NAMED, NAMED.replace("[", "[public-safety, ")), signed=("officer",)),
    ),
    "any camera by one": (
        PolicyFault.TOO_FEW,
        lambda r: r.says(
            (re.findall("(?m)^cameras:\n(?:  - .*\n)+", r.good[0])[0], "cameras: any\n"),
            signed=("officer",),
        ),
    ),
    "expired": (
        PolicyFault.EXPIRED,
        lambda r: r.says(("expires: 2099-01-01", "expires: 2026-06-01"), signed=BOTH),
    ),
    "not yet": (
        PolicyFault.NOT_YET,
        lambda r: r.says(("issued: 2026-01-01", "issued: 2098-01-01"), signed=BOTH),
    ),
    "another text of the version": (
        PolicyFault.OTHER_TEXT,
        lambda r: r.says(("max_px_per_m: 40", "max_px_per_m: 30"), signed=BOTH, version=1),
    ),
    "identification": (
        PolicyFault.CONTRADICTION,
        lambda r: r.says(("allowed: [", "allowed: [identification, ")),
    ),
    "a purpose that is none": (
        PolicyFault.CONTRADICTION,
        lambda r: r.says((NAMED, NAMED.replace("traffic", "marketing"))),
    ),
    "footage without leave": (PolicyFault.CONTRADICTION, lambda r: r.says((", record-footage", ""))),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_old_one_stays_and_the_record_says_why(running: Running, wrong: str) -> None:
    fault, happens = WRONG[wrong]
    before = running.holds
    happens(running)
    try:
        with pytest.raises(PolicyError) as refused:
            running.planner.plan()
        assert refused.value.fault is fault, refused.value
        assert running.state.file.name in str(refused.value) or "version" in str(refused.value)
    finally:
        running.mended()
    assert running.last() == (Action.POLICY_REFUSED, fault)
    assert running.holds == before
    assert running.planner.plan().cameras == ("north", "south"), "and what is mended is taken"


def test_a_camera_that_is_taken_away_is_told_with_its_line_in_the_configuration(running: Running) -> None:
    running.says((NAMED, ""), signed=("guardian",))
    try:
        with pytest.raises(ConfigError, match="wanted a camera that the policy lets look here"):
            running.planner.plan()
    finally:
        running.mended()
    assert running.last()[0] is Action.CONFIG_REFUSED


def test_an_older_version_and_none_at_all_are_refused_when_a_newer_one_held(tmp_path: Path) -> None:
    box, state = recording_box(tmp_path / "box")
    with planning(box.config) as planner:
        planner.plan()
        running = Running(box.config, state, planner)
        running.says(("max_px_per_m: 40", "max_px_per_m: 30"), signed=("auditor",))
        planner.plan()
        running.mended()
        assert fault_of(planner) is PolicyFault.OLDER
        box.wanted.pop("policy")
        box.wanted.pop("footage")
        box.configure()
        assert fault_of(planner) is PolicyFault.NONE_NAMED
    assert running.last() == (Action.POLICY_REFUSED, PolicyFault.NONE_NAMED)


def test_another_authoritys_policy_is_refused(tmp_path: Path) -> None:
    box, state = recording_box(tmp_path / "box")
    _, other = recording_box(tmp_path / "other")
    state.file.write_bytes(other.file.read_bytes())
    signatures_path(state.file).write_bytes(signatures_path(other.file).read_bytes())
    with planning(box.config) as planner:
        assert fault_of(planner) is PolicyFault.OTHER_ROOTS


def fault_of(planner: Planner) -> PolicyFault:
    with pytest.raises(PolicyError) as refused:
        planner.plan()
    return refused.value.fault
