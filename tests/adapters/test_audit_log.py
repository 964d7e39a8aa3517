"""The log on the disk: nothing is lost, nothing is changed unseen, and every attack names its first entry."""

import os
import random
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from edge.adapters.audit_log import HEAD, HEADS, KEPT_EVERY, KEY, LOG, AuditLog, find_last, read_head
from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.audit import line as lines
from edge.audit.head import Head, SignedHead, parse_all, signed
from edge.audit.line import Logged
from edge.audit.merkle import Frontier, leaf_hash
from edge.audit.verify import Kept, Verdict, verify
from edge.run.wiring import auditing
from edge.values.audit import Action, AuditEntry
from edge.values.errors import AuditError, StorageError
from tests.fakes.clock import FakeClock

ORIGIN = "safecity/north/a"
COUNT = 20


def entry(subject: str = "plaza", action: Action = Action.PANIC) -> AuditEntry:
    return AuditEntry(FakeClock().now(), "keep", action, subject, "case 1", "words")


def opened(folder: Path) -> AuditLog:
    return AuditLog(folder, ORIGIN, FakeClock().now)


def written(folder: Path, count: int = COUNT) -> list[SignedHead]:
    """A log of that many entries more; the heads that a witness would have kept."""
    log, kept = opened(folder), []
    for number in range(count):
        log.append(entry(f"slot-{number}"))
        head = read_head(folder)
        assert head is not None
        kept.append(head)
    log.close()
    return kept


def judged(folder: Path, witness: list[SignedHead] | None = None) -> Verdict:
    head = read_head(folder)
    kept = [Kept(head, "the box")] if head else []
    if (folder / HEADS).exists():
        kept += [Kept(each, "the box") for each in parse_all((folder / HEADS).read_bytes())]
    kept += [Kept(each, "the witness") for each in witness or ()]
    with (folder / LOG).open("rb") as file:
        return verify(file, kept, Ed25519Signer.read(folder / KEY).key, ORIGIN, Ed25519Verifier())


def rows(folder: Path) -> list[bytes]:
    return (folder / LOG).read_bytes().splitlines(keepends=True)


def rewrite(folder: Path, changed: list[bytes]) -> None:
    (folder / LOG).write_bytes(b"".join(changed))


def rechained(changed: list[bytes]) -> list[bytes]:
    """The lines with every link made good again, as a forger would."""
    previous, made = lines.NOTHING, []
    for index, raw in enumerate(changed):
        linked = lines.write(Logged(index, previous, lines.read(raw.rstrip()).entry))
        previous = lines.hash_of(linked).hex()
        made.append(linked + b"\n")
    return made


def forged(folder: Path, changed: list[bytes]) -> None:
    """A log written anew by somebody who has the box's key: chain and head are good again."""
    made = rechained(changed)
    rewrite(folder, made)
    frontier = Frontier()
    for raw in made:
        frontier.append(leaf_hash(raw.rstrip(b"\n")))
    head = signed(Head(ORIGIN, len(made), frontier.root()), Ed25519Signer.read(folder / KEY))
    (folder / HEAD).write_bytes(head.note())
    (folder / HEADS).unlink(missing_ok=True)


def test_a_log_that_nobody_touched_fits(tmp_path: Path) -> None:
    kept = written(tmp_path, 2 * KEPT_EVERY)
    verdict = judged(tmp_path, kept)
    assert verdict.misfit is None
    assert (verdict.size, verdict.torn) == (2 * KEPT_EVERY + 1, 0)
    assert verdict.heads > len(kept)
    assert rows(tmp_path)[0].startswith(b'{"action":"log-begun","actor":"box"')


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    written(tmp_path)
    written(tmp_path)
    assert judged(tmp_path).misfit is None
    assert len(rows(tmp_path)) == 2 * COUNT + 1
    assert not any(b"damaged" in row or b"repaired" in row for row in rows(tmp_path))


@pytest.mark.parametrize("at", [1, 7, COUNT - 1])
def test_an_edit_is_named(tmp_path: Path, at: int) -> None:
    written(tmp_path)
    changed = rows(tmp_path)
    changed[at] = changed[at].replace(b"slot-", b"slut-")
    rewrite(tmp_path, changed)
    misfit = judged(tmp_path).misfit
    assert misfit is not None
    assert misfit.index == at
    assert misfit.told == f"entry {at} was changed: entry {at + 1} says otherwise of it"


def test_an_edit_of_the_last_entry_is_found_by_the_head(tmp_path: Path) -> None:
    kept = written(tmp_path)
    changed = rows(tmp_path)
    changed[-1] = changed[-1].replace(b"slot-", b"slut-")
    rewrite(tmp_path, changed)
    misfit = judged(tmp_path).misfit
    assert misfit is not None
    assert "one of the entries 0 to 20 is another: the box kept a head" in misfit.told
    exact = judged(tmp_path, kept).misfit
    assert exact is not None
    assert "entry 20 is another" in exact.told


@pytest.mark.parametrize(("one", "other"), [(1, 2), (5, 15), (19, 20)])
def test_another_order_is_named(tmp_path: Path, one: int, other: int) -> None:
    written(tmp_path)
    changed = rows(tmp_path)
    changed[one], changed[other] = changed[other], changed[one]
    rewrite(tmp_path, changed)
    misfit = judged(tmp_path).misfit
    assert misfit is not None
    assert misfit.index == one


@pytest.mark.parametrize("gone", [1, 10, COUNT])
def test_an_entry_that_was_taken_out_is_named(tmp_path: Path, gone: int) -> None:
    written(tmp_path)
    changed = rows(tmp_path)
    del changed[gone]
    rewrite(tmp_path, changed)
    misfit = judged(tmp_path).misfit
    assert misfit is not None
    assert (misfit.index, f"entry {gone} is missing" in misfit.told) == (gone, True)


@pytest.mark.parametrize("left", [1, 12, COUNT])
def test_a_log_that_was_cut_short_is_named(tmp_path: Path, left: int) -> None:
    written(tmp_path)
    rewrite(tmp_path, rows(tmp_path)[:left])
    misfit = judged(tmp_path).misfit
    assert misfit is not None
    assert misfit.told == f"entry {left} is missing: the box kept a head over {COUNT + 1} entries"


def test_a_log_that_was_written_anew_without_the_key_does_not_fit_its_head(tmp_path: Path) -> None:
    kept = written(tmp_path)
    changed = rows(tmp_path)
    changed[9] = changed[9].replace(b"slot-", b"slut-")
    rewrite(tmp_path, rechained(changed))
    for witness, told in ((None, "one of the entries 0 to 20"), (kept, "entry 9 is another")):
        misfit = judged(tmp_path, witness).misfit
        assert misfit is not None
        assert told in misfit.told


def test_a_disk_that_was_rolled_back_is_seen_by_the_witness(tmp_path: Path) -> None:
    kept = written(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept += written(tmp_path, 10)
    for path in tmp_path.iterdir():
        path.write_bytes(before.get(path.name, b""))
    assert judged(tmp_path).misfit is None, "a copy of the box alone cannot show it"
    misfit = judged(tmp_path, kept).misfit
    assert misfit is not None
    assert misfit.told == "entry 21 is missing: the witness kept a head over 22 entries"


def test_a_log_that_was_forked_with_its_own_key_is_seen_by_the_witness(tmp_path: Path) -> None:
    kept = written(tmp_path)
    changed = rows(tmp_path)
    changed[15] = changed[15].replace(b"slot-", b"slut-")
    forged(tmp_path, changed)
    assert judged(tmp_path).misfit is None, "a copy of the box alone cannot show it"
    misfit = judged(tmp_path, kept).misfit
    assert misfit is not None
    assert misfit.told == "entry 15 is another: the witness kept a head over 16 entries that differs"


def test_a_head_of_another_key_is_no_proof(tmp_path: Path) -> None:
    written(tmp_path)
    strangers = written(tmp_path / "other", COUNT)
    misfit = judged(tmp_path, strangers).misfit
    assert misfit is not None
    assert "is not signed by the log's key" in misfit.told


def test_a_log_whose_beginning_was_taken_off_is_named_though_it_was_signed_anew(tmp_path: Path) -> None:
    written(tmp_path)
    forged(tmp_path, rows(tmp_path)[3:])
    misfit = judged(tmp_path).misfit
    assert misfit is not None
    assert misfit.index == 0
    assert "a log begins once" in misfit.told


def test_a_second_beginning_is_named_though_it_was_signed_anew(tmp_path: Path) -> None:
    written(tmp_path)
    first, *others = rows(tmp_path)
    forged(tmp_path, [first, *others[:4], first, *others[4:]])
    misfit = judged(tmp_path).misfit
    assert misfit is not None
    assert misfit.index == 5
    assert "a log begins once" in misfit.told


def test_a_head_of_another_log_is_no_proof_though_the_same_key_signed_it(tmp_path: Path) -> None:
    written(tmp_path)
    own = read_head(tmp_path)
    assert own is not None
    other = Head("safecity/north/b", own.head.size, own.head.root)
    misfit = judged(tmp_path, [signed(other, Ed25519Signer.read(tmp_path / KEY))]).misfit
    assert misfit is not None
    assert "is of safecity/north/b: wanted safecity/north/a" in misfit.told


@pytest.mark.parametrize("cut", [1, 30, 100])
def test_a_torn_last_line_is_cut_off_and_recorded(tmp_path: Path, cut: int) -> None:
    written(tmp_path)
    whole = (tmp_path / LOG).read_bytes()
    torn = lines.write(Logged(COUNT + 1, "a" * 64, entry()))[:cut]
    (tmp_path / LOG).write_bytes(whole + torn)
    assert (judged(tmp_path).misfit, judged(tmp_path).torn) == (None, cut)
    opened(tmp_path).close()
    assert (judged(tmp_path).misfit, judged(tmp_path).torn) == (None, 0)
    assert f"a torn last line of {cut} bytes was cut off".encode() in rows(tmp_path)[-1]


def test_a_damaged_log_goes_on_but_never_fits_again(tmp_path: Path) -> None:
    written(tmp_path)
    rewrite(tmp_path, rows(tmp_path)[:5])
    written(tmp_path, 3 * KEPT_EVERY)
    assert b"log-damaged" in rows(tmp_path)[5]
    misfit = judged(tmp_path).misfit
    assert misfit is not None
    assert misfit.index <= 5


def test_a_log_without_its_key_is_not_begun_anew(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / KEY).unlink()
    with pytest.raises(StorageError, match=r"key\.pem is gone"):
        opened(tmp_path)


def test_a_change_is_recorded_once(tmp_path: Path) -> None:
    log = opened(tmp_path)
    for subject in ("a", "a", "b", "b", "a"):
        log.append_change(entry(subject, Action.MODEL_ACCEPTED))
    log.close()
    assert len(rows(tmp_path)) == 4
    found = find_last(tmp_path, Action.MODEL_ACCEPTED)
    assert found is not None
    assert found.subject == "a"
    assert find_last(tmp_path, Action.DENIED) is None
    assert find_last(tmp_path / "nowhere", Action.DENIED) is None


def test_threads_and_objects_share_one_log(tmp_path: Path) -> None:
    logs = [opened(tmp_path), opened(tmp_path)]
    writers = [
        threading.Thread(target=lambda log=log: [log.append(entry()) for _ in range(40)]) for log in logs * 2
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert judged(tmp_path).misfit is None
    assert len(rows(tmp_path)) == 161


def test_on_a_full_disk_nothing_is_written_and_it_is_said(tmp_path: Path) -> None:
    log = opened(tmp_path)
    log.append(entry())
    before = (tmp_path / LOG).read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, hard))
    try:
        with pytest.raises(StorageError, match="the audit log failed"):
            log.append(entry())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / LOG).read_bytes() == before
    log.append(entry())
    assert judged(tmp_path).misfit is None


WRITER = """
import sys
from pathlib import Path
from edge.adapters.audit_log import AuditLog
from edge.adapters.clock import SystemClock
from edge.run.wiring import auditing
from edge.values.audit import Action, AuditEntry
clock = SystemClock()
log = AuditLog(Path(sys.argv[1]), "safecity/north/a", clock.now)
while True:
    receipt = log.append(AuditEntry(clock.now(), "keep", Action.PANIC, "plaza", words="x" * 200))
    print(receipt.index, flush=True)
"""


def test_a_kill_at_any_moment_leaves_a_log_that_fits_and_holds_all_receipts(tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(3):
        command = [sys.executable, "-c", WRITER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            last = -1
            for _ in range(chance.randrange(1, 60)):
                last = int(writer.stdout.readline())
            writer.kill()
            rest = writer.stdout.read().split()
        last = int(rest[-1]) if rest else last
        verdict = judged(tmp_path)
        assert verdict.misfit is None
        assert verdict.size > last, "a receipt was given for an entry that is not there"


def test_an_entry_is_on_the_disk_before_its_receipt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: without the fsync this is red."""
    synced: list[int] = []
    log = opened(tmp_path)
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (synced.append(os.fstat(file).st_size), real(file)))
    log.append(entry())
    assert synced == [(tmp_path / LOG).stat().st_size]


def test_the_errors_of_reading_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=LOG):
        auditing.judged(tmp_path, None, "")
    written(tmp_path)
    (tmp_path / HEAD).unlink()
    with pytest.raises(AuditError, match="signed head"):
        auditing.judged(tmp_path, None, "")
