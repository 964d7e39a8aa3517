"""Wiring of what the recorder is to do, read from the configuration by a process that then ends.

Law: checking a configuration takes 25 MB of libraries that recording has no use for, and a recorder lives for
months. So a process of its own reads it and gives out this plan; it says where a password stands, and the
recorder reads that whenever it opens the stream.
"""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from edge.adapters.av_spec import SourceSpec
from edge.config.secret import SecretRef
from edge.governance.policy import StatePolicy
from edge.run.deck import DeckSpec
from edge.values.errors import ConfigError, SafecityError
from edge.values.log_spec import LogSpec
from edge.values.retention import FootagePolicy

READER = "edge.run.wiring.record_reader"
SUPERVISED, ALONE = "supervised", "alone"


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """One camera to record: its id, its stream, where its password stands, and how."""

    id: str
    stream: SourceSpec = field(repr=False)
    password: SecretRef | None
    deck: DeckSpec

    def source(self) -> SourceSpec:
        """The stream with its password.

        Raises:
            SecretError: that cannot be read.
        """
        return self.stream if self.password is None else replace(self.stream, password=self.password.read())


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """What one recorder does.

    Attributes:
        folder: of the vault.
        quota_bytes, reserve_bytes: most that footage may take, and what must stay free.
        log: how the log is written.
        policy: under which it is sealed.
        cameras: to record.
        ends: the policy with whose end recording ends; None where a supervisor judges that.
    """

    folder: Path
    quota_bytes: int
    reserve_bytes: int
    log: LogSpec
    policy: FootagePolicy
    cameras: tuple[CameraPlan, ...]
    ends: StatePolicy | None = field(repr=False)


def plan_of(config: Path, base: Path | None, cameras: Sequence[str], supervised: bool) -> RecordPlan:
    """The plan, read by a process of its own.

    Raises:
        ConfigError: configuration or secrets are wrong, or a camera is not to be recorded.
        PolicyError: its policy does not hold.
    """
    told = (str(config), "" if base is None else str(base), SUPERVISED if supervised else ALONE, *cameras)
    command = [sys.executable, "-P", "-m", READER, *told]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)  # noqa: S603
    try:
        plan = pickle.loads(done.stdout)  # noqa: S301 (as above)
    except (EOFError, pickle.UnpicklingError) as failure:
        raise ConfigError(f"{config} could not be read: its reader ended with {done.returncode}") from failure
    if isinstance(plan, SafecityError):
        raise plan
    assert isinstance(plan, RecordPlan)
    return plan
