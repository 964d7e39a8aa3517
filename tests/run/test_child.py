"""A child is kept alive by its pulse alone, is started again for ever, and ends when told to."""

import asyncio
import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from edge.run import child as module
from edge.run.backoff import Backoff
from edge.run.child import Child, Command, Death

pytestmark = pytest.mark.process


@dataclass(frozen=True)
class Script(Command):
    """A few lines of Python instead of a verb."""

    @property
    def argv(self) -> tuple[str, ...]:
        return (sys.executable, "-c", *self.arguments)


def script(text: str, hang_s: float | None = 15.0) -> Script:
    return Script("child", (f"import os, signal, sys, time\n{text}",), hang_s)


def keep(command: Command, judge: Callable[[Child, Death], bool], *, stop_on_life: bool = False) -> int:
    """Keep a child until it is let go or lives; how often it came alive."""
    lives: list[Child] = []

    async def run() -> None:
        child = Child(
            command, Backoff(random.Random(1), first_s=0.01, most_s=0.02), lambda: alive(child), judge
        )
        await child.keep()

    def alive(child: Child) -> None:
        lives.append(child)
        if stop_on_life:
            child.stop()

    asyncio.run(asyncio.wait_for(run(), 60))
    return len(lives)


def first_deaths(command: Command, number: int = 1) -> list[Death]:
    deaths: list[Death] = []

    def judge(_: Child, death: Death) -> bool:
        deaths.append(death)
        return len(deaths) < number

    keep(command, judge)
    return deaths


def never(_: Child, death: Death) -> bool:
    raise AssertionError(f"nobody died: {death}")


def test_it_is_started_again_after_every_death_until_that_is_declined() -> None:
    deaths = first_deaths(script("sys.exit(7)"), 3)
    assert [death.status for death in deaths] == [7, 7, 7]
    assert str(deaths[0]).startswith("ended with status 7")


def test_a_signal_is_named() -> None:
    (death,) = first_deaths(script("os.kill(os.getpid(), signal.SIGKILL)"))
    assert str(death).startswith("died of SIGKILL")


def test_silence_after_the_first_sign_of_life_is_a_hang() -> None:
    (death,) = first_deaths(script("print(1, flush=True); time.sleep(60)", hang_s=0.2))
    assert death.hung
    assert str(death).startswith("hung")


def test_a_pulse_keeps_it_alive() -> None:
    (death,) = first_deaths(
        script("for _ in range(8): print(1, flush=True); time.sleep(0.05)\nsys.exit(3)", hang_s=5)
    )
    assert (death.status, death.hung) == (3, False)


def test_one_without_a_pulse_may_be_silent() -> None:
    (death,) = first_deaths(script("time.sleep(0.3); sys.exit(4)", hang_s=None))
    assert (death.status, death.hung) == (4, False)


def test_it_ends_when_told_to_and_is_not_started_again() -> None:
    assert keep(script("print(1, flush=True); time.sleep(60)"), never, stop_on_life=True) == 1


def test_a_full_pipe_does_not_keep_it_from_ending() -> None:
    last_words = "signal.signal(signal.SIGTERM, lambda *_: (print('x' * 10**6), sys.exit()))"
    ends = script(f"{last_words}\nprint(1, flush=True)\nwhile True: time.sleep(0.01)")
    assert keep(ends, never, stop_on_life=True) == 1


def test_one_that_ignores_the_request_is_killed_and_it_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "GRACE_S", 0.2)
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    assert keep(script(deaf), never, stop_on_life=True) == 1
    assert "is killed; last words may be missing" in caplog.text


def test_one_that_closes_its_output_and_lingers_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE_S", 0.2)
    (death,) = first_deaths(script("print(1, flush=True); os.close(1); time.sleep(60)"))
    assert death.status == -9


def test_a_stop_before_the_process_exists_is_heeded() -> None:
    async def run() -> None:
        child = Child(script("time.sleep(60)"), Backoff(random.Random(1)), lambda: None, never)
        keeping = asyncio.create_task(child.keep())
        await asyncio.sleep(0)  # the process is being started
        child.stop()
        await asyncio.wait_for(keeping, 60)

    asyncio.run(run())


def test_a_program_that_cannot_be_started_is_a_death_like_others() -> None:
    class Missing(Command):
        @property
        def argv(self) -> tuple[str, ...]:
            return ("/no/such/program",)

    deaths = first_deaths(Missing("child", ()), 2)
    assert [death.status for death in deaths] == [os.EX_OSERR] * 2


FOLLOWS = """
from edge.run.pulses import line_of
from edge.values.moment import Moment
from edge.values.pulse import Pulse
tell = lambda n: print(line_of(Pulse("watch", Moment(1, 2), "ok", {"orders": n})), end="", flush=True)
tell(0)
order = sys.stdin.readline()
tell(0)
time.sleep(0.1)
tell(1)
sys.stdin.readline()
sys.exit(7 if order == "watch b\\n" else 8)
"""


def test_one_that_is_given_an_order_lives_again_once_it_follows() -> None:
    first, second = (replace(script(FOLLOWS), part="same", order=f"watch {name}") for name in "ab")
    deaths: list[Death] = []

    async def run() -> None:
        child = Child(first, Backoff(random.Random(1)), lambda: None, lambda _, death: deaths.append(death))
        keeping = asyncio.create_task(child.keep())
        await asyncio.wait_for(child.lives.wait(), 30)
        assert second.may_follow(first)
        child.follow(second)
        assert not child.lives.is_set()
        await asyncio.wait_for(child.lives.wait(), 30)
        assert child.pulses[-1].counts == {"orders": 1}
        child.follow(second)
        await asyncio.wait_for(keeping, 30)

    asyncio.run(run())
    assert [death.status for death in deaths] == [7]


def test_an_order_on_the_way_to_a_process_that_is_being_started_reaches_it() -> None:
    first, second = (replace(script(FOLLOWS), part="same", order=f"watch {name}") for name in "ab")

    async def run() -> None:
        child = Child(first, Backoff(random.Random(1)), lambda: None, lambda *_: False)
        keeping = asyncio.create_task(child.keep())
        await asyncio.sleep(0)
        assert not child.runs
        child.follow(second)
        await asyncio.wait_for(child.lives.wait(), 30)
        assert child.pulses[-1].counts == {"orders": 1}
        child.stop()
        await asyncio.wait_for(keeping, 30)

    asyncio.run(run())


def test_other_arguments_want_another_process_unless_their_part_is_the_same() -> None:
    one, other = Command("a", ("x", "1")), Command("a", ("x", "2"))
    assert not other.may_follow(one)
    assert replace(other, part="p").may_follow(replace(one, part="p"))
    assert not replace(other, part="q").may_follow(replace(one, part="p"))


def test_the_command_line_is_the_one_that_ps_shows() -> None:
    argv = Command("publish", ("publish", "box.yaml")).argv
    assert argv[0] == sys.executable
    assert argv[-4:] == ("-m", "edge.cli", "publish", "box.yaml")
