"""Times of the REST API: RFC 3339 in UTC on the outside, nanoseconds inside, exactly."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from bezant.gateway.native.problems import Problem, field_refusal
from bezant.kit.clock import NS_PER_S

_NS_PER_MS: Final = 1_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_GRAMMAR: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_TEXT_SIZE_MAX: Final = 40


def time_text(ns: int) -> str:
    """Return nanoseconds since 1970 as RFC 3339 in UTC with milliseconds, cut, not rounded."""
    seconds, rest_ns = divmod(ns, NS_PER_S)
    return f"{_second_text(seconds)}.{rest_ns // _NS_PER_MS:03d}Z"


@lru_cache(maxsize=4_096)
def _second_text(seconds: int) -> str:
    """Return a whole second; thousands of orders a second share one."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


def parse_time(text: str, field: str) -> int:
    """Return an RFC 3339 time as nanoseconds since 1970. Raises Refusal (VALIDATION_001)."""
    match = _GRAMMAR.fullmatch(text) if len(text) <= _TEXT_SIZE_MAX else None
    try:
        if match is None:
            raise ValueError(text)
        moment = datetime.fromisoformat(match[1] + match[3])
        seconds = (moment - _EPOCH) // timedelta(seconds=1)
    except (ValueError, OverflowError):
        raise field_refusal(
            Problem.MALFORMED,
            field,
            "time",
            f'{field} is not a time: write RFC 3339 with a zone, such as "2026-01-31T12:00:00Z"',
        ) from None
    return seconds * NS_PER_S + int((match[2] or "0").ljust(9, "0"))
