"""The desk at which commands come in: judged, written down, carried out once, answered.

Law: a command is on the disk before anything of it happens, and so is its entry in the audit log. Who is not
in the policy gets no answer and no entry, only a line in the log: whoever may write to the topic could fill
both. Refusals of those who are in it are answered and recorded at a bounded rate. What was taken and
not finished when the process died is carried out by the next.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from edge.governance import commanding
from edge.governance.commanding import Frame
from edge.governance.policy import Party, StatePolicy
from edge.messages.command import CommandMessage, parse_command
from edge.ports import Audit, Clock, Outbox, Verifier
from edge.privacy.answers import answer
from edge.privacy.spec import Origin
from edge.values.audit import Action, AuditEntry
from edge.values.command import NOT_ALLOWED, Answer, Doubt, End, Health, Loosened, Outcome, Package, Verb
from edge.values.errors import MessageError, StorageError
from edge.values.moment import Moment

log = logging.getLogger("commands")

MOST_WAITING = 64
MOST_CHALLENGES = 16
CHALLENGE_S = 120.0
REFUSALS_PER_MINUTE = 10
"""Of one person, challenges too: who plays back what another signed silences nobody else."""
LOOK_S = 0.2


class Ledger(Protocol):
    """Which commands were taken."""

    def take(self, signer: str, sequence: int, nonce: str, payload: bytes) -> bool:
        """Enter a command; False where its sequence is not above the signer's last."""

    def finish(self, nonce: str) -> None:
        """A command was carried out and answered."""

    def unfinished(self) -> tuple[bytes, ...]:
        """Those that were taken and not finished."""


class Ends(Protocol):
    """How commands ended that were passed on to processes that do not answer themselves."""

    def waiting(self) -> Iterator[End]:
        """Those that were not told yet."""

    def done(self, end: End) -> None:
        """One was told."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What carrying out came to.

    Attributes:
        doubt: why it was not done.
        rule: what it would have loosened, with the doubt QUORUM.
        health: what was asked.
        package: what was left on the box to be fetched.
        then: what is to happen once it is answered.
        begun: whether it goes on elsewhere for minutes, which is answered now, and its end later.
        passed_on: whether another process of the box carries it out; it answers, or leaves an end.
    """

    doubt: Doubt = Doubt.NONE
    rule: Loosened | None = None
    health: Health | None = None
    then: Callable[[], None] | None = None
    passed_on: bool = False
    begun: bool = False
    package: Package | None = None


Carry = Callable[[CommandMessage], Effect]


def outcome_of(doubt: Doubt) -> Outcome:
    """What a command came to that was carried out as far as it could be."""
    if doubt is Doubt.NONE:
        return Outcome.DONE
    return Outcome.REFUSED if doubt in NOT_ALLOWED else Outcome.FAILED


class Desk:
    """Takes commands of one box, in a thread of its own."""

    def __init__(
        self,
        origin: Origin,
        policy: StatePolicy,
        carry: Mapping[Verb, Carry],
        ledger: Ledger,
        audit: Audit,
        outbox: Outbox,
        clock: Clock,
        verifier: Verifier,
        nonce: Callable[[], str],
        ends: Ends,
    ) -> None:
        """A desk that has not opened.

        Args:
            origin: the box.
            policy: its key ring, and who may what.
            carry: how each verb is carried out.
            ledger: what was taken.
            audit: the record.
            outbox: where answers go.
            clock: tells the time, and whether it is right.
            verifier: checks signatures.
            nonce: 32 hex digits that nobody can guess.
            ends: of commands that others carried out.
        """
        self._origin, self._policy, self._carry = origin, policy, carry
        self._ledger, self._audit, self._outbox = ledger, audit, outbox
        self._clock, self._verifier, self._nonce, self._ends = clock, verifier, nonce, ends
        self.dropped = 0
        """What came while too many waited."""
        self._topic = origin.topic("command")
        self._heard: queue.Queue[bytes] = queue.Queue(MOST_WAITING)
        self._challenges: deque[tuple[str, Moment]] = deque(maxlen=MOST_CHALLENGES)
        self._refused: dict[str, deque[Moment]] = {}

    def hear(self, payload: bytes) -> None:
        """Something came on the topic of commands; it never waits."""
        try:
            self._heard.put_nowait(payload)
        except queue.Full:
            self.dropped += 1
            log.warning("a command was dropped: %d wait already", MOST_WAITING)

    def start(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        threading.Thread(target=self._serve, args=(stop,), name="commands", daemon=True).start()

    def resume(self) -> None:
        """Carry out what was taken before this process began, and was not finished."""
        for payload in self._ledger.unfinished():
            message = parse_command(self._topic, payload)
            if party := self._policy.party(message.data.signer):
                self._obey(message, party)

    def judge(self, payload: bytes) -> None:
        """Judge one command, and carry it out or not.

        Raises:
            StorageError: the disk does not take it; what was taken is carried out by the next process.
        """
        try:
            message = parse_command(self._topic, payload)
        except MessageError as error:
            log.warning("not a command: %s", error)
            return
        frame = message.frame()
        party = commanding.author(frame, self._policy, self._verifier)
        if party is None:
            log.warning("a command as %s is not signed by anybody of the policy", frame.signer)
            return
        doubt = self._doubt(frame, party)
        if doubt is Doubt.NONE and not self._ledger.take(
            frame.signer, frame.sequence, message.data.nonce, payload
        ):
            doubt = Doubt.REPLAYED
        if doubt is Doubt.NONE:
            self._obey(message, party)
        else:
            self._refuse(message, party, doubt)

    def tell_ends(self) -> None:
        """Answer what others carried out.

        Raises:
            StorageError: the disk does not take it; it is told later.
        """
        for end in self._ends.waiting():
            outcome = outcome_of(end.doubt)
            if outcome is Outcome.REFUSED and (party := self._policy.party(end.signer)):
                self._enter(party, Action.COMMAND_REFUSED, end.nonce, f"{end.verb}: {end.doubt}")
            said = Answer(self._clock.now(), end.nonce, end.signer, end.verb, outcome, end.doubt)
            self._outbox.put((answer(self._origin, said),))
            self._ends.done(end)
            log.warning("%s ordered %s: %s", end.signer, end.verb, outcome)

    def _serve(self, stop: threading.Event) -> None:
        self._guarded(self.resume)
        while not stop.is_set():
            self._guarded(self.tell_ends)
            try:
                payload = self._heard.get(timeout=LOOK_S)
            except queue.Empty:
                continue
            self._guarded(partial(self.judge, payload))

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except StorageError as error:
            log.error("a command cannot be carried out now: %s", error)
        except MessageError as error:
            log.error("a command that was taken before is not understood any more: %s", error)

    def _doubt(self, frame: Frame, party: Party) -> Doubt:
        now = self._clock.now()
        live = [each for each in self._challenges if now.seconds_since(each[1]) < CHALLENGE_S]
        given = next((each for each in live if each[0] == frame.challenge), None)
        node = f"{self._origin.region}/{self._origin.node}"
        doubt = commanding.doubt(frame, party, self._policy, node, now, given is not None)
        if given is not None and doubt is Doubt.NONE:
            self._challenges.remove(given)
        return doubt

    def _obey(self, message: CommandMessage, party: Party) -> None:
        verb, nonce = message.data.verb, message.data.nonce
        self._enter(party, Action.COMMAND_ACCEPTED, nonce, verb.value)
        effect = self._carry[verb](message)
        outcome = outcome_of(effect.doubt)
        if outcome is Outcome.REFUSED:
            words = " ".join(filter(None, (f"{verb}: {effect.doubt}", effect.rule)))
            self._enter(party, Action.COMMAND_REFUSED, nonce, words)
        if effect.begun:
            outcome = Outcome.BEGUN
        if not effect.passed_on:
            self._answer(
                message, outcome, effect.doubt, health=effect.health, rule=effect.rule, package=effect.package
            )
        self._ledger.finish(nonce)
        log.warning("%s ordered %s: %s", party.id, verb, "passed on" if effect.passed_on else outcome)
        if effect.then is not None and outcome is Outcome.DONE:
            effect.then()

    def _refuse(self, message: CommandMessage, party: Party, doubt: Doubt) -> None:
        now, verb = self._clock.now(), message.data.verb
        log.warning("%s ordered %s, refused: %s", party.id, verb, doubt)
        before = self._refused.setdefault(party.id, deque(maxlen=REFUSALS_PER_MINUTE))
        if len(before) == REFUSALS_PER_MINUTE and now.seconds_since(before[0]) < 60.0:
            return
        before.append(now)
        if doubt is not Doubt.CLOCK_UNSURE:
            self._enter(party, Action.COMMAND_REFUSED, message.data.nonce, f"{verb}: {doubt}")
            self._answer(message, Outcome.REFUSED, doubt)
            return
        challenge = self._nonce()
        self._challenges.append((challenge, now))
        self._answer(message, Outcome.CHALLENGE, doubt, challenge=challenge)

    def _enter(self, party: Party, action: Action, nonce: str, words: str) -> None:
        self._audit.append(AuditEntry(self._clock.now(), party.id, action, nonce, words=words))

    def _answer(
        self,
        message: CommandMessage,
        outcome: Outcome,
        doubt: Doubt,
        challenge: str = "",
        health: Health | None = None,
        rule: Loosened | None = None,
        package: Package | None = None,
    ) -> None:
        data = message.data
        said = Answer(
            self._clock.now(),
            data.nonce,
            data.signer,
            data.verb,
            outcome,
            doubt,
            challenge,
            health,
            rule,
            package=package,
        )
        self._outbox.put((answer(self._origin, said),))
