"""The record process: the decks of its cameras, and a watch over them.

Law: it knows no broker, no detector and no picture. It lives while its loop goes round; a camera in which a
thread hangs ends the process in order, because a thread cannot be killed, and the supervisor parts the
cameras.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict

from edge.ports import Clock, FootageStore
from edge.run.deck import Deck
from edge.values.errors import CameraError
from edge.values.moment import Moment
from edge.values.pulse import Pulse

TURN_S = 1.0
RETELL_S = 30.0
FAREWELL_S = 5.0
"""How long cameras get to give out what they have when the process ends; the supervisor waits 8 s."""


class RecordWorker:
    """Records the cameras of one worker."""

    def __init__(
        self, decks: Sequence[Deck], store: FootageStore, clock: Clock, on_pulse: Callable[[Pulse], None]
    ) -> None:
        self._decks, self._store, self._clock, self._on_pulse = tuple(decks), store, clock, on_pulse
        self._told: Moment | None = None

    def serve(self, stop: threading.Event) -> None:
        """Record until `stop` is set.

        Raises:
            CameraError: a thread hangs in a camera, so that only a new process helps.
        """
        for deck in self._decks:
            deck.start()
        try:
            while not stop.wait(TURN_S):
                self._turn()
        finally:
            self._end()

    def _turn(self) -> None:
        now = self._clock.now()
        for deck in self._decks:
            if deck.fault is not None:
                raise deck.fault
            if deck.is_stuck(now):
                raise CameraError(
                    f"camera {deck.camera}: reading its stream hangs; starting this process anew"
                )
        self._store.tend(now)
        if self._told is None or now.seconds_since(self._told) >= RETELL_S:
            self._told = now
            for deck in self._decks:
                deck.tell_gap(now)
        self._on_pulse(self._pulse(now))

    def _pulse(self, now: Moment) -> Pulse:
        states = {deck.state for deck in self._decks}
        words = "all cameras recorded" if states == {"recording"} else ", ".join(sorted(states))
        counts = {
            f"{deck.camera}.{what}": number
            for deck in self._decks
            for what, number in asdict(deck.count).items()
        }
        return Pulse("record", now, words, counts)

    def _end(self) -> None:
        for deck in self._decks:
            deck.stop()
        began = self._clock.now()
        for deck in self._decks:
            deck.join(max(0.0, FAREWELL_S - self._clock.now().seconds_since(began)))
