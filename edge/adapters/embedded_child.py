"""The embedded broker's own process, or the guard of one: it ends when its standard input does.

Law: run as a program, never imported. Nothing is ever written to its standard input; when the process at
the other end is gone, even by `kill -9`, the pipe ends and the broker is ended. (`PR_SET_PDEATHSIG` would
be simpler, but a Mosquitto started by root changes its user, and the kernel forgets the signal then.)
"""

import asyncio
import logging
import os
import select
import subprocess
import sys
from collections.abc import Sequence

STOP_S = 3.0


async def serve_amqtt(port: int) -> None:
    """Serve MQTT 3.1.1 on loopback until standard input ends."""
    from amqtt.broker import Broker  # noqa: PLC0415 (only this kind of broker needs it)

    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, stop.set)
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
        }
    )
    await broker.start()
    await stop.wait()
    await broker.shutdown()


def guard(command: Sequence[str]) -> int:
    """Run a program until it ends or standard input does; its exit status."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 (a Mosquitto that was looked up)
    select.select([sys.stdin, os.pidfd_open(child.pid)], [], [])
    child.terminate()
    try:
        return child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def main(arguments: Sequence[str]) -> None:
    """`amqtt PORT` or `PROGRAM ARGUMENT…`."""
    if arguments[0] == "amqtt":
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)  # it reports every port probe as an error
        asyncio.run(serve_amqtt(int(arguments[1])))
    else:
        sys.exit(guard(arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
