"""All that an endpoint may use, wired in one place (`apps.gateway`) and handed down as a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bezant.accounts.operations import Accounts
from bezant.accounts.tokens import Tokens
from bezant.core.codec import Outcome
from bezant.core.commands import Command
from bezant.core.reads import Answer, Read
from bezant.gateway.access import Access
from bezant.gateway.live import LiveMarkets
from bezant.gateway.native.problems import Problem, Refusal, field_refusal
from bezant.ingress.client import Submission
from bezant.kit.clock import Clock
from bezant.marketdata.catalogue import Asset, Catalogue, Market


class Core(Protocol):
    """The part of `ingress.client.CoreClient` that a gateway uses."""

    @property
    def is_connected(self) -> bool:
        """Whether a request could be sent now."""

    async def submit(
        self, commands: Sequence[Command], *, valid_until_ns: int = 0, timeout_s: float = 10
    ) -> Submission:
        """Submit commands side by side."""

    async def query(self, read: Read, timeout_s: float = 5) -> Answer:
        """Ask an exact read."""


class EventReader(Protocol):
    """Reads what an entry did long ago."""

    async def find_outcome(self, seq: int) -> tuple[int, Outcome] | None:
        """Return the time in ns and the outcome of the entry `seq`, or None past the tip."""

    async def list_outcomes(self, first: int, last: int) -> Sequence[tuple[int, Outcome]]:
        """Return time in ns and outcome of the entries `first` … `last`, up to the tip."""

    async def list_times(self, seqs: Sequence[int]) -> Mapping[int, int]:
        """Return the time in ns of each entry, up to the tip."""


@dataclass(slots=True)
class House:
    """What endpoints use; `catalogue` is None until the core and the tables were read."""

    clock: Clock
    core: Core
    pool: Any
    journal: EventReader
    tokens: Tokens
    access: Access
    accounts: Accounts
    started_ns: int
    is_production: bool = False
    catalogue: Catalogue | None = None
    live: LiveMarkets | None = None

    def through(self, core: Core) -> "House":
        """Return the same house with another way to its core, for one request."""
        return House(
            self.clock,
            core,
            self.pool,
            self.journal,
            self.tokens,
            self.access,
            self.accounts,
            self.started_ns,
            self.is_production,
            self.catalogue,
            self.live,
        )

    def get_catalogue(self) -> Catalogue:
        """Return the catalogue. Raises Refusal (SYSTEM_001) while it is not loaded."""
        if self.catalogue is None:
            raise Refusal(Problem.CORE_AWAY, headers={"Retry-After": "1"})
        return self.catalogue

    def get_market(self, symbol: str) -> Market:
        """Return the market of a symbol, in any case. Raises Refusal (ORDER_001)."""
        market = self.get_catalogue().find_market(symbol)
        if market is None:
            market = self.get_catalogue().find_market(symbol.upper())
        if market is None:
            raise field_refusal(
                Problem.MARKET,
                "symbol",
                "market_unknown",
                f"there is no market {symbol[:32]!r}: GET /api/market/markets lists all",
            )
        return market

    def get_asset(self, code: str) -> Asset:
        """Return the asset of a code, in any case. Raises Refusal (WALLET_004)."""
        asset = self.get_catalogue().find_asset(code.upper())
        if asset is None:
            raise field_refusal(
                Problem.ASSET,
                "asset",
                "asset_unknown",
                f"there is no asset {code[:16]!r}: GET /api/market/assets lists all",
            )
        return asset
