"""Each log line is one JSON object that says who wrote it and for which request."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bezant.kit.log import configure_logging, get_logger, log_context, trace_id


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    text = io.StringIO()
    configure_logging("test-role", "info", stream=text)
    yield text
    root.handlers[:] = handlers
    root.setLevel(level)


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_carries_role_trace_and_values(stream: io.StringIO) -> None:
    with log_context(trace_id="t1"):
        assert trace_id() == "t1"
        get_logger("bezant.test").info("order.placed", seq=7)
    get_logger("bezant.test").debug("hidden")
    assert trace_id() is None
    (line,) = _lines(stream)
    assert line["role"] == "test-role"
    assert (line["event"], line["seq"], line["trace_id"]) == ("order.placed", 7, "t1")
    assert line["timestamp"].endswith("Z")


def test_libraries_speak_json_too(stream: io.StringIO) -> None:
    try:
        raise ValueError("odd")
    except ValueError:
        logging.getLogger("some.library").exception("it broke %s", "twice")
    (line,) = _lines(stream)
    assert line["event"] == "it broke twice"
    assert line["logger"] == "some.library"
    assert "ValueError: odd" in line["exception"]
