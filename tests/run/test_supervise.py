"""What the supervisor makes of deaths, reloads and signals, with children that do as they are told."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import ClassVar

import pytest

from edge.run import supervise
from edge.run.assign import Group
from edge.run.backoff import Backoff
from edge.run.child import Command, Death
from edge.run.supervise import FORGIVEN_S, Plan, Supervisor
from edge.values.errors import ConfigError, StorageError


class FakeChild:
    """Lives until it is stopped or told to die; its class remembers what was done, in order."""

    log: ClassVar[list[str]] = []
    living: ClassVar[dict[str, "FakeChild"]] = {}

    def __init__(
        self,
        command: Command,
        _: Backoff,
        on_life: Callable[[], None],
        on_death: Callable[["FakeChild", Death], bool],
    ) -> None:
        self.command, self.lives, self.runs = command, asyncio.Event(), True
        self._on_life, self._on_death = on_life, on_death
        self._end = asyncio.Event()

    async def keep(self) -> None:
        self.log.append(f"+{self.command.name}")
        self.living[self.command.name] = self
        await self._end.wait()
        self.living.pop(self.command.name, None)
        self.log.append(f"-{self.command.name}")

    def stop(self, retire: bool = False) -> None:
        self._end.set()

    def follow(self, command: Command) -> None:
        self.log.append(f"{self.command.name}>{command.name}")
        self.living[command.name] = self.living.pop(self.command.name)
        self.command = command

    def live(self) -> None:
        self.lives.set()
        self._on_life()

    def die(self, status: int = -9, uptime_s: float = 5.0) -> None:
        if not self._on_death(self, Death(status, uptime_s, hung=False)):
            self._end.set()
        else:
            self.log.append(f"!{self.command.name}")


@pytest.fixture(autouse=True)
def children(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, FakeChild]]:
    monkeypatch.setattr(supervise, "Child", FakeChild)
    FakeChild.log, FakeChild.living = [], {}
    yield FakeChild.living


def plan(*cameras: str, version: str = "1", workers: int = 1, first: bool = False) -> Plan:
    def watch(group: Group) -> Command:
        return Command(f"watch[{','.join(group)}]", (version, *group))

    fixed = (Command("broker", ("broker",), first=first), Command("publish", ("publish", version)))
    return Plan(fixed, cameras or ("a", "b", "c"), frozenset(), workers, watch)


def play(script: Callable[[Supervisor], Awaitable[None]], first: Plan, *later: Plan | Exception) -> int:
    """Run a supervisor while a script plays; its exit status."""
    plans = iter(later)

    def replan() -> Plan:
        following = next(plans)
        if isinstance(following, Exception):
            raise following
        return following

    async def both() -> int:
        supervisor = Supervisor(first, replan, random.Random(1))
        running = asyncio.create_task(supervisor.run())
        await script(supervisor)
        os.kill(os.getpid(), signal.SIGTERM)
        return await asyncio.wait_for(running, 30)

    return asyncio.run(both())


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0)


async def all_live(*names: str) -> None:
    await until(lambda: set(names) <= FakeChild.living.keys())
    for name in names:
        FakeChild.living[name].live()


def reload() -> None:
    os.kill(os.getpid(), signal.SIGHUP)


EVERYBODY = ("broker", "publish", "watch[a,b,c]")


def test_others_wait_for_the_first_and_watchers_are_stopped_before_the_rest() -> None:
    async def script(_: Supervisor) -> None:
        await until(lambda: "broker" in FakeChild.living)
        for _ in range(20):
            await asyncio.sleep(0)
        assert FakeChild.log == ["+broker"]
        await all_live("broker")
        await all_live("publish", "watch[a,b,c]")

    assert play(script, plan(first=True)) == 0
    assert FakeChild.log[:3] == ["+broker", "+publish", "+watch[a,b,c]"]
    assert FakeChild.log[3:] == ["-watch[a,b,c]", "-publish", "-broker"]


def test_a_first_that_never_lives_delays_no_farewell() -> None:
    async def script(_: Supervisor) -> None:
        await until(lambda: "broker" in FakeChild.living)

    assert play(script, plan(first=True)) == 0
    assert FakeChild.log == ["+broker", "-broker"]


def test_a_worker_that_died_twice_is_halved_until_its_cameras_are_alone() -> None:
    async def script(_: Supervisor) -> None:
        await all_live(*EVERYBODY)
        FakeChild.living["watch[a,b,c]"].die()
        assert FakeChild.log[-1] == "!watch[a,b,c]"
        FakeChild.living["watch[a,b,c]"].die()
        await until(lambda: {"watch[a,b]", "watch[c]"} <= FakeChild.living.keys())
        for _ in range(5):
            FakeChild.living["watch[c]"].die()
        assert FakeChild.log[-5:] == ["!watch[c]"] * 5

    assert play(script, plan()) == 0


def test_a_full_disk_and_old_sins_separate_nobody() -> None:
    async def script(_: Supervisor) -> None:
        await all_live(*EVERYBODY)
        worker = FakeChild.living["watch[a,b,c]"]
        for _ in range(3):
            worker.die(StorageError.exit_code)
        worker.die()
        worker.die(uptime_s=FORGIVEN_S)
        assert FakeChild.log[-5:] == ["!watch[a,b,c]"] * 5

    assert play(script, plan()) == 0


def test_a_hopeless_start_ends_the_box_with_its_status() -> None:
    async def script(_: Supervisor) -> None:
        await until(lambda: "watch[a,b,c]" in FakeChild.living)
        FakeChild.living["watch[a,b,c]"].die(3)

    assert play(script, plan()) == 3


def test_what_was_good_once_is_never_given_up() -> None:
    async def script(_: Supervisor) -> None:
        await all_live(*EVERYBODY)
        FakeChild.living["watch[a,b,c]"].die(3)
        assert FakeChild.log[-1] == "!watch[a,b,c]"

    assert play(script, plan()) == 0


def test_a_reload_restarts_what_changed_and_nothing_else() -> None:
    async def script(_: Supervisor) -> None:
        await all_live(*EVERYBODY)
        reload()
        await until(lambda: "watch[a]" in FakeChild.living)
        assert set(FakeChild.living) == {"broker", "publish", "watch[a]"}

    assert play(script, plan(), plan("a", version="2")) == 0
    assert FakeChild.log.count("+broker") == 1
    assert FakeChild.log.count("+publish") == 2


def telling(*cameras: str, version: str, workers: int = 2) -> Plan:
    """A plan whose workers may follow another version of it."""

    def watch(group: Group) -> Command:
        return Command(f"watch[{','.join(group)}]", (version, *group), part="same", order=version)

    return Plan((Command("publish", ("publish",)),), cameras, frozenset(), workers, watch)


def test_workers_are_told_of_a_reload_and_go_on() -> None:
    async def script(supervisor: Supervisor) -> None:
        await all_live("publish", "watch[a,c]", "watch[b]")
        reload()
        await until(lambda: "watch[b,d]" in FakeChild.living)
        assert set(FakeChild.living) == {"publish", "watch[a,c]", "watch[b,d]"}
        assert FakeChild.living["watch[a,c]"].command.arguments == ("2", "a", "c")
        reload()
        await until(lambda: "watch[b]" in FakeChild.living)
        await until(lambda: "watch[a,c]" not in FakeChild.living)
        assert set(FakeChild.living) == {"publish", "watch[b]"}

    assert (
        play(script, telling(*"abc", version="1"), telling(*"abcd", version="2"), telling("b", version="3"))
        == 0
    )
    assert not any("publish" in done for done in FakeChild.log[3:-1])


def test_a_new_worker_waits_until_the_others_have_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(_: Supervisor) -> None:
        await all_live("publish", "watch[a]")
        FakeChild.living["watch[a]"].lives.clear()
        reload()
        await until(lambda: FakeChild.living["watch[a]"].command.arguments[0] == "2")
        for _ in range(20):
            await asyncio.sleep(0)
        assert "watch[b]" not in FakeChild.living
        FakeChild.living["watch[a]"].live()
        await until(lambda: "watch[b]" in FakeChild.living)

    assert play(script, telling("a", version="1"), telling("a", "b", version="2")) == 0


def test_a_worker_that_the_new_configuration_kills_is_started_under_the_old_one() -> None:
    async def script(_: Supervisor) -> None:
        await all_live("publish", "watch[a]")
        FakeChild.living["watch[a]"].lives.clear()
        reload()
        await until(lambda: FakeChild.living["watch[a]"].command.arguments[0] == "2")
        FakeChild.living["watch[a]"].die(2)
        await until(lambda: FakeChild.log.count("+watch[a]") == 2)
        assert FakeChild.living["watch[a]"].command.arguments[0] == "1"

    assert play(script, telling("a", version="1"), telling("a", version="2")) == 0


def test_an_imposed_plan_does_not_give_way_to_the_one_before() -> None:
    async def script(supervisor: Supervisor) -> None:
        await all_live("publish", "watch[a]")
        supervisor.impose(replace(telling("a", version="2"), cameras=()))
        await until(lambda: "watch[a]" not in FakeChild.living)
        FakeChild.living["publish"].die(2)
        await until(lambda: "!publish" in FakeChild.log)
        assert FakeChild.log.count("+watch[a]") == 1

    assert play(script, telling("a", version="1")) == 0


def test_other_numbers_of_workers_spread_the_cameras_anew() -> None:
    async def script(_: Supervisor) -> None:
        await all_live("publish", "watch[a]", "watch[b]")
        reload()
        await until(lambda: "watch[a,b]" in FakeChild.living)
        assert set(FakeChild.living) == {"publish", "watch[a,b]"}

    assert play(script, telling(*"ab", version="1"), telling(*"ab", version="2", workers=1)) == 0


def test_a_broken_configuration_changes_nothing() -> None:
    async def script(_: Supervisor) -> None:
        await all_live(*EVERYBODY)
        reload()
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(FakeChild.log) == 3

    assert play(script, plan(), ConfigError("box.yaml:3: no")) == 0


def test_a_hopeless_reload_gives_way_to_the_last_good_plan() -> None:
    async def script(_: Supervisor) -> None:
        await all_live(*EVERYBODY)
        reload()
        await until(lambda: FakeChild.log.count("+watch[a,b,c]") == 2)
        FakeChild.living["watch[a,b,c]"].die(3)
        await until(lambda: FakeChild.log.count("+watch[a,b,c]") == 3)
        assert FakeChild.living["watch[a,b,c]"].command.arguments[0] == "1"

    assert play(script, plan(), plan(version="2")) == 0


@pytest.mark.parametrize(("status", "well"), [(None, True), (3, False), (-11, False)])
def test_who_waits_for_a_plan_is_told_once_how_it_went(status: int | None, well: bool) -> None:
    told: list[bool] = []

    async def script(supervisor: Supervisor) -> None:
        await all_live(*EVERYBODY)
        reload()
        await until(lambda: FakeChild.log.count("+watch[a,b,c]") == 2)
        if status is not None:
            FakeChild.living["watch[a,b,c]"].die(status)
            await until(lambda: FakeChild.log.count("+watch[a,b,c]") == 3)
        await all_live(*EVERYBODY)
        await until(lambda: supervisor._good is supervisor.plan)
        FakeChild.living["watch[a,b,c]"].die(-11)
        await asyncio.sleep(0)

    assert play(script, plan(), replace(plan(version="2"), settled=told.append)) == 0
    assert told == [well]
    assert FakeChild.log.count("+watch[a,b,c]") == (2 if well else 3)


def test_a_full_disk_and_the_death_of_others_end_no_trial() -> None:
    told: list[bool] = []

    async def script(_: Supervisor) -> None:
        await all_live(*EVERYBODY)
        reload()
        await until(lambda: FakeChild.log.count("+watch[a,b,c]") == 2)
        FakeChild.living["watch[a,b,c]"].die(StorageError.exit_code)
        FakeChild.living["publish"].die(-9)
        assert told == []
        await all_live(*EVERYBODY)

    assert play(script, plan(), replace(plan(version="2"), settled=told.append)) == 0
    assert told == [True]


def test_reloads_in_a_row_end_with_the_last() -> None:
    async def script(_: Supervisor) -> None:
        await all_live(*EVERYBODY)
        reload()
        await asyncio.sleep(0)
        reload()
        await until(lambda: {"watch[d]", "publish"} <= FakeChild.living.keys())
        assert set(FakeChild.living) == {"broker", "publish", "watch[d]"}

    assert play(script, plan(), plan("a", version="2"), plan("d", version="3")) == 0


def test_the_end_of_whoever_reads_the_terminal_ends_the_box() -> None:
    tail = Command("tail", ("tail",), hang_s=None)

    async def script(_: Supervisor) -> None:
        await until(lambda: "tail" in FakeChild.living)
        FakeChild.living["tail"].die(0)

    assert play(script, Plan((tail,), ("a",), frozenset(), 1, plan().watch)) == 0


def test_it_ends_by_itself_when_the_time_is_over() -> None:
    async def run() -> int:
        return await Supervisor(plan(), plan).run(for_s=0.05)

    assert asyncio.run(run()) == 0
