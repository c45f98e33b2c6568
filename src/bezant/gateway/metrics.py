"""The gateway's own numbers. Labels are bounded: routes, never paths."""

from bezant.kit.metrics import Metrics


class GatewayMetrics:
    """What one gateway process counts and shows."""

    def __init__(self) -> None:
        self._metrics = Metrics("gateway")
        self.requests = self._metrics.counter(
            "requests", "Requests by method, route and status.", ("method", "route", "status")
        )
        self.request_seconds = self._metrics.histogram(
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

    def render(self) -> bytes:
        """Return all numbers as Prometheus reads them."""
        return self._metrics.render()
