"""Alerts fire when they should, and dashboard and alerts ask for what a real box tells."""

import json
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest
import yaml

from edge.run import status_socket
from edge.run.metrics import FAMILIES
from tests.fakes.box import Box, eventually
from tests.fakes.pages import ROOT
from tests.fakes.prometheus import Prometheus, promtool

DASHBOARD = json.loads((ROOT / "deploy/grafana/safecity-edge.json").read_text(encoding="utf-8"))
RULES = ROOT / "deploy/prometheus/safecity-edge.rules.yml"
SHOWN = [(panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]]
ALERTS = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
QUERIES = [*SHOWN, *((rule["alert"], rule["expr"]) for rule in ALERTS)]
NOT_EVERYWHERE = re.compile(r"safecity_(?:temperature|footage|policy)_")
"""What is only told where there is a sensor, where footage is recorded, or a policy of the state holds."""


def test_every_query_asks_for_metrics_and_labels_that_there_are() -> None:
    known = {family.name: {*family.labels, "instance", "job", "le"} for family in FAMILIES}
    for title, query in QUERIES:
        for name, labels in re.findall(
            r"(safecity_\w+?)(?:_bucket|_sum|_count)?(?=[{\[)\s=><])(?:{(.*?)})?", query
        ):
            assert name in known, f"{title}: {name}"
            assert set(re.findall(r"(\w+)(?:=|!=)", labels)) <= known[name], f"{title}: {labels}"
    asked = {family.name for family in FAMILIES if any(family.name in query for _, query in QUERIES)}
    assert {family.name for family in FAMILIES} - asked == {
        "safecity_box_up_seconds",
        "safecity_broker_lost_total",
        "safecity_outbox_bytes",
        "safecity_outbox_dead_letters",
        "safecity_process_up",
    }, "what is told and shown nowhere is in this list"


def test_panels_fill_the_screen_and_do_not_cover_each_other() -> None:
    taken = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert {x for x, _ in taken} == set(range(24))


def test_each_alert_fires_when_it_should_and_a_healthy_box_fires_none() -> None:
    tested = RULES.with_name("safecity-edge.rules.test.yml")
    for command in (["check", "rules", RULES.name], ["test", "rules", tested.name]):
        done = subprocess.run(
            [promtool(), *command], cwd=RULES.parent, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    fired = set(re.findall(r'alertname="(\w+)"', tested.read_text()))
    assert fired == {rule["alert"] for rule in ALERTS}


def test_every_alert_is_told_on_the_page_for_operators() -> None:
    page = (ROOT / "docs/operator/monitoring.md").read_text(encoding="utf-8")
    for rule in ALERTS:
        assert f"| `{rule['alert']}` |" in page


@pytest.mark.process
def test_a_real_box_answers_every_query(tmp_path: Path) -> None:
    with Box(tmp_path / "box", metrics={"port": 0}, log={"format": "json"}).start() as box:
        folder = box.folder / "var"
        eventually((folder / status_socket.NAME).exists, "a box that tells")
        url = status_socket.ask(folder).metrics
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/metrics", url)
        with Prometheus(tmp_path / "prometheus", url.split("/")[2]) as prometheus:
            sent = 'safecity_messages_total{outcome="sent"} > 0'
            eventually(lambda: prometheus.ask(sent), "events on their way")
            for title, query in QUERIES:
                if NOT_EVERYWHERE.search(query) and " or " not in query:
                    continue
                asked = (
                    query.replace("$box", ".*").replace("$__rate_interval", "10s").replace("[5m]", "[10s]")
                )
                asked = re.sub(r"\[(?:5m|10m|15m|1h)\]", "[10s]", asked)
                if (title, query) not in SHOWN:  # an alert that does not fire has no series
                    asked = re.sub(r" (?:==|>|<) [\d. *]+(?= or |$)", "", asked)
                eventually(lambda asked=asked: prometheus.ask(asked), f"{title}: {asked}")
        logged = [json.loads(line) for line in box.said().splitlines()]
        assert {entry["process"] for entry in logged} >= {"run", "publish", "watch"}, "all of it is JSON"
        with urllib.request.urlopen(url, timeout=10) as reply:
            text = reply.read().decode()
        assert len(text.splitlines()) < 400, "few series"
        for secret in (str(box.clip), "mqtt://", "127.0.0.1"):
            assert secret not in text
