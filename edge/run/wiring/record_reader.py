"""The process that reads the configuration for a recorder, gives out its plan, and ends."""

import os
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

from edge.adapters.av_spec import Decode, Pace, SourceSpec, Transport
from edge.config.load import load
from edge.footage.admission import Mode
from edge.run.deck import DeckSpec
from edge.run.grounds import grounds
from edge.run.wiring import governing
from edge.run.wiring.record_plan import SUPERVISED, CameraPlan, RecordPlan
from edge.values.errors import ConfigError, SafecityError


def read_plan(config: Path, base: Path | None, cameras: Sequence[str], supervised: bool) -> RecordPlan:
    """The plan, read in this process.

    Raises:
        ConfigError: configuration or secrets are wrong, or a camera is not to be recorded.
        PolicyError: its policy does not hold.
    """
    node = load(config, base)
    footage, policy = grounds(node)
    if supervised:
        governing.admit(node, expired_too=True)  # of a running box the supervisor judges the end
    ends = None if supervised else governing.admit_alone(node, "record")
    if unknown := [name for name in cameras if name not in node.recorded]:
        raise ConfigError(
            f"--camera: no camera {unknown[0]} is recorded; those are {', '.join(node.recorded) or 'none'}"
        )
    plans = []
    for name in cameras or node.recorded:
        stream = node.camera(name).record
        assert stream is not None
        source = SourceSpec(
            url=stream.url,
            username=stream.username,
            transport=Transport(stream.transport),
            decode=Decode.SOFTWARE,
            pace=Pace.REALTIME,
            loop=stream.loop,
            hang_s=stream.hang_s,
        )
        mode = Mode.ON_HOLD if name in footage.on_hold else Mode.ALWAYS
        deck = DeckSpec(footage.segment_s, stream.hang_s, mode, footage.on_hold_before_s)
        plans.append(CameraPlan(name, source, stream.password, deck))
    return RecordPlan(
        footage.folder, footage.quota_bytes, footage.reserve_bytes, node.log, policy, tuple(plans), ends
    )


def main() -> None:
    """Write the plan, or what is wrong, to standard output."""
    config, base, supervised, *cameras = sys.argv[1:]
    told: RecordPlan | SafecityError
    try:
        told = read_plan(Path(config), Path(base) if base else None, cameras, supervised == SUPERVISED)
    except SafecityError as failure:
        told = failure
    try:
        sys.stdout.buffer.write(pickle.dumps(told))
        sys.stdout.flush()
    except BrokenPipeError:  # the recorder that asked was killed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
