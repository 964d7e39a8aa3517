"""`rules explain` of every kind of event that a box tells: those of the golden replays, in plain words."""

import json
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edge.cli import app
from edge.config.load import load
from edge.messages import examples
from edge.rules.spec import HEAT, THINGS, RuleSpec, Step
from edge.run.rule_words import asked
from edge.values.event import Kind, Severity
from edge.values.message import RedactedMessage

RUN = CliRunner()
GOLDEN = Path(__file__).parents[1] / "golden"
STREETS = GOLDEN / "streets"


@cache
def golden() -> dict[Kind, list[str]]:
    """The messages of one event of each kind that a golden replay tells."""
    found: dict[Kind, dict[str, list[str]]] = {}
    for file in sorted(GOLDEN.rglob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            data = json.loads(line)["data"]
            if "event_id" in data:
                found.setdefault(Kind(data["kind"]), {}).setdefault(data["event_id"], []).append(line)
    return {kind: next(iter(events.values())) for kind, events in found.items()}


def drawn(kind: Kind) -> str:
    """A message of a kind about crowds that no golden replay tells: a queue under another name."""
    body = json.loads(examples.queue().body)
    unit = {Kind.PRESSURE: "1/s2", Kind.STOP_AND_GO: "stops/person/min"}[kind]
    for name in ("length_m", "wait_s"):
        del body["data"]["dynamics"][name]
    body["data"]["dynamics"]["unit"], body["data"]["kind"] = unit, kind.value
    body["type"] = body["type"].replace("queue", kind.value)
    return json.dumps(body)


def explained(*args: str, stdin: str | None = None) -> Result:
    said = RUN.invoke(app, ["rules", "explain", *args], input=stdin)
    assert said.exit_code == 0, said.output or said.exception
    return said


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_explained(kind: Kind) -> None:
    messages = golden().get(kind) or [drawn(kind)]
    said = explained("-", stdin="\n".join(messages)).output
    data = json.loads(messages[0])["data"]
    assert said.startswith(f"{data['rule']}, ")
    assert data["event_id"] in said
    assert len(said.splitlines()) >= 4, "it says why, and not only that"
    assert "None" not in said


@pytest.mark.parametrize("kind", Kind)
def test_each_message_of_an_event_is_explained(kind: Kind) -> None:
    for number, _ in enumerate(golden().get(kind, [])):
        explained("-", "--revision", str(number), stdin="\n".join(golden()[kind]))


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("speeds-day", ["km/h (", "limit 50", "told because the whole interval is above the limit"]),
        ("breakdown", ["stands for 8 s", "1 m of measured ground", "where 3 stand at once they wait"]),
        (
            "wrong-way-day",
            ["from the right of the line to its left", 'truck passes over "lane", backward only'],
        ),
        ("patrol", ['1 person-in-vest in "red"', '1 or more (person-in-vest) in "red"']),
        ("after-hours", ["began 2026-06-01 22:00:00.0 +0500", "on duty mon tue wed thu fri 22:00 to 05:00"]),
    ],
)
def test_what_was_found_and_what_was_asked_stand_side_by_side(file: str, words: list[str]) -> None:
    said = explained(str(STREETS / f"{file}.jsonl"), "--config", str(STREETS / "site.yaml")).output
    for each in words:
        assert each in said


def test_a_configuration_that_changed_since_is_named(tmp_path: Path) -> None:
    site = STREETS / "site.yaml"
    data = json.loads((STREETS / "wrong-way-day.jsonl").read_text(encoding="utf-8").splitlines()[0])
    told = tmp_path / "told.jsonl"
    told.write_text(json.dumps(data), encoding="utf-8")
    assert "a configuration that differs" in explained(str(told), "--config", str(site)).output
    data["data"]["config_sha256"] = load(site).sha256
    told.write_text(json.dumps(data), encoding="utf-8")
    assert "a configuration that differs" not in explained(str(told), "--config", str(site)).output
    data["data"]["rule"] = "gone"
    told.write_text(json.dumps(data), encoding="utf-8")
    assert "no rule gone for wrong-way-day" in explained(str(told), "--config", str(site)).output


def test_all_events_of_a_file_are_explained_and_other_messages_left_out(tmp_path: Path) -> None:
    told = tmp_path / "told.jsonl"
    told.write_bytes(b"\n".join(each.body for each in (examples.heat(), examples.queue(), examples.speed())))
    said = explained(str(told)).output
    assert "a queue in" in said
    assert "too fast in" in said
    told.write_bytes(examples.heat().body)
    assert "got none" in str(RUN.invoke(app, ["rules", "explain", str(told)]).exception)


def test_what_is_unknown_is_said() -> None:
    said = explained("-", stdin=examples.crossing().body.decode()).output
    assert "persons per square metre" not in said
    (stood,) = (line for line in golden()[Kind.OCCUPANCY][:1])
    assert "ground is not measured" in explained("-", stdin=stood).output


def test_every_kind_of_rule_has_words() -> None:
    sites = [load(file) for file in sorted(GOLDEN.rglob("site.yaml"))]
    rules = {rule.id: rule for site in sites for camera in site.cameras for rule in camera.rules}
    for rule in rules.values():
        for words in asked(rule):
            assert "{" not in words
            assert "None" not in words
    assert {rule.kind for rule in rules.values()} >= set(Kind) - HEAT - THINGS - {Kind.DENSITY}


def words_of(example: RedactedMessage, **data: object) -> str:
    """What is explained of an example, with other parts of its data merged in, on one line."""
    body = json.loads(example.body)
    for name, value in data.items():
        body["data"][name] = {**body["data"][name], **value} if isinstance(value, dict) else value
    return " ".join(explained("-", stdin=json.dumps(body)).output.split())


def test_of_a_crowd_that_cannot_be_counted_only_the_least_is_explained() -> None:
    said = words_of(examples.density(), crowd={"at_least": True, "high": 10.0, "low": 0.5, "level": "C"})
    assert 'at least 22 people in "fountain", at least 0.50 persons/m²' in said
    assert "up to 10 can stand there" in said
    assert "level C of fruin-walkway or higher: 0.43 to 0.72 persons/m²" in said
    assert "1.20" not in said, "a best estimate"
    lowest = words_of(examples.density(), crowd={"at_least": True, "high": 10.0, "low": 0.1, "level": "A"})
    assert "every level of fruin-walkway is possible" in lowest
    assert "level A" not in lowest
    told = {"people": 44.0, "error": 0.5, "age_s": 2.0, "model": {"name": "mcnn", "sha256": "5a" * 32}}
    by_map = {"at_least": True, "high": 10.0, "low": 0.1, "level": "A", "basis": "map", "map": told}
    assert "1.20 persons/m² by it is a guess" in words_of(examples.density(), crowd=by_map)


def test_a_level_is_explained_by_its_table() -> None:
    assert "level E of fruin-walkway: 1.08 to 2.15 persons/m² " in words_of(examples.density())
    held = words_of(examples.density(), crowd={"per_m2": 0.28, "low": 0.25, "level": "B"})
    assert "level B of fruin-walkway: 0.31 to 0.43 persons/m²; once reached it is kept down to 0.25" in held
    stands = {"table": "standing", "per_m2": 3.6, "low": 3.2, "high": 5.0, "level": "touching"}
    assert "level touching of standing: 3.57 to 5.55 persons/m²; people touch without wanting to" in words_of(
        examples.density(), crowd=stands
    )
    packed = {"per_m2": 3.6, "low": 3.2, "high": 5.0, "level": "F"}
    assert "level F of fruin-walkway: 2.15 and more" in words_of(examples.density(), crowd=packed)
    assert "level E of the walkway table: 66 to 82 persons/min/m" in words_of(examples.flow())


def test_a_flow_counts_crossings_and_not_people() -> None:
    to_and_fro = json.loads(examples.flow().body)["data"]["objects"][:1] * 4
    said = words_of(examples.flow(), objects=to_and_fro, count=6, peak=6)
    assert '6 crossings of "gate" in 60 s, 68 persons/min/m' in said
    assert "person cbdfmi7z, 4 times" in said
    assert "and 2 crossings more" in said
    assert "people over" not in said


def test_headlines_have_their_number() -> None:
    assert 'a queue in "fountain", 26 people, 14 m long, 5 min 12 s to wait event' in words_of(
        examples.queue()
    )
    assert '22 people in "fountain", 1.20 persons/m² event' in words_of(examples.density())


def test_a_blocked_way_out_has_its_interval() -> None:
    said = words_of(examples.route())
    assert "nobody knows when they are through (an hour or longer), 8 persons/min pass, 164 can" in said
    assert "blocked: people stand before it, and in the last 15 s fewer than 10% passed" in said
    assert "holds the truth" not in said, "of a number that stands for none"
    slow = words_of(examples.route(), dynamics={"value": 1500.0, "low": 900.0, "high": 4000.0})
    assert "all through in 25 min 0 s (15 min 0 s to an hour or longer)" in slow
    assert "holds the truth 90% of the time" in slow


def test_a_severity_is_explained_that_holds_below_its_step() -> None:
    steps = (Step(6, Severity.SEVERE), Step(20, Severity.EXTREME))
    rule = RuleSpec("crowd", Kind.OCCUPANCY, ("square",), at_least=4, steps=steps)
    assert "severe from 6, until below 5, extreme from 20, until below 16" in [*asked(rule)]


def test_what_is_over_at_once_happened_and_did_not_begin() -> None:
    said = words_of(examples.crossing(), started="2026-11-05T08:22:10.900Z", utc="2026-11-05T08:22:11.200Z")
    assert "happened 2026-11-05 08:22:10.9 +0000, told 2026-11-05 08:22:11.2 +0000" in said


def test_an_error_is_never_told_as_zero() -> None:
    wide = words_of(examples.flow(), flow={"width_m": 4.712, "width_sd_m": 0.021})
    assert "over 4.71 ± 0.02 m of line" in wide
    assert "over 4.71 ± < 0.01 m" in words_of(examples.flow(), flow={"width_m": 4.712, "width_sd_m": 0.0})
