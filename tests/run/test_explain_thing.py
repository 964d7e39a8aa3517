"""`rules explain` of a thing: the terms of its confidence in plain words, without any configuration."""

import json
from pathlib import Path

from typer.testing import CliRunner

from edge.cli import app
from edge.messages import examples

RUN = CliRunner()


def written(tmp_path: Path, **changes: object) -> Path:
    body = json.loads(examples.abandoned().body)
    for key, value in changes.items():
        body["data"]["thing"][key] = value
    file = tmp_path / "event.jsonl"
    file.write_text(json.dumps(body) + "\n", encoding="utf-8")
    return file


def test_every_term_is_told_with_its_share(tmp_path: Path) -> None:
    said = RUN.invoke(app, ["rules", "explain", str(written(tmp_path))])
    assert said.exit_code == 0, said.output
    for words in ("something left behind", "93% sure", "81%  has stood still for 8 s", "10 m away"):
        assert words in said.output
    assert "about 0.6 m, by the measured ground" in said.output


def test_what_was_taken_is_told_as_missing(tmp_path: Path) -> None:
    said = RUN.invoke(app, ["rules", "explain", str(written(tmp_path, change="taken", measured="stature"))])
    assert "has been missing for 8 s" in said.output
    assert "roughly, by how tall people are" in said.output
    assert "was on the street, and is not in the picture" in said.output


def test_an_event_of_several_sources_still_wants_its_configuration(tmp_path: Path) -> None:
    said = RUN.invoke(app, ["rules", "explain", "366aeb81-0d0f-8235-8b9a-825a4f2109f3"])
    assert said.exit_code != 0
    assert "--config" in str(said.exception or said.output)


def test_what_is_no_message_is_refused_with_what_was_wanted(tmp_path: Path) -> None:
    file = tmp_path / "queue.jsonl"
    file.write_text('{"a": 1}\n', encoding="utf-8")
    said = RUN.invoke(app, ["rules", "explain", str(file)])
    assert "messages as boxes send them" in str(said.exception or said.output)
