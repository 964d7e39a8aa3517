"""What one process leaves for another: whole, in order, bounded, and there until it was dealt with."""

from pathlib import Path

import pytest

from edge.adapters.drop_box import DropBox
from edge.values.errors import StorageError


def test_what_was_dropped_waits_by_name_until_it_is_done(tmp_path: Path) -> None:
    giver, taker = (DropBox(tmp_path / "box", ".thing", 4) for _ in range(2))
    assert list(taker.waiting()) == []
    assert giver.drop("2", b"two")
    assert giver.drop("1", b"one")
    assert giver.drop("2", b"two again")
    assert list(taker.waiting()) == [("1", b"one"), ("2", b"two again")]
    taker.done("1")
    taker.done("1")
    assert [name for name, _ in taker.waiting()] == ["2"]


def test_half_written_and_foreign_files_are_not_taken(tmp_path: Path) -> None:
    (tmp_path / ".1.thing.new").write_bytes(b"hal")
    (tmp_path / "1.other").write_bytes(b"not ours")
    assert list(DropBox(tmp_path, ".thing", 4).waiting()) == []


def test_a_full_box_takes_no_more_and_keeps_what_it_has(tmp_path: Path) -> None:
    box = DropBox(tmp_path, ".thing", 2)
    assert [box.drop(name, b"x") for name in "123"] == [True, True, False]
    assert [name for name, _ in box.waiting()] == ["1", "2"]


def test_one_that_somebody_else_took_out_meanwhile_is_passed(tmp_path: Path) -> None:
    box = DropBox(tmp_path, ".thing", 4)
    for name in "12":
        box.drop(name, b"x")
    found = []
    for name, _ in box.waiting():
        found.append(name)
        box.done("2")
    assert found == ["1"]


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "box").write_text("a file")
    with pytest.raises(StorageError, match="box"):
        DropBox(tmp_path / "box", ".thing", 4).drop("1", b"x")
