"""The CPU that this program runs on, as the kernel tells it."""

import hashlib
import platform
from dataclasses import dataclass
from pathlib import Path

_TOLD = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Cpu:
    """A CPU.

    Attributes:
        name: as its maker calls it.
        flags: instruction sets that the kernel lets programs use.
    """

    name: str
    flags: frozenset[str]

    @property
    def flags_sha256(self) -> str:
        """Hash of the flags, whatever their order."""
        return hashlib.sha256(" ".join(sorted(self.flags)).encode()).hexdigest()

    @property
    def multiplies_bytes_exactly(self) -> bool:
        """Whether products of bytes are summed in 32 bits; older x86 saturates at 16.

        Source: Intel Architecture Instruction Set Extensions, VPDPBUSD against VPMADDUBSW.
        """
        return bool(self.flags & {"avx512_vnni", "avx_vnni", "asimddp"})


def this_cpu(told: Path = _TOLD) -> Cpu:
    """The CPU of this machine; its flags are empty where the kernel does not tell them."""
    lines = told.read_text(encoding="utf-8", errors="replace").splitlines() if told.exists() else []
    fields = dict(reversed([_field(line) for line in lines if ":" in line]))  # the first core's
    name = fields.get("model name") or platform.machine()
    return Cpu(name, frozenset((fields.get("flags") or fields.get("Features", "")).split()))


def _field(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key.strip(), value.strip()
