"""Conditions of pipelines: right, or an error; never silently false."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.vertex.pipeline.conditions import BadCondition, parse

INPUTS = {"n": 3, "ratio": 0.5, "name": "abc", "flag": True, "text": "7", "pipelinechannel--a-b": "x y"}


def _in(name: str) -> str:
    return f"inputs.parameter_values['{name}']"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"int({_in('n')}) > 2", True),
        (f"int({_in('n')}) >= 4", False),
        (f"{_in('name')} == 'abc'", True),
        (f'{_in("name")} != "abc"', False),
        (f"{_in('flag')} == true", True),
        (f"{_in('ratio')} < 1", True),
        (f"double({_in('text')}) == 7.0", True),
        (f"!(int({_in('n')}) > 2) && {_in('name')} == 'abc'", False),
        (f"!({_in('flag')} == true) || (int({_in('n')}) == 3 && {_in('name')} != 'x')", True),
        (f"{_in('pipelinechannel--a-b')} == 'x y'", True),
        (f"string({_in('n')}) == '3'", True),
        (f"{_in('n')} == -3", False),
        (f"{_in('flag')} == true || {_in('missing')} == 1", True),
    ],
)
def test_a_condition_holds_or_not(source: str, expected: bool) -> None:
    assert parse(source)(INPUTS) is expected


@pytest.mark.parametrize(
    "source",
    [
        " ",
        f"{_in('n')} ==",
        f"{_in('n')} = 3",
        f"({_in('n')} == 3",
        f"{_in('n')} == 3 extra",
        f"{_in('name')} == 'it's'",
        f"size({_in('name')}) == 3",
        f"{_in('n')} + 1 == 4",
        f"{_in('n')} in [1, 2]",
        "inputs.artifacts['x'] == 1",
    ],
)
def test_what_is_not_understood_is_refused_before_the_run(source: str) -> None:
    with pytest.raises(BadCondition, match=re.escape(source)):
        parse(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (f"{_in('missing')} == 1", "`missing` has no value"),
        (f"{_in('name')} == 3", "different types"),
        (f"{_in('flag')} == 1", "different types"),
        (f"{_in('n')}", "neither true nor false"),
        (f"int({_in('name')}) == 3", "is no int"),
    ],
)
def test_what_cannot_be_decided_is_an_error(source: str, words: str) -> None:
    holds = parse(source)

    with pytest.raises(BadCondition, match=words):
        holds(INPUTS)


@given(st.text(max_size=60))
def test_no_text_does_anything_else_than_parse_or_be_refused(source: str) -> None:
    try:
        parse(source)
    except BadCondition as error:
        assert str(error)


@given(st.integers(), st.integers(), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
def test_whole_numbers_compare_as_in_python(left: int, right: int, sign: str) -> None:
    expected = eval(f"{left} {sign} {right}")

    assert parse(f"int({_in('n')}) {sign} {right}")({"n": left}) is expected
