"""The filter language of List calls: `labels.job=abc AND state="PIPELINE_STATE_RUNNING" AND NOT display_name:old*`.

The part of Google's AIP-160 that Vertex AI documents for its lists. A field that it does not know is refused, since a filter that
silently matches everything would let a sweep delete everything.
"""

import fnmatch
import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from local.interfaces import Json
from local.vertex.errors import invalid

Fields = Mapping[str, Callable[[Json], str]]
Test = Callable[[Json], bool]

_TOKEN = re.compile(r"""\s*(?:(\()|(\))|(!=|<=|>=|=|<|>|:)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s()=<>:!"']+))""")
_ORDERED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def text(*path: str) -> Callable[[Json], str]:
    """Reads a field, empty where absent."""

    def read(item: Json) -> str:
        value: object = item
        for key in path:
            value = value.get(key, "") if isinstance(value, dict) else ""
        return str(value)

    return read


def parse(source: str, fields: Fields) -> Test:
    """Raises INVALID_ARGUMENT with the place that is not understood."""
    if not source.strip():
        return lambda _: True
    parser = _Parser(source, fields)
    test = parser.either()
    parser.end()
    return test


class _Parser:
    def __init__(self, source: str, fields: Fields) -> None:
        self._source = source
        self._fields = fields
        self._tokens = self._split(source)
        self._at = 0

    def either(self) -> Test:
        tests = [self._both()]
        while self._accept("OR"):
            tests.append(self._both())
        return lambda item: any(test(item) for test in tests)

    def end(self) -> None:
        if self._peek():
            raise self._wrong(f"unexpected `{self._peek()}`")

    def _both(self) -> Test:
        tests = [self._term()]
        while self._accept("AND") or self._peek() not in {"", "OR", ")"}:
            tests.append(self._term())
        return lambda item: all(test(item) for test in tests)

    def _term(self) -> Test:
        if self._accept("NOT"):
            test = self._term()
            return lambda item: not test(item)
        if self._accept("("):
            test = self.either()
            if not self._accept(")"):
                raise self._wrong("a `)` is missing")
            return test
        return self._comparison()

    def _comparison(self) -> Test:
        field = self._next("a field")
        sign = self._next("a comparison")
        if sign not in {"=", "!=", ":", *_ORDERED}:
            raise self._wrong(f"`{sign}` is no comparison")
        if field == "labels":
            key = _bare(self._next("a label's key"))
            return lambda item: key in item.get("labels", {})
        value = self._value()
        if field.startswith("labels."):
            return _label(_bare(field.removeprefix("labels.")), sign, value)
        snake = re.sub(r"(?<=[a-z])([A-Z])", lambda match: f"_{match.group().lower()}", field)
        if snake not in self._fields:
            raise self._wrong(f"unknown field `{field}`; known are labels.KEY, {', '.join(sorted(self._fields))}")
        if snake.endswith("_time"):
            return self._dated(self._fields[snake], sign, value)
        if sign in _ORDERED:
            raise self._wrong(f"`{field}` has no order")
        return _equal(self._fields[snake], sign, value)

    def _dated(self, read: Callable[[Json], str], sign: str, value: str) -> Test:
        try:
            moment = _moment(value)
        except ValueError:
            raise self._wrong(f"`{value}` is no time in RFC 3339") from None
        compare = _ORDERED.get(sign, operator.ne if sign == "!=" else operator.eq)
        return lambda item: bool(read(item)) and compare(_moment(read(item)), moment)

    def _value(self) -> str:
        value = _bare(self._next("a value"))
        # A time holds colons, which outside quotes read as comparisons.
        while self._peek() == ":":
            value += self._next("") + self._next("a value")
        return value

    def _split(self, source: str) -> list[str]:
        tokens, at = [], 0
        while source[at:].strip():
            match = _TOKEN.match(source, at)
            if not match:
                raise self._wrong(f"cannot read `{source[at:].strip()}`")
            tokens.append(match.group().strip())
            at = match.end()
        return _joined(tokens)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _accept(self, token: str) -> bool:
        found = self._peek() == token
        self._at += found
        return found

    def _next(self, wanted: str) -> str:
        token = self._peek()
        if not token:
            raise self._wrong(f"{wanted} is missing at the end")
        self._at += 1
        return token

    def _wrong(self, why: str) -> Exception:
        return invalid(f"Invalid filter `{self._source}`: {why}.")


def _joined(tokens: list[str]) -> list[str]:
    """`labels."a key"` is split by its quotes: one token again."""
    joined: list[str] = []
    for token in tokens:
        if joined and joined[-1] == "labels." and token[0] in "\"'":
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _bare(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value[0] in "\"'" and len(value) > 1 else value


def _label(key: str, sign: str, value: str) -> Test:
    if value == "*" and sign in {":", "="}:
        return lambda item: key in item.get("labels", {})
    if sign == "!=":
        return lambda item: item.get("labels", {}).get(key) != value
    return lambda item: item.get("labels", {}).get(key) == value


def _equal(read: Callable[[Json], str], sign: str, value: str) -> Test:
    if sign == "!=":
        return lambda item: not fnmatch.fnmatchcase(read(item), _pattern(value))
    return lambda item: fnmatch.fnmatchcase(read(item), _pattern(value))


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _pattern(value: str) -> str:
    """Only `*` is special."""
    return re.sub(r"[\[\]?]", lambda match: f"[{match.group()}]", value)
