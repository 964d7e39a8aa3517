"""The verb `update`: make and sign a release, take one on trial, go back from one that fails.

Law: the old program judges the new one. What was on trial when the power went is gone back from.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from edge.config.load import load
from edge.config.software import load_release, load_ring
from edge.governance import software
from edge.messages.orders import UpdateOrder
from edge.run import status_socket
from edge.run.probation import Probation, Verdict, Wanted
from edge.run.status import BoxStatus
from edge.run.wiring import obeying, updating
from edge.values.command import Doubt
from edge.values.errors import ConfigError, SafecityError, StorageError
from edge.values.software import Installed, Release, Took

LOOK_S = 1.0
LIFE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Trial:
    """How a release is tried.

    Attributes:
        restart: starts the box again, as what is current now.
        well_s: how long it must be well without a break.
        most_s: the longest that it may take to be.
        supply: where its packages come from; None lets pip fetch them.
    """

    restart: Callable[[], None]
    well_s: float
    most_s: float
    supply: "Supply | None" = None


@dataclass(frozen=True, slots=True)
class Supply:
    """Packages of releases that somebody else brings.

    Attributes:
        folder: where they lie.
        bring: asks for those of the releases that lie here; returns when they are there, or cannot be had.
    """

    folder: Path
    bring: Callable[[], None]


def pack(archive: Path, out: Path, version: str, sequence: int, share: int) -> None:
    """Write a release without signatures beside a copy of its archive.

    Raises:
        ConfigError: the archive cannot be read, or there is a release already.
        StorageError: it cannot be written.
    """
    today = datetime.now(UTC).date()
    release = updating.packed(
        archive, out, version, sequence, share, today, today + timedelta(days=LIFE_DAYS)
    )
    print(f"{out}: release {release.version}, number {release.sequence}, for {release.share} % of the boxes")
    print(f"next, two people each: safecity-edge update sign {out} --key NAME.key")


def sign(bundle: Path, key: Path) -> None:
    """Add one signature.

    Raises:
        ConfigError: release or key cannot be read.
        StorageError: it cannot be written.
    """
    signer, count = updating.signed(bundle, key)
    print(f"{bundle}: signed by {signer}; {count} of {software.QUORUM} that are wanted")


def apply(bundle: Path, config: Path, home: Path, ring: Path, trial: Trial) -> int:
    """Take a release on trial, if it may be taken and it is this box's turn; 1 where it failed.

    Raises:
        PolicyError: it may not be taken.
        ConfigError: it is damaged, or cannot be built.
        StorageError: the disk does not take it.
    """
    return int(took(bundle, config, home, ring, trial) is Took.FAILED)


def took(bundle: Path, config: Path, home: Path, ring: Path, trial: Trial) -> Took:
    """The same, and what came of it.

    Raises:
        PolicyError: it may not be taken.
        ConfigError: it is damaged, or cannot be built.
        StorageError: the disk does not take it.
    """
    node, releases = load(config), updating.releases_of(home)
    settle(home, trial.restart)
    release, signatures = load_release(bundle / updating.RELEASE)
    known = releases.remembered()
    software.admit(release, signatures, load_ring(ring), known, updating.today(), updating.verifier())
    if release.sequence == known.sequence:
        print(f"release {release.version} is here already")
        return Took.HERE
    if not software.is_turn(release, f"{node.region}/{node.node}"):
        print(f"release {release.version} is for {release.share} % of the boxes, and not for this one yet")
        return Took.NOT_YET
    new, old = _staged(bundle, release, home, trial.supply), releases.current
    wanted = Wanted.of(release.version, _asked(node.data_dir))
    releases.vouch(old)
    releases.remember(replace(known, trial=(new, old)))
    releases.switch(new)
    trial.restart()
    print(f"release {release.version} is on trial for {trial.well_s:.0f} s", flush=True)
    why = _tried(Probation(wanted, trial.well_s, trial.most_s), node.data_dir)
    if not why:
        releases.vouch(new)
        releases.remember(Installed(release.sequence, known.refused))
        print(f"release {release.version} passed")
        return Took.PASSED
    print(f"release {release.version} failed: {why}; going back to {old}", flush=True)
    releases.remember(replace(known, refused=(*known.refused, release.sequence), trial=(new, old)))
    settle(home, trial.restart)
    return Took.FAILED


def _staged(bundle: Path, release: Release, home: Path, supply: Supply | None) -> str:
    """Build a release beside the others; its name."""
    if supply is None:
        return updating.releases_of(home).staged(bundle, release)
    supply.bring()
    return updating.releases_of(home).staged(bundle, release, updating.packages_in(supply.folder))


def obey(config: Path, home: Path, ring: Path, trial: Trial) -> None:
    """Carry out the updates that people of the policy ordered from afar, of bundles that lie here.

    It ends when none waits: systemd does not wake it for what was ordered while it worked.

    Raises:
        ConfigError: the configuration is wrong.
        PolicyError: the box's policy does not hold.
        StorageError: an order cannot be read, or its end cannot be written.
    """
    node = load(config)
    while told := next(obeying.orders(node, home), None):
        order, doubt = told.order, told.doubt
        print(f"{order.signer} ordered release {order.version}, number {order.number}: {doubt}", flush=True)
        if doubt is Doubt.NONE:
            doubt = _obeyed(order, config, home, ring, trial)
        obeying.ended(home, order, doubt)


def _obeyed(order: UpdateOrder, config: Path, home: Path, ring: Path, trial: Trial) -> Doubt:
    """What came of an order that is to be obeyed."""
    bundle = obeying.bundle_of(home, order)
    if bundle is None:
        return Doubt.NO_RELEASE
    try:
        done = took(bundle, config, home, ring, trial)
    except ConfigError as refused:
        print(refused, flush=True)
        return Doubt.RELEASE
    except StorageError as failure:
        print(failure, flush=True)
        return Doubt.DISK
    return {Took.FAILED: Doubt.UNFIT, Took.NOT_YET: Doubt.TURN}.get(done, Doubt.NONE)


def settle(home: Path, restart: Callable[[], None] | None) -> None:
    """Go back from a trial that did not end.

    Args:
        home: the folder of releases.
        restart: starts the box again; None where it does not run yet.

    Raises:
        StorageError: the disk does not take it.
    """
    releases = updating.releases_of(home)
    known = releases.remembered()
    if known.trial is None:
        return
    releases.switch(known.trial[1])
    releases.remember(replace(known, trial=None))
    print(f"back to {known.trial[1]}", flush=True)
    if restart is not None:
        restart()


def restart_by(command: Sequence[str]) -> Callable[[], None]:
    """Starts the box again with a command, such as `systemctl restart safecity-edge`."""
    return lambda: updating.run(command, updating.RESTART_S)


def supply_by(folder: Path | None, command: Sequence[str]) -> Supply | None:
    """Packages in a folder, brought by a command; None where pip is to fetch them."""
    if folder is None:
        return None
    return Supply(folder, lambda: updating.run(command, updating.FETCH_S) if command else None)


def _tried(probation: Probation, folder: Path) -> str:
    """Look until it is known; why it failed, "" where it passed."""
    began = time.monotonic()
    while True:
        verdict = probation.look(time.monotonic() - began, _asked(folder))
        if verdict is not Verdict.OPEN:
            return "" if verdict is Verdict.PASSED else probation.why
        time.sleep(LOOK_S)


def _asked(folder: Path) -> BoxStatus | None:
    """What the box says; None where it says nothing that can be understood."""
    try:
        return status_socket.ask(folder)
    except (SafecityError, TypeError, KeyError):
        return None
