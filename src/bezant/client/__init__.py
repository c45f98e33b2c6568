"""The public Python client of the native API: what a bot developer imports."""

from bezant.client.api import APIProblem, Exchange, ExchangeAway, Session
from bezant.client.order_entry import OrderEntry

__all__ = ["APIProblem", "Exchange", "ExchangeAway", "OrderEntry", "Session"]
