"""Order entry over the native WebSocket: many requests in flight on one connection (SPEC §9.4)."""
