"""The part of CEL that the KFP SDK compiles `dsl.If`, `dsl.Elif` and `dsl.Else` into.

    int(inputs.parameter_values['pipelinechannel--count-out']) > 2 && !(inputs.parameter_values['x'] == 'abc')

What is not understood is an error, never a silent false. So is a comparison of different types.
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Inputs = Mapping[str, Any]
Expression = Callable[[Inputs], Any]

_TOKEN = re.compile(
    r"""\s*(?:(&&|\|\||[=!<>]=|[<>!()])|(inputs\.parameter_values\[(?:'[^']*'|"[^"]*")\])|(-?\d+(?:\.\d+)?)|('[^']*'|"[^"]*")|([a-z]+))"""
)
_EQUAL = {"==": operator.eq, "!=": operator.ne}
_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_LITERALS = {"true": True, "false": False, "null": None}


class BadCondition(Exception):
    """The text says which condition and where."""


def parse(source: str) -> Callable[[Inputs], bool]:
    """Raises BadCondition, now or when it is evaluated."""
    parser = _Parser(source)
    expression = parser.either()
    parser.end()

    def holds(inputs: Inputs) -> bool:
        return _truth(expression(inputs), source)

    return holds


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = _split(source)

    def either(self) -> Expression:
        left = self._both()
        while self._accept("||"):
            left = self._joined(left, self._both(), any)
        return left

    def end(self) -> None:
        if self._tokens:
            raise self._wrong(f"unexpected `{self._tokens[0]}`")

    def _both(self) -> Expression:
        left = self._comparison()
        while self._accept("&&"):
            left = self._joined(left, self._comparison(), all)
        return left

    def _joined(self, left: Expression, right: Expression, join: Callable[[Any], bool]) -> Expression:
        source = self._source
        return lambda inputs: join(_truth(side(inputs), source) for side in (left, right))

    def _comparison(self) -> Expression:
        left = self._operand()
        sign = self._tokens[0] if self._tokens else ""
        if sign not in _EQUAL and sign not in _ORDER:
            return left
        self._tokens.pop(0)
        right = self._operand()
        return lambda inputs: _compare(left(inputs), sign, right(inputs), self._source)

    def _operand(self) -> Expression:
        if self._accept("!"):
            inner = self._operand()
            return lambda inputs: not _truth(inner(inputs), self._source)
        if self._accept("("):
            return self._closed()
        token = self._next()
        if token.startswith("inputs."):
            return self._parameter(token[len("inputs.parameter_values['") : -2])
        if token in _CONVERSIONS:
            return self._converted(token)
        value = self._literal(token)
        return lambda _: value

    def _closed(self) -> Expression:
        inner = self.either()
        if not self._accept(")"):
            raise self._wrong("a `)` is missing")
        return inner

    def _parameter(self, name: str) -> Expression:
        def read(inputs: Inputs) -> Any:
            if name not in inputs:
                raise self._wrong(f"the input `{name}` has no value")
            return inputs[name]

        return read

    def _converted(self, kind: str) -> Expression:
        if not self._accept("("):
            raise self._wrong(f"`{kind}` wants an argument in parentheses")
        inner = self._closed()

        def convert(inputs: Inputs) -> Any:
            value = inner(inputs)
            try:
                return _CONVERSIONS[kind](value)
            except (TypeError, ValueError):
                raise self._wrong(f"{value!r} is no {kind}") from None

        return convert

    def _literal(self, token: str) -> Any:
        if token in _LITERALS:
            return _LITERALS[token]
        if token[0] in "'\"":
            return token[1:-1]
        if re.fullmatch(r"-?\d+", token):
            return int(token)
        if re.fullmatch(r"-?\d+\.\d+", token):
            return float(token)
        raise self._wrong(f"`{token}` is not understood")

    def _accept(self, token: str) -> bool:
        found = bool(self._tokens) and self._tokens[0] == token
        if found:
            self._tokens.pop(0)
        return found

    def _next(self) -> str:
        if not self._tokens:
            raise self._wrong("it ends too early")
        return self._tokens.pop(0)

    def _wrong(self, why: str) -> BadCondition:
        return BadCondition(f"Condition `{self._source}`: {why}.")


def _split(source: str) -> list[str]:
    tokens, at = [], 0
    while source[at:].strip():
        match = _TOKEN.match(source, at)
        if not match:
            raise BadCondition(f"Condition `{source}`: cannot read `{source[at:].strip()}`.")
        tokens.append(match.group().strip())
        at = match.end()
    return tokens


def _compare(left: Any, sign: str, right: Any, source: str) -> bool:
    if None in (left, right) and sign in _EQUAL:
        return bool(_EQUAL[sign](left, right))
    if _kind(left) != _kind(right):
        raise BadCondition(f"Condition `{source}`: it compares {left!r} with {right!r}, which are of different types.")
    compare = _EQUAL.get(sign) or _ORDER[sign]
    try:
        return bool(compare(left, right))
    except TypeError:
        raise BadCondition(f"Condition `{source}`: {left!r} and {right!r} have no order.") from None


def _kind(value: Any) -> type:
    """A boolean is no number here, as it is in Python."""
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def _truth(value: Any, source: str) -> bool:
    if not isinstance(value, bool):
        raise BadCondition(f"Condition `{source}`: {value!r} is neither true nor false.")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError
    return int(value)


def _real(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError
    return float(value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {"int": _whole, "double": _real, "string": _text}
