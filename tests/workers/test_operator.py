"""What the operator's desk refuses before a command is made of it."""

import pytest

from bezant.apps.operator import AssetListing, enqueue_credit
from bezant.core.ids import AccountId, AssetId
from bezant.core.reads import AssetView
from bezant.core.units import UNITS_MAX, Units
from bezant.kit.operator_error import OperatorError

USDT = AssetListing(
    AssetView(AssetId(9), 8, Units(UNITS_MAX), enabled=True),
    code="USDT",
    name="Tether",
    kind="crypto",
    display_scale=8,
)


@pytest.mark.parametrize("amount", ["0", "0.00000000", "46116860184.27387905", "9" * 18])
async def test_an_amount_that_no_ledger_holds_is_refused_by_name(amount: str) -> None:
    with pytest.raises(OperatorError, match=r"above 0 and at most 46116860184\.27387904 USDT"):
        await enqueue_credit(None, AccountId(1_000), USDT, amount)
