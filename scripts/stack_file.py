"""Sets keys of a stack's file and leaves every other line as it stands, comments included."""

from collections.abc import Mapping

import yaml

Value = str | Mapping[str, str]


class CannotEdit(Exception):
    """The file is written in a way that cannot be edited line by line; the text says what to set by hand."""


def with_values(text: str, values: Mapping[str, Value]) -> str:
    """`text` with these keys of `config:`, indented as the others are. Raises CannotEdit."""
    before = _config(text)
    lines = text.splitlines()
    for key, value in values.items():
        begin, end = _place(lines, key)
        lines[begin:end] = _block(key, value)
    edited = "\n".join(lines) + "\n"
    if _config(edited) != {**before, **values}:
        wanted = yaml.safe_dump({"config": dict(values)}, sort_keys=False)
        raise CannotEdit(f"its `config:` is no plain list of keys, indented by two spaces: write by hand\n{wanted}")
    return edited


def _config(text: str) -> dict[str, object]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise CannotEdit(f"it is no YAML: {error}") from error
    return dict((found or {}).get("config") or {})


def _place(lines: list[str], key: str) -> tuple[int, int]:
    """From the key's own line to the last of its value; where `config:` ends for a key that is not there."""
    start = next((number for number, line in enumerate(lines) if line.startswith(f"  {key}:")), None)
    if start is None:
        end = _end_of_config(lines)
        return end, end
    end = start + 1
    while end < len(lines) and lines[end].startswith("   "):
        end += 1
    return start, end


def _end_of_config(lines: list[str]) -> int:
    """Comments and blank lines at the end belong to what comes after."""
    if "config:" not in lines:
        return len(lines)
    begin = lines.index("config:")
    after = next((number for number in range(begin + 1, len(lines)) if lines[number][:1].isalpha()), len(lines))
    return max((number for number in range(begin, after) if lines[number].startswith(" ")), default=begin) + 1


def _block(key: str, value: Value) -> list[str]:
    dumped = yaml.safe_dump({key: dict(value) if isinstance(value, Mapping) else value}, sort_keys=False, width=1000)
    return [f"  {line}" for line in dumped.splitlines()]
