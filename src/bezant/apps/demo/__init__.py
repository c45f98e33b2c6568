"""The demo: assets, markets and users to look at, and a market maker at the public API."""
