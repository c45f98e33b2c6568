"""What tools/purity.py lets into the core, and what it keeps out."""

import ast

import pytest

from tools import purity


def core_findings(source: str, path: str = "src/bezant/core/book.py") -> list[str]:
    return [finding.message for finding in purity.check_core(path, ast.parse(source))]


def money_findings(source: str) -> list[str]:
    found = purity.check_money("src/bezant/queries/orders.py", ast.parse(source))
    return [finding.message for finding in found]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("FEE = 0.1", "0.1"),
        ("x = float(y)", "`float`"),
        ("def f(a: float) -> None: ...", "`float`"),
        ("x = a / b", "`/`"),
        ("a /= b", "`/`"),
        ("x = a // b", "`//`"),
        ("x = a % b", "`%`"),
        ("x = divmod(a, b)", "`divmod`"),
        ("x = 10 ** -3", "negative power"),
        ("x = {1, 2}", "a set"),
        ("x = {i for i in y}", "a set"),
        ("x = set(y)", "`set`"),
        ("x: frozenset[int] = y", "`frozenset`"),
        ("x = hash(y)", "`hash`"),
        ("x = id(y)", "`id`"),
        ("x = round(y)", "`round`"),
        ("print(y)", "`print`"),
        ("x = open(y)", "`open`"),
        ("async def f() -> None: ...", "coroutine"),
        ("import time", "ts_ns"),
        ("import os.path", "environment"),
        ("from random import random", "no chance"),
        ("from datetime import datetime", "ts_ns"),
        ("import logging", "events say"),
        ("import uuid", "L15.1"),
        ("import sortedcontainers", "msgspec"),
        ("from bezant.kit.clock import Clock", "lowest floor"),
    ],
)
def test_the_core_refuses(source: str, names: str) -> None:
    (message,) = core_findings(source)
    assert names in message


@pytest.mark.parametrize(
    "source",
    [
        "import enum, hashlib\nfrom collections.abc import Iterator\nimport msgspec",
        "from bezant.core.units import Lots",
        "x = {1: 2}",
        "x = order.id",
        "x = state.hold.set",
        "class Order:\n    id: int",
        "x = a * b - c",
        "x = 2 ** 62",
        'x = "a / b"  # a / b',
    ],
)
def test_the_core_allows(source: str) -> None:
    assert core_findings(source) == []


def test_only_units_divides_and_only_whole_numbers() -> None:
    units = "src/bezant/core/units.py"
    assert core_findings("x = a // b\ny = a % b\nz = divmod(a, b)", units) == []
    (message,) = core_findings("x = a / b", units)
    assert "float" in message


@pytest.mark.parametrize(
    "source",
    [
        "def f(price: float) -> None: ...",
        "def f(*, fee_units: float | None = None) -> None: ...",
        "class Row:\n    balance: float",
        "def notional() -> float: ...",
        "async def available() -> float: ...",
        "x = float(order.price)",
        "x = float(row['qty'] if qty else 0)",
        "x = qty_lots * 0.5",
        "x = 1.5 * fee",
    ],
)
def test_money_never_meets_a_float(source: str) -> None:
    (message,) = money_findings(source)
    assert "decimal string" in message


@pytest.mark.parametrize(
    "source",
    [
        "def f(timeout_s: float) -> None: ...",
        "def f(price: int) -> str: ...",
        "def f(hold_ms: float) -> None: ...",
        "x = elapsed * 0.5",
        "pricelist: float = 1",
        "orders_rate: float = 0.5",
    ],
)
def test_floats_are_free_elsewhere(source: str) -> None:
    assert money_findings(source) == []
