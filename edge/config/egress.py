"""Brokers as a policy names them: scheme, host and port, written in one way."""

_PORTS = {"mqtt": 1883, "mqtts": 8883}


def endpoint(url: str) -> str:
    """The broker of a URL as scheme://host:port, in lower case, its port always there."""
    scheme, _, rest = url.lower().partition("://")
    bracket = rest.rfind("]")
    host, colon, port = rest.rpartition(":")
    if not colon or bracket > len(host):
        host, port = rest, str(_PORTS.get(scheme, 0))
    return f"{scheme}://{host}:{int(port)}"
