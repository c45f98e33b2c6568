"""What a core shows to Prometheus: how far it is, and how full its inbox."""

from bezant.egress.feed import Feed
from bezant.ingress.server import IngressServer
from bezant.journal.ports import Row
from bezant.kit.metrics import Metrics
from bezant.sequencer.inbox import Inbox


class CoreMetrics:
    """Counts committed rows; reads the rest when asked."""

    def __init__(self, inbox: Inbox, feed: Feed, ingress: IngressServer) -> None:
        self._metrics = Metrics("core")
        self._rows = self._metrics.counter("rows", "Journal rows committed")
        self._entries = self._metrics.counter("entries", "Entries committed")
        gauge = self._metrics.gauge
        gauge("tip_seq", "Last committed seq").set_function(lambda: feed.tip_seq)
        gauge("inbox_commands", "Commands that wait").set_function(lambda: inbox.command_count)
        gauge("connections", "Clients of ingress").set_function(lambda: ingress.connection_count)

    def count(self, row: Row) -> None:
        """Note a committed row."""
        self._rows.inc()
        self._entries.inc(row.batch.seq_last - row.batch.seq_first + 1)

    def serve(self, port: int) -> None:
        """Answer scrapes on 127.0.0.1. Raises OSError."""
        self._metrics.serve(port)
