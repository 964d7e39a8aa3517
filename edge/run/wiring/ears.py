"""Wiring of a fusion's second connection: its name, and whether its certificate will do.

Law: a fusion whose second connection can hear nothing does not start. Where the broker alone knows that (its
access file), the fusion says so while it runs.
"""

from edge.adapters import certificates
from edge.config.fusion import FusionNode
from edge.values.errors import ConfigError

EARS = "-ears"
"""After the name of the fusion: that of its second connection, as its certificate has it."""


def ears_of(node: FusionNode) -> str:
    """The name of its second connection, if that wants a certificate of its own; else ""."""
    return f"{node.name}{EARS}" if node.ears is not None and node.ears.cert_file is not None else ""


def prove(node: FusionNode) -> None:
    """See that the certificate of the second connection is there, and is its own.

    Raises:
        ConfigError: it is not.
    """
    name = ears_of(node)
    if not name:
        return
    assert node.ears is not None
    assert node.ears.cert_file is not None
    file, make = (
        node.ears.cert_file,
        f"safecity-edge pki csr {node.name} --config FILE makes the requests of both",
    )
    if not file.exists():
        raise ConfigError(
            f"ears: {file} is not there, the certificate of {name}, which hears all that is not urgent; "
            f"{make}, and {name} wants the role ears in the fleet file. Without `ears` all is heard on one "
            "connection, and a flood can hold a button's word up"
        )
    found = certificates.read(file).name
    if found != name:
        raise ConfigError(
            f"ears: {file} wants to be the certificate of {name}, and is that of {found}; {make}"
        )
