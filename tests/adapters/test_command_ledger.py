"""What a box remembers of commands: for ever, and before anything happens."""

import threading
from pathlib import Path

import pytest

from edge.adapters.command_ledger import CommandLedger
from edge.values.errors import StorageError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "commands.db"


def test_a_sequence_is_taken_once_by_whoever_asks_and_after_a_restart(path: Path) -> None:
    assert CommandLedger(path).take("a", 7, "n1", b"one")
    again = CommandLedger(path)
    assert not again.take("a", 7, "n1", b"one")
    assert not again.take("a", 7, "n2", b"two")
    assert not again.take("a", 6, "n3", b"three")
    assert again.take("a", 8, "n4", b"four")
    assert again.take("b", 1, "n5", b"five")


def test_what_was_taken_and_not_finished_is_there_after_a_crash(path: Path) -> None:
    ledger = CommandLedger(path)
    for number in range(3):
        ledger.take("a", number + 1, f"n{number}", bytes([number]))
    ledger.finish("n1")
    assert CommandLedger(path).unfinished() == (b"\0", b"\2")


def test_of_many_who_bring_the_same_command_one_is_obeyed(path: Path) -> None:
    CommandLedger(path)
    taken: list[bool] = []
    threads = [
        threading.Thread(target=lambda: taken.append(CommandLedger(path).take("a", 1, "n", b"")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, False, False, True]


def test_it_is_for_its_owner_alone(path: Path) -> None:
    CommandLedger(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_ledger_is_told(path: Path) -> None:
    path.write_bytes(b"x" * 4096)
    with pytest.raises(StorageError, match=r"commands\.db"):
        CommandLedger(path)
