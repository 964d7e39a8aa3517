"""The panic button: footage of the linked cameras goes under hold, and an alarm is raised.

Law: the hold comes first, because it is what cannot be made up for; then its entry in the audit log, then
the message. Pressing twice with one id is pressing once. Nothing here needs the broker.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from edge.config.spec import PanicSpec
from edge.ports import Audit, Clock, HoldBook, Outbox, Presses
from edge.privacy.footage_reports import alarm
from edge.privacy.spec import Origin
from edge.values.audit import Action, AuditEntry
from edge.values.errors import ConfigError, StorageError
from edge.values.footage_state import Alarm
from edge.values.hold import Hold, HoldOrigin
from edge.values.moment import NS_PER_S, Moment
from edge.values.press import Press

log = logging.getLogger("panic")


class PanicDesk:
    """Takes presses of one box."""

    def __init__(
        self,
        holds: HoldBook,
        audit: Audit,
        outbox: Outbox,
        origin: Origin,
        spec: PanicSpec,
        cameras: Sequence[str],
        recorded: Sequence[str],
        clock: Clock,
    ) -> None:
        self._holds, self._audit, self._outbox, self._origin = holds, audit, outbox, origin
        self._spec, self._cameras, self._recorded, self._clock = spec, tuple(cameras), recorded, clock

    def press(self, press: Press) -> Alarm:
        """Put footage under hold and raise the alarm; the alarm that was raised.

        Raises:
            ConfigError: there is no such camera.
            StorageError: the disk does not take it; press again.
        """
        if unknown := [name for name in press.cameras if name not in self._cameras]:
            raise ConfigError(f"there is no camera {unknown[0]}; there are {', '.join(self._cameras)}")
        linked = press.cameras or self._cameras
        raised = self._raised(press, linked, self._clock.now())
        self._holds.place(raised.hold)
        words = f"by {press.trigger} for {', '.join(linked)}"
        self._audit.append(
            AuditEntry(raised.moment, press.by, Action.PANIC, raised.hold.id, words=words[:400])
        )
        self._outbox.put((alarm(self._origin, raised),))
        return raised

    def serve(self, presses: Presses) -> None:
        """Carry out presses that another process left; what the disk does not take is tried again."""
        try:
            for press in presses.waiting():
                try:
                    raised = self.press(press)
                    log.warning("alarm %s by %s: footage is under hold", raised.hold.id, press.trigger)
                except ConfigError as error:
                    log.warning("an alarm by %s was not raised: %s", press.trigger, error)
                presses.done(press)
        except StorageError as error:
            log.error("an alarm cannot be carried out yet: %s", error)

    def _raised(self, press: Press, linked: tuple[str, ...], now: Moment) -> Alarm:
        spec = self._spec
        began_ns = max(0, press.utc_ns - round(spec.before_s * NS_PER_S))
        review = datetime.fromtimestamp(now.utc_ns / NS_PER_S, UTC) + timedelta(days=spec.review_days)
        held = tuple(name for name in linked if name in self._recorded)
        hold = Hold(
            id=press.id,
            origin=HoldOrigin.PANIC,
            case=f"alarm {press.id}",
            authority="panic button",
            review=review.date().isoformat(),
            cameras=linked,
            began_ns=began_ns,
            ended_ns=max(began_ns + 1, press.utc_ns + round(spec.after_s * NS_PER_S)),
            placed=now,
            by=press.by,
        )
        return Alarm(now, press.trigger, linked, held, hold)
