"""The report for the public and the street sign, from a real box's record, and in a real browser."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from edge.adapters.audit_log import AuditLog
from edge.config.load import load
from edge.config.policy import signatures_path
from edge.governance import plain
from edge.governance.policy import Purpose
from edge.governance.transparency import transparency
from edge.run import verb_policy, verb_public
from edge.run.public_words import duration, never_does
from edge.run.report_files import as_csv, as_json
from edge.run.report_page import as_html
from edge.run.sign_page import sign
from edge.run.tongue import Tongue
from edge.run.wiring import auditing, telling
from edge.values.audit import Action, AuditEntry
from edge.values.errors import AuditError, ConfigError, PolicyError, RefusedError
from edge.values.language import Language
from edge.values.moment import ClockTrust, Moment
from tests.fakes.box import Box
from tests.fakes.browser import picture, printed_pages, with_browser
from tests.fakes.clock import FakeClock
from tests.fakes.governed import Governed, recording_box
from tests.fakes.transparency import DAY_NS, MONTH, boxes, city
from tests.run.test_share import CASE, Street, street

__all__ = ["street"]

LATER = Moment(0, MONTH.end_ns + 40 * DAY_NS, ClockTrust.SYNCED)
REPORT = transparency(MONTH, city(), "ab" * 32, boxes())


@dataclass
class Pen:
    """Writes into a box's record, on days of the month."""

    log: AuditLog

    def note(self, action: Action, subject: str, words: str = "", case: str = "", day: float = 3) -> None:
        moment = Moment(0, MONTH.begin_ns + round(day * DAY_NS), ClockTrust.SYNCED)
        self.log.append(AuditEntry(moment, "guardian", action, subject, case, words))

    def release(self, number: int, purpose: str, *, day: float = 3, original: bool = False) -> None:
        sha256, span = f"{number:064x}", "2026-10-01T00:00:00Z to 2026-10-01T00:10:00Z"
        pictures = ", original pictures" if original else ""
        words = f"north, {span}, for {purpose}{pictures}, to age1court"
        self.note(Action.EXPORT_APPROVED, sha256, words, "A-17", day)
        for slot in ("north.20261001T000000Z", "north.20261001T001000Z"):
            words = f"request {sha256}, asked by officer, approved by guardian, for {purpose}"
            self.note(Action.KEY_RELEASED, slot, words, "A-17", day)

    def accepted(self, box: Box, day: float = -90) -> None:
        """The box takes its policy on that day."""
        node = load(box.config)
        roots = plain.roots_sha256(node.policy)
        words = f"version {node.policy.version}, roots {roots}"
        self.note(Action.POLICY_ACCEPTED, node.policy_sha256, words, day=day)


def accept(box: Box, day: float = -90) -> None:
    log = auditing.audit_of(load(box.config))
    Pen(log).accepted(box, day)
    log.close()


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """A box with a month's record: 12 exports, 11 of one purpose; one more on the day before the month."""
    made, _ = recording_box(tmp_path / "box")
    log = auditing.audit_of(load(made.config))
    pen = Pen(log)
    pen.accepted(made)
    pen.release(0, "traffic", day=-0.5)
    for number in range(1, 12):
        pen.release(number, "public-safety", original=number == 5)
    pen.release(12, "traffic", day=30.9)
    pen.note(Action.STARTED, "box")
    for _ in range(11):
        pen.note(Action.PANIC, "hold", "by http for north")
    pen.note(Action.DENIED, "request", "person-unknown")
    log.close()
    return made


def report(box: Box, month: str = "2026-10") -> dict[str, str]:
    out = box.folder / "public"
    verb_public.report([box.config], month, out)
    return {path.suffix: path.read_text() for path in out.iterdir()}


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is December."""
    monkeypatch.setattr(telling, "SystemClock", lambda: FakeClock(LATER))


def test_the_report_tells_what_the_record_says(
    box: Box, over: None, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(report(box)[".json"])
    assert told["exports_by_purpose"] == {"rows": {"public-safety": None, "traffic": None}, "total": 12}
    assert told["exports_by_pictures"]["total"] == 12
    assert told["refusals"]["total"] is None
    assert told["holds"]["total"] == 11
    assert told["boxes"][0]["starts"] == 1
    assert [each["id"] for each in told["cameras"]] == ["north", "south"]
    assert told["cameras"][0]["recorded"] is True
    assert told["cameras"][0]["purposes"] == ["public-safety", "traffic"]
    assert told["retention"][0]["hours"] > 0
    assert "withheld are counts under 10" in capsys.readouterr().out


def test_no_person_case_request_or_time_of_day_is_in_it(box: Box, over: None) -> None:
    for suffix, content in report(box).items():
        for secret in ("officer", "guardian", "auditor", "night-shift", "A-17", "age1", "http for"):
            assert secret not in content, f"{suffix} tells {secret}"
        assert not re.search(r"[0-9]{2}:[0-9]{2}", content), suffix
        assert f"{7:064x}" not in content


def test_csv_tells_what_json_tells(box: Box, over: None) -> None:
    files = report(box)
    rows = list(csv.DictReader(io.StringIO(files[".csv"])))
    told = json.loads(files[".json"])
    assert {r["name"]: r["value"] for r in rows if r["section"] == "exports_by_purpose"} == {
        "public-safety": "withheld", "traffic": "withheld", "total": "12",
    }  # fmt: skip
    assert [r["value"] for r in rows if r["measure"] == "purposes"] == ["public-safety traffic"] * 2
    assert [r["value"] for r in rows if r["measure"] == "audit_root"] == [told["boxes"][0]["audit"]["root"]]


def test_nothing_is_reported_from_a_record_that_was_changed(box: Box, over: None) -> None:
    log = box.folder / "var" / "audit" / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b"public-safety", b"public-sanity", 1))
    with pytest.raises(AuditError, match="nothing is reported from a record that was changed"):
        report(box)
    assert not (box.folder / "public").exists()


@pytest.mark.parametrize(
    ("month", "told"), [("2026-12", "not over yet"), ("October", "wanted a month such as 2026-10")]
)
def test_only_a_month_that_is_over(box: Box, over: None, month: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        report(box, month)


def test_boxes_under_different_policies_are_not_mixed(box: Box, over: None, tmp_path: Path) -> None:
    other, _ = recording_box(tmp_path / "other")
    with pytest.raises(ConfigError, match="wanted the policy of"):
        verb_public.report([box.config, other.config], "2026-10", tmp_path / "public")


def test_a_real_export_is_counted_once_and_a_real_refusal_by_its_reason(street: Street) -> None:
    street.share(street.request(original=True, end="2023-11-14T22:35:00Z"))
    with pytest.raises(RefusedError):
        street.share(street.request("officer", name="alone.json"), name="second.age")
    node = load(street.box.config)
    (entry,) = [each for each in street.log if each.action is Action.DENIED]
    month = telling.Month.last_whole(telling.Month.last_whole(entry.moment.utc_ns).end_ns + 40 * DAY_NS)
    assert entry.moment.utc_ns in month
    record = telling.record_of(node, month)
    assert [(each.purpose, each.original) for each in record.exports] == [("public-safety", True)]
    assert [reason.value for reason in record.refusals] == ["not-two-signatures"]
    north, _ = record.cameras
    assert (north.id, north.recorded, north.available(month)) == ("north", True, 1.0)
    assert CASE not in as_json(transparency(month, node.policy, node.policy_sha256, [record]))


def test_what_a_policy_says_is_shown_and_never_obeyed() -> None:
    evil = '<script>alert("x")</script>'
    policy = replace(
        city(), controller=evil, contact=f"{evil}@city", purposes=frozenset({Purpose("a", evil)})
    )
    told = as_html(replace(REPORT, policy=policy))
    assert "<script" not in told
    assert "&lt;script&gt;" in told
    assert "default-src 'none'" in told


def test_withheld_counts_look_all_the_same() -> None:
    table = dict(REPORT.holds.rows)
    assert None not in table.values()
    few = transparency(MONTH, city(), "ab" * 32, [replace(boxes()[0], refusals=boxes()[0].refusals * 5)])
    assert as_html(few).count("not told") >= 2
    assert as_csv(few).count("withheld") == sum(
        count is None for t in (few.exports, few.pictures, few.refusals, few.holds) for _, count in t.rows
    )


def signed_box(tmp_path: Path) -> Box:
    made, _ = recording_box(tmp_path / "box")
    accept(made)
    return made


def test_a_sign_says_who_why_how_long_and_whom_to_ask(tmp_path: Path) -> None:
    box = signed_box(tmp_path)
    verb_public.sign(box.config, [], tmp_path / "signs")
    assert {each.name for each in (tmp_path / "signs").iterdir()} == {"sign-north.html", "sign-south.html"}
    node, told = load(box.config), (tmp_path / "signs" / "sign-north.html").read_text()
    for said in (
        node.policy.controller,
        node.policy.contact,
        "Public safety",
        "deleted after",
        "Camera north",
    ):
        assert said in told, said
    assert all(never in told for never in never_does(Tongue()))
    with pytest.raises(ConfigError, match="not overwritten"):
        verb_public.sign(box.config, ["north"], tmp_path / "signs")
    with pytest.raises(ConfigError, match="there is no camera west; there are north, south"):
        verb_public.sign(box.config, ["west"], tmp_path / "signs")


def test_a_camera_that_records_nothing_says_so(tmp_path: Path) -> None:
    node = load(signed_box(tmp_path).config)
    assert "No pictures are kept." in sign(replace(node, footage=None), "north")


def test_without_a_policy_there_is_nobody_to_put_on_a_sign(tmp_path: Path) -> None:
    box = Box(tmp_path / "bare")
    for draft in (False, True):
        with pytest.raises(PolicyError, match="stands in a policy of the state: name one"):
            verb_public.sign(box.config, [], tmp_path, draft=draft)


def unsigned(box: Box, state: Governed) -> None:
    accept(box)
    signatures_path(state.file).unlink()


def not_taken(box: Box, state: Governed) -> None:
    """Signed by two, and the box never started with it."""


def followed(box: Box, state: Governed) -> None:
    """The box goes by another policy now."""
    accept(box)
    log = auditing.audit_of(load(box.config))
    words = f"version 7, roots {plain.roots_sha256(load(box.config).policy)}"
    Pen(log).note(Action.POLICY_ACCEPTED, "c" * 64, words, day=40)
    log.close()


def changed(box: Box, state: Governed) -> None:
    """The text that two signed is not the text that stands there."""
    accept(box)
    state.file.write_text(state.file.read_text().replace("Registan square 1", "Registan square 2"))


def expired(box: Box, state: Governed) -> None:
    state.file.write_text(state.file.read_text().replace("expires: 2099-01-01", "expires: 2026-02-01"))
    for name in ("officer", "guardian"):
        verb_policy.sign(state.file, state.office.key_file(name))
    accept(box)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (unsigned, "got none that is valid"),
        (not_taken, "is signed, but test/box has accepted none yet"),
        (followed, "wanted 7 or newer, got 1"),
        (changed, "another policy of version 1 before"),
        (expired, "expired on 2026-02-01"),
    ],
)
def test_the_public_is_told_nothing_of_a_policy_that_is_not_in_force(
    tmp_path: Path, over: None, wrong: Callable[[Box, Governed], None], told: str
) -> None:
    box, state = recording_box(tmp_path / "box")
    log = auditing.audit_of(load(box.config))
    log.close()
    wrong(box, state)
    out = tmp_path / "public"
    for tell in (
        lambda **draft: verb_public.sign(box.config, [], out, **draft),
        lambda **draft: verb_public.report([box.config], "2026-10", out, **draft),
    ):
        with pytest.raises(PolicyError, match="not in force") as refused:
            tell()
        assert told in str(refused.value)
        assert "--draft" in str(refused.value)
        assert not list(out.glob("*")), "nothing is written"
        tell(draft=True)
        for page in out.glob("*.html"):
            assert "Draft. Not in force" in page.read_text()
        for each in out.glob("*.json"):
            assert json.loads(each.read_text())["draft"] is True
        for each in out.iterdir():
            each.unlink()


def test_what_is_in_force_is_no_draft(box: Box, over: None, tmp_path: Path) -> None:
    files = report(box)
    assert json.loads(files[".json"])["draft"] is False
    assert not any("raft" in content for suffix, content in files.items() if suffix != ".json")


def test_a_policy_that_expired_after_the_month_still_speaks_for_it(tmp_path: Path, over: None) -> None:
    box, state = recording_box(tmp_path / "box")
    state.file.write_text(state.file.read_text().replace("expires: 2099-01-01", "expires: 2026-11-01"))
    for name in ("officer", "guardian"):
        verb_policy.sign(state.file, state.office.key_file(name))
    accept(box)
    assert report(box)[".json"]
    with pytest.raises(PolicyError, match="expired on 2026-11-01"):
        verb_public.sign(box.config, [], tmp_path / "signs")
    with pytest.raises(PolicyError, match="expired on 2026-11-01"):
        report(box, "2026-11")


@pytest.mark.parametrize(("day", "newer"), [(-90, False), (-0.5, False), (0.5, True), (40, True)])
def test_rules_that_did_not_hold_all_the_month_say_so(
    tmp_path: Path, over: None, day: float, newer: bool
) -> None:
    box, _ = recording_box(tmp_path / "box")
    log = auditing.audit_of(load(box.config))
    pen = Pen(log)
    pen.note(Action.POLICY_ACCEPTED, "c" * 64, "version 1, roots " + "d" * 64, day=-200)
    pen.accepted(box, day)
    pen.accepted(box, day + 1)  # started again
    log.close()
    files = report(box)
    since = json.loads(files[".json"])["policy"]["since"]
    assert (f"holds since {since}" in files[".html"]) is newer
    assert f"report,2026-10,policy_since,{since}" in files[".csv"].splitlines()


@pytest.mark.parametrize(("hours", "words"), [(1, "1 hour"), (24, "1 day"), (36, "36 hours"), (72, "3 days")])
def test_times_are_told_as_people_say_them(hours: int, words: str) -> None:
    assert duration(hours, Tongue()) == words


def test_a_camera_tells_its_own_purposes_alone(tmp_path: Path, over: None) -> None:
    box, state = recording_box(tmp_path / "box")
    state.name_cameras({"test/box/north": ["traffic"], "test/box/south": ["traffic", "public-safety"]})
    accept(box)
    node = load(box.config)
    assert "Traffic" in sign(node, "north")
    assert "Public safety" not in sign(node, "north")
    assert "Public safety" in sign(node, "south")
    files = report(box)
    assert [each["purposes"] for each in json.loads(files[".json"])["cameras"]] == [
        ["traffic"],
        ["public-safety", "traffic"],
    ]
    assert "camera,test/box/north,purposes,traffic" in files[".csv"].splitlines()
    assert "<td>north</td><td>test/box</td><td>traffic</td>" in files[".html"]


@pytest.mark.parametrize("language", Language)
def test_each_language_has_files_of_its_own(box: Box, over: None, tmp_path: Path, language: Language) -> None:
    verb_public.sign(box.config, ["north"], tmp_path / "signs", list(Language))
    verb_public.report([box.config], "2026-10", tmp_path / "public", list(Language))
    suffix = "" if language is Language.EN else f".{language}"
    made = {
        f"signs/sign-north{suffix}.html": "sign.head",
        f"public/cameras-2026-10{suffix}.html": "report.head",
    }
    for name, key in made.items():
        told = (tmp_path / name).read_text()
        assert f'<html lang="{language}">' in told
        assert Tongue(language)(key) in told
    assert {each.suffix for each in (tmp_path / "public").iterdir()} == {".html", ".csv", ".json"}


@with_browser
@pytest.mark.parametrize(
    ("purposes", "language"),
    [
        (1, Language.EN),
        (2, Language.EN),
        (6, Language.EN),
        (2, Language.RU),
        (6, Language.RU),
        (2, Language.UZ),
    ],
)
def test_a_sign_is_one_sheet_of_a4(tmp_path: Path, purposes: int, language: Language) -> None:
    """Also with six purposes and long words: nothing is cut off, and no second sheet is begun."""
    node = load(signed_box(tmp_path).config)
    law = "Decision of the city council No. 17 of 2026, article"
    many = frozenset(Purpose(f"purpose-number-{n}", f"{law} {n}") for n in range(purposes))
    page = tmp_path / "sign.html"
    policy, names = replace(node.policy, purposes=many), frozenset(each.id for each in many)
    cameras = tuple(replace(each, purposes=names) for each in node.cameras)
    page.write_text(sign(replace(node, policy=policy, cameras=cameras), "north", Tongue(language)))
    assert printed_pages(tmp_path, page) == 1
    seen = picture(tmp_path, page, 794, 1123)
    blue = (np.abs(seen.astype(int) - (143, 74, 11)).max(axis=2) < 12).mean(axis=1)
    assert blue[:150].mean() > 0.5, "the band at the top"
    pale = (np.abs(seen[-20:].astype(int) - (251, 244, 238)).max(axis=2) < 6).mean()
    assert pale > 0.9, "the foot of the sign is at the foot of the sheet"


@with_browser
def test_the_report_fits_a_telephone_and_a_screen(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(as_html(REPORT))
    for width in (500, 1200):
        seen = picture(tmp_path, page, width, 900)
        assert (np.abs(seen[:60].astype(int) - (143, 74, 11)).max(axis=2) < 12).mean() > 0.8
        right = seen[400:, -12:].astype(int)
        assert (np.abs(right - (251, 244, 238)).max(axis=2) < 6).mean() > 0.95, (
            "nothing leans out to the right"
        )
    assert printed_pages(tmp_path, page) <= 4
