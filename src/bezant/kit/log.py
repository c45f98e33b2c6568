"""Log lines: one JSON object each, on standard error, from every library too.

A line carries `role` and, where there is one, `trace_id`, `seq` or `command_id`. The supervisor
sends a role's standard error to `DIR/log/ROLE.log`.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, TextIO

import structlog

LogLevel = Literal["debug", "info", "warning", "error"]
# Libraries that write a line for each request they send.
_TALKATIVE: Final = ("httpx", "httpcore")
Logger = structlog.stdlib.BoundLogger


def configure_logging(role: str, level: LogLevel = "info", *, stream: TextIO | None = None) -> None:
    """Send all log lines of this process to `stream` (standard error) as JSON, from now on."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _name_role(role),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for talkative in _TALKATIVE:
        logging.getLogger(talkative).setLevel(logging.WARNING)
    # A line for each request that we send as a client says nothing that the answer does not.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def get_logger(name: str) -> Logger:
    """Return the logger of a module; its methods take an event and key words."""
    logger: Logger = structlog.stdlib.get_logger(name)
    return logger


@contextmanager
def log_context(**values: Any) -> Iterator[None]:
    """Add values, such as `trace_id`, to each line that this task writes inside the block."""
    with structlog.contextvars.bound_contextvars(**values):
        yield


def trace_id() -> str | None:
    """Return the trace id of the request that this task works for, if it has one."""
    found: str | None = structlog.contextvars.get_contextvars().get("trace_id")
    return found


def _name_role(role: str) -> structlog.types.Processor:
    def add(_logger: Any, _method: str, event: structlog.types.EventDict) -> Any:
        event["role"] = role
        return event

    return add
