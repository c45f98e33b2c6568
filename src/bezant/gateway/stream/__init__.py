"""The native WebSocket: books, trades and private events as they are committed (SPEC §9.3)."""
