"""Updates that were passed on: root believes the signature, once, in time, of a bundle that is there."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.order_box import OrderBox
from edge.adapters.update_ends import MOST_KEPT, UpdateEnds, WaitingUpdates
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.messages.command import command_bytes, order_of, parse_command
from edge.messages.orders import UpdateOrder
from edge.privacy.spec import Origin
from edge.run import verb_update
from edge.run.places import update_folder
from edge.run.wiring import obeying, updating
from edge.values.command import Doubt, End, Verb
from edge.values.errors import StorageError
from edge.values.moment import ClockTrust, Moment
from edge.values.software import Took
from tests.config.test_load import GOOD
from tests.fakes.blobs import blob_folder
from tests.fakes.governed import governed

NONCE = "5e" * 16


class RightClock:
    def now(self) -> Moment:
        return Moment(time.monotonic_ns(), time.time_ns(), ClockTrust.SYNCED)


class Machine:
    """A box whose policy names the night shift, and the folder of its releases with one bundle."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "opt"
        self.keys = {name: Ed25519Signer.fresh() for name in ("night-shift", "stranger")}
        staff = {"night-shift": self.keys["night-shift"].key.hex()}
        state = governed(folder, blob_folder(folder / "blobs"), staff)
        self.keys["officer"] = Ed25519Signer.read(state.office.key_file("officer"))
        self.config = folder / "node.yaml"
        policy = f"policy: {{file: policy.yaml, roots: {state.policy['roots']}}}"
        self.config.write_text(f"{GOOD}{policy}\nupdates: {{home: opt}}\n")
        archive = folder / "a.tar.gz"
        archive.write_bytes(b"a release")
        bundle = self.home / "bundles" / "one"
        self.release = updating.packed(archive, bundle, "1.2.0", 12, 100, *DAYS)

    @property
    def node(self) -> NodeSpec:
        return load(self.config)

    def order(self, signer: str = "night-shift", key: str = "", at_s: float = 0, **more: Any) -> bytes:
        extra = more.pop("and", {})
        said = {"version": "1.2.0", "number": 12, "sha256": self.release.sha256} | more
        verb = Verb(said.pop("verb", Verb.UPDATE))
        origin = Origin(said.pop("region", self.node.region), self.node.node)
        now_ns = round((time.time() + at_s) * 1e9)
        data = order_of(origin, verb, signer, NONCE, now_ns, 60) | (said if verb is Verb.UPDATE else {})
        return command_bytes(data | extra, self.keys[key or signer])

    def passed_on(self, *payloads: bytes) -> list[Doubt]:
        """What root thinks of what the box left."""
        for number, payload in enumerate(payloads):
            OrderBox(update_folder(self.node)).drop(number, NONCE, payload)
        return [told.doubt for told in obeying.orders(self.node, self.home)]

    def carried_out(self, payload: bytes) -> Doubt:
        """What the box makes of a command."""
        topic = Origin(self.node.region, self.node.node).topic("command")
        effect = obeying.updater(self.node)(parse_command(topic, payload))
        assert effect.begun is (effect.doubt is Doubt.NONE)
        return effect.doubt


DAYS = (updating.today(), updating.today().replace(year=updating.today().year + 1, day=1))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    monkeypatch.setattr(obeying, "SystemClock", RightClock)
    yield Machine(tmp_path)


def test_an_order_for_a_bundle_that_is_there_is_passed_on_and_obeyed_once(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []

    def took(bundle: Path, *_: object) -> Took:
        tried.append(bundle)
        return Took.FAILED

    monkeypatch.setattr(verb_update, "took", took)
    assert machine.carried_out(machine.order()) is Doubt.NONE
    for _ in range(2):
        trial = verb_update.Trial(lambda: None, 1, 1)
        verb_update.obey(machine.config, machine.home, machine.home / "ring.yaml", trial)
    assert tried == [machine.home / "bundles" / "one"]
    ends = WaitingUpdates(update_folder(machine.node), machine.home)
    (end,) = ends.waiting()
    assert end == End(NONCE, "night-shift", Verb.UPDATE, Doubt.UNFIT)
    ends.done(end)
    assert list(ends.waiting()) == []
    assert machine.passed_on(machine.order()) == [], (
        "an order that ended is not obeyed when it is dropped again"
    )


def test_what_is_ordered_while_another_order_is_obeyed_is_obeyed_too(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = {"and": {"nonce": "f" * 32}}
    tried: list[Path] = []

    def took(bundle: Path, *_: object) -> Took:
        if not tried:
            assert machine.carried_out(machine.order(**later)) is Doubt.NONE
        tried.append(bundle)
        return Took.PASSED

    monkeypatch.setattr(verb_update, "took", took)
    assert machine.carried_out(machine.order()) is Doubt.NONE
    verb_update.obey(machine.config, machine.home, Path("ring"), verb_update.Trial(lambda: None, 1, 1))
    assert len(tried) == 2
    ends = UpdateEnds(machine.home)
    assert all(ends.of(each) is not None for each in (NONCE, "f" * 32))


@pytest.mark.parametrize("other", [{"version": "1.2.1"}, {"number": 13}, {"sha256": "b" * 64}])
def test_what_no_bundle_says_is_refused_by_the_box_and_by_root(
    machine: Machine, other: dict[str, Any]
) -> None:
    assert machine.carried_out(machine.order(**other)) is Doubt.NO_RELEASE
    assert machine.passed_on(machine.order(**other)) == [Doubt.NONE]
    verb_update.obey(machine.config, machine.home, Path("ring"), verb_update.Trial(lambda: None, 1, 1))
    end = UpdateEnds(machine.home).of(NONCE)
    assert end is not None
    assert end.doubt is Doubt.NO_RELEASE


def test_a_box_without_the_section_takes_no_update_by_command(machine: Machine) -> None:
    machine.config.write_text(machine.config.read_text().replace("updates: {home: opt}\n", ""))
    assert machine.carried_out(machine.order()) is Doubt.NOT_HERE


@pytest.mark.parametrize(
    ("said", "doubts"),
    [
        ({"signer": "officer"}, [Doubt.NO_RIGHT]),
        ({"key": "stranger"}, [Doubt.NO_RIGHT]),
        ({"signer": "stranger"}, [Doubt.NO_RIGHT]),
        ({"at_s": -3600}, [Doubt.EXPIRED]),
        ({"at_s": 3600}, [Doubt.EARLY]),
        ({"region": "elsewhere"}, []),
        ({"verb": "restart"}, []),
    ],
)
def test_whoever_took_over_the_box_makes_root_install_nothing(
    machine: Machine, said: dict[str, Any], doubts: list[Doubt]
) -> None:
    assert machine.passed_on(machine.order(**said)) == doubts


def test_junk_and_a_release_that_nobody_signed_change_nothing(machine: Machine) -> None:
    assert machine.passed_on(b"junk") == []
    assert machine.carried_out(machine.order()) is Doubt.NONE
    ring = machine.home / "ring.yaml"
    held = [f"  - {{id: {name}, key: {Ed25519Signer.fresh().key.hex()}}}\n" for name in ("anna", "boris")]
    ring.write_text("keys:\n" + "".join(held))
    (machine.home / "current").symlink_to("releases/1.1.0")
    verb_update.obey(machine.config, machine.home, ring, verb_update.Trial(lambda: None, 1, 1))
    end = UpdateEnds(machine.home).of(NONCE)
    assert end is not None
    assert end.doubt is Doubt.RELEASE
    assert (machine.home / "current").readlink() == Path("releases/1.1.0")


def test_ends_are_bounded_and_damage_is_told(tmp_path: Path) -> None:
    ends = UpdateEnds(tmp_path)
    for number in range(MOST_KEPT + 3):
        ends.write(End(f"{number:032x}", "night-shift", Verb.UPDATE, Doubt.NONE))
    assert len(list((tmp_path / "ends").iterdir())) == MOST_KEPT
    last = f"{MOST_KEPT + 2:032x}"
    assert ends.of(last) == End(last, "night-shift", Verb.UPDATE, Doubt.NONE)
    assert ends.of("../../etc/passwd") is None
    (tmp_path / "ends" / f"{last}.json").write_bytes(b"{")
    with pytest.raises(StorageError, match="cannot be read"):
        ends.of(last)


def test_what_is_ordered_is_what_was_signed(machine: Machine) -> None:
    topic = Origin(machine.node.region, machine.node.node).topic("command")
    order = parse_command(topic, machine.order()).data
    assert isinstance(order, UpdateOrder)
    assert (order.version, order.number) == ("1.2.0", 12)
