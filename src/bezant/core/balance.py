"""What a user has of one asset. `ledger` alone moves it."""

from msgspec import Struct

from bezant.core.units import Units


class Balance(Struct, eq=False, gc=False):
    """Available and hold in units (INV-02: neither is ever negative)."""

    available: Units = Units(0)
    hold: Units = Units(0)
