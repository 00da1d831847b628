"""Single fields out of a protobuf message, without its type and without decoding what is in them.

Where a field stands more than once, the last text counts and messages are joined, as in every reader of protobuf: nobody else than
the server behind us may be led to see another name.
"""

from collections.abc import Mapping, Sequence

from local.iam.apis import Unreadable

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}

Fields = Mapping[int, Sequence[memoryview | int]]


def text(data: bytes, number: int) -> str:
    """ "" where it is not there."""
    return last(read(data), number)


def read(message: bytes | memoryview) -> Fields:
    """Number -> what stands under it, uncopied. Values of fixed length are passed over: nothing that is asked for here has any."""
    found: dict[int, list[memoryview | int]] = {}
    data = memoryview(message)
    at, end = 0, len(data)
    while at < end:
        # a key of one byte is the usual one
        key, at = (data[at], at + 1) if data[at] < 0x80 else _varint(data, at)
        kind = key & 7
        value: memoryview | int | None = None
        if kind == _BYTES:
            length, at = _varint(data, at)
            value, at = data[at : at + length], at + length
        elif kind == _VARINT:
            value, at = _varint(data, at)
        elif kind in _FIXED:
            at += _FIXED[kind]
        else:
            raise Unreadable("the request is no protobuf message that is in use today")
        if at > end:
            raise Unreadable("the request breaks off")
        if value is not None:
            found.setdefault(key >> 3, []).append(value)
    return found


def last(fields: Fields, number: int) -> str:
    found = texts(fields, number)
    return found[-1] if found else ""


def texts(fields: Fields, number: int) -> list[str]:
    try:
        return [str(found, "utf-8") for found in messages(fields, number)]
    except UnicodeDecodeError as error:
        raise Unreadable(f"field {number} is no text") from error


def message(fields: Fields, number: int) -> bytes | None:
    found = messages(fields, number)
    return b"".join(found) if found else None


def messages(fields: Fields, number: int) -> list[memoryview]:
    return [found for found in fields.get(number, ()) if isinstance(found, memoryview)]


def numbers(fields: Fields, number: int) -> list[int]:
    """Whole numbers and truths."""
    return [found for found in fields.get(number, ()) if isinstance(found, int)]


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise Unreadable("the request breaks off")
