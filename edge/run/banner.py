"""What `run` says first: what runs, where its events go, and how to see them."""

import logging

from edge import __version__
from edge.config.spec import NodeSpec
from edge.run.footage_commands import in_words
from edge.run.supervise import Plan

log = logging.getLogger("run")

MQTT_PORT = 1883


def banner(node: NodeSpec, url: str, plan: Plan) -> None:
    """Say it: on standard output for people, in the log where that is for programs.

    Args:
        node: the box.
        url: of the broker, the first or the embedded one.
        plan: what runs.
    """
    if node.log.as_json:
        log.info("safecity-edge %s, node %s/%s", __version__, node.region, node.node)
        return
    rows = _rows(node, url, plan)
    print(f"safecity-edge {__version__} · node {node.node} in region {node.region}")
    print("\n".join(f"  {name:10} {text}" for name, text in rows), flush=True)


def _rows(node: NodeSpec, url: str, plan: Plan) -> list[tuple[str, str]]:
    host, _, port = url.partition("://")[2].partition(":")
    topic = f"safecity/v1/{node.region}/{node.node}/#"
    rows = [
        ("cameras", _cameras(plan)),
        ("model", node.detector.model),
        ("policy", _policy(node)),
        ("footage", in_words(node)),
        ("broker", f"{'embedded, ' if node.broker is None else ''}{url}"),
        ("subscribe", f"mosquitto_sub -h {host} -p {port or MQTT_PORT} -t '{topic}' -v"),
    ]
    if node.metrics is not None:
        told = f"port {node.metrics.port}" if node.metrics.port else "a free port that `status` tells"
        rows.append(("metrics", f"on {node.metrics.host}, {told}"))
    return [*rows, ("times", f"of {node.timezone}, as the site has it"), ("stop", "Ctrl-C")]


def _cameras(plan: Plan) -> str:
    if not plan.cameras:
        return "none is looked at: the policy of the state is over"
    workers = len(plan.groups)
    return f"{', '.join(plan.cameras)} in {workers} worker{'s' if workers > 1 else ''}"


def _policy(node: NodeSpec) -> str:
    if node.policy_ref is None:
        return "none of the state: no footage is kept, nothing is shown"
    return f"version {node.policy.version}, until {node.policy.expires}, sha256 {node.policy_sha256[:12]}…"
