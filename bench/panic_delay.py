"""How long a panic button's press takes to become an event while other sensors flood.

    python -m bench.panic_delay [--by gates|button] [--rates 0,500,2000,4000,8000] [--presses 6]
        [--lateness 0.5]

Each rate has a Mosquitto, a `fuse` and a memory of its own. 400 gates, or one other button, send that many
readings a second together (raw MQTT packets, QoS 1, so that the sender costs little), a button is pressed
every two seconds, and a subscriber takes the time until the event comes. What did not come within 30 s is
told as `inf`. All share the cores of this machine, but sender and fusion have a share of their own where the
kernel groups by sessions.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from edge.privacy.canonical import utc
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.raw_mqtt import Raw
from tests.fakes.sensors import GATEWAY, REGION, reading_body
from tests.fakes.subscriber import Subscriber, wait_until

GATES = 400
TICK_S = 0.01
SETTLE_S = 4.0
EVERY_S = 2.0
PATIENCE_S = 30.0
CONFIG = """\
name: fusion-1
region: north
broker: {{urls: [{url}]}}
lateness_s: {lateness}
sensors:
  - {{id: panic-1, gateway: gateway-1, kind: panic, stale_s: 300, at: [0, 0]}}
  - {{id: panic-2, gateway: gateway-1, kind: panic, stale_s: 300, at: [900, 0]}}
{gates}
rules:
  - {{id: pressed, near_m: 1, clear_s: 0, when: {{all_of: [{{sensor: panic, is: pressed}}]}}}}
  - {{id: rush, when: {{sensor: gate, measure: entered_per_min, above: 500}}}}
"""


def flood(port: int, by: str, rate: int, stop: Any, sent: Any) -> None:
    """Each speaks in its turn; in a session of its own, whose share of the cores is nobody else's."""
    os.setsid()
    made = [_gate(n) for n in range(GATES)] if by == "gates" else [_button()]
    bodies, names = [json.dumps(each).encode() for each in made], [each["data"]["sensor"] for each in made]
    raw, counts, began, number = Raw(port, "flood"), [0] * len(made), time.monotonic(), 0
    while not stop.is_set():
        due, now = int((time.monotonic() - began) * rate), utc(time.time_ns()).encode()
        messages = []
        for which in (each % len(made) for each in range(number, due)):
            counts[which] += 1
            body = bodies[which].replace(b'"@N"', b"%d" % counts[which]).replace(b"@T", now)
            body = body.replace(b"@S", (b"released", b"pressed")[counts[which] % 2])
            messages.append((f"safecity/v1/{REGION}/{GATEWAY}/reading/{names[which]}", body))
        raw.publish(messages)
        number = sent.value = due
        time.sleep(TICK_S)


def _gate(which: int) -> dict[str, Any]:
    return _timeless(reading_body(f"gate-{which}", "gate", 0, 0, entered=0, left=0))


def _button() -> dict[str, Any]:
    return _timeless(reading_body("panic-2", "panic", 0, 0, says="@S"))


def _timeless(body: dict[str, Any]) -> dict[str, Any]:
    body |= {"id": "b1.1", "time": "@T"}
    body["data"] |= {"sequence": "@N", "utc": "@T"}
    return body


class Trial:
    """One rate, one fusion."""

    def __init__(self, folder: Path, by: str, rate: int, lateness: float) -> None:
        self._by, self.rate, self._folder, self._lateness = by, rate, folder, lateness
        self._sequence = 0

    def run(self, presses: int) -> tuple[list[float], float, int]:
        """Seconds until each press was told; processor seconds of the fusion a second; readings sent."""
        with Mosquitto(self._folder / "broker", "max_queued_messages 100000") as broker:
            config = self._folder / "fusion.yaml"
            gates = "\n".join(f"  - {{id: gate-{n}, gateway: gateway-1, kind: gate}}" for n in range(GATES))
            config.write_text(CONFIG.format(url=broker.url, lateness=self._lateness, gates=gates))
            with (
                (self._folder / "log").open("wb") as log,
                Subscriber(broker.port, "safecity/v1/+/fusion-1/+/#") as centre,
            ):
                fuse = subprocess.Popen(
                    [sys.executable, "-m", "edge.cli", "fuse", str(config)],
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
                try:
                    if not wait_until(lambda: any(t.endswith("/fusion") for t, _ in centre.got)):
                        raise SystemExit((self._folder / "log").read_text())
                    return self._pressed(broker.port, centre, fuse.pid, presses)
                finally:
                    fuse.kill()
                    fuse.wait()

    def _pressed(
        self, port: int, centre: Subscriber, pid: int, presses: int
    ) -> tuple[list[float], float, int]:
        stop, sent = multiprocessing.Event(), multiprocessing.Value("q", 0)
        flooding = multiprocessing.Process(target=flood, args=(port, self._by, self.rate, stop, sent))
        flooding.start()
        button, fuse = Raw(port, "button"), psutil.Process(pid)
        self._say(button, "released")
        time.sleep(SETTLE_S)
        cpu, began = sum(fuse.cpu_times()[:2]), time.monotonic()
        try:
            delays = [self._press(button, centre) for _ in range(presses)]
            used = (sum(fuse.cpu_times()[:2]) - cpu) / (time.monotonic() - began)
            return delays, used, sent.value
        finally:
            stop.set()
            flooding.join()

    def _press(self, button: Raw, centre: Subscriber) -> float:
        before, began = _starts(centre), time.monotonic()
        self._say(button, "pressed")
        came = wait_until(lambda: _starts(centre) > before, PATIENCE_S)
        took = time.monotonic() - began
        time.sleep(max(0.0, EVERY_S / 2 - took))
        self._say(button, "released")
        time.sleep(EVERY_S / 2)
        return took if came else float("inf")

    def _say(self, button: Raw, word: str) -> None:
        self._sequence += 1
        body = reading_body("panic-1", "panic", self._sequence, time.time_ns(), says=word)
        button.publish([(f"safecity/v1/{REGION}/{GATEWAY}/reading/panic-1", json.dumps(body).encode())])


def _starts(centre: Subscriber) -> int:
    """How often the button that is pressed was told so far."""
    told = centre.payloads("/fused/pressed")
    return sum(b'"around":"sensor/panic-1"' in each and b'"phase":"start"' in each for each in told)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--by", choices=("gates", "button"), default="gates", help="who floods")
    parser.add_argument("--rates", default="0,500,2000,4000,8000", help="readings a second")
    parser.add_argument("--presses", type=int, default=6)
    parser.add_argument("--lateness", type=float, default=0.5, help="lateness_s of the fusion")
    asked = parser.parse_args()
    print(f"{'readings/s':>10} {'median s':>9} {'worst s':>8} {'cores':>6}   each press, s")
    for rate in (int(each) for each in asked.rates.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            delays, cores, _ = Trial(Path(folder), asked.by, rate, asked.lateness).run(asked.presses)
        each = " ".join(f"{delay:.2f}" for delay in delays)
        print(
            f"{rate:10,} {statistics.median(delays):9.2f} {max(delays):8.2f} {cores:6.2f}   {each}",
            flush=True,
        )


if __name__ == "__main__":
    main()
