"""The verb `check`: a dry run that says of all the box needs whether it is there, and how to mend it."""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.governance.term import SOON_DAYS
from edge.run import check_broker, check_models, console_standing, verb_check_camera
from edge.run.check_streams import looked_at
from edge.run.finding import Finding, guarded
from edge.run.footage_commands import in_words
from edge.run.paper import page
from edge.run.wiring import governing, memory, modelling, watching
from edge.values.errors import ConfigError
from edge.values.moment import ClockTrust, Moment

LEAST_FREE_MIB = 512


def check(config: Path, as_json: bool) -> int:
    """Look at everything; the exit status is that of the first failure, 0 if there is none."""
    node = load(config)
    findings = guarded("configuration", lambda: iter([_configuration(config, node)]))
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
    model = [
        *guarded("model", lambda: check_models.of_detector(node)),
        *guarded("density", lambda: check_models.of_counters(node)),
    ]
    with ThreadPoolExecutor(max_workers=8) as pool:
        cameras = list(pool.map(lambda camera: list(looked_at(camera)), node.cameras))
    broker = guarded("broker", lambda: check_broker.of_brokers(node))
    own = [
        *guarded("certificate", lambda: check_broker.of_certificate(node)),
        *guarded("delivery", lambda: check_broker.of_delivery(node)),
    ]
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


def _configuration(config: Path, node: NodeSpec) -> Finding:
    modelling.check_counted(config, node)
    return Finding("configuration", f"{config}: {_counted(len(node.cameras), 'camera')}", "ok")


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
    page(table)
