"""What the demo lists: assets with their scales, markets with their grids, users with their money.

Scales are those of ARCHITECTURE §4; each tick of one lot is at least 10⁻⁸ of the quote, so that
eight decimals show every notional.
"""

from typing import Final

from msgspec import Struct

from bezant.marketdata.listing import DEFAULT_PARAMETERS, AssetSpec, MarketSpec

MAKER_PPM: Final = 1_000
TAKER_PPM: Final = 1_500
PRO: Final = 2  # Tiers of SPEC §9.6: Free 0, Basic 1, Pro 2, VIP 3.
VIP: Final = 3

ASSETS: Final = (
    AssetSpec(code="BTC", name="Bitcoin", category="layer-1", scale=11),
    AssetSpec(code="ETH", name="Ether", category="layer-1", scale=10),
    AssetSpec(code="BNB", name="BNB", category="layer-1", scale=10),
    AssetSpec(code="SOL", name="Solana", category="layer-1", scale=8),
    AssetSpec(code="XRP", name="XRP", category="payment", scale=6, display_scale=6),
    AssetSpec(code="DOGE", name="Dogecoin", category="payment", scale=6, display_scale=6),
    AssetSpec(code="LTC", name="Litecoin", category="payment", scale=8),
    AssetSpec(code="LINK", name="Chainlink", category="oracle", scale=8),
    AssetSpec(code="USDT", name="Tether", category="stablecoin", scale=8),
    AssetSpec(code="USDC", name="USD Coin", category="stablecoin", scale=8),
    AssetSpec(code="TRY", name="Turkish lira", kind="fiat", category="fiat", display_scale=2),
    AssetSpec(code="EUR", name="Euro", kind="fiat", category="fiat", display_scale=2),
)

# What one coin is worth in 10⁻⁸ dollars when the demo begins: where its price walks start.
WORTH: Final = {
    "BTC": 64_000_00000000,
    "ETH": 3_200_00000000,
    "BNB": 580_00000000,
    "SOL": 150_00000000,
    "XRP": 52000000,
    "DOGE": 12000000,
    "LTC": 83_00000000,
    "LINK": 14_00000000,
    "USDT": 1_00000000,
    "USDC": 1_00000000,
    "TRY": 2940000,
    "EUR": 1_08000000,
}


def _market(base: str, quote: str, tick: str, lot: str, *, notional_min: str) -> MarketSpec:
    return MarketSpec(
        base=base,
        quote=quote,
        tick=tick,
        lot=lot,
        notional_min=notional_min,
        maker_ppm=MAKER_PPM,
        taker_ppm=TAKER_PPM,
        parameters=DEFAULT_PARAMETERS,
    )


MARKETS: Final = (
    _market("BTC", "USDT", "0.01", "0.00001", notional_min="5"),
    _market("ETH", "USDT", "0.01", "0.0001", notional_min="5"),
    _market("BNB", "USDT", "0.01", "0.001", notional_min="5"),
    _market("SOL", "USDT", "0.01", "0.001", notional_min="5"),
    _market("XRP", "USDT", "0.0001", "0.1", notional_min="5"),
    _market("DOGE", "USDT", "0.00001", "1", notional_min="5"),
    _market("ETH", "BTC", "0.00001", "0.001", notional_min="0.0001"),
    _market("LTC", "BTC", "0.000001", "0.01", notional_min="0.0001"),
    _market("BTC", "TRY", "1", "0.00001", notional_min="100"),
    _market("USDT", "TRY", "0.001", "0.1", notional_min="100"),
    _market("BTC", "EUR", "0.01", "0.00001", notional_min="5"),
)


class DemoUser(Struct, frozen=True):
    """A user of the demo; balances are decimal strings by asset code."""

    name: str
    email: str
    role: str
    tier: int
    balances: dict[str, str]


_PURSE: Final = {
    "BTC": "2",
    "ETH": "30",
    "BNB": "50",
    "SOL": "200",
    "XRP": "50000",
    "DOGE": "200000",
    "LTC": "100",
    "LINK": "500",
    "USDT": "250000",
    "USDC": "100000",
    "TRY": "2000000",
    "EUR": "100000",
}
_VAULT: Final = {
    "BTC": "50000",
    "ETH": "500000",
    "BNB": "500000",
    "SOL": "5000000",
    "XRP": "1000000000",
    "DOGE": "5000000000",
    "LTC": "5000000",
    "USDT": "3000000000",
    "TRY": "3000000000",
    "EUR": "2000000000",
}

USERS: Final = (
    DemoUser("trader", "trader@bezant.demo", "USER", PRO, _PURSE),
    DemoUser("second trader", "second@bezant.demo", "USER", PRO, _PURSE),
    DemoUser("admin", "admin@bezant.demo", "ADMIN", VIP, {}),
    DemoUser("market maker", "maker@bezant.demo", "USER", VIP, _VAULT),
    DemoUser("flow", "flow@bezant.demo", "USER", VIP, _VAULT),
)

MAKER: Final = "market maker"
FLOW: Final = "flow"
