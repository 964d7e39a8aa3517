"""What `check` says of the way to the centre: brokers, receipts, and the certificate that a box shows."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from edge.config.spec import NodeSpec
from edge.run.finding import Finding, guarded
from edge.run.wiring import brokers, signing, trusting
from edge.values.certificate import Standing
from edge.values.errors import BrokerError


def of_brokers(node: NodeSpec) -> Iterator[Finding]:
    """Whether each broker takes a connection of this box."""
    if node.broker is None:
        yield Finding("broker", f"embedded {brokers.embedded_kind()}", "ok")
        return
    for endpoint in brokers.endpoints(node):
        name = f"broker {endpoint.url}"
        yield from guarded(name, partial(_reached, endpoint, name))


def _reached(endpoint: brokers.Endpoint, name: str) -> Iterator[Finding]:
    brokers.reach(endpoint)
    yield Finding(name, "connected" + (" with TLS 1.3" if endpoint.tls() else ""), "ok")


def of_delivery(node: NodeSpec) -> Iterator[Finding]:
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


def of_certificate(node: NodeSpec) -> Iterator[Finding]:
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
