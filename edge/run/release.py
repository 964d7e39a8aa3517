"""The desk at which a box gives out its shares of footage keys.

Law: every entry in the audit log is on the disk before a share is read for anybody, and every refusal has an
entry of its own, with its reason and nothing that a stranger wrote. Where an entry cannot be written nothing
is given out. What may be given out is decided in `edge.governance.release`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from edge.config.request import SignedRequest
from edge.governance.policy import Party
from edge.governance.release import Box, Granted, covered, grant
from edge.ports import Audit, Clock, Verifier
from edge.values.audit import Action, AuditEntry
from edge.values.errors import RefusedError
from edge.values.refusal import Refusal
from edge.values.segment import SlotId

NOBODY = "nobody"
"""Actor of a refusal while it is not known who wants something."""

REQUEST = "request"
"""Subject of a refusal while it is not known what is wanted."""


class ReleaseDesk:
    """Gives out shares of one box's key ring."""

    def __init__(
        self,
        audit: Audit,
        verifier: Verifier,
        clock: Clock,
        slots: Callable[[], Collection[SlotId]],
        find: Callable[[SlotId], bytes | None],
    ) -> None:
        """A desk.

        Args:
            audit: the record; entries come first.
            verifier: checks signatures.
            clock: tells when.
            slots: those that have a share.
            find: a slot's share; None where there is none.
        """
        self._audit, self._verifier, self._clock = audit, verifier, clock
        self._slots, self._find = slots, find

    @contextmanager
    def refusals(self, actor: str = NOBODY, subject: str = REQUEST, case: str = "") -> Iterator[None]:
        """Whatever is refused within is entered, and is refused.

        Raises:
            RefusedError: it was refused.
            StorageError: it was refused, and that cannot be entered.
        """
        try:
            yield
        except RefusedError as refused:
            self._enter(actor, Action.DENIED, subject, case, refused.reason)
            raise

    def release(
        self, asked: SignedRequest, wanted: Sequence[SlotId], presenter: Party, box: Box
    ) -> Mapping[SlotId, bytes]:
        """The shares that a request is good for, after the entries that tell of them.

        Args:
            asked: the request with its signatures.
            wanted: slots; all that the request covers and that are here unless given.
            presenter: who wants to have them.
            box: what this box knows of itself.

        Raises:
            FootageError: a share is damaged.
            RefusedError: nothing is given out.
            StorageError: an entry cannot be written, so nothing is given out.
        """
        request = asked.request
        with self.refusals(presenter.id, request.sha256(), request.case):
            slots = wanted or covered(request, tuple(self._slots()))
            granted = grant(request, asked.signatures, slots, presenter, box, self._verifier)
            self._check_kept(granted)
            self._tell(granted, presenter)
            return {slot: self._share(slot) for slot in granted.slots}

    def _check_kept(self, granted: Granted) -> None:
        here = self._slots()
        if gone := [slot for slot in granted.slots if slot not in here]:
            raise RefusedError(
                f"slot {gone[0]}: its key was destroyed, or never made here", Refusal.NOTHING_KEPT
            )
        if not granted.slots:
            request = granted.request
            raise RefusedError(
                f"no key of camera {request.camera} from {request.begin} to {request.end} is here: it was "
                "destroyed, or never made",
                Refusal.NOTHING_KEPT,
            )

    def _tell(self, granted: Granted, presenter: Party) -> None:
        request, one, other = granted.request, granted.asked, granted.approved
        sha256, case = request.sha256(), request.case
        pictures = ", original pictures" if request.original else ""
        what = f"{request.camera}, {request.begin} to {request.end}, for {request.purpose}{pictures}"
        self._enter(one.id, Action.EXPORT_REQUESTED, sha256, case, what)
        self._enter(other.id, Action.EXPORT_APPROVED, sha256, case, f"{what}, to {request.recipient}")
        for slot in granted.slots:
            words = f"{_good_for(sha256)} asked by {one.id}, approved by {other.id}, for {request.purpose}"
            self._enter(presenter.id, Action.KEY_RELEASED, str(slot), case, words)

    def _enter(self, actor: str, action: Action, subject: str, case: str, words: str) -> None:
        self._audit.append(AuditEntry(self._clock.now(), actor, action, subject, case, words))

    def _share(self, slot: SlotId) -> bytes:
        share = self._find(slot)
        if share is None:
            raise RefusedError(f"slot {slot}: its key was destroyed just now", Refusal.NOTHING_KEPT)
        return share


def released_for(entry: AuditEntry, request_sha256: str) -> bool:
    """Whether an entry tells of a share that was given out for that request."""
    return entry.action is Action.KEY_RELEASED and entry.words.startswith(_good_for(request_sha256))


def _good_for(request_sha256: str) -> str:
    return f"request {request_sha256},"
