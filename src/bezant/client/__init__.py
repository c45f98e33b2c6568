"""The public Python client of the native API: what a bot developer imports."""

from bezant.client.api import APIProblem, Exchange, ExchangeAway, Session

__all__ = ["APIProblem", "Exchange", "ExchangeAway", "Session"]
