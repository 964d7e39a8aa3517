"""A fusion's configuration: what it compiles to, and what is refused, with line and reason."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from edge.config.fusion import FusionNode, load
from edge.config.fusion_places import distance_m
from edge.config.fusion_words import worded
from edge.config.json_schema import fusion_json_schema
from edge.fusion.spec import AtLeast, SensorSource, look_back, sources_of
from edge.values.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "configs" / "fusion.example.yaml"

HEAD = """\
name: fusion-1
region: north
broker: {urls: [mqtt://localhost:1883]}
cameras:
  - {node: box-1, camera: plaza, at: [0, 0]}
  - {node: box-2, camera: gate, at: [300, 0]}
sensors:
  - {id: smoke-1, gateway: g, kind: smoke, at: [10, 0]}
  - {id: smoke-2, gateway: g, kind: smoke, at: [900, 0]}
  - {id: noise-1, gateway: g, kind: noise, range: [20, 130]}
  - {id: panic-1, gateway: g, kind: panic, at: [0, 5]}
  - {id: gate-1, gateway: g, kind: gate}
rules:
"""
RULES_AT = HEAD.count("\n") + 1


def loaded(folder: Path, rules: str, head: str = HEAD) -> FusionNode:
    path = folder / "fusion.yaml"
    path.write_text(head + rules)
    return load(path)


def test_the_example_loads_and_fits_its_schema() -> None:
    jsonschema.validate(yaml.safe_load(EXAMPLE.read_text()), json.loads(fusion_json_schema()))
    assert {rule.id for rule in load(EXAMPLE).spec.rules} == {
        "smoke-in-a-crowd",
        "help",
        "flight",
        "side-door",
    }


def test_clauses_become_expressions_over_all_their_sources(tmp_path: Path) -> None:
    node = loaded(
        tmp_path, "  - {id: a, when: {within_s: 5, all_of: [{sensor: smoke, above: 5}, {event: dwell}]}}"
    )
    ((around, whole),) = node.spec.rules[0].spots
    assert around == ""
    assert isinstance(whole, AtLeast)
    assert sources_of(whole) == (
        "sensor/smoke-1",
        "sensor/smoke-2",
        "camera/box-1/plaza",
        "camera/box-2/gate",
    )
    assert look_back(whole) == 5_000_000_000


def test_near_makes_a_spot_around_each_source_of_the_first_clause_that_has_the_others_near(
    tmp_path: Path,
) -> None:
    rule = "  - {id: a, near_m: 40, when: {all_of: [{sensor: smoke, above: 5}, {event: occupancy}]}}"
    node = loaded(tmp_path, rule)
    assert [around for around, _ in node.spec.rules[0].spots] == ["sensor/smoke-1"]
    assert sources_of(node.spec.rules[0].spots[0][1]) == ("sensor/smoke-1", "camera/box-1/plaza")
    assert node.ruled["a"].lonely == ("sensor/smoke-2",)


def test_a_rule_that_is_named_stands_for_its_clauses(tmp_path: Path) -> None:
    rules = """\
  - {id: a, when: {all_of: [{rule: b}, {event: dwell}]}}
  - {id: b, when: {sensor: panic, is: pressed}}
"""
    node = loaded(tmp_path, rules)
    assert "sensor/panic-1" in sources_of(node.spec.rules[0].spots[0][1])
    told = {path: worded(clause) for path, clause in node.ruled["a"].clauses.items()}
    assert told == {
        (): "all of these",
        (0,): "what the rule b wants",
        (0, 0): "any panic sensor says pressed",
        (1,): "dwell at any camera",
    }
    before = node.spec.rules[0].sha256
    changed = loaded(tmp_path, rules.replace("pressed", "released"))
    assert changed.spec.rules[0].sha256 != before  # its meaning changed


@pytest.mark.parametrize(
    ("rules", "line", "said"),
    [
        ("  - {id: a, when: {sensor: smok, above: 5}}", 0, "smok"),
        ("  - {id: a, when: {sensor: smoke, sensors: [smoke-3], above: 5}}", 0, "did you mean smoke-"),
        ("  - {id: a, when: {event: occupancy, cameras: [box-1/plazza]}}", 0, "did you mean box-1/plaza"),
        ("  - {id: a, when: {sensor: smoke, abov: 5}}", 0, "did you mean above"),
        ("  - {id: a, when: {sensor: smoke}}", 0, "a smoke sensor wants above or below"),
        ("  - {id: a, when: {sensor: panic, above: 5}}", 0, "a panic sensor wants is: released or pressed"),
        (
            "  - {id: a, when: {sensor: gate, above: 5}}",
            0,
            "a gate sensor wants measure: entered_per_min or left_per_min, got nothing",
        ),
        ("  - {id: a, when: {event: occupancy, objects: 0}}", 0, "nobody is there says not"),
        (
            "  - {id: a, when: {sensor: noise, above: 140}}",
            0,
            "noise-1 measures 20 to 130 db: this never holds",
        ),
        ("  - {id: a, when: {sensor: noise, above: 3}}", 0, "this always holds"),
        ("  - {id: a, when: {sensor: noise, above: 90, below: 80}}", 0, "nothing is above 90 and below 80"),
        ("  - {id: a, when: {sensor: smoke, above: 5, at_least: 3}}", 0, "wanted 3 smoke sensors or more"),
        ("  - {id: a, when: {event: line-crossing}}", 0, "a line-crossing is over at once: give within_s"),
        ("  - {id: a, when: {event: line-crossing, times: 3}}", 0, "times wants within_s"),
        (
            "  - {id: a, when: {all_of: [{event: dwell}], any_of: [{event: dwell}]}}",
            0,
            "got all_of and any_of",
        ),
        ("  - {id: a, when: {of: [{event: dwell}], at_least: 2}}", 0, "at_least of at most 1"),
        ("  - {id: a, when: {not: {event: dwell}, above: 3}}", 0, "a clause with not reads nothing else"),
        (
            "  - id: a\n    when:\n      all_of:\n        - {event: dwell}\n        - {rule: c}",
            4,
            "there is no rule c",
        ),
        (
            "  - {id: a, when: {all_of: [{event: dwell}, {rule: b}]}}\n"
            "  - {id: b, when: {any_of: [{event: dwell}, {rule: a}]}}",
            0,
            "in a circle: a → b → a",
        ),
        ("  - {id: a, when: {all_of: [{event: dwell}, {not: {event: dwell}}]}}", 0, "exclude each other"),
        (
            "  - {id: a, when: {all_of: [{sensor: noise, above: 90}, {sensor: noise, below: 80}]}}",
            0,
            "exclude each other",
        ),
        (
            "  - {id: a, when: {any_of: [{sensor: noise, above: 50}, {sensor: noise, below: 60}]}}",
            0,
            "always holds",
        ),
        (
            "  - {id: a, near_m: 10, when: {all_of: [{sensor: panic, is: pressed}, "
            "{event: dwell, cameras: [box-2/gate]}]}}",
            0,
            "lies nowhere within 10 m",
        ),
        (
            "  - {id: a, near_m: 10, when: {all_of: [{sensor: noise, above: 90}, {event: dwell}]}}",
            0,
            "near_m wants `at` of noise-1",
        ),
        ("  - {id: a, near_m: 10, when: {any_of: [{event: dwell}]}}", 0, "near_m wants all_of"),
        (
            "  - {id: a, when: {event: dwell}}\n  - {id: a, when: {event: dwell}}",
            1,
            "rules want ids of their own, got a twice",
        ),
    ],
)
def test_a_bad_rule_is_refused_with_line_and_reason(
    tmp_path: Path, rules: str, line: int | None, said: str
) -> None:
    with pytest.raises(ConfigError) as failure:
        loaded(tmp_path, rules)
    assert said in str(failure.value)
    if line is not None:
        assert f"fusion.yaml:{RULES_AT + line}:" in str(failure.value)


def test_looking_back_lets_parts_hold_that_exclude_each_other_at_one_moment(tmp_path: Path) -> None:
    rule = (
        "  - {id: a, when: {within_s: 9, all_of: [{sensor: noise, above: 90}, {sensor: noise, below: 80}]}}"
    )
    assert loaded(tmp_path, rule).spec.rules


def test_only_a_sensor_whose_number_never_rests_can_be_stuck(tmp_path: Path) -> None:
    noise = "kind: noise, range: [20, 130]"
    rule = "  - {id: a, when: {event: dwell}}"
    node = loaded(tmp_path, rule, HEAD.replace(noise, "kind: noise, stuck_s: 900"))
    assert [each.stuck_ns for each in node.spec.sources if each.source == "sensor/noise-1"] == [900 * 10**9]
    with pytest.raises(ConfigError, match="stuck_s: is for noise and smoke, and a panic says the same"):
        loaded(tmp_path, rule, HEAD.replace("kind: panic", "kind: panic, stuck_s: 900"))


def test_a_range_goes_not_beyond_what_its_kind_can_measure(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"range: a noise sensor wants two rising numbers of 10 to 150, got 20 and 300"
    ):
        loaded(tmp_path, "  - {id: a, when: {event: dwell}}", HEAD.replace("[20, 130]", "[20, 300]"))


def test_distances_are_metres_on_a_plan_and_on_the_earth() -> None:
    assert distance_m((0, 0), (3, 4), "metres") == 5
    registan, bibi_khanym = (39.6547, 66.9758), (39.6606, 66.9790)
    assert distance_m(registan, bibi_khanym, "wgs84") == pytest.approx(711, abs=5)


RULE = "  - {id: a, when: {sensor: panic, is: pressed}}"


@pytest.mark.parametrize(
    ("broker", "ears", "name"),
    [
        ("{urls: [mqtt://localhost]}", "", "fusion-1-ears"),
        ("{urls: [mqtt://localhost], username: f}", "", None),
        ("{urls: [mqtts://b], cert_file: a.pem, key_file: a.key}", "", None),
        ("{urls: [mqtts://b], cert_file: a.pem, key_file: a.key}", "{cert_file: b, key_file: c}", "b"),
        ("{urls: [mqtt://localhost], username: f}", "{username: g}", "fusion-1-ears"),
        ("{urls: [mqtt://localhost], username: f}", "{}", "fusion-1-ears"),
    ],
)
def test_a_second_connection_is_there_where_the_broker_can_tell_it_from_the_first(
    tmp_path: Path, broker: str, ears: str, name: str | None
) -> None:
    head = HEAD.replace("{urls: [mqtt://localhost:1883]}", broker)
    node = loaded(tmp_path, RULE, head.replace("cameras:", f"ears: {ears}\ncameras:") if ears else head)
    if name is None:
        assert node.ears is None
        return
    assert node.ears is not None
    assert node.ears.client_id == "fusion-1-ears"
    assert node.ears.urls == node.broker.urls
    assert name in {node.ears.client_id, node.ears.cert_file and node.ears.cert_file.name}


@pytest.mark.parametrize("ears", ["{}", "{cert_file: a.pem, key_file: a.key}"])
def test_a_second_connection_by_the_same_certificate_is_refused(tmp_path: Path, ears: str) -> None:
    head = HEAD.replace(
        "{urls: [mqtt://localhost:1883]}", "{urls: [mqtts://b], cert_file: a.pem, key_file: a.key}"
    )
    with pytest.raises(ConfigError, match="fusion-1-ears"):
        loaded(tmp_path, RULE, head.replace("cameras:", f"ears: {ears}\ncameras:"))


def test_panic_buttons_are_urgent_unless_written(tmp_path: Path) -> None:
    head = HEAD.replace("id: gate-1,", "id: gate-1, urgent: true,")
    head = head.replace("rules:", "  - {id: panic-2, gateway: g, kind: panic, urgent: false}\nrules:")
    sources = {each.id: each for each in loaded(tmp_path, RULE, head).spec.sources}
    urgent = {name for name, each in sources.items() if isinstance(each, SensorSource) and each.urgent}
    assert urgent == {"panic-1", "gate-1"}
