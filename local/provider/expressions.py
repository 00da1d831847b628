"""What only Google's API refuses, for texts in its small languages: filters of logs and metrics, conditions of bindings."""

import re

from local.provider.refusals import Refusal

_OPERATORS = 12


def filter_of(longest: int) -> Refusal:
    def refuse(value: str) -> str:
        if len(value) > longest:
            return f"must have at most {longest} characters, not {len(value)}"
        return _unbalanced(value)

    refuse.__doc__ = f"at most {longest} characters, quotes and brackets closed"
    return refuse


def condition(value: str) -> str:
    """at most 12 logical operators, quotes and brackets closed"""
    if not value.strip():
        return "must not be empty"
    operators = len(re.findall(r"&&|\|\||!(?!=)", _without_texts(value)))
    if operators > _OPERATORS:
        return f"must have at most {_OPERATORS} logical operators, not {operators}"
    return _unbalanced(value)


def extractor(value: str) -> str:
    """EXTRACT(field) or REGEXP_EXTRACT(field, regex)"""
    if re.fullmatch(r'EXTRACT\([^()]+\)|REGEXP_EXTRACT\([^,]+,\s*".*"\)', value):
        return ""
    return f"must be like 'EXTRACT(jsonPayload.field)' or 'REGEXP_EXTRACT(field, \"(.*)\")'; {value!r} is not"


def _unbalanced(value: str) -> str:
    left = _without_texts(value)
    if '"' in left:
        return f"has a quote that is not closed: {value!r}"
    for opening, closing in ("()", "[]", "{}"):
        if left.count(opening) != left.count(closing):
            return f"has {left.count(opening)} of '{opening}' and {left.count(closing)} of '{closing}': {value!r}"
    return ""


def _without_texts(value: str) -> str:
    return re.sub(r'"(\\.|[^"\\])*"' + r"|'(\\.|[^'\\])*'", "", value, flags=re.S)
