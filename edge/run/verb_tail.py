"""The verb `tail`: prints what a node publishes."""

from pathlib import Path

from edge.config.load import load
from edge.run.lifeline import Lifeline
from edge.run.wiring import brokers


def tail(
    config: Path,
    base: Path | None,
    broker: str,
    topic: str,
    most: int | None,
    for_s: float | None,
    *,
    as_json: bool,
    supervised: bool,
) -> None:
    """Print messages until told to stop, `most` of them or for `for_s` seconds.

    Raises:
        ConfigError: configuration, secrets or certificates are wrong.
    """
    lifeline = Lifeline(supervised)
    follower = brokers.tail(load(config, base), broker, topic, as_json, most)
    follower.follow(lifeline, for_s)
