"""Messages drawn from their own types: every field anywhere in its range, often at an end."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import Raw
from msgspec import inspect as types

from bezant.core.commands import Message, Tick

_ENDS = (0, 1, -1, 2, 127, 128, 255, 256, 2**31, 2**32 - 1, 2**53 - 1, 2**62, 2**63 - 1, -(2**63))


def integers(low: int, high: int) -> st.SearchStrategy[int]:
    """Draw from a range, its ends and the places where the encoding changes its length."""
    ends = sorted({low, high, *(end for end in _ENDS if low <= end <= high)})
    return st.one_of(st.sampled_from(ends), st.integers(low, high))


def fields(kind: types.Type) -> st.SearchStrategy[Any]:
    """Draw a value of a field's type."""
    match kind:
        case types.IntType(ge=low, le=high):
            return integers(
                low if low is not None else -(2**63), high if high is not None else 2**63 - 1
            )
        case types.StrType(max_length=most):
            return st.text(max_size=min(most or 40, 40))
        case types.BytesType(min_length=low, max_length=high):
            return st.binary(min_size=low or 0, max_size=high if high is not None else 40)
        case types.BoolType():
            return st.booleans()
        case types.NoneType():
            return st.none()
        case types.RawType():
            return st.just(Raw(msgspec.msgpack.encode(Tick())))
        case types.StructType(cls=cls):
            return messages(cls)
        case types.ListType(item_type=item, min_length=low, max_length=high):
            return st.lists(fields(item), min_size=low or 0, max_size=min(high or 3, 3))
        case types.VarTupleType(item_type=item, min_length=low, max_length=high):
            items = st.lists(fields(item), min_size=low or 0, max_size=min(high or 3, 3))
            return items.map(tuple)
        case types.UnionType(types=kinds):
            return st.one_of([fields(one) for one in kinds])
        case _:
            raise TypeError(f"no strategy for {kind}: teach tests/properties/messages.py")


def messages(kind: type[Any]) -> st.SearchStrategy[Message]:
    """Draw a message of one kind."""
    info = types.type_info(kind)
    if not isinstance(info, types.StructType):
        raise TypeError(f"{kind} is no message")
    drawn = {field.name: fields(field.type) for field in info.fields}
    return st.fixed_dictionaries(drawn).map(lambda values: kind(**values))
