"""Figures are for this machine alone, and a box says how its log is written."""

import json
from pathlib import Path
from typing import Any

import pytest

from edge.config.load import load
from edge.config.spec import MetricsSpec, NodeSpec
from edge.run.portions import published, recorded, watched
from edge.values.errors import ConfigError
from edge.values.log_spec import LogSpec


def node(folder: Path, **more: Any) -> NodeSpec:
    least = {"node": "a", "region": "b", "broker": "embedded", "cameras": [{"id": "c", "source": "d.mp4"}]}
    (folder / "node.yaml").write_text(json.dumps({**least, **more}))
    return load(folder / "node.yaml")


def test_nothing_listens_and_the_log_is_for_people_unless_written(tmp_path: Path) -> None:
    assert (node(tmp_path).metrics, node(tmp_path).log) == (None, LogSpec())
    told = node(tmp_path, metrics={}, log={"format": "json", "level": "info"})
    assert told.metrics == MetricsSpec("127.0.0.1", 9464)
    assert told.log == LogSpec(as_json=True, verbose=True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "box.example", ""])
def test_a_listener_for_other_machines_is_refused(host: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"(?s)host.*nothing of this box listens to other machines"):
        node(tmp_path, metrics={"host": host})


def test_the_log_is_every_process_s_and_the_figures_are_the_supervisor_s(tmp_path: Path) -> None:
    before, figures = node(tmp_path), node(tmp_path, metrics={})
    in_json = node(tmp_path, log={"format": "json"})
    for part in (watched, published, lambda spec: recorded(spec, ())):
        assert part(before) == part(figures)
        assert part(before) != part(in_json)
