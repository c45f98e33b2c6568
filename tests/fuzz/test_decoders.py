"""Whatever bytes come: commands, entries, questions and snapshots are refused, or read and kept."""

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest

from bezant.apps.engines import is_native_built, named_engine_maker
from bezant.core import codec, images
from bezant.core.codec import MalformedMessage
from bezant.core.engine import Engine
from tests.fuzz.decoders import CHECKS, Maker, is_taken, list_seeds, open_house

MUTANTS = 25  # Of each seed.
ENDS = (0x00, 0x7F, 0x80, 0x90, 0xC0, 0xC4, 0xCF, 0xD3, 0xD9, 0xDD, 0xFF)
STRANGE = (0, 1, -1, 2, 5, 19, 255, 2**31, 2**53 - 1, 2**62, 2**63 - 1, -(2**63), 2**64 - 1)

_IMAGES = msgspec.msgpack.Decoder(images.StateImage)


@pytest.fixture(params=["python", "native"])
def maker(request: pytest.FixtureRequest) -> Maker:
    if request.param == "native" and not is_native_built():
        pytest.skip("the Rust core is not built: `make native`")
    return named_engine_maker(request.param)


def mutated(rng: Random, raw: bytes) -> bytes:
    """Return the bytes with one to three of them changed, doubled or gone."""
    changed = bytearray(raw)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(changed) + 1)
        match rng.randrange(4):
            case 0:
                changed[place : place + 1] = bytes([rng.choice(ENDS)])
            case 1:
                changed[place : place + 1] = rng.randbytes(1)
            case 2:
                changed[place:place] = changed[place : place + rng.randrange(1, 9)]
            case _:
                del changed[place : place + rng.randrange(1, 9)]
    return bytes(changed)


@pytest.mark.parametrize("target", CHECKS)
def test_seeds_and_their_mutants_are_refused_or_read(target: str, maker: Maker) -> None:
    rng = Random(target)
    for raw in list_seeds(target):
        CHECKS[target](raw, maker)
        for _ in range(MUTANTS):
            CHECKS[target](mutated(rng, raw), maker)


@pytest.mark.skipif(not is_native_built(), reason="the Rust core is not built: `make native`")
def test_both_cores_take_the_same_commands() -> None:
    rng, taken = Random(7), 0
    for seed in list_seeds("commands"):
        for raw in (seed, *(mutated(rng, seed) for _ in range(MUTANTS))):
            try:
                codec.decode_command(raw)
                is_canonical = True
            except MalformedMessage:
                is_canonical = False
            taken += is_canonical
            assert is_taken(open_house(named_engine_maker("native")), raw) is is_canonical, raw
    assert taken > 100


def bent(rng: Random, message: Any) -> Any:
    """Return a message with one number or text somewhere changed, or one row gone or doubled."""
    name = rng.choice(message.__struct_fields__)
    value = getattr(message, name)
    if isinstance(value, tuple) and value:
        place = rng.randrange(len(value))
        row = value[place]
        rows: list[Any] = [row] if rng.random() < 0.8 else rng.choice(([], [row, row]))
        if rows == [row] and isinstance(row, msgspec.Struct):
            rows = [bent(rng, row)]
        elif rows == [row]:
            rows = [rng.choice(STRANGE)]
        new: Any = (*value[:place], *rows, *value[place + 1 :])
    elif isinstance(value, msgspec.Struct):
        new = bent(rng, value)
    elif isinstance(value, int) and not isinstance(value, bool):
        new = rng.choice((*STRANGE, value + 1, value - 1))
    else:
        new = {str: "zz", bool: True}.get(type(value), value)
    return msgspec.structs.replace(message, **{name: new})


def test_bent_snapshots_are_refused_or_read(maker: Maker) -> None:
    rng = Random(11)
    seeds = [_IMAGES.decode(raw) for raw in list_seeds("snapshots")]
    for _ in range(1_000):
        try:
            raw = codec.encode(bent(rng, rng.choice(seeds)))
        except OverflowError:
            continue
        CHECKS["snapshots"](raw, maker)


def test_an_id_accepted_at_the_end_of_time_is_no_fault(maker: Maker) -> None:
    image = _IMAGES.decode(open_house(Engine).snapshot())
    late = _first(image.ids, accepted_ns=2**63 - 1)
    raw = codec.encode(msgspec.structs.replace(image, ids=late))
    engine = maker()
    engine.restore(raw)
    assert engine.snapshot() == raw


@pytest.mark.parametrize("bips", [-(2**63), -1, 10_000, 2**63 - 1])
def test_a_band_out_of_bounds_is_refused_or_read(bips: int, maker: Maker) -> None:
    image = _IMAGES.decode(open_house(Engine).snapshot())
    market = next(one for one in image.markets if one.last)
    wild = msgspec.structs.replace(market.parameters, band_bips=bips)
    bent_market = msgspec.structs.replace(market, parameters=wild)
    markets = tuple(bent_market if one is market else one for one in image.markets)
    CHECKS["snapshots"](codec.encode(msgspec.structs.replace(image, markets=markets)), maker)


def _first(rows: tuple[Any, ...], **changed: Any) -> tuple[Any, ...]:
    return (msgspec.structs.replace(rows[0], **changed), *rows[1:])


def _order_twice(image: images.StateImage) -> images.StateImage:
    market = next(one for one in image.markets if one.asks)
    doubled = _first(market.asks, orders=market.asks[0].orders * 2)
    crooked = msgspec.structs.replace(market, asks=doubled)
    markets = tuple(crooked if one is market else one for one in image.markets)
    return msgspec.structs.replace(image, markets=markets)


def _without_levels(image: images.StateImage) -> images.StateImage:
    bare = tuple(msgspec.structs.replace(one, bids=(), asks=()) for one in image.markets)
    return msgspec.structs.replace(image, markets=bare)


CROOKED: dict[str, Callable[[images.StateImage], images.StateImage]] = {
    "a scale without bounds": lambda image: msgspec.structs.replace(
        image, assets=_first(image.assets, scale=2**40)
    ),
    "a scale below zero": lambda image: msgspec.structs.replace(
        image, assets=_first(image.assets, scale=-1)
    ),
    "a list of another market": lambda image: msgspec.structs.replace(
        image, lists=_first(image.lists, market=2 if image.lists[0].market != 2 else 1)
    ),
    "a tick without bounds": lambda image: msgspec.structs.replace(
        image, markets=_first(image.markets, tick_scale=2**40)
    ),
    "house balances of nine": lambda image: msgspec.structs.replace(
        image, house=_first(image.house, balances=image.house[0].balances[:9])
    ),
    "two ids born at once": lambda image: msgspec.structs.replace(
        image, ids=_first(image.ids, born=image.ids[-1].born)
    ),
    "an order twice in its level": _order_twice,
    "orders that rest nowhere": _without_levels,
    "an order from a later entry": lambda image: msgspec.structs.replace(
        image, orders=(*image.orders[:-1], *_first(image.orders[-1:], order=2**50))
    ),
    "an order with nothing left": lambda image: msgspec.structs.replace(
        image, orders=_first(image.orders, filled=image.orders[0].terms.qty)
    ),
}


@pytest.mark.parametrize("name", CROOKED)
def test_a_crooked_snapshot_is_refused(name: str, maker: Maker) -> None:
    image = _IMAGES.decode(open_house(Engine).snapshot())
    raw = codec.encode(CROOKED[name](image))
    with pytest.raises(MalformedMessage):
        maker().restore(raw)
