"""The journal: the one ordered, hash-chained, durable log."""
