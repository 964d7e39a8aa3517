"""A real Prometheus for tests: scrapes one address every second, and answers queries."""

import json
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.mosquitto import free_port


def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("no promtool on this machine")
    return found


class Prometheus:
    """Starts on construction; a context manager."""

    def __init__(self, folder: Path, target: str) -> None:
        program = shutil.which("prometheus")
        if program is None:
            pytest.skip("no prometheus on this machine")
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "prometheus.yml"
        config.write_text(
            "global: {scrape_interval: 1s}\n"
            f"scrape_configs: [{{job_name: safecity-edge, static_configs: [{{targets: ['{target}']}}]}}]\n"
        )
        self._url = f"http://127.0.0.1:{(port := free_port())}"
        self.log = folder / "prometheus.log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    program,
                    f"--config.file={config}",
                    f"--storage.tsdb.path={folder / 'data'}",
                    f"--web.listen-address=127.0.0.1:{port}",
                ],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The series that answer a query now; [] before it runs."""
        asked = f"{self._url}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
        try:
            with urllib.request.urlopen(asked, timeout=10) as reply:
                answer = json.load(reply)
        except urllib.error.HTTPError as refused:
            if refused.code == HTTPStatus.SERVICE_UNAVAILABLE:  # it still starts
                return []
            pytest.fail(f"{query}: {refused.read().decode()}")
        except OSError:
            return []
        return list(answer["data"]["result"])

    def __enter__(self) -> "Prometheus":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
