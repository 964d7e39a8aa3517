"""The verbs that let out the box's half of footage keys for an approved request, and open footage with it."""

from collections.abc import Sequence
from pathlib import Path

from edge.run.bare import USUAL_MODEL
from edge.run.wiring import copying, exporting, opening, releasing, vaulting
from edge.run.wiring.opening import Sealed
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
    sealed: Sealed,
    request: Path,
    policy: Path,
    out: Path,
    config: Path | None = None,
    model: str = USUAL_MODEL,
) -> None:
    """Open sealed files off the box: a redacted copy of each, or itself where originals were agreed.

    Raises:
        ConfigError: a file is wrong, or a target is there already.
        FootageError: keys and files do not fit.
        ModelError: the model that looks for people is not accepted, or not allowed by the policy.
        RefusedError: the request is not good for this.
    """
    asked, state = exporting.read_request(request), exporting.held_policy(policy)
    exporting.agreed(asked, state)
    copyist = copying.copyist_of(state, asked.request.camera, config, model)
    count = 0
    for opened in opening.opened_by_two(sealed, asked):
        if asked.request.original:
            print(opening.write_opened(opened, out))
        else:
            print(copying.write_copy(opened, copyist.copy(opened), out))
        count += 1
    if (closed := len(sealed.files) - count) > 0:
        print(f"{closed} of {len(sealed.files)} stay closed: they are of other minutes than were asked for")
    if count and not asked.request.original:
        print("redacted copies: the request is not for originals, and nothing else was written")


def _told(slots: Sequence[SlotId]) -> str:
    return f"slot {slots[0]}" if len(slots) == 1 else f"{len(slots)} slots, {slots[0]} to {slots[-1]}"
