"""Lines of commands through an engine, from nothing, a line out for each line in."""

import json
from collections.abc import Iterable, Iterator

from bezant.apps.law.reading import LineError, read_line
from bezant.apps.law.stand_ins import StandIns
from bezant.apps.law.telling import tell_outcome, tell_state
from bezant.core import codec
from bezant.core.contract import EngineContract, InvariantViolation
from bezant.core.ids import Seq
from bezant.kit.operator_error import OperatorError


def apply_lines(
    lines: Iterable[str | bytes], engine: EngineContract, *, is_final_told: bool
) -> Iterator[str]:
    """Yield what each command did, as JSON; empty lines are stepped over.

    A command without `ts` happens at the time of the one before it. Raises OperatorError at the
    first line that is no command, and where an engine breaks an invariant.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _apply(line, number, engine)
    if is_final_told:
        yield _to_json(tell_state(engine))


def _apply(line: str | bytes, number: int, engine: EngineContract) -> str:
    try:
        ts_ns, said = read_line(line)
        command = StandIns(engine).writable(said)
    except LineError as error:
        raise OperatorError(f"line {number}: {error}") from None
    before_ns = engine.ts_ns
    if ts_ns is not None and ts_ns < before_ns:
        raise OperatorError(
            f"line {number}: `ts` {ts_ns} is before {before_ns}: time never runs back"
        )
    seq = Seq(engine.seq + 1)
    entry = codec.encode_entry(seq, codec.encode(command))
    try:
        raw = engine.apply(before_ns if ts_ns is None else ts_ns, seq, entry)
    except InvariantViolation as error:
        raise OperatorError(f"line {number}: the engine is wrong: {error}") from error
    (outcome,) = codec.decode_outcomes(raw, 1)
    return _to_json(tell_outcome(outcome))


def _to_json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
