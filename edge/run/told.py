"""A running box tells how it is doing: on a socket in its data folder, and to Prometheus where wanted."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from edge import __version__
from edge.config.spec import NodeSpec
from edge.run import status_socket
from edge.run.heard import cameras_of, outbox_of, processes_of, unwatched
from edge.run.metrics import exposed
from edge.run.metrics_http import scraped
from edge.run.status import BoxStatus, PolicyStatus
from edge.run.supervise import Supervisor
from edge.run.wiring.vitals import vitals_of


@asynccontextmanager
async def told(
    supervisor: Supervisor, node: NodeSpec, boot: str, policy: Callable[[], PolicyStatus | None]
) -> AsyncIterator[None]:
    """Tell it to whoever asks, for as long as this lasts.

    Raises:
        ConfigError: the port for Prometheus is taken.
    """
    began, look = time.monotonic(), vitals_of(node.data_dir)

    def status() -> BoxStatus:
        heard, vitals, held = supervisor.heard(), look(), policy()
        blind = held is not None and held.over
        cameras = unwatched(each.id for each in node.cameras) if blind else cameras_of(heard)
        return BoxStatus(
            node=node.node,
            region=node.region,
            version=__version__,
            boot=boot,
            up_s=int(time.monotonic() - began),
            free_mib=vitals.free_mib,
            size_mib=vitals.size_mib,
            temperature_c=vitals.temperature_c,
            clock=vitals.clock,
            metrics=url,
            cameras=tuple(cameras),
            processes=tuple(processes_of(heard)),
            outbox=outbox_of(heard),
            policy=held,
        )

    async with (
        _scraped(node, lambda: exposed(status(), supervisor.heard())) as url,
        status_socket.told(node.data_dir, status),
    ):
        yield


@asynccontextmanager
async def _scraped(node: NodeSpec, text: Callable[[], str]) -> AsyncIterator[str]:
    """Let Prometheus ask where the configuration wants that; the URL, "" where it does not."""
    if node.metrics is None:
        yield ""
        return
    async with scraped(node.metrics.host, node.metrics.port, text) as url:
        yield url
