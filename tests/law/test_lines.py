"""Commands as lines of JSON: every command can be written and read, bad lines say what is wrong."""

import json
from random import Random
from typing import Any

import pytest

from bezant.apps.engines import is_native_built, named_engine_maker
from bezant.apps.law.apply import apply_lines
from bezant.apps.law.reading import COMMANDS, LineError, read_line
from bezant.apps.law.stand_ins import StandIns
from bezant.apps.law.telling import tell_command
from bezant.core import codec
from bezant.core.commands import AmendOrder, PlaceOrder
from bezant.core.engine import Engine
from bezant.core.entries import split_entries
from bezant.core.ids import Seq
from bezant.kit.operator_error import OperatorError
from tests.golden.make import SAMPLES, message
from tests.properties.flow import Flow
from tests.properties.house import House

ENGINES = ["python", *(["native", "lockstep"] if is_native_built() else [])]


def apply(*lines: dict[str, Any] | str, engine: str = "python", final: bool = False) -> list[Any]:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    made = named_engine_maker(engine)()  # type: ignore[arg-type]
    return [json.loads(told) for told in apply_lines(texts, made, is_final_told=final)]


def test_every_command_is_written_and_read_back_the_same() -> None:
    for kind in COMMANDS.values():
        for which in SAMPLES:
            command: Any = message(kind, which)
            line = json.dumps(tell_command(command, 7))
            assert read_line(line) == (7, command), line


@pytest.mark.parametrize("engine", ENGINES)
def test_a_day_as_lines_ends_in_the_same_state(engine: str) -> None:
    house = House()
    house.open()
    Flow(Random(3), house).run(600)
    lines = [
        json.dumps(tell_command(codec.decode_command(entry.command), ts_ns))
        for ts_ns, entries, _ in house.log
        for entry in split_entries(entries, Seq(len(entries)))
    ]
    made = named_engine_maker(engine)()  # type: ignore[arg-type]
    *outcomes, final = [json.loads(one) for one in apply_lines(lines, made, is_final_told=True)]
    assert final["digest"] == house.engine.digest().hex()
    assert [one["seq"] for one in outcomes] == list(range(1, len(lines) + 1))
    assert final["open_orders"]
    assert final["books"]
    assert sum(row["available"] + row["hold"] for row in final["balances"]) == 0


def test_what_is_left_out_is_nothing() -> None:
    assert read_line('{"cmd":"PlaceOrder"}') == read_line(
        '{"cmd":"PlaceOrder","account":0,"market":0,"client_id":"","side":"buy","type":"limit",'
        '"tif":"gtc","price":0,"qty":0,"quote_units":0,"trigger":"none","trigger_price":0,'
        '"trailing_bips":0,"post_only":false,"display":0,"stp":"default","expires_ns":0}'
    )


def test_an_amend_tells_no_change_from_zero() -> None:
    _, command = read_line('{"cmd":"AmendOrder","account":1000,"order_id":64,"new_qty":0}')
    assert isinstance(command, AmendOrder)
    assert (command.new_qty, command.new_price) == (0, None)


def test_laws_own_names_may_be_used() -> None:
    for one, other in (
        ('"CreateAsset","id":3', '"CreateAsset","asset":3'),
        ('"CreateMarket","id":3,"L":5', '"CreateMarket","market":3,"lot_units":5'),
        ('"SetMarket","id":3', '"SetMarket","market":3'),
        ('"AmendOrder","qty":0,"price":7', '"AmendOrder","new_qty":0,"new_price":7'),
        ('"SettleTransfer","account":5', '"SettleTransfer","custody":5'),
    ):
        assert read_line(f'{{"cmd":{one}}}') == read_line(f'{{"cmd":{other}}}')


def test_nested_orders_may_say_whose_they_are() -> None:
    _, command = read_line(
        '{"cmd":"PlaceList","account":1000,"kind":"oto",'
        '"legs":[{"account":1000,"market":2,"qty":1},{"market":2,"qty":2}]}'
    )
    assert (command.account, command.market) == (1000, 2)  # type: ignore[union-attr]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_word_that_is_not_laws_is_refused_by_the_core(engine: str) -> None:
    opened = {"cmd": "OpenAccount", "ts": 5, "source": 1, "number": 1, "account": 1000}
    wrong = {**opened, "number": 2, "account": 1001, "stp": "gentle"}
    first, second = apply(opened, wrong, engine=engine)
    assert (first["code"], first["events"][0]["event"]) == (0, "AccountOpened")
    assert (second["seq"], second["code"]) == (2, 300)
    assert second["events"][0]["part"] == "whole"


def test_a_command_without_a_time_happens_at_that_of_the_one_before() -> None:
    final = apply({"cmd": "Tick", "ts": 9}, "", {"cmd": "Tick"}, final=True)[-1]
    assert (final["seq"], final["ts"]) == (2, 9)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x", "not a line of JSON"),
        ("[1]", "not a JSON object"),
        ("{}", "`cmd` is missing"),
        ('{"cmd":"Tock"}', "did you mean `Tick`"),
        ('{"cmd":"Tick","ts":-1}', "`ts` must be 0 to"),
        ('{"cmd":"PlaceOrder","qt":1}', "`qt` is no field of PlaceOrder: did you mean `qty`"),
        ('{"cmd":"PlaceOrder","qty":1.5}', "1.5 is not a whole number"),
        ('{"cmd":"PlaceOrder","qty":NaN}', "NaN is not a whole number"),
        ('{"cmd":"PlaceOrder","qty":"1"}', '`qty` must be a whole number, not "1"'),
        ('{"cmd":"PlaceOrder","qty":1,"qty":2}', "'qty' is there twice"),
        ('{"cmd":"PlaceOrder","post_only":1}', "`post_only` must be true or false"),
        ('{"cmd":"PlaceOrder","client_id":1}', "`client_id` must be a text"),
        ('{"cmd":"PlaceOrder","client_id":"\\ud800"}', "a lone surrogate"),
        ('{"cmd":"AssertDigest","digest":"ab"}', "64 hexadecimal digits"),
        ('{"cmd":"PlaceList","legs":{}}', "`legs` must be a list"),
        ('{"cmd":"PlaceList","legs":[{"pric":1}]}', "`legs[0].pric` is no field"),
        ('{"cmd":"ReplaceOrder","new":1}', "`new` must be an object"),
        ('{"cmd":"ReplaceOrder","market":1,"new":{"market":2}}', "another market"),
        ('{"cmd":"CreateAsset","id":1,"asset":1}', "says again"),
        (f'{{"cmd":"Tick","ts":{"9" * 5_000}}}', "over 40 digits"),
        ("[" * 100_000, "not a line of JSON"),
    ],
)
def test_a_bad_line_names_field_rule_and_way_out(line: str, words: str) -> None:
    with pytest.raises(LineError) as caught:
        read_line(line)
    assert words in str(caught.value)


def test_the_first_bad_line_ends_the_run_and_is_named() -> None:
    told = apply_lines(
        ['{"cmd":"Tick","ts":5}', '{"cmd":"Tick","ts":4}'], Engine(), is_final_told=False
    )
    assert json.loads(next(told))["seq"] == 1
    with pytest.raises(OperatorError, match="line 2: `ts` 4 is before 5"):
        next(told)


@pytest.mark.parametrize("size", [37, 257, 10_000])
def test_a_client_id_that_is_too_long_is_refused_not_unreadable(size: int) -> None:
    _, said = read_line(json.dumps({"cmd": "PlaceOrder", "client_id": "x" * size}))
    command = StandIns(Engine()).writable(said)
    written = codec.decode_command(codec.encode(command))
    assert isinstance(written, PlaceOrder)
    assert len(written.order.client_id) > 36


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"cmd": "PlaceOrder", "account": -1}, 100),
        ({"cmd": "CancelAll", "account": 2**32}, 100),
        ({"cmd": "OpenAccount", "source": 9, "number": 1, "account": -1}, 300),
        ({"cmd": "OpenAccount", "source": -1, "number": 1, "account": 1_001}, 300),
        ({"cmd": "Transfer", "source": 9, "number": 1, "from": -5, "to": 1_000}, 100),
        ({"cmd": "Transfer", "source": 9, "number": 1, "from": 5, "to": 2**40}, 102),
    ],
)
def test_a_number_that_nobody_can_have_is_refused_not_unreadable(
    line: dict[str, Any], code: int
) -> None:
    opened = {"cmd": "OpenAccount", "source": 1, "number": 1, "account": 1_000}
    assert [told["code"] for told in apply(opened, line)] == [0, code]
