"""A configuration is refused with file, line, key, wanted and got, or compiled into specs that hold."""

from pathlib import Path

import pytest

from edge.config.load import load
from edge.values.errors import ConfigError
from edge.values.event import Kind, Severity

GOOD = """\
node: box-1
region: north
site: {name: Old town, timezone: Asia/Tashkent}
broker: embedded
cameras:
  - id: plaza
    source: clips/plaza.mp4
    zones:
      - id: fountain
        polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
  - id: gate
    source: {detect: rtsp://10.0.0.2/sub, record: rtsp://10.0.0.2/main}
    username: viewer
    password: {env: GATE_PASSWORD}
    lines:
      - id: door
        points: [[0.1, 0.5], [0.9, 0.5]]
rules:
  - id: crowd
    when: occupancy
    at_least: 6
    severity: moderate
    steps: [{at_least: 12, severity: severe}]
    schedule: [{days: [fri, sat], from: "22:00", to: "04:00"}]
  - id: passage
    when: line-crossing
    direction: forward
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "node.yaml"
    path.write_text(text)
    return path


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, text))
    return str(refused.value)


def test_a_good_file_becomes_specs(tmp_path: Path) -> None:
    node = load(written(tmp_path, GOOD))
    plaza, gate = node.cameras
    assert plaza.detect.url == str(tmp_path.resolve() / "clips/plaza.mp4")
    assert (gate.detect.url, gate.record and gate.record.url) == (
        "rtsp://10.0.0.2/sub",
        "rtsp://10.0.0.2/main",
    )
    assert node.data_dir == tmp_path.resolve() / "var"
    assert node.broker is None
    (crowd,) = plaza.rules
    assert (crowd.kind, crowd.at_least, crowd.steps[0].severity) == (Kind.OCCUPANCY, 6, Severity.SEVERE)
    assert crowd.schedule is not None
    assert str(crowd.schedule.zone) == "Asia/Tashkent"


def test_rules_hold_only_where_their_places_are(tmp_path: Path) -> None:
    plaza, gate = load(written(tmp_path, GOOD)).cameras
    assert [(rule.id, rule.places) for rule in plaza.rules] == [("crowd", ("fountain",))]
    assert [(rule.id, rule.places) for rule in gate.rules] == [("passage", ("door",))]


def test_paths_count_from_the_given_base(tmp_path: Path) -> None:
    node = load(written(tmp_path, GOOD), base=Path("/somewhere"))
    assert node.cameras[0].detect.url == "/somewhere/clips/plaza.mp4"


def test_the_hash_ignores_layout_and_knows_content(tmp_path: Path) -> None:
    plain = load(written(tmp_path, GOOD)).sha256
    assert load(written(tmp_path, "# a remark\n" + GOOD)).sha256 == plain
    assert load(written(tmp_path, GOOD.replace("at_least: 6", "at_least: 7"))).sha256 != plain


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("source: clips", "sorce: clips", 7, "unknown key, did you mean source?"),
        ("[0.9, 0.1], [0.9, 0.9]", "[0.9, 0.9], [0.9, 0.1]", 9, "sides that do not cross"),
        ("Asia/Tashkent", "Asia/Tashkend", 3, "did you mean Asia/Tashkent?"),
        (
            "    at_least: 6",
            "    at_least: 0",
            21,
            "at_least: wanted 1 to 10000 objects for a rule of occupancy, got 0",
        ),
        ("rtsp://10.0.0.2/sub", "rtsp://me:hush@10.0.0.2/sub", 12, "a password inside a URL"),
        ("rtsp://10.0.0.2/sub", "rtsp://10.0.0.2/u=me&pwd=hush", 12, "write {password} in its place"),
        ("source: clips/plaza.mp4", "source: 'rtsp://c/u={username}'", 6, "give the key username too"),
        ("{env: GATE_PASSWORD}", "{env: A, file: b}", 14, "exactly one of"),
        ("  - id: gate", "  - id: plaza", 11, "cameras want ids of their own, got plaza twice"),
        ("direction: forward", "places: [dor]", 27, "has dor among its lines, did you mean door?"),
        ("    at_least: 6", "    at_least: true", 21, "at_least: wanted a number, got true"),
        ("    severity: moderate", "    for_s: false", 22, "for_s: wanted a number, got false"),
        ("direction: forward", "at_least: 3", 25, "at_least, clear_below, for_s, steps only for lasting"),
        ('from: "22:00", to: "04:00"', 'from: "04:00", to: "04:00"', 24, "an end that differs"),
        (
            "node: box-1",
            "node: Box_1",
            1,
            "wanted 1 to 40 lower-case letters, digits and hyphens, got 'Box_1'",
        ),
        ("broker: embedded", "broker: local", 4, "broker: wanted 'embedded' or a mapping, got 'local'"),
        (
            "broker: embedded",
            "broker: {urls: ['tcp://a']}",
            4,
            "wanted mqtt://host:port or mqtts://host:port",
        ),
        (
            "broker: embedded",
            "broker: {urls: ['mqtts://a', 'mqtt://10.0.0.7:1883']}",
            4,
            "broker.urls.1: wanted mqtts://10.0.0.7, got 'mqtt://10.0.0.7:1883'",
        ),
        ("[0.9, 0.1], [0.9, 0.9]", "[900, 0.1], [0.9, 0.9]", 10, "got 900; divide pixels by its size"),
        ('from: "22:00"', 'from: "25:00"', 24, "wanted a time of day from 00:00 to 24:00, got '25:00'"),
    ],
)
def test_a_mistake_is_told_with_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, told: str
) -> None:
    assert old in GOOD
    text = refusal(tmp_path, GOOD.replace(old, new, 1))
    assert told in text
    assert any(row.startswith(f"{tmp_path}/node.yaml:") and told in row for row in text.splitlines()), text
    assert next(int(r.split(":")[1]) for r in text.splitlines() if told in r) == line, text


def test_no_secret_is_told(tmp_path: Path) -> None:
    assert "hush" not in refusal(tmp_path, GOOD.replace("rtsp://10.0.0.2/sub", "rtsp://me:hush@10.0.0.2/s"))


def test_a_secret_is_read_when_wanted_and_named_when_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = load(written(tmp_path, GOOD)).cameras[1].detect.password
    assert password is not None
    with pytest.raises(ConfigError, match="GATE_PASSWORD is not set"):
        password.read()
    monkeypatch.setenv("GATE_PASSWORD", "hush")
    assert password.read() == "hush"
    assert "hush" not in repr(password)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        load(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(("for_s", "refused"), [(599, False), (600, True)])
def test_what_no_window_is_long_enough_for_is_refused(tmp_path: Path, for_s: int, refused: bool) -> None:
    text = GOOD.replace("    at_least: 6", f"    at_least: 6\n    for_s: {for_s}", 1)
    text = text.replace('from: "22:00", to: "04:00"', 'from: "10:00", to: "10:10"', 1)
    if refused:
        assert "the longest time on duty, 600 s, got 600: the schedule" in refusal(tmp_path, text)
    else:
        assert load(written(tmp_path, text)).cameras[0].rules[0].for_s == for_s
