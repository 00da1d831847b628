"""Values of parameters: checked against their declared type, read from a step's files, written into its command."""

import json
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "STRING": (str,),
    "BOOLEAN": (bool,),
    "LIST": (list,),
    "STRUCT": (dict,),
    "TASK_FINAL_STATUS": (dict,),
}


class BadValue(Exception):
    """The text names the parameter, its type and the value."""


def typed(name: str, kind: str, value: Any) -> Any:
    """The value as its declared type. Numbers come as doubles, since the API carries them in a Struct."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "NUMBER_INTEGER" and number and float(value).is_integer():
        return int(value)
    if kind == "NUMBER_DOUBLE" and number:
        return float(value)
    if isinstance(value, _TYPES.get(kind, ())):
        return _whole(value)
    raise BadValue(f"Parameter `{name}` is a {kind}, which {value!r} is not.")


def read(name: str, kind: str, text: str) -> Any:
    """What a step wrote for an output parameter: a string as it is, everything else as JSON."""
    if kind == "STRING":
        return text
    try:
        value = json.loads(text.lower() if kind == "BOOLEAN" else text)
    except ValueError:
        raise BadValue(f"Output parameter `{name}` is a {kind}, which {text[:100]!r} is not.") from None
    return typed(name, kind, value)


def written(value: Any) -> str:
    """As it reads in a command line."""
    return value if isinstance(value, str) else json.dumps(value)


def _whole(value: Any) -> Any:
    """Whole numbers inside lists and structs, back from the doubles that carried them."""
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
