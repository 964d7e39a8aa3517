"""The command line: one verb per function, one file per group; what a verb does stands in `edge.run`.

Law: nothing heavy is imported before the verb that needs it runs, so that `--help` answers at once and
the supervisor stays small. The order of the groups is the order of their verbs in `--help`.
"""

from importlib import import_module

from edge.cli.app import app
from edge.run.named_errors import named_errors
from edge.run.threads import compute_alone
from edge.run.wiring.memory import keep_to_itself

__all__ = ["app", "main"]

GROUPS = (
    "begin",
    "box",
    "footage",
    "centre",
    "command",
    "fuse",
    "look",
    "calibrate",
    "clips",
    "evaluate",
    "models",
    "models_in",
    "models_worth",
    "policy",
    "audit",
    "export",
    "public",
    "pki",
    "update",
    "about",
)
"""Modules beside this one; each adds its verbs to `app` when it is imported."""

for _group in GROUPS:
    import_module(f"edge.cli.{_group}")


def main() -> None:
    """The command `safecity-edge`."""
    keep_to_itself()
    compute_alone()
    with named_errors():
        app()
