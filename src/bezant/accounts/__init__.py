"""Users and what proves who they are. Balances and orders are the core's, not ours."""
