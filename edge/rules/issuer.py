"""Ids of events: the same clip, configuration and run give the same ids again.

Law: an id is made of node, camera, run, rule and the rule's ordinal, and of nothing else.
"""

from edge.values.event_id import event_id


class Issuer:
    """Hands out the ids of one rule's events, in order."""

    def __init__(self, node: str, camera: str, run: str, rule: str) -> None:
        self._names = (node, camera, run, rule)
        self._ordinal = 0

    def issue(self) -> str:
        """The next id."""
        issued = event_id(*self._names, str(self._ordinal))
        self._ordinal += 1
        return issued
