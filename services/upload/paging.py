"""Where a page of a list ended, as a word that its reader hands back."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from services.upload.parts import is_id
from services.upload.problems import Problem

Mark = tuple[datetime, str]
# any that a row of ours could have; the database would refuse some that Python takes
_YEARS = range(2020, 2200)


class Listed(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def created(self) -> datetime: ...


L = TypeVar("L", bound=Listed)


def page(rows: Sequence[L], limit: int) -> tuple[Sequence[L], str | None]:
    """Of one row more than fits: the page, and the cursor of the next one if there is any."""
    shown = rows[:limit]
    return shown, _cursor(shown[-1]) if len(rows) > limit else None


def mark(cursor: str | None) -> Mark | None:
    """Raises Problem."""
    if cursor is None:
        return None
    try:
        created, last = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        found = datetime.fromisoformat(created), str(last)
    except (ValueError, TypeError, AttributeError):
        found = None
    if found is None or not found[0].tzinfo or found[0].year not in _YEARS or not is_id(found[1]):
        raise Problem("bad-request", "That cursor is not one of ours. Leave it out to start at the newest.")
    return found


def _cursor(row: Listed) -> str:
    return base64.urlsafe_b64encode(json.dumps([row.created.isoformat(), row.id]).encode()).decode()
