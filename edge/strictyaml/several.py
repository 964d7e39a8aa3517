"""Several mistakes found by one validator, each at its own keys.

Law: pydantic ends a validator with its first error, and knows no line below the value that it validates; a
validator that finds more gathers them, so that all are told at once, each with its line.
"""

from collections.abc import Iterable

from edge.strictyaml.document import Loc


class SeveralError(ValueError):
    """Mistakes with the keys at which they are, counted from what was validated."""

    def __init__(self, found: Iterable[tuple[Loc, str]]) -> None:
        self.found = tuple(found)
        super().__init__("; ".join(text for _, text in self.found))

    @classmethod
    def raise_any(cls, found: Iterable[tuple[Loc, str]]) -> None:
        """Raise them if there are any."""
        if several := tuple(found):
            raise cls(several)
