"""Replay of recorded order flow: through the public API of a running exchange, or into a core."""
