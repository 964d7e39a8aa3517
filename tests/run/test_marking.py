"""Severe events make their footage worth more than routine: marked by who watches, kept by who keeps."""

import queue
from dataclasses import replace
from pathlib import Path

import pytest

from edge.adapters.mark_box import MOST_WAITING, MarkBox
from edge.config.load import load
from edge.footage.marking import BEFORE_S, Marks
from edge.footage.retention import Disk, plan
from edge.run.wiring import worker
from edge.run.wiring.keeping import take_marks
from edge.run.wiring.watching import model_of
from edge.values.errors import StorageError
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.retention import Doom, Rule
from edge.values.segment import FootageClass, SlotId
from tests.fakes.footage import policy
from tests.fakes.governed import recording_box
from tests.fakes.vaults import EPOCH_S, VaultFolder, moment, stretch

SLOT = SlotId("plaza", EPOCH_S)
NEXT = SlotId("plaza", EPOCH_S + 600)
BEFORE = SlotId("plaza", EPOCH_S - 600)


def event(started: float, now: float, phase: Phase, severity: Severity = Severity.SEVERE) -> Event:
    return Event(
        "one", 0, phase, Kind.OCCUPANCY, severity, "plaza", "crush", "gate", moment(started), moment(now),
        3, 3, 0.9, (), cause=EndCause.CLEARED if phase is Phase.END else None,
    )  # fmt: skip


def taken(marks: Marks, events: list[Event], now: float) -> list[SlotId]:
    due = marks.due(events, moment(now))
    for slot in due:
        marks.told(slot)
    return due


def test_a_severe_event_marks_its_slots_while_it_lasts_and_once() -> None:
    marks = Marks("plaza")
    assert taken(marks, [event(300, 301, Phase.START)], 301) == [SLOT]
    assert taken(marks, [], 302) == []
    assert taken(marks, [], 601) == [NEXT], "it goes on, and nothing happens"
    assert taken(marks, [event(300, 700, Phase.END)], 700) == []
    assert taken(marks, [], 1300) == []


def test_what_led_to_it_is_marked_too() -> None:
    assert taken(Marks("plaza"), [event(BEFORE_S - 1, 70, Phase.START)], 70) == [BEFORE, SLOT]
    assert taken(Marks("plaza"), [event(BEFORE_S + 1, 70, Phase.START)], 70) == [SLOT]


def test_milder_events_mark_nothing_until_they_become_severe() -> None:
    marks = Marks("plaza")
    assert taken(marks, [event(100, 101, Phase.START, Severity.MODERATE)], 101) == []
    assert taken(marks, [], 700) == []
    assert taken(marks, [event(100, 701, Phase.UPDATE, Severity.EXTREME)], 701) == [SLOT, NEXT]
    assert taken(marks, [event(100, 720, Phase.END, Severity.MINOR)], 720) == []
    assert taken(marks, [], 1300) == []


def test_what_nobody_took_is_due_again() -> None:
    marks = Marks("plaza")
    assert marks.due([event(300, 301, Phase.START)], moment(301)) == [SLOT]
    assert marks.due([], moment(302)) == [SLOT]


def test_an_event_of_a_week_marks_a_day_at_once_and_not_more() -> None:
    due = Marks("plaza").due([event(0, 7 * 86_400, Phase.END)], moment(7 * 86_400))
    assert len(due) == 144


def test_marked_footage_is_kept_as_that_of_an_event(tmp_path: Path) -> None:
    vault, box = VaultFolder(tmp_path / "vault"), MarkBox(tmp_path / "marks")
    vault.vault.put(stretch(300, b"before the mark"))
    box.drop(SLOT)
    box.drop(SLOT)
    box.drop(NEXT)  # nothing of it is sealed yet
    (tmp_path / "marks" / "nonsense.mark").touch()
    take_marks(box, vault.holdings)
    assert list((tmp_path / "marks").iterdir()) == []
    vault.vault.put(stretch(700, b"after it"))
    vault.vault.put(stretch(1300, b"of no event"))
    classes = {kept.slot.start_s - EPOCH_S: kept.footage_class for kept in vault.holdings.kept()}
    assert classes == {0: FootageClass.EVENT, 600: FootageClass.EVENT, 1200: FootageClass.ROUTINE}
    keeps = {keep.footage_class: keep.keep_s for keep in policy().keeps}
    assert keeps[FootageClass.ROUTINE] < keeps[FootageClass.EVENT]
    between = moment(1400 + keeps[FootageClass.ROUTINE]).utc_ns
    dooms = plan(vault.holdings.kept(), policy(), between, Disk(1 << 40, 0, 1 << 40)).dooms
    assert [doom.slot.start_s - EPOCH_S for doom in dooms] == [1200]
    vault.close()


def test_a_deleted_slot_leaves_no_mark(tmp_path: Path) -> None:
    vault = VaultFolder(tmp_path / "vault")
    vault.vault.put(stretch(300))
    vault.holdings.mark(SLOT)
    (kept,) = vault.holdings.kept()
    assert vault.holdings.doom(Doom(kept, Rule.EXPIRED))
    (doomed,) = vault.holdings.doomed()
    assert doomed.kept.footage_class is FootageClass.EVENT
    assert vault.catalogue.store.rows("SELECT count(*) FROM marked") == [(1,)]
    vault.close()


def test_a_flood_of_marks_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_WAITING > 1000
    monkeypatch.setattr("edge.adapters.mark_box.MOST_WAITING", 2)
    box = MarkBox(tmp_path / "marks")
    box.drop(SLOT)
    box.drop(NEXT)
    with pytest.raises(StorageError, match="nobody takes them"):
        box.drop(BEFORE)
    assert list(box.waiting()) == [SLOT, NEXT]


def test_another_camera_s_events_are_its_own() -> None:
    other = replace(event(300, 301, Phase.START), camera="north")
    assert Marks("north").due([other], moment(301)) == [SlotId("north", EPOCH_S)]


def test_after_a_reload_a_camera_that_went_on_marks_what_is_recorded_now(tmp_path: Path) -> None:
    box, _ = recording_box(tmp_path / "box")
    node = load(box.config)
    crew = worker._Crew(model_of(node).model, None, queue.SimpleQueue(), lambda _: None)
    (before, _) = crew.lanes(node, node.cameras)
    assert before.mark is not None
    del box.wanted["footage"]
    box.configure()
    (after, _) = crew.lanes(load(box.config), load(box.config).cameras)
    assert after is before
    assert after.mark is None, "nobody takes marks where nothing is recorded any more"
