"""Releases on the disk: nothing unsigned is built, nothing is written outside, links change whole."""

import hashlib
import io
import json
import tarfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from edge.adapters.releases import Releases
from edge.config.software import load_release, load_ring
from edge.values.errors import ConfigError, StorageError
from edge.values.software import Installed, Release

BUILDER = """#!/bin/bash
mkdir -p "$3/releases/2/bin"; touch "$3/releases/2/bin/safecity-edge"; echo "some words"; echo "staged 2"
"""


def bundle(folder: Path, builder: str = BUILDER, extra: tuple[tarfile.TarInfo, ...] = ()) -> Release:
    folder.mkdir(exist_ok=True)
    with tarfile.open(folder / "a.tar.gz", "w:gz") as packed:
        packed.addfile(_file("deploy/install.sh", builder, 0o755), io.BytesIO(builder.encode()))
        for each in extra:
            packed.addfile(each, io.BytesIO(b"x" * each.size))
    raw = (folder / "a.tar.gz").read_bytes()
    days = date(2026, 1, 1), date(2026, 3, 1)
    return Release("2", 2, *days, 100, "a.tar.gz", len(raw), hashlib.sha256(raw).hexdigest())


def _file(name: str, text: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size, made.mode = len(text.encode()), mode
    return made


def _link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


def test_a_bundle_is_built_beside_the_others_and_links_lead_where_they_are_told(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "opt")
    (tmp_path / "opt").mkdir()
    assert releases.staged(tmp_path / "b", bundle(tmp_path / "b")) == "2"
    with pytest.raises(ConfigError, match="no release is installed"):
        _ = releases.current
    releases.switch("1")
    releases.vouch("1")
    releases.switch("2")
    assert releases.current == "2"
    assert (tmp_path / "opt/good").readlink() == Path("releases/1")
    assert sorted(each.name for each in (tmp_path / "opt").iterdir()) == ["current", "good", "releases"]


@pytest.mark.parametrize(
    "changed", [{"size": 1}, {"size": 10**6}, {"sha256": "ab" * 32}, {"archive": "b.tar.gz"}]
)
def test_an_archive_that_was_not_signed_is_not_even_opened(
    changed: dict[str, object], tmp_path: Path
) -> None:
    release = replace(bundle(tmp_path / "b"), **changed)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"a\.tar\.gz|b\.tar\.gz"):
        Releases(tmp_path / "opt").staged(tmp_path / "b", release)
    assert not (tmp_path / "opt").exists()


@pytest.mark.parametrize(
    "evil",
    [
        _file("../outside", "x"),
        _file("/outside", "x"),
        _file("a/../../outside", "x"),
        _link("a", "/etc"),
        _link("a", "deploy/install.sh", tarfile.LNKTYPE),
        _link("a", "", tarfile.FIFOTYPE),
    ],
    ids=lambda info: info.name + info.linkname,
)
def test_an_archive_holds_files_and_folders_below_it_alone(evil: tarfile.TarInfo, tmp_path: Path) -> None:
    release = bundle(tmp_path / "b", extra=(evil,))
    with pytest.raises(ConfigError, match="wanted files and folders below it"):
        Releases(tmp_path / "opt").staged(tmp_path / "b", release)


@pytest.mark.parametrize(
    "builder", ["#!/bin/bash\necho broken >&2; exit 3\n", "#!/bin/bash\necho staged 9\n", ""]
)
def test_a_release_that_does_not_build_is_told(builder: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be built"):
        Releases(tmp_path / "opt").staged(tmp_path / "b", bundle(tmp_path / "b", builder))


def test_what_is_remembered_comes_back(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    assert releases.remembered() == Installed()
    for known in (Installed(3, (2, 1), ("b", "a")), Installed(4)):
        releases.remember(known)
        assert releases.remembered() == known
    (tmp_path / "update.json").write_text("{}")
    with pytest.raises(StorageError, match="cannot be read"):
        releases.remembered()


GOOD = {
    "version": "1.2.0",
    "sequence": 7,
    "issued": "2026-01-01",
    "expires": "2026-03-01",
    "share": 10,
    "archive": "a.tar.gz",
    "size": 9,
    "sha256": "ab" * 32,
    "signatures": [{"signer": "anna", "signature": "cd" * 64}],
}


def test_a_release_is_read(tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text(json.dumps(GOOD))
    release, (signature,) = load_release(tmp_path / "release.json")
    assert (release.sequence, release.expires, signature.signer) == (7, date(2026, 3, 1), "anna")


@pytest.mark.parametrize(
    "wrong",
    [
        {"archive": "../a.tar.gz"},
        {"archive": "/etc/passwd"},
        {"archive": ".hidden"},
        {"share": 101},
        {"sequence": 0},
        {"version": "1; rm"},
        {"sha256": "AB" * 32},
        {"expires": "2025-01-01"},
        {"signatures": [{"signer": "anna", "signature": "cd"}]},
        {"run": "this"},
    ],
)
def test_a_release_that_is_none_is_refused(wrong: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text(json.dumps({**GOOD, **wrong}))
    with pytest.raises(ConfigError):
        load_release(tmp_path / "release.json")


def test_a_ring_has_two_keys_at_least(tmp_path: Path) -> None:
    ring = tmp_path / "ring.yaml"
    ring.write_text(json.dumps({"keys": [{"id": "anna", "key": "ab" * 32}]}))
    with pytest.raises(ConfigError):
        load_ring(ring)
