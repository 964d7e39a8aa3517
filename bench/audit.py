"""How fast an audit log is written and verified; entries a second, and the ratio to a bare fsynced append."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from edge.adapters.audit_log import AuditLog
from edge.adapters.clock import SystemClock
from edge.run.wiring import auditing
from edge.values.audit import Action, AuditEntry

APPENDED, ROUNDS, VERIFIED = 500, 2, 20_000


def rate(count: int, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def main() -> None:
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        log = AuditLog(root / "log", "safecity/bench/a", clock.now)

        def entry() -> AuditEntry:
            return AuditEntry(clock.now(), "keep", Action.READ, "plaza.20260131T080000Z", words="x" * 40)

        bare = os.open(root / "bare", os.O_CREAT | os.O_WRONLY)

        def plain() -> None:
            for _ in range(APPENDED):
                os.write(bare, b"x" * 300)
                os.fsync(bare)

        def whole() -> None:
            for _ in range(APPENDED):
                log.append(entry())

        for _ in range(ROUNDS):
            bare_s, log_s = rate(APPENDED, plain), rate(APPENDED, whole)
            print(f"append: {log_s:8,.0f} entries/s, bare {bare_s:8,.0f}/s, ratio {log_s / bare_s:.2f}")
        real, os.fsync = os.fsync, lambda _: None  # filling the log is not what is measured
        for _ in range(VERIFIED - ROUNDS * APPENDED):
            log.append(entry())
        os.fsync = real
        verified = rate(VERIFIED, lambda: auditing.judged(root / "log", None, ""))
        opened = rate(VERIFIED, lambda: AuditLog(root / "log", "safecity/bench/a", clock.now).close())
        print(f"verify: {verified:8,.0f} entries/s; open: {opened:8,.0f} entries/s")


if __name__ == "__main__":
    main()
