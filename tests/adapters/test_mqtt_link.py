"""The link to a broker, whatever the kernel does while it waits."""

import os
import signal
import threading
import time

import pytest

from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.adapters.mqtt_link import Lost, MqttLink

WAKE_S = 5.0


def test_a_request_to_stop_that_is_slow_to_handle_does_not_make_it_wait_for_ever() -> None:
    """A busy machine takes longer over the handler than the wait was to last."""
    link = MqttLink(MqttEndpoint("mqtt://127.0.0.1:9", "box"), None)
    before = signal.signal(signal.SIGUSR1, lambda *_: time.sleep(0.3))
    request = threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGUSR1))
    rescue = threading.Timer(WAKE_S, lambda: link._news.put(Lost(None, "it would have waited for ever")))
    try:
        request.start()
        rescue.start()
        assert link.news(0.2) == []
    finally:
        rescue.cancel()
        request.join()
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("wait_s", [0.0, 0.01])
def test_no_news_is_an_empty_answer(wait_s: float) -> None:
    assert MqttLink(MqttEndpoint("mqtt://127.0.0.1:9", "box"), None).news(wait_s) == []
