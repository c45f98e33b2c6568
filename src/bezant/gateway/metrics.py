"""The gateway's own numbers. Labels are bounded: routes, never paths; methods that exist."""

from prometheus_client import Counter, Histogram

from bezant.kit.metrics import Metrics


class GatewayMetrics:
    """What one gateway process counts and shows."""

    def __init__(self) -> None:
        self._metrics = Metrics("gateway")
        self._requests = self._metrics.counter(
            "requests",
            "Requests by method, route and status; over /ws/api WS and its method.",
            ("method", "route", "status"),
        )
        self._seconds = self._metrics.histogram(
            "request_seconds", "From a request's head to the end of its answer.", ("route",)
        )
        self.core_up = self._metrics.gauge("core_up", "1 while the core's door is connected.")
        self.feed_seq = self._metrics.gauge("feed_seq", "The last seq that this gateway saw.")
        self.projector_seq = self._metrics.gauge(
            "projector_seq", "The last seq in the read models."
        )
        self.projector_lag = self._metrics.gauge(
            "projector_lag_seqs", "How many seqs wait for the projector."
        )

        self._counted: dict[tuple[str, str, int], Counter] = {}
        self._timed: dict[str, Histogram] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; looking up its labels anew would cost more than counting."""
        key = (method, route, status)
        counter = self._counted.get(key)
        if counter is None:
            counter = self._counted[key] = self._requests.labels(method, route, status)
        histogram = self._timed.get(route)
        if histogram is None:
            histogram = self._timed[route] = self._seconds.labels(route)
        counter.inc()
        histogram.observe(seconds)

    def render(self) -> bytes:
        """Return all numbers as Prometheus reads them."""
        return self._metrics.render()
