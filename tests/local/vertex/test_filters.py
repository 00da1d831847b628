"""The filter language of lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.vertex import filters
from local.vertex.errors import ApiError

FIELDS = {"display_name": filters.text("displayName"), "state": filters.text("state"), "create_time": filters.text("createTime")}
ITEM = {
    "displayName": "my job [1]",
    "state": "JOB_STATE_RUNNING",
    "createTime": "2026-03-01T12:00:00.500000Z",
    "labels": {"job": "a-1", "attempt": "2", "a key": "x"},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("labels.job=a-1", True),
        ('labels.job = "a-1" AND labels.attempt=2', True),
        ("labels.job=a-1 AND labels.attempt=3", False),
        ("labels.job=a-1 labels.attempt=3", False),
        ("labels.job=b OR labels.attempt=2", True),
        ("labels.job!=b", True),
        ("labels.other:*", False),
        ("labels.job:*", True),
        ("labels:job", True),
        ('labels."a key"=x', True),
        ('state="JOB_STATE_RUNNING"', True),
        ("NOT state=JOB_STATE_RUNNING", False),
        ('displayName:"my job*"', True),
        ('display_name="my job [1]"', True),
        ('display_name="my job 1"', False),
        ('create_time>"2026-03-01T12:00:00Z"', True),
        ('create_time<="2026-03-01T13:00:00.5+01:00"', True),
        ("create_time<2026-03-01T12:00:00Z", False),
        ("(labels.job=b OR labels.attempt=2) AND state=JOB_STATE_RUNNING", True),
    ],
)
def test_a_filter_accepts_or_not(text: str, expected: bool) -> None:
    assert filters.parse(text, FIELDS)(ITEM) is expected


@pytest.mark.parametrize(
    "text",
    ["colour=red", "labels.job=", "labels.job", "= a", "(state=x", "state=x)", 'state="x', "create_time>yesterday", "state>x", "state=a=b"],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="Invalid filter"):
        filters.parse(text, FIELDS)


@given(st.text(max_size=40))
def test_no_text_does_anything_else_than_parse_or_be_refused(text: str) -> None:
    try:
        filters.parse(text, FIELDS)
    except ApiError as error:
        assert "Invalid filter" in error.message
