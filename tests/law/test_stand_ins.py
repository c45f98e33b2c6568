"""What no message can carry is refused with LAW's code for it, not an unreadable line."""

import json
from typing import Any

import pytest

from bezant.apps.engines import EngineName, is_native_built, named_engine_maker
from bezant.apps.law.apply import apply_lines
from bezant.core.engine import Engine
from bezant.kit.operator_error import OperatorError

ENGINES: list[EngineName] = ["python", "native", "lockstep"] if is_native_built() else ["python"]
LARGE = 2**63
MARKET: dict[str, Any] = {
    "cmd": "CreateMarket",
    "id": 1,
    "base": 1,
    "quote": 2,
    "L": 1,
    "tick_num": 1,
    "tick_scale": 0,
    "price_max": 1_000,
    "qty_min": 1,
    "qty_max": 1_000,
    "notional_max": 1_000_000,
    "auction_ms": 1_000,
    "open_orders_max": 100,
    "stop_orders_max": 100,
    "icebergs_max": 100,
    "lists_max": 100,
    "parts_max": 10,
    "amends_max": 10,
    "trailing_min": 1,
    "trailing_max": 9_999,
    "min_allocation": 1,
}
ORDER: dict[str, Any] = {"cmd": "PlaceOrder", "account": 1_000, "market": 1, "price": 100, "qty": 1}
LIST = {"cmd": "PlaceList", "account": 1_000, "market": 1, "kind": "oto"}
LEG: dict[str, Any] = {"price": 100, "qty": 1}
AMEND = {"cmd": "AmendOrder", "account": 1_000, "client_id": "a1"}
MAKER = {**LEG, "side": "sell", "post_only": True}
STOP = {"side": "sell", "type": "market", "tif": "ioc", "trigger": "stop", "trigger_price": 90}
FOK = {**LEG, "tif": "fok"}


def opened(status: str = "trading") -> list[dict[str, Any]]:
    """Return a market with alice's order a1 in it, as lines."""
    assets = [
        {"cmd": "CreateAsset", "asset": asset, "issued_max": 10**6, "enabled": True}
        for asset in (0, 1, 2, 65_535)
    ]
    sourced = [
        *assets,
        MARKET,
        {"cmd": "SetMarketStatus", "market": 1, "status": "trading"},
        {"cmd": "OpenAccount", "account": 1_000},
        {"cmd": "Transfer", "from": 5, "to": 1_000, "asset": 2, "units": 500},
    ]
    lines = [{**line, "source": 1, "number": place} for place, line in enumerate(sourced, start=1)]
    lines += [{**ORDER, "client_id": "a1"}]
    if status != "trading":
        lines += [sourced_next({"cmd": "SetMarketStatus", "market": 1, "status": status}, 2)]
    return lines


def sourced_next(line: dict[str, Any], source: int = 3) -> dict[str, Any]:
    return {**line, "source": source, "number": 1}


def codes_of(lines: list[dict[str, Any]], engine: EngineName = "python") -> list[int]:
    made = named_engine_maker(engine)()
    texts = [json.dumps(line) for line in lines]
    return [json.loads(told)["code"] for told in apply_lines(texts, made, is_final_told=False)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({**ORDER, "market": 65_536}, 210),
        ({**ORDER, "market": -1}, 210),
        ({**ORDER, "market": 65_536, "account": 2**32}, 100),
        ({"cmd": "CancelAll", "account": 1_000, "market": 65_536}, 210),
        ({"cmd": "SetCancelTimer", "account": 1_000, "market": -1, "timeout_ms": 5_000}, 210),
        ({"cmd": "SetCancelTimer", "account": 1_000, "timeout_ms": LARGE}, 300),
        ({"cmd": "CancelOrder", "account": 1_000, "order_id": 2**53}, 105),
        ({"cmd": "CancelOrder", "account": 1_000, "order_id": -1}, 105),
        ({**ORDER, "side": 256}, 300),
        ({**ORDER, "tif": -1}, 300),
        ({**ORDER, "expires_ns": LARGE, "tif": "gtd"}, 300),
        ({**ORDER, "expires_ns": -LARGE - 1, "tif": "gtd"}, 311),
        ({**ORDER, "price": LARGE}, 401),
        ({**ORDER, "price": -LARGE - 1}, 400),
        ({**ORDER, "qty": LARGE}, 412),
        ({**ORDER, "qty": -LARGE - 1}, 410),
        (
            {**ORDER, "price": 0, "qty": 0, "quote_units": LARGE, "type": "market", "tif": "ioc"},
            421,
        ),
        ({**ORDER, "trigger": "stop", "trailing_bips": LARGE}, 430),
        ({**ORDER, "display": LARGE}, 440),
        ({**ORDER, "display": -LARGE - 1}, 441),
        ({**AMEND, "new_qty": LARGE}, 412),
        ({**AMEND, "new_price": LARGE}, 401),
        (
            {
                "cmd": "ReplaceOrder",
                "account": 1_000,
                "client_id": "a1",
                "market": 1,
                "new": {"qty": LARGE, "price": 1},
            },
            412,
        ),
        (sourced_next({"cmd": "Transfer", "from": 5, "to": 1_000, "asset": 65_536}), 200),
        (sourced_next({"cmd": "Transfer", "from": 5, "to": 1_000, "asset": -1}), 200),
        (
            sourced_next({"cmd": "Transfer", "from": 5, "to": 1_000, "asset": 2, "units": LARGE}),
            802,
        ),
        (
            sourced_next(
                {
                    "cmd": "HoldTransfer",
                    "transfer_id": 1,
                    "account": 1_000,
                    "asset": 2,
                    "units": LARGE,
                    "fee": LARGE,
                }
            ),
            800,
        ),
        (
            sourced_next(
                {
                    "cmd": "HoldTransfer",
                    "transfer_id": LARGE,
                    "account": 1_000,
                    "asset": 2,
                    "units": 1,
                }
            ),
            300,
        ),
        (sourced_next({"cmd": "VoidTransfer", "transfer_id": LARGE}), 107),
        (sourced_next({"cmd": "OpenAccount", "account": 1_001, "trade_group": 2**32}), 300),
        (sourced_next({"cmd": "SetAccount", "account": 1_001, "trade_group": -1}), 100),
        (sourced_next({"cmd": "SetTier", "account": 1_000, "tier": LARGE}), 902),
        (sourced_next({"cmd": "CreateAsset", "asset": 65_536, "issued_max": 1}), 902),
        (sourced_next({"cmd": "CreateAsset", "asset": 9, "issued_max": LARGE}), 902),
        (sourced_next({"cmd": "SetAsset", "asset": 65_536, "issued_max": 1}), 200),
        (sourced_next({**MARKET, "id": 65_536}), 902),
        (sourced_next({**MARKET, "id": 2, "base": 65_536}), 200),
        (sourced_next({**MARKET, "id": 2, "L": LARGE}), 902),
        (sourced_next({**MARKET, "id": 2, "L": -LARGE - 1}), 901),
        (sourced_next({**MARKET, "id": 2, "min_allocation": LARGE}), 902),
        (sourced_next({**MARKET, "id": 2, "algorithm": 256}), 300),
        (sourced_next({"cmd": "SetMarketStatus", "market": 65_536, "status": "halted"}), 210),
        (sourced_next({"cmd": "SetReferencePrice", "market": 1, "price": LARGE}), 401),
        (sourced_next({"cmd": "ActivateRules", "version": 2**32}), 904),
        (
            sourced_next({"cmd": "AssertBalances", "account": 1_000, "asset": 65_536}),
            200,
        ),
    ],
)
def test_a_number_that_no_message_carries_is_refused_with_laws_code(
    line: dict[str, Any], code: int, engine: EngineName
) -> None:
    *before, found = codes_of([*opened(), line], engine)
    assert not any(before)
    assert found == code


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"legs": []}, 310),
        ({"legs": [LEG]}, 310),
        ({"legs": [LEG, LEG, LEG, LEG]}, 310),
        ({"legs": [LEG] * 9}, 310),
        ({"kind": "oco", "legs": [MAKER, STOP, LEG, LEG]}, 310),
        ({"kind": "otoco", "legs": [LEG, MAKER, STOP, LEG]}, 310),
        ({"kind": "bracket", "legs": [LEG] * 4}, 300),
        ({"legs": [LEG, LEG, LEG, {**LEG, "side": "both"}]}, 300),
        ({"legs": [LEG, LEG, LEG, {**LEG, "expires_ns": LARGE}]}, 300),
        ({"legs": [LEG, LEG, LEG, {**LEG, "client_id": "x" * 37}]}, 300),
        ({"legs": [LEG, LEG, LEG, {**LEG, "client_id": "a1"}]}, 20),
        ({"account": 1_001, "legs": [LEG, LEG, LEG, {**LEG, "client_id": "a1"}]}, 100),
        ({"market": 65_536, "legs": [LEG] * 4}, 210),
    ],
)
def test_a_list_of_any_number_of_legs_is_refused_with_laws_code(
    line: dict[str, Any], code: int, engine: EngineName
) -> None:
    assert codes_of([*opened(), {**LIST, **line}], engine)[-1] == code


@pytest.mark.parametrize(
    ("status", "kind", "fourth", "code"),
    [
        ("halted", "oto", LEG, 220),
        ("pre_open", "oco", FOK, 220),
        ("pre_open", "oco", MAKER, 220),
        ("pre_open", "oto", FOK, 310),
        ("post_only", "oco", FOK, 220),
        ("post_only", "oco", MAKER, 310),
    ],
)
def test_only_what_would_enter_of_a_long_list_is_asked_the_status(
    status: str, kind: str, fourth: dict[str, Any], code: int
) -> None:
    line = {**LIST, "kind": kind, "legs": [LEG, LEG, LEG, fourth]}
    assert codes_of([*opened(status), line])[-1] == code


def test_a_list_with_a_leg_too_many_repeats_nothing() -> None:
    known = {**LIST, "list_client_id": "l1", "legs": [LEG, {**LEG, "side": "sell", "price": 110}]}
    first, again, more = codes_of([*opened(), known, known, {**known, "legs": [LEG] * 4}])[-3:]
    assert (first, again, more) == (0, 0, 20)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            {"cmd": "SetTier", "source": 3, "number": -1},
            "`number` must be 0 to 9223372036854775807, not -1",
        ),
        (sourced_next({"cmd": "AssertBalances", "hold": LARGE}), "`hold` must be -9223372036854"),
        ({"cmd": "Tick", "ts": LARGE}, "`ts` must be 0 to"),
    ],
)
def test_what_would_be_told_wrongly_is_an_error(line: dict[str, Any], words: str) -> None:
    with pytest.raises(OperatorError) as caught:
        list(apply_lines([json.dumps(line)], Engine(), is_final_told=False))
    assert words in str(caught.value)
