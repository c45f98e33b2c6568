"""Numbers that a process shows to Prometheus. Labels are bounded: never an id or a free text.

A `Metrics` is made once per process and passed on, so tests do not share counters.
"""

from collections.abc import Sequence
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

PREFIX: Final = "bezant"
LATENCY_BUCKETS_S: Final = (
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0,
)  # fmt: skip
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class Metrics:
    """A registry with names of one form: `bezant_ROLE_what_unit`."""

    def __init__(self, role: str) -> None:
        self._role = role.replace("-", "_")
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def counter(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Counter:
        """Return a new counter; `name` ends in what is counted, `_total` is added."""
        return Counter(self._named(name), meaning, labels, registry=self.registry)

    def gauge(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Gauge:
        """Return a new gauge; `name` ends in its unit."""
        return Gauge(self._named(name), meaning, labels, registry=self.registry)

    def histogram(
        self,
        name: str,
        meaning: str,
        labels: Sequence[str] = (),
        *,
        buckets: Sequence[float] = LATENCY_BUCKETS_S,
    ) -> Histogram:
        """Return a new histogram, of seconds unless `buckets` say otherwise."""
        return Histogram(
            self._named(name), meaning, labels, registry=self.registry, buckets=tuple(buckets)
        )

    def render(self) -> bytes:
        """Return all numbers as Prometheus reads them (`CONTENT_TYPE`)."""
        return generate_latest(self.registry)

    def serve(self, port: int, *, host: str = "127.0.0.1") -> None:
        """Serve them over HTTP from a thread, for roles that have no server of their own."""
        start_http_server(port, addr=host, registry=self.registry)

    def _named(self, name: str) -> str:
        return f"{PREFIX}_{self._role}_{name}"
