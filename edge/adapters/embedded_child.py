"""The first lines of the embedded broker's process: it must not outlive the one that started it.

Law: run as a program, never imported. `PR_SET_PDEATHSIG` stays in force when Mosquitto takes the process
over, so not even `kill -9` of the parent leaves a broker behind.
"""

import asyncio
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent(parent: int) -> None:
    """Be killed when the thread that started this process ends; exit at once if it already has."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)


async def serve_amqtt(port: int) -> None:
    """Serve MQTT 3.1.1 on loopback until SIGTERM."""
    from amqtt.broker import Broker  # noqa: PLC0415 (only this kind of broker needs it)

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
        }
    )
    await broker.start()
    await stop.wait()
    await broker.shutdown()


def main(arguments: Sequence[str]) -> None:
    """`PARENT amqtt PORT` or `PARENT PROGRAM ARGUMENT…`."""
    parent, program, *rest = arguments
    die_with_parent(int(parent))
    if program == "amqtt":
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)  # it reports every port probe as an error
        asyncio.run(serve_amqtt(int(rest[0])))
    else:
        os.execv(program, [program, *rest])  # noqa: S606 (the path of a Mosquitto that was looked up)


if __name__ == "__main__":
    main(sys.argv[1:])
