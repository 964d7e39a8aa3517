"""The verbs that let out the box's half of footage keys for an approved request, and open footage with it."""

from collections.abc import Sequence
from pathlib import Path

from edge.run.wiring import exporting, opening, releasing, vaulting
from edge.values.errors import ConfigError
from edge.values.segment import SlotId


def share(config: Path, names: Sequence[str], request: Path, key: Path, out: Path) -> None:
    """Give out the box's shares of the keys that a request is good for.

    Raises:
        ConfigError: a file or a name is wrong.
        RefusedError: nothing is given out.
    """
    try:
        wanted = tuple(map(SlotId.parse, names))
    except ValueError as failure:
        raise ConfigError(str(failure)) from failure
    slots = releasing.release_shares(vaulting.node_of(config), request, wanted, key, out)
    told = _told(slots)
    print(f"{out}: the box's share of {told}, sealed to the keyholders; two of them open footage with it")


def open_(
    files: Sequence[Path],
    request: Path,
    policy: Path,
    share_file: Path,
    identities: Sequence[Path],
    out: Path,
) -> None:
    """Open sealed files off the box.

    Raises:
        ConfigError: a file is wrong, or a target is there already.
        FootageError: keys and files do not fit.
        RefusedError: the request is not good for this.
    """
    asked = exporting.read_request(request)
    exporting.agreed(asked, exporting.held_policy(policy))
    owners = opening.identities_in(identities)
    count = 0
    for path in opening.open_segments(files, asked, share_file, owners, out):
        print(path)
        count += 1
    if count < len(files):
        print(
            f"{len(files) - count} of {len(files)} stay closed: they are of other minutes than were asked for"
        )


def _told(slots: Sequence[SlotId]) -> str:
    return f"slot {slots[0]}" if len(slots) == 1 else f"{len(slots)} slots, {slots[0]} to {slots[-1]}"
