"""What is wrong with a body is said in the words of who writes JSON, never in ours."""

import pytest

from bezant.gateway.native.bodies import CancelTimerBody, PlaceListBody, PlaceOrderBody
from bezant.gateway.native.problems import Refusal
from bezant.gateway.strict_json import decode_body

ORDER = '{"symbol":"BTCUSDT","side":"buy","type":"limit"'
LIST = '{"symbol":"BTCUSDT","kind":"oco"'


@pytest.mark.parametrize(
    ("model", "raw", "rule", "message"),
    [
        (
            PlaceOrderBody,
            f'{ORDER},"trailingBips":"5"}}',
            "type",
            "trailingBips must be a whole number, not a string",
        ),
        (
            PlaceOrderBody,
            f'{ORDER},"trailingBips":5.0}}',
            "type",
            "trailingBips must be a whole number, without a point or an exponent",
        ),
        (
            PlaceOrderBody,
            f'{ORDER},"trailingBips":0}}',
            "range",
            "trailingBips must be at least 1",
        ),
        (
            PlaceOrderBody,
            f'{ORDER},"trailingBips":1{"0" * 30}}}',
            "range",
            "trailingBips must be at most 9007199254740991",
        ),
        (
            PlaceOrderBody,
            f'{ORDER},"postOnly":1}}',
            "type",
            "postOnly must be true or false, not a number",
        ),
        (
            PlaceOrderBody,
            f'{ORDER},"clientOrderId":null}}',
            "type",
            "clientOrderId must be a string, not null",
        ),
        (
            PlaceListBody,
            f'{LIST},"legs":[]}}',
            "range",
            "legs must have at least 2 items",
        ),
        (PlaceListBody, f'{LIST},"legs":{{}}}}', "type", "legs must be a list, not an object"),
        (CancelTimerBody, "[]", "type", "body must be an object, not a list"),
    ],
)
def test_a_wrong_type_or_range_is_said_in_json_s_words(
    model: type, raw: str, rule: str, message: str
) -> None:
    with pytest.raises(Refusal) as caught:
        decode_body(model, raw.encode())
    (error,) = caught.value.errors
    assert (error.rule, error.message) == (rule, message)
