"""Makes the golden files, samples of every message with their bytes.

Run as `python -m tests.golden.make`. Three samples of each: `least` (every field at its lowest),
`typical`, and `most` (at its highest). The files are frozen: a test fails when today's code writes
other bytes for them or reads them differently. A new message, or a new last field, is the only
reason to run this again.
"""

import json
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct
from msgspec import inspect as types

from tools.wire_reference import Family, list_families

FOLDER: Final = Path(__file__).parent / "messages"
SAMPLES: Final = ("least", "typical", "most")
LONG_MAX: Final = 40  # Unbounded texts and bytes need not be long to be read back.


def sample(kind: types.Type, which: str, salt: int = 1) -> Any:
    """Return a value of the type: at its lowest, its highest, or one that `salt` tells apart."""
    match kind:
        case types.IntType(ge=low, le=high):
            lowest, highest = low or 0, high if high is not None else 2**31 - 1
            typical = min(highest, 37 * salt + salt % 5)
            return {"least": lowest, "typical": typical, "most": highest}[which]
        case types.StrType(max_length=most):
            top = min(most or LONG_MAX, LONG_MAX)
            return {"least": "", "typical": f"tëxt-{salt}"[:top], "most": "z" * top}[which]
        case types.BytesType(min_length=low, max_length=high):
            top = min(high or LONG_MAX, LONG_MAX)
            typical = max(low or 0, top if low else min(16, top))
            size = {"least": low or 0, "typical": typical, "most": top}[which]
            return bytes((salt + index) % 256 for index in range(size))
        case types.BoolType():
            return {"least": False, "typical": salt % 2 == 0, "most": True}[which]
        case types.RawType():
            return Raw(msgspec.msgpack.encode([44]))
        case types.StructType(cls=cls):
            return message(cls, which, salt)
        case types.ListType(item_type=item, min_length=low, max_length=high):
            return [sample(item, which, salt + n) for n in range(_count(which, low, high))]
        case types.VarTupleType(item_type=item, min_length=low, max_length=high):
            return tuple(sample(item, which, salt + n) for n in range(_count(which, low, high)))
        case types.TupleType(item_types=kinds):
            return tuple(sample(one, which, salt + n) for n, one in enumerate(kinds))
        case types.UnionType(types=kinds):
            values = [one for one in kinds if not isinstance(one, types.NoneType)]
            has_nil = len(values) < len(kinds)
            return None if has_nil and which == "least" else sample(values[0], which, salt)
        case _:
            raise TypeError(f"no sample of {kind}: teach tests/golden/make.py")


def _count(which: str, low: int | None, high: int | None) -> int:
    """How many items a sample of an array has."""
    return {"least": low or 0, "typical": min(2, high or 2), "most": min(3, high or 3)}[which]


def message(kind: type[Struct], which: str, salt: int = 1) -> Struct:
    """Return a sample of a message."""
    info = types.type_info(kind)
    if not isinstance(info, types.StructType):
        raise TypeError(f"{kind} is no message")
    values = {
        field.name: sample(field.type, which, salt + index)
        for index, field in enumerate(info.fields)
    }
    return kind(**values)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: bytes as `hex:…`, messages as name and fields."""
    match value:
        case bytes() | Raw():
            return "hex:" + bytes(value).hex()
        case Struct():
            fields = {name: plain(getattr(value, name)) for name in value.__struct_fields__}
            return {"message": type(value).__name__, **fields}
        case list() | tuple():
            return [plain(one) for one in value]
        case _:
            return value


def records(family: Family) -> list[dict[str, Any]]:
    """Return the golden records of a family: name, sample, fields, bytes."""
    made = []
    for kind in family.messages:
        for which in SAMPLES:
            one = message(kind, which)
            raw = msgspec.msgpack.encode(one).hex()
            made.append({"name": kind.__name__, "sample": which, "value": plain(one), "hex": raw})
    return made


def main() -> None:
    """Write one file a family."""
    for family in list_families():
        lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in records(family))
        (FOLDER / f"{family.key}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
