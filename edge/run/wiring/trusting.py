"""Wiring of who is believed to have a box's messages: the certificates of the monitoring centre."""

import logging
from collections.abc import Callable

from edge.adapters.ed25519 import Ed25519Verifier
from edge.adapters.enrolment import Enrolment
from edge.config.spec import BrokerSpec, EnrolledSpec
from edge.messages.receipt import ReceiptMessage
from edge.run.trust import ReceiptTrust

log = logging.getLogger("publish")


def doubt_of(broker: BrokerSpec | None) -> Callable[[ReceiptMessage], str] | None:
    """Why a receipt is not believed; None where none is waited for, or each is believed.

    Raises:
        ConfigError: the centre's certificates, or their authority's, cannot be read.
    """
    if broker is None or not broker.receipts:
        return None
    if broker.centre is None:
        log.warning("receipts: {unsigned: accept}: whoever may write a receipt can make this box forget")
        return None
    return ReceiptTrust(enrolled(broker.centre), Ed25519Verifier()).doubt


def enrolled(centre: EnrolledSpec) -> Enrolment:
    """The keys that the centre's certificates name.

    Raises:
        ConfigError: a folder or file cannot be read.
    """
    return Enrolment(centre.authority, centre.folder, centre.revoked, key="centre.certificates")
