"""The subscribers of `docs/monitoring-centre/subscribe.md`, run as they stand there."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from edge.values.message import RedactedMessage, Urgency
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.outbox import BOOT
from tests.fakes.publish_process import PublishProcess
from tests.fakes.subscriber import wait_until

pytestmark = pytest.mark.process

PAGE = Path(__file__).parents[2] / "docs" / "monitoring-centre" / "subscribe.md"
SHELL = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.S)
(PYTHON,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
(NODE_JS,) = re.findall(r"```js\n(.*?)```", PAGE.read_text(), re.S)
PROGRAMS = {PYTHON: [sys.executable, "-c", PYTHON], NODE_JS: ["node", "-e", NODE_JS]}
MODULES = "/usr/share/nodejs"  # where Debian puts them, also for a Node.js that is not Debian's
BODY = (
    b'{"id":"a.0","source":"/safecity/r/n/c1","time":"2026-01-01T00:00:00.000Z","type":"safecity.event.v1"}'
)
EVENT = RedactedMessage("safecity/v1/r/n/event/c1/zone-entry", BODY, Urgency.ALARM, "a")


@pytest.mark.parametrize(
    "command", [*SHELL, PYTHON, NODE_JS], ids=lambda text: str(text).split("\n", 1)[0][:40]
)
def test_a_subscriber_of_the_docs_gets_the_event(command: str, tmp_path: Path) -> None:
    run = PROGRAMS.get(command, ["sh", "-c", f"exec {command}"])
    if run[0] == "sh" and shutil.which("mosquitto_sub") is None:
        pytest.skip("no mosquitto_sub on this machine")
    if run[0] == "node" and not (shutil.which("node") and Path(MODULES, "mqtt").exists()):
        pytest.skip("no Node.js with mqtt on this machine: deploy/debian-packages.sh")
    with Mosquitto(tmp_path / "broker") as broker, (tmp_path / "got").open("w+") as got:
        environment = {**os.environ, "BROKER": "127.0.0.1", "PORT": str(broker.port), "NODE_PATH": MODULES}
        subscriber = subprocess.Popen(run, env=environment, stdout=got, stderr=subprocess.STDOUT)
        publish = PublishProcess(tmp_path / "outbox.db", broker.url)
        SqliteOutbox(tmp_path / "outbox.db", BOOT).put([EVENT])
        try:
            assert wait_until(lambda: "/safecity/r/n/c1" in (tmp_path / "got").read_text(), 20.0)
        finally:
            publish.kill()
            subscriber.send_signal(signal.SIGKILL)
            subscriber.wait()
