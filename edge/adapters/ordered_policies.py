"""Policies that came as commands: a file each with its signatures beside it, in a folder of the box.

Law: the signatures are on the disk before the policy has its name; so a policy that is there is whole. Older
ones go once a newer one is there.
"""

from pathlib import Path

from edge.adapters import private_file


class OrderedPolicies:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, version: int, policy: bytes, signatures: bytes) -> None:
        """Keep a policy that may hold from now on.

        Raises:
            StorageError: it cannot be written; what was there before is there.
        """
        private_file.make_folder(self._folder)
        path = self._folder / f"ordered-{version:010d}.yaml"
        private_file.replace(path.with_name(f"{path.name}.sig"), signatures)
        private_file.replace(path, policy)
        for older in sorted(self._folder.glob("ordered-*.yaml")):
            if older.name < path.name:
                older.unlink(missing_ok=True)
                older.with_name(f"{older.name}.sig").unlink(missing_ok=True)
