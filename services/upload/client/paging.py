"""Lists, page by page."""

from collections.abc import Iterator
from typing import TypeVar

from services.upload import wire
from services.upload.client.calls import Calls

L = TypeVar("L", wire.JobList, wire.ModelList, wire.GenerationList)


def pages(calls: Calls, kind: type[L], path: str, limit: int, **only: str) -> Iterator[L]:
    query = {"limit": str(limit), **only}
    while True:
        page = calls.read(kind, "GET", path, params=query)
        yield page
        if page.next_cursor is None:
            return
        query["cursor"] = page.next_cursor
