"""A real `safecity-edge fuse` for tests, with its configuration, killed without mercy at the end."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

CONFIG = """\
name: fusion-1
region: north
broker:
  urls: [{url}]{files}
lateness_s: 0.5
map: metres
cameras:
  - {{node: box-1, camera: plaza, at: [0, 0]}}
  - {{node: box-2, camera: gate, at: [500, 0]}}
sensors:
  - {{id: smoke-1, gateway: gateway-1, kind: smoke, at: [10, 0], stale_s: 300}}
  - {{id: smoke-2, gateway: gateway-1, kind: smoke, at: [5000, 0], stale_s: 300}}
  - {{id: panic-1, gateway: gateway-1, kind: panic, stale_s: 300}}
rules:
  - id: smoke-in-a-crowd
    severity: severe
    near_m: 40
    when:
      within_s: 120
      all_of:
        - {{sensor: smoke, above: 5}}
        - {{event: occupancy, objects: 10}}
  - id: pressed
    severity: minor
    clear_s: 0
    when: {{sensor: panic, is: pressed}}
"""


class FuseProcess:
    """Started on construction with `config`: with `more` lines in it, and `files` of the broker."""

    def __init__(self, folder: Path, url: str, more: str = "", files: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "fusion.yaml"
        self.config.write_text(CONFIG.format(url=url, files=files) + more)
        self.log = folder / "fuse.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "edge.cli", "fuse", str(self.config)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
            )

    def kill(self) -> None:
        """With no chance to tidy up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def hold(self) -> None:
        """It stands still until it may go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        """In order; the exit status."""
        assert self._process is not None
        self._process.terminate()
        return self.wait()

    def wait(self) -> int:
        """The exit status, once it has ended."""
        assert self._process is not None
        status = self._process.wait(60)
        self._process = None
        return status

    def said(self) -> str:
        """All that it wrote to its log, as one line."""
        return " ".join(self.log.read_text().split())

    def __enter__(self) -> "FuseProcess":
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()


def rules(*arguments: str) -> str:
    """What a verb of `rules` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "edge.cli", "rules", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
