"""The verb `check`: a dry run that says of all the box needs whether it is there, and how to mend it."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.detect.card import Card
from edge.detect.map_reading import UNMEASURED
from edge.ports import Detector
from edge.run import console_standing, smaller, verb_check_camera
from edge.run.check_streams import looked_at
from edge.run.finding import Finding, guarded
from edge.run.footage_commands import in_words
from edge.run.parts import check_classes
from edge.run.supervise import own_cores
from edge.run.wiring import brokers, counting, governing, memory, signing, trusting, watching
from edge.values.certificate import Standing
from edge.values.errors import BrokerError, ConfigError
from edge.values.frame import Frame, Size
from edge.values.moment import ClockTrust, Moment

WARM_UP, TIMED = 3, 15
LEAST_FREE_MIB = 512
SOON_DAYS = 30
BUSY_SHARE = 0.8
"""Share of the cores that inference may take; the rest is for decoding and the system."""


def check(config: Path, as_json: bool) -> int:
    """Look at everything; the exit status is that of the first failure, 0 if there is none."""
    node = load(config)
    findings = [Finding("configuration", f"{config}: {_counted(len(node.cameras), 'camera')}", "ok")]
    console = Console(stderr=True)
    with console.status("looking at model, cameras, broker, disk and clock"):
        findings += _all(node)
    _tell(findings, as_json)
    return next((found.exit_code for found in findings if found.verdict == "fail"), 0)


def check_camera(config: Path, camera: str, seconds: float, as_json: bool, *, deserted: bool = False) -> int:
    """Look closely at one camera; the exit status is 1 if it cannot do its job.

    Raises:
        ConfigError: there is no such camera.
        CameraError: it cannot be opened or read.
        ModelError: the model is not accepted.
    """
    node = load(config)
    known = {each.id: each for each in node.cameras}
    if camera not in known:
        raise ConfigError(f"--camera: there is no camera {camera}; there are {', '.join(known)}")
    with Console(stderr=True).status(f"looking at {camera} for {seconds:g} s of its time"):
        aspects = verb_check_camera.look(node, known[camera], seconds, deserted=deserted)
    findings = [Finding(each.part, each.found, str(each.verdict), each.advice, 1) for each in aspects]
    _tell(findings, as_json)
    return int(any(found.verdict == "fail" for found in findings))


def _all(node: NodeSpec) -> list[Finding]:
    policy = guarded("policy", lambda: iter([_policy(node)]))
    model = [*guarded("model", lambda: _model(node)), *guarded("density", lambda: _densities(node))]
    with ThreadPoolExecutor(max_workers=8) as pool:
        cameras = list(pool.map(lambda camera: list(looked_at(camera)), node.cameras))
    broker = guarded("broker", lambda: _broker(node))
    own = guarded("certificate", lambda: _certificate(node)) + guarded("delivery", lambda: _delivery(node))
    standing = console_standing.standing(node)
    flat = [finding for findings in cameras for finding in findings]
    reached = [*broker, *own]
    shown = [Finding(each.part, each.found, str(each.verdict), each.advice) for each in standing]
    return [
        *policy,
        *model,
        *flat,
        *shown,
        *reached,
        _disk(node),
        _footage(node),
        _memory(),
        _clock(watching.now()),
    ]


def _policy(node: NodeSpec) -> Finding:
    governing.admit(node)
    if node.policy_ref is None:
        return Finding("policy", "none of the state: events only, no footage", "ok")
    left = (node.policy.expires - governing.today()).days
    found = f"version {node.policy.version}, {left} days left, sha256 {node.policy_sha256[:12]}…"
    if left < SOON_DAYS:
        return Finding("policy", found, "warn", "ask the authority for the next one, signed by two of three")
    if node.policy.cameras is None:
        mend = "it names no cameras, so each looks for every purpose: ask for a policy with `cameras`"
        return Finding("policy", found, "warn", mend)
    return Finding("policy", found, "ok")


def _model(node: NodeSpec) -> Iterator[Finding]:
    choice = watching.model_of(node)
    loaded = choice.model
    for camera in node.cameras:
        check_classes(camera, loaded.card)
    detector = watching.detector_of(node, choice)
    on_cpu = choice.engine.provider == "cpu"
    ms = _milliseconds(detector, loaded.card, time.process_time if on_cpu else time.perf_counter)
    fps = max(camera.detect_fps for camera in node.cameras)
    fit = int(BUSY_SHARE * own_cores() * 1000 / (ms * fps))
    asked = len(node.cameras)
    tested = "no self-test" if loaded.card.self_test is None else "self-test passed"
    engine = f"{choice.engine} ({choice.why})"
    found = f"{loaded.card.name} on {engine}, {tested}, {ms:.1f} ms a picture on one core"
    if fit < asked:
        copy = smaller.in_words(loaded.card, ms)
        other = "a smaller model" if copy is None else f"smaller pictures: {copy}"
        advice = f"about {fit} cameras at {fps:g} fps fit; lower detect_fps or take {other}"
        yield Finding("model", found, "warn", advice)
    else:
        yield Finding("model", f"{found}: about {fit} cameras at {fps:g} fps fit", "ok")


def _milliseconds(detector: Detector, card: Card, clock: Callable[[], float]) -> float:
    """Median time of one answer by that clock, on a picture of noise, milliseconds."""
    width, height = card.input.size
    noise = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    frame = Frame("check", "check", 0, watching.now(), noise, Size(width, height))
    spent = []
    for _ in range(WARM_UP + TIMED):
        began = clock()
        detector.detect(frame)
        spent.append(clock() - began)
    return float(np.median(spent[WARM_UP:])) * 1000


def _densities(node: NodeSpec) -> Iterator[Finding]:
    """The density models, and what their calls take of a core."""
    counters = counting.Counters()
    cameras = [(camera.density, counters.of(node, camera)) for camera in node.cameras]
    asked = [
        (density, counter) for density, counter in cameras if density is not None and counter is not None
    ]
    for counter in dict.fromkeys(counter for _, counter in asked):
        ms = counting.milliseconds(counter)
        share = sum(ms / 1000 / density.every_s for density, other in asked if other is counter)
        error = f"± {counter.card.crowd.error:.0%}" if counter.card.crowd else "unknown"
        found = f"{counter.card.name}, error {error}, {ms:.1f} ms a count, {share:.1%} of a core"
        unmeasured = counter.card.crowd is not None and counter.card.crowd.error == UNMEASURED
        advice = "measure its error on your own pictures, and write crowd.error into its card"
        yield Finding("density", found, "warn" if unmeasured else "ok", advice if unmeasured else "")


def _broker(node: NodeSpec) -> Iterator[Finding]:
    if node.broker is None:
        yield Finding("broker", f"embedded {brokers.embedded_kind()}", "ok")
        return
    for endpoint in brokers.endpoints(node):
        name = f"broker {endpoint.url}"
        yield from guarded(name, partial(_reached, endpoint, name))


def _reached(endpoint: brokers.Endpoint, name: str) -> Iterator[Finding]:
    brokers.reach(endpoint)
    yield Finding(name, "connected" + (" with TLS 1.3" if endpoint.tls() else ""), "ok")


def _delivery(node: NodeSpec) -> Iterator[Finding]:
    """When a message has arrived, and who is believed to have it."""
    broker = node.broker
    if broker is None:
        return
    if not broker.receipts:
        yield Finding("delivery", "puback, because no centre is named: the broker's word is enough", "ok")
    elif broker.centre is None:
        advice = "give centre with its ingesters' certificates, and take receipts: {unsigned: accept} out"
        found = "receipt, unsigned: accept; whoever the broker lets write one is believed to be the centre"
        yield Finding("delivery", found, "warn", advice)
    elif names := trusting.enrolled(broker.centre).names:
        yield Finding("delivery", f"receipt, signed by {', '.join(names)}", "ok")
    else:
        advice = (
            f"{broker.centre.folder}: put the certificates there that pki made with the centre's --config"
        )
        yield Finding("delivery", "receipt, and no certificate names a key of the centre", "fail", advice)


def _certificate(node: NodeSpec) -> Iterator[Finding]:
    """How long this box's certificate for brokers is good, if it has one."""
    if node.broker is not None and node.broker.cert_file is not None:
        yield from certificate(node.broker.cert_file)
        yield _enrolled(node, node.broker.cert_file)


def _enrolled(node: NodeSpec, file: Path) -> Finding:
    """Whether a copy of the certificate at the centre enrols the key with which this box signs."""
    named, own = brokers.certificate_of(file)[0].events_key, signing.known_events_key(node.data_dir)
    again = f"make another: safecity-edge pki csr {node.node} --config FILE, then pki sign --renew"
    if not named:
        return Finding("enrolment", "the certificate names no key for signing", "warn", again)
    if own is None:
        again = f"bring the data folder back in which {node.node} had its key, or " + again
        return Finding("enrolment", "the certificate names a key that is not on this box", "fail", again)
    if named != own:
        return Finding("enrolment", "the certificate names another key than the box's own", "fail", again)
    return Finding("enrolment", "the certificate names the key with which this box signs", "ok")


def certificate(file: Path) -> Iterator[Finding]:
    """How long a certificate is good.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    told, standing, days = brokers.certificate_of(file)
    found = f"{told.name}, {days} days left"
    if standing is Standing.GOOD:
        yield Finding("certificate", found, "ok")
    elif standing is Standing.DUE:
        yield Finding("certificate", found, "warn", "rotate it: two thirds of its life are over")
    else:
        advice = "brokers refuse it: issue another, and see that the clock is right"
        yield Finding("certificate", f"{found}, {standing}", "fail", advice, BrokerError.exit_code)


def _disk(node: NodeSpec) -> Finding:
    existing = next(folder for folder in (node.data_dir, *node.data_dir.parents) if folder.exists())
    free_mib = shutil.disk_usage(existing).free >> 20
    found = f"{node.data_dir}: {free_mib:,} MiB free"
    wanted_mib = (node.outbox_bytes >> 20) + LEAST_FREE_MIB
    if not os.access(existing, os.W_OK):
        return Finding("disk", found, "fail", f"{existing} is not writable for this user", 4)
    if free_mib < wanted_mib:
        return Finding("disk", found, "warn", f"wanted {wanted_mib:,} MiB for the outbox and some air")
    return Finding("disk", found, "ok")


def _footage(node: NodeSpec) -> Finding:
    """Whether anything is recorded, and whether its disk has the room that it may take."""
    named = [camera.id for camera in node.cameras if camera.record is not None]
    if node.footage is None:
        advice = "streams to record are named, and not recorded: write a section footage" if named else ""
        return Finding("footage", in_words(node), "warn" if named else "ok", advice)
    folder = node.footage.folder
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    short = node.footage.quota_bytes + node.footage.reserve_bytes - shutil.disk_usage(existing).total
    if short > 0:
        advice = f"quota and reserve are {short >> 20:,} MiB more than the whole disk has"
        return Finding("footage", in_words(node), "warn", advice)
    return Finding("footage", in_words(node), "ok")


def _memory() -> Finding:
    if not (named := memory.swaps()):
        return Finding("memory", "never written to a disk: this machine has no swap", "ok")
    advice = (
        "pictures may get there: run the box as its unit, which forbids it, or turn swap off or encrypt it"
    )
    return Finding("memory", f"swap on {', '.join(named)}", "warn", advice)


def _clock(now: Moment) -> Finding:
    if now.trust is ClockTrust.SYNCED:
        return Finding("clock", "synchronised", "ok")
    return Finding("clock", "not synchronised", "warn", "let systemd-timesyncd or chrony keep the time")


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def _tell(findings: list[Finding], as_json: bool) -> None:
    if as_json:
        print("\n".join(json.dumps(asdict(finding)) for finding in findings))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "part", "found", "to do"):
        table.add_column(name, overflow="fold")
    for finding in findings:
        verdict = Text(finding.verdict, style=_STYLES[finding.verdict])
        table.add_row(verdict, finding.part, finding.found, finding.advice)
    Console().print(table)
