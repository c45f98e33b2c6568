"""Whole examples for the API's description, checked against their types by a test."""

from typing import Any, Final

from msgspec import Struct

from bezant.gateway.native import bodies, documents

_PLACE: Final[dict[str, Any]] = {
    "symbol": "BTCUSDT",
    "side": "buy",
    "type": "limit",
    "quantity": "0.01",
    "price": "50000.00",
    "clientOrderId": "my-1",
}
_ORDER: Final[dict[str, Any]] = {
    "id": "290112",
    "clientOrderId": "my-1",
    "symbol": "BTCUSDT",
    "side": "buy",
    "type": "limit",
    "timeInForce": "GTC",
    "price": "50000.00",
    "quantity": "0.01000",
    "filledQuantity": "0.00000",
    "status": "new",
    "postOnly": False,
    "selfTradePrevention": "default",
    "createdAt": "2026-01-31T12:00:00.000Z",
    "updatedAt": "2026-01-31T12:00:00.000Z",
    "seq": 4533,
    "fills": [],
}
_CREDENTIALS: Final = {"email": "ada@example.com", "password": "correct horse battery"}

EXAMPLES: Final[dict[type[Struct], Any]] = {
    bodies.PlaceOrderBody: _PLACE,
    bodies.BatchBody: {
        "operations": [
            {"op": "place"} | _PLACE,
            {"op": "amend", "clientOrderId": "my-1", "quantity": "0.008"},
            {"op": "cancel", "clientOrderId": "my-0"},
        ]
    },
    bodies.AmendOrderBody: {"quantity": "0.008", "newClientOrderId": "my-2"},
    bodies.ReplaceOrderBody: {
        "clientOrderId": "my-1",
        "mode": "stop_on_failure",
        "order": _PLACE | {"price": "50100.00", "clientOrderId": "my-2"},
    },
    bodies.PlaceListBody: {
        "symbol": "BTCUSDT",
        "kind": "oco",
        "legs": [
            {"side": "sell", "type": "limit_maker", "quantity": "0.01", "price": "70000.00"},
            {"side": "sell", "type": "stop", "quantity": "0.01", "triggerPrice": "60000.00"},
        ],
        "listClientOrderId": "my-list-1",
    },
    bodies.CancelTimerBody: {"timeoutMs": 60000},
    bodies.AccountSettingsBody: {"selfTradePrevention": "decrement"},
    bodies.RegisterBody: _CREDENTIALS,
    bodies.LoginBody: _CREDENTIALS,
    documents.OrderDocument: _ORDER,
    documents.BalanceList: {
        "seq": 4533,
        "balances": [
            {
                "asset": "USDT",
                "available": "249500.00000000",
                "hold": "500.00000000",
                "total": "250000.00000000",
            }
        ],
    },
    documents.OrderBookDocument: {
        "symbol": "BTCUSDT",
        "sequence": 4472,
        "timestamp": 1769860800000,
        "bids": [["64000.00", "0.04300"]],
        "asks": [["64025.60", "0.03115"]],
    },
}
