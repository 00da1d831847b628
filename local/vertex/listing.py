"""Lists: filtered, ordered (newest first), in pages that neither repeat nor skip while others create and delete."""

import base64
import json
from collections.abc import Iterable
from typing import Any

from local.interfaces import Json
from local.vertex import filters
from local.vertex.errors import invalid

_PAGE = 100
_MOST = 1000
_ORDERS = {
    "create_time": "createTime",
    "update_time": "updateTime",
    "start_time": "startTime",
    "end_time": "endTime",
    "display_name": "displayName",
}


def page(items: Iterable[Json], request: Json, fields: filters.Fields) -> tuple[list[Json], str]:
    """The resources of one List call and the token of the next one, empty after the last."""
    accepts = filters.parse(request.get("filter", ""), fields)
    key, descending = _order(request.get("orderBy", ""))
    chosen = sorted((item for item in items if accepts(item)), key=lambda item: _place(item, key), reverse=descending)
    last = _read(request.get("pageToken", ""))
    if last:
        chosen = [item for item in chosen if (_place(item, key) < last if descending else _place(item, key) > last)]
    size = _size(request.get("pageSize", 0))
    more = len(chosen) > size
    return _masked(chosen[:size], request), _write(_place(chosen[size - 1], key)) if more else ""


def answer(field: str, items: list[Json], token: str) -> Json:
    return {field: items, "nextPageToken": token} if token else {field: items}


def _masked(items: list[Json], request: Json) -> list[Json]:
    paths = [path for path in request.get("readMask", "").split(",") if path]
    if not paths or "*" in paths:
        return items
    wanted = {path.partition(".")[0] for path in paths}
    return [{key: value for key, value in item.items() if key in wanted} for item in items]


def _place(item: Json, key: str) -> tuple[str, str]:
    return str(item.get(key, "")), str(item["name"])


def _order(text: str) -> tuple[str, bool]:
    if not text:
        return "createTime", True
    field, _, direction = text.partition(" ")
    if field not in _ORDERS or direction not in {"", "asc", "desc"}:
        raise invalid(f"Invalid order_by `{text}`: one of {', '.join(_ORDERS)}, then asc or desc.")
    return _ORDERS[field], direction == "desc"


def _size(wanted: int) -> int:
    if wanted < 0:
        raise invalid(f"Invalid page_size {wanted}: it must not be negative.")
    return min(wanted or _PAGE, _MOST)


def _write(place: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(token: str) -> tuple[str, str] | None:
    if not token:
        return None
    try:
        place: Any = json.loads(base64.urlsafe_b64decode(token.encode()))
        value, name = place
    except ValueError:
        raise invalid(f"Invalid page_token `{token}`.") from None
    return str(value), str(name)
