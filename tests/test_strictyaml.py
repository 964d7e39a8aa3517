from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from edge import strictyaml
from edge.values.errors import ConfigError


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Near(Strict):
    kind: Literal["near"]
    distance_m: float = Field(gt=0)


class Far(Strict):
    kind: Literal["far"]
    horizon: bool = False


class Lens(Strict):
    name: str
    fps: int = Field(default=5, ge=1, le=30)
    view: Annotated[Near | Far, Field(discriminator="kind")] | None = None
    password: int | None = None
    url: int | None = None
    spot: int | Far | None = None
    sort: Literal["wide", "narrow"] = "wide"
    level: Annotated[int, Field(ge=1, le=10)] | Annotated[float, Field(ge=0.1, le=50)] = 1


class Site(Strict):
    lenses: tuple[Lens, ...] = ()
    by_name: dict[str, Lens] = {}
    opens: str = ""
    spots: tuple[tuple[float, float], ...] = ()


def parse(text: str) -> Site:
    return strictyaml.parse(text, "site.yaml", Site, ConfigError)


def complaint(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return str(caught.value)


def test_a_good_file_is_a_model(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text("\ufefflenses:\n  - {name: Straße, fps: 0x0A, view: {kind: near, distance_m: 1e1}}\n")
    site = strictyaml.load(path, Site, ConfigError)
    assert site.lenses[0] == Lens(name="Straße", fps=10, view=Near(kind="near", distance_m=10))


def test_times_and_onoff_stay_text() -> None:
    assert parse("opens: 12:30").opens == "12:30"
    assert parse("opens: on").opens == "on"
    assert parse("opens: 2026-01-01").opens == "2026-01-01"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "lenses:\n  - name: a\n    fps: 99\n",
            "site.yaml:3: lenses.0.fps: wanted at most 30, got 99",
        ),
        (
            "lenses:\n  - name: a\n    fsp: 9\n",
            "site.yaml:3: lenses.0.fsp: unknown key, did you mean fps?",
        ),
        ("lenses:\n  - fps: 9\n", "site.yaml:2: lenses.0.name: wanted this key, got nothing"),
        (
            "lenses:\n- name: a\n  view:\n    kind: near\n    distance: 3\n",
            "site.yaml:5: lenses.0.view.distance: unknown key, did you mean distance_m?",
        ),
        (
            "by_name:\n  x:\n    name: a\n    zzz: 3\n",
            "site.yaml:4: by_name.x.zzz: unknown key, wanted one of fps, level, name, password, sort, spot, "
            "url, view",
        ),
        (
            "lenses:\n- name: a\n  view:\n    kind: neer\n",
            "site.yaml:4: lenses.0.view.kind: wanted one of 'near', 'far', got 'neer'",
        ),
        (
            "lenses:\n- name: a\n  view: {}\n",
            "site.yaml:3: lenses.0.view.kind: wanted this key, got nothing",
        ),
        (
            "opens: x\nopens: y\n",
            "site.yaml:2: the key opens is there twice, first in line 1",
        ),
        (
            "opens: [1\n",
            "site.yaml:2: while parsing a flow sequence; expected ',' or ']', but got '<stream end>'",
        ),
        ("opens: &a [1]\nlenses: *a\n", "site.yaml:2: aliases (*) are not allowed"),
        (
            "opens: !!python/object:os.system x\n",
            "site.yaml:1: the tag tag:yaml.org,2002:python/object:os.system",
        ),
        ("opens: 1e999\n", "site.yaml:1: wanted a number of ordinary size, got 1e999"),
        ("? [a]\n: b\n", "site.yaml:1: wanted text as key"),
        ("", "site.yaml:1: (the file): wanted a mapping, got nothing"),
        ("lenses: x\n", "site.yaml:1: lenses: wanted a list, got 'x'"),
        ("lenses:\n- {name: a, spot: x}\n", "lenses.0.spot: wanted a whole number or a mapping, got 'x'"),
        (
            "lenses:\n- {name: a, sort: Wyde}\n",
            "sort: wanted 'wide' or 'narrow', got 'Wyde'; did you mean wide?",
        ),
        ("lenses:\n- {name: a, sort: fish}\n", "sort: wanted 'wide' or 'narrow', got 'fish'\n"),
        ("lenses:\n- {name: a, level: 0}\n", "level: wanted at least 0.1, got 0\n"),
        ("lenses:\n- {name: a, level: 99}\n", "level: wanted at most 50, got 99\n"),
        ("lenses:\n- {name: a, level: 0.05}\n", "level: wanted at least 0.1, got 0.05\n"),
        ("lenses:\n- {name: a, level: 99.5}\n", "level: wanted at most 50, got 99.5\n"),
        ("lenses:\n- {name: a, level: x}\n", "level: wanted a valid number, got 'x'\n"),
        ("spots: [[1.0]]\n", "site.yaml:1: spots.0.1: wanted one item more, got nothing"),
        ("a: 1\n---\nb: 2\n", "site.yaml:2: expected a single document in the stream"),
        ("opens: \x00\n", "site.yaml: no YAML"),
    ],
)
def test_the_error_names_line_key_wanted_and_got(text: str, wanted: str) -> None:
    assert wanted in complaint(text) + "\n"


def test_all_mistakes_are_told_in_order_of_lines() -> None:
    told = complaint("opens: 1\nlenses:\n  - name: a\n    fps: x\n  - nme: b\n").splitlines()
    assert [line.split(":")[1] for line in told] == ["1", "4", "5", "5"]


def test_of_several_sorts_only_the_one_that_was_meant_is_told() -> None:
    told = complaint("lenses:\n- name: a\n  spot: {kind: far, horizn: true}\n").splitlines()
    assert told == ["site.yaml:3: lenses.0.spot.horizn: unknown key, did you mean horizon?"]


def test_the_number_of_mistakes_told_is_bounded() -> None:
    told = complaint("".join(f"x{i}: 1\n" for i in range(500))).splitlines()
    assert len(told) == 21
    assert told[-1] == "site.yaml: and 480 more"


def test_credentials_are_not_told() -> None:
    text = "lenses:\n  - name: a\n    password: hunter2\n    url: rtsp://admin:hunter2@10.0.0.9/1\n"
    assert "hunter2" not in complaint(text)
    assert "rtsp://***@10.0.0.9/1" in complaint(text)


def test_nesting_and_length_are_bounded() -> None:
    assert "nested too deeply" in complaint("opens: " + "[" * 5000)
    assert "wanted at most" in complaint("#" * (strictyaml.MAX_BYTES + 1))


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read: No such file"):
        strictyaml.load(tmp_path / "none.yaml", Site, ConfigError)
    with pytest.raises(ConfigError, match="Is a directory"):
        strictyaml.load(tmp_path, Site, ConfigError)
    (tmp_path / "latin.yaml").write_bytes(b"# x\nopens: caf\xe9\n")
    with pytest.raises(ConfigError, match=r"latin\.yaml:2: wanted UTF-8 text, got the byte 0xe9"):
        strictyaml.load(tmp_path / "latin.yaml", Site, ConfigError)


@given(st.text(st.characters(min_codepoint=9, max_codepoint=0x2FFF), max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_a_model_or_the_error(text: str) -> None:
    try:
        parse(text)
    except ConfigError as error:
        assert str(error).startswith("site.yaml")
