"""Footage of all forms that a disk may hold after an update, opened and packed by one request."""

import json
from pathlib import Path

import pytest

from edge.adapters import segment_file
from edge.adapters.reconcile import Level, check, mend
from edge.adapters.segment_header import read_header
from edge.config.load import load
from edge.run import verb_export, verb_footage
from edge.values.evidence import BESIDE
from edge.values.segment import SegmentId
from tests.fakes.format_one import put_old
from tests.fakes.vaults import VaultFolder, in_pieces, stretch
from tests.run.test_export import unsealed_with
from tests.run.test_pack_on_box import COURT, RECIPIENT, manifest, pack
from tests.run.test_share import SLOT, Street, street

__all__ = ["street"]

OLD, TORN, NEW = (SegmentId(SLOT, number) for number in (3, 4, 0))
"""After those that `street` has sealed, of which the first is shown as the new form."""
SAID = {OLD: b"old " * 40_000, TORN: b"torn " * 40_000, NEW: b"north 0"}


@pytest.fixture
def mixed(street: Street) -> Street:
    """A street with a segment of format 1, and one of format 2 whose recorder died after two pieces."""
    folder = VaultFolder(street.room)
    policy = load(street.box.config).footage_policy
    assert policy is not None
    folder.use(policy)
    put_old(folder, stretch(40, SAID[OLD], "north"), policy)
    for piece in in_pieces(stretch(60, SAID[TORN] + b"never written", "north"), 3)[:2]:
        folder.vault.put(piece)
    folder.close()
    again = VaultFolder(street.room)
    assert len(mend(again.root, again.catalogue, again.ring, ["north"])) == 1
    assert list(check(again.root, again.catalogue, again.ring, Level.HASHES)) == []
    again.close()
    return street


def test_two_keyholders_open_every_form_and_each_says_what_it_is(mixed: Street) -> None:
    files = mixed.sealed(OLD, TORN, NEW)
    assert [read_header(file).version for file in files] == [1, 2, 2]
    request = mixed.request(original=True, recipient=RECIPIENT)
    out = mixed.open(files, request, mixed.share(request))
    for segment, said in SAID.items():
        opened = out / f"{segment}.mp4"
        content = opened.read_bytes()
        assert content == said or (segment == TORN and len(content) > 130_000 and said.startswith(content))
        beside = json.loads(opened.with_name(opened.name + BESIDE).read_bytes())
        assert (beside["segment"], beside["ending"]) == (str(segment), "torn" if segment == TORN else "whole")


def test_a_package_has_every_form_and_proves_itself(
    mixed: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    request = mixed.request(original=True, recipient=RECIPIENT)
    out = mixed.open(mixed.sealed(OLD, TORN, NEW), request, mixed.share(request))
    package = pack(mixed, request, sorted(out.glob("*.mp4")))
    files = unsealed_with(COURT, package)
    told = {each["name"]: each.get("origin") for each in manifest(files)["files"]}
    endings = {name: origin["ending"] for name, origin in told.items() if origin}
    assert endings == {f"footage/{s}.mp4": "torn" if s == TORN else "whole" for s in SAID}
    identity = mixed.folder / "court.age"
    identity.write_text(f"{COURT}\n")
    verb_export.verify(package, identity, "", "", as_json=False)
    assert "original pictures" in capsys.readouterr().out


def test_a_changed_bit_of_either_form_is_named_and_opens_nothing(mixed: Street, tmp_path: Path) -> None:
    request = mixed.request(original=True, recipient=RECIPIENT)
    share = mixed.share(request)
    for file in mixed.sealed(OLD, NEW):
        whole = bytearray(file.read_bytes())
        whole[-20] ^= 1
        changed = tmp_path / file.name
        changed.write_bytes(whole)
        with pytest.raises(Exception, match="does not open at chunk"):
            mixed.open([changed], request, share)
    assert not list((mixed.folder / "opened").glob("*.mp4"))


def test_why_and_the_check_speak_of_every_form_alike(
    mixed: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    for segment in SAID:
        verb_footage.why(mixed.box.config, str(segment))
        assert str(segment.slot) in capsys.readouterr().out
    assert {each.suffix for each in segment_file.files(mixed.room)} == {segment_file.SUFFIX}
