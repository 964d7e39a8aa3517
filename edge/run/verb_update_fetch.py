"""The verb `update fetch`: brings what a release is built of, so that whoever builds it needs no network.

Law: it wants no right but to write into its folder. It tells nobody what to believe: who builds checks the
signatures and every hash again.
"""

from collections.abc import Iterator
from pathlib import Path

from edge.config.software import load_release, load_ring
from edge.governance import software
from edge.run.wiring import obeying, updating
from edge.values.errors import ConfigError
from edge.values.software import Release


def fetch(home: Path, ring: Path, out: Path) -> None:
    """Bring the packages of the releases that lie here and may be taken; those of others go.

    It wants no right but to write into `out`, and to use the network.

    Raises:
        ConfigError: the ring cannot be read.
        StorageError: the disk does not take them.
    """
    found = list(_takeable(home, ring))
    packages = updating.packages_in(out)
    packages.keep([release for _, release in found])
    for bundle, release in found:
        try:
            fresh = packages.fetch(bundle, release)
        except ConfigError as failure:
            print(f"release {release.version}: {failure}", flush=True)
            continue
        print(
            f"packages of release {release.version} are {'here now' if fresh else 'here already'}", flush=True
        )


def _takeable(home: Path, ring: Path) -> Iterator[tuple[Path, Release]]:
    """The bundles that lie here and are newer than what is installed, with what was signed."""
    known, keys = updating.releases_of(home).remembered(), load_ring(ring)
    for bundle in obeying.bundles(home):
        try:
            release, signatures = load_release(bundle / updating.RELEASE)
            software.admit(release, signatures, keys, known, updating.today(), updating.verifier())
        except ConfigError as refused:
            print(f"{bundle.name}: {refused}", flush=True)
            continue
        if release.sequence > known.sequence:
            yield bundle, release
