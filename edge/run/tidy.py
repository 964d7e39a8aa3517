"""What a process that runs for months does every minute: it lets go of what Python keeps for the next use.

Law: nothing that anybody holds is touched. CPython keeps up to 2,000 dead tuples of each length up to 20; one
made of a generator comes from no such store, and joins one when it dies, so that they fill for hours and look
like a leak. They go only when Python looks through everything for garbage, which by itself it puts off for
most of an hour where little comes and stays. What the C library keeps stays as it is: it is as much after
ten minutes as later, and what is given back comes again at once, so that nobody could tell it from growth.
"""

import gc
from collections.abc import Callable

from edge.values.moment import Moment
from edge.values.pulse import Pulse

EVERY_S = 60.0
"""What fills in a minute is some 100 KiB; looking through what came since the start takes a millisecond."""


class Tidy:
    """Stands before whoever gets a process's pulses, and tidies up between two of them."""

    def __init__(self, on_pulse: Callable[[Pulse], None]) -> None:
        """Nothing to tidy up yet; `on_pulse` gets every pulse at once."""
        self._on_pulse = on_pulse
        self._tidied: Moment | None = None

    def tell(self, pulse: Pulse) -> None:
        """Pass a pulse on, then tidy up if it is time; from the loop whose progress it tells."""
        self._on_pulse(pulse)
        if self._tidied is None:
            self._tidied = pulse.moment
        elif pulse.moment.seconds_since(self._tidied) >= EVERY_S:
            self._tidied = pulse.moment
            gc.collect()
