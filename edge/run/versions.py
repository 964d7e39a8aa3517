"""Which versions run here, for bug reports."""

import platform
from importlib import metadata

SHOWN = ("numpy", "opencv-python-headless", "onnxruntime", "av", "paho-mqtt", "pydantic")


def all_of(own: str) -> dict[str, str]:
    """Version by name: this program, Python, the system, and the packages that matter."""
    found = {"safecity-edge": own, "python": platform.python_version(), "system": platform.platform()}
    return found | {name: metadata.version(name) for name in SHOWN}
