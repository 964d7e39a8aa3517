"""Packages that somebody else brought: copied before they are used, and nothing but plain files."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edge.adapters import packages as room
from edge.adapters.packages import Packages
from edge.adapters.releases import Releases
from edge.values.errors import ConfigError, StorageError
from edge.values.software import Release
from tests.adapters.test_releases import bundle

BRINGER = """#!/bin/bash
if [ "$1" = --fetch ]; then mkdir "$2"; echo wheel >"$2/a.whl"; exit; fi
[ "$PIP_NO_INDEX" = 1 ] && cat "$PIP_FIND_LINKS/a.whl" >"$3/found"
mkdir -p "$3/releases/2/bin"; touch "$3/releases/2/bin/safecity-edge"; echo "staged 2"
"""


def brought(folder: Path, bringer: str = BRINGER) -> tuple[Packages, Release, Path]:
    """Packages of a release, still to be brought; the release, and the folder of its bundle."""
    (folder / "packages").mkdir()
    return Packages(folder / "packages"), bundle(folder / "b", bringer), folder / "b"


def test_a_release_is_built_of_what_was_brought_and_without_a_network(tmp_path: Path) -> None:
    packages, release, of = brought(tmp_path)
    assert packages.fetch(of, release)
    assert not packages.fetch(of, release), "it is there"
    (tmp_path / "opt").mkdir()
    assert Releases(tmp_path / "opt").staged(of, release, packages) == "2"
    assert (tmp_path / "opt/found").read_text() == "wheel\n"


def test_what_was_brought_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    packages, release, of = brought(tmp_path, BRINGER.replace("; exit;", "; echo no index >&2; exit 1;"))
    with pytest.raises(ConfigError, match="cannot be brought: no index"):
        packages.fetch(of, release)
    assert list((tmp_path / "packages").iterdir()) == []


def test_what_was_not_signed_brings_nothing(tmp_path: Path) -> None:
    packages, release, of = brought(tmp_path)
    with pytest.raises(ConfigError, match="SHA-256"):
        packages.fetch(of, replace(release, sha256="ab" * 32))
    assert list((tmp_path / "packages").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    packages, release, of = brought(tmp_path)
    (tmp_path / "packages").rmdir()
    with pytest.raises(StorageError, match="does not take packages"):
        packages.fetch(of, release)


def test_packages_of_other_releases_go(tmp_path: Path) -> None:
    packages, release, of = brought(tmp_path)
    packages.fetch(of, release)
    (tmp_path / "packages" / ("ab" * 32)).mkdir()
    packages.keep([release])
    assert [each.name for each in (tmp_path / "packages").iterdir()] == [release.sha256]


def _links(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _waits(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _is_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("made", [_links, _waits, _is_a_folder])
def test_who_brings_cannot_lead_who_builds_elsewhere_or_keep_it_waiting(
    made: Callable[[Path], None], tmp_path: Path
) -> None:
    packages, release, of = brought(tmp_path)
    packages.fetch(of, release)
    made(tmp_path / "packages" / release.sha256 / "a.whl")
    (tmp_path / "room").mkdir()
    with pytest.raises(ConfigError, match=r"not there|plain file"):
        packages.lent(release, tmp_path / "room")


def test_who_brings_cannot_fill_the_disk_of_who_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages, release, of = brought(tmp_path)
    packages.fetch(of, release)
    (tmp_path / "packages" / release.sha256 / "b.whl").write_bytes(b"x" * 100)
    for name, most, said in (("MOST_BYTES", 50, "at most"), ("MOST_FILES", 1, "at most 1 packages")):
        with monkeypatch.context() as patched:
            patched.setattr(room, name, most)
            (tmp_path / name).mkdir()
            with pytest.raises(ConfigError, match=said):
                packages.lent(release, tmp_path / name)


def test_packages_that_nobody_brought_are_told_of(tmp_path: Path) -> None:
    packages, release, _ = brought(tmp_path)
    with pytest.raises(ConfigError, match="journalctl -u safecity-fetch"):
        packages.lent(release, tmp_path / "b")
