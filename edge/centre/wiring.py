"""Wiring of the monitoring centre: the only file of this room that knows adapters."""

import logging
import queue
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from edge.adapters.ed25519 import Ed25519Verifier
from edge.adapters.enrolment import Enrolment
from edge.adapters.mqtt_collector import Heard, MqttCollector
from edge.centre.console import View, views_of
from edge.centre.feed import Feed
from edge.centre.glance import Glance, told
from edge.centre.ingest import Ingest
from edge.centre.listing import Rows
from edge.centre.policies import on_day
from edge.centre.signatures import Nobody, Signatures
from edge.config.centre import SQLITE, CentreSpec, load
from edge.messages.channels import channels
from edge.messages.mistake import first_mistake
from edge.messages.parse import ANY_MESSAGE
from edge.ports import Signer
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.started import all_started
from edge.run.wiring.brokers import endpoints_of
from edge.run.wiring.signing import key_in
from edge.values.errors import ConfigError, StorageError

log = logging.getLogger("centre")

MOST_WAITING = 5_000
"""Messages that may wait for the database; then the brokers are made to wait, by not reading on."""

MOST_CAMERAS = 500
"""On one page of a console; a region or a box of its own shows the others."""

try:
    from sqlalchemy import URL, make_url

    from edge.adapters.centre_store import CentreStore, engine_of
    from edge.adapters.centre_views import CentreViews, Wanted
except ModuleNotFoundError as missing:
    raise ConfigError(
        f"the centre wants the package {missing.name}: install safecity-edge with its extra `centre`"
    ) from missing


def ingest(config: Path, verbose: bool) -> None:
    """Take in what boxes send until told to stop.

    Raises:
        ConfigError: configuration, secrets or certificates are wrong.
        StorageError: the database cannot be opened at the start.
    """
    lifeline = Lifeline(supervised=False)
    spec = load(config)
    configure("centre", spec.log, verbose)
    judge, signer = signatures(spec), _signer(spec)
    heard: queue.Queue[Heard] = queue.Queue(MOST_WAITING)
    with ExitStack() as stack:
        store = CentreStore(engine_of(_url(spec)))
        stack.callback(store.close)
        views = stack.enter_context(_views(spec))
        store.prepare()
        glance = Glance(
            spec.timezone,
            lambda: told(views.states()),
            lambda: datetime.now(spec.timezone).strftime("%H:%M:%S"),
        )
        for endpoint in endpoints_of(spec.broker):
            dial = partial(MqttCollector, endpoint, filters(spec.group), heard)
            stack.enter_context(Feed(endpoint.url, dial, glance.broker))
        ingest = Ingest(spec.name, heard, store, glance, judge.understood, signer=signer)
        all_started()
        ingest.serve(lifeline.stop)


def listed(config: Path, what: str, most: int, region: str, node: str) -> tuple[Rows, CentreSpec]:
    """What is asked for, from the database of this configuration.

    Raises:
        ConfigError: the configuration is wrong, or the boxes' certificates cannot be read.
        StorageError: the database cannot be read.
    """
    spec = load(config)
    with _views(spec) as views:
        answer = {"events": views.events, "gaps": views.gaps, "nodes": views.nodes, "bad": views.bad}[what]
        rows = answer(Wanted(most, region, node))
    return _boxes(rows, spec) if what == "nodes" else rows, spec


def console(config: Path, region: str, node: str) -> tuple[list[View], CentreSpec]:
    """All cameras as a console shows them, from the database of this configuration.

    Raises:
        ConfigError: the configuration is wrong.
        StorageError: the database cannot be read, or holds what is no message.
    """
    spec = load(config)
    wanted = Wanted(MOST_CAMERAS, region, node)
    with _views(spec) as views:
        streets, events = _read(views.streets(wanted)), _read(views.going_on(wanted))
        return views_of(views.cameras(wanted), streets, events), spec


def _read(rows: Rows) -> Rows:
    try:
        return [{**row, "message": ANY_MESSAGE.validate_json(row["payload"])} for row in rows]
    except ValidationError as failure:
        raise StorageError(f"the database holds what is no message: {first_mistake(failure)}") from failure


def _boxes(rows: Rows, spec: CentreSpec) -> Rows:
    """The boxes, and what can be said of each today."""
    today = datetime.now(UTC).date()
    return [on_day(row, today) for row in _with_enrolment(rows, spec)]


def _with_enrolment(rows: Rows, spec: CentreSpec) -> Rows:
    """The boxes, and whether a certificate here names the key of each; None where nothing can be checked."""
    enrolled = spec.signatures.enrolled
    keys = None if enrolled is None else Enrolment(enrolled.authority, enrolled.folder, enrolled.revoked)
    return [{**row, "enrolled": None if keys is None else bool(keys.of(row["node"]))} for row in rows]


def signatures(spec: CentreSpec) -> Signatures:
    """How messages are judged, and a line that says so.

    Raises:
        ConfigError: the boxes' certificates, or their authority's, cannot be read.
    """
    wanted = spec.signatures
    nobody = "believed unsigned" if wanted.accept_unsigned else "set aside"
    if wanted.enrolled is None:
        log.warning("no certificates of boxes are given: every message is believed unsigned")
        return Signatures(Nobody(), Ed25519Verifier(), wanted.accept_unsigned)
    keys = Enrolment(wanted.enrolled.authority, wanted.enrolled.folder, wanted.enrolled.revoked)
    log.info("%d boxes are enrolled; messages of others are %s", keys.boxes, nobody)
    return Signatures(keys, Ed25519Verifier(), wanted.accept_unsigned)


def _signer(spec: CentreSpec) -> Signer | None:
    """What signs receipts; None, and a line that says so, where nothing does.

    Raises:
        ConfigError: the key's file is none, or others can read it.
        StorageError: a new key cannot be written.
    """
    if spec.receipts_key is None:
        log.warning("no receipts_key is given: receipts are not signed, and boxes that check them wait")
        return None
    signer = key_in(spec.receipts_key)
    log.info("receipts are signed with key %s…", signer.key.hex()[:16])
    return signer


@contextmanager
def _views(spec: CentreSpec) -> Iterator[CentreViews]:
    engine = engine_of(_url(spec), reading=True)
    try:
        yield CentreViews(engine)
    finally:
        engine.dispose()


def _url(spec: CentreSpec) -> URL:
    url = make_url(spec.database)
    if spec.password is not None:
        url = url.set(password=spec.password.read())
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+pg8000")
    if spec.database.startswith(SQLITE):
        folder = Path(url.database or "").parent
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as failure:
            raise StorageError(f"database: {folder} cannot be made: {failure.strerror}") from failure
    return url


def filters(group: str | None) -> tuple[str, ...]:
    """Everything that boxes say: a message that nobody took in would never be receipted.

    Ingesters of a group share it out, but for how the boxes are: a shared subscription gets nothing retained.
    """
    shared = "" if group is None else f"$share/{group}/"
    said = [re.sub(r"\{\w+\}", "+", each.address) for each in channels() if each.to_centre]
    return tuple(each if each.endswith("/status") else shared + each for each in said)
