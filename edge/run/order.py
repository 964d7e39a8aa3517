"""What a supervisor tells a worker that runs: another configuration, and the cameras that are its own now.

Law: an order is one line on the worker's standard input, and says what a new process would learn from its
command line. It holds paths and names, never a secret.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from edge.run.assign import Group


@dataclass(frozen=True, slots=True)
class Order:
    """Watch these cameras as this file says."""

    config: Path
    cameras: Group

    def line(self) -> str:
        """The order as one line."""
        return json.dumps({"config": str(self.config), "cameras": self.cameras})

    @classmethod
    def of(cls, line: str) -> "Order":
        """The order in a line that `line` made."""
        said = json.loads(line)
        return cls(Path(said["config"]), tuple(said["cameras"]))
