"""The section `footage`: refused without its grounds, and filled from the policy where it is silent."""

from pathlib import Path

import pytest

from edge.config.load import load
from edge.run.portions import recorded
from edge.values.errors import ConfigError
from tests.fakes.governed import Governed, governed

MODEL = Path(__file__).parents[2] / "models" / "street-nano"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Governed:
    return governed(tmp_path_factory.mktemp("state"), MODEL)


def written(
    folder: Path, state: Governed | None, footage: str, source: str = "{detect: a.mp4, record: b.mp4}"
) -> Path:
    policy = "" if state is None else f"policy: {{file: {state.file}, roots: '{state.policy['roots']}'}}\n"
    path = folder / "node.yaml"
    path.write_text(
        f"node: n\nregion: r\nbroker: embedded\n{policy}footage: {footage}\n"
        f"cameras:\n  - {{id: plaza, source: {source}}}\n  - {{id: gate, source: a.mp4}}\n"
    )
    return path


def refusal(*given: object) -> str:
    with pytest.raises(ConfigError) as refused:
        load(written(*given))  # type: ignore[arg-type]
    return str(refused.value)


def test_panic_follows_the_policy_unless_written(tmp_path: Path, state: Governed) -> None:
    node = load(written(tmp_path, state, "{quota_gib: 10, panic: {before_s: 60}}"))
    assert node.footage is not None
    assert (node.footage.panic.before_s, node.footage.panic.after_s, node.footage.panic.review_days) == (
        60,
        1800,
        90,
    )
    assert node.footage.folder == tmp_path.resolve() / "var" / "footage"
    assert node.recorded == ("plaza",)
    assert node.footage_policy is not None


def test_without_a_policy_nothing_is_recorded(tmp_path: Path) -> None:
    assert "wants the key policy" in refusal(tmp_path, None, "{quota_gib: 10}")


def test_a_policy_that_does_not_allow_it_wins(tmp_path: Path, state: Governed) -> None:
    text = state.file.read_text().replace(", record-footage, export-footage", "")
    head, _, rest = text.partition("retention:\n")
    strict = tmp_path / "strict.yaml"
    strict.write_text(head + rest[rest.index("hold:") :])
    told = refusal(tmp_path, Governed(state.office, strict, {}), "{quota_gib: 10}")
    assert "does not allow record-footage" in told
    assert "footage" in told


def test_a_camera_without_a_stream_to_record_is_no_ground(tmp_path: Path, state: Governed) -> None:
    assert "no camera has a stream to record" in refusal(tmp_path, state, "{quota_gib: 10}", "a.mp4")


def test_a_misspelt_camera_is_told(tmp_path: Path, state: Governed) -> None:
    assert "did you mean plaza?" in refusal(tmp_path, state, "{quota_gib: 10, on_hold: [plazza]}")


def test_more_than_the_policy_lets_is_told_with_its_line(tmp_path: Path, state: Governed) -> None:
    told = refusal(tmp_path, state, "{quota_gib: 10, panic: {after_s: 9000}}")
    assert "wanted at most 1800 (policy version 1), got 9000" in told


def test_segments_longer_than_a_minute_are_refused(tmp_path: Path, state: Governed) -> None:
    assert "segment_s" in refusal(tmp_path, state, "{quota_gib: 10, segment_s: 61}")


def test_a_rule_may_change_without_a_gap_in_the_footage(tmp_path: Path, state: Governed) -> None:
    path = written(tmp_path, state, "{quota_gib: 10}")
    before = load(path)
    path.write_text(path.read_text() + "detector: {score: 0.5}\n")
    assert recorded(load(path), ("plaza",)) == recorded(before, ("plaza",))
    path.write_text(path.read_text().replace("b.mp4", "c.mp4"))
    assert recorded(load(path), ("plaza",)) != recorded(before, ("plaza",))
