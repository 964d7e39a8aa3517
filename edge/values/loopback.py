"""Which hosts are this machine itself: the only ones to whom anything may be said in the clear."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host name or address of a URL, without brackets, is of this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
