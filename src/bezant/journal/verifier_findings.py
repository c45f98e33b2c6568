"""What an audit looks for and what it found. Not for finding it: that is each verifier's own."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

KEEP_MAX: Final = 20  # Findings of one invariant that are told in full; all are counted.

INV_01: Final = "INV-01"
INV_02: Final = "INV-02"
INV_03: Final = "INV-03"
INV_04: Final = "INV-04"
INV_05: Final = "INV-05"
INV_06: Final = "INV-06"
INV_07: Final = "INV-07"
INV_08: Final = "INV-08"
INV_09: Final = "INV-09"
INV_10: Final = "INV-10"
INV_11: Final = "INV-11"
INV_12: Final = "INV-12"
INV_13: Final = "INV-13"
INV_14: Final = "INV-14"
FORMULAS: Final = "L1.3"

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        INV_01: "conservation: the postings of all accounts sum to zero, per asset",
        INV_02: "no debt: available and hold are never negative",
        INV_03: "holds have owners: open orders and pending withdrawals, to the unit",
        INV_04: "the book is not crossed while a market trades",
        INV_05: "price-time priority, no fill beyond a limit",
        INV_06: "filled + prevented + leaves = quantity, and an end is final",
        INV_07: "dense sequence, unbroken chain, time never runs back",
        INV_08: "nothing is visible that is not committed",
        INV_09: "once: client order ids and numbers of sources take effect once",
        INV_10: "one writer: epochs never go back, the lease ends where the journal ends",
        INV_11: "replay gives the same events, state and digest",
        INV_12: "read models equal what replay computes at their cursor",
        INV_13: "custody: what chains and banks hold is what the ledger says",
        INV_14: "the audit log's chain is unbroken",
        FORMULAS: "fees, rebates, improvements and grids by formula, to the unit",
    }
)
NO_SUBJECT: Final[Mapping[str, str]] = MappingProxyType(
    {
        INV_13: "no subject yet: no chain and no bank is connected",
        INV_14: "no subject yet: there is no audit log",
    }
)


class Finding(Struct, frozen=True):
    """A place where an invariant does not hold; `seq` where it has one."""

    invariant: str
    seq: int | None
    text: str


class Findings:
    """Collects findings: all are counted, the first of each invariant are kept."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = dict.fromkeys(TITLES, 0)
        self.kept: dict[str, list[Finding]] = {name: [] for name in TITLES}

    def add(self, invariant: str, seq: int | None, text: str) -> None:
        """Note that an invariant does not hold."""
        self.counts[invariant] += 1
        if len(self.kept[invariant]) < KEEP_MAX:
            self.kept[invariant].append(Finding(invariant, seq, text))

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not any(self.counts.values())
