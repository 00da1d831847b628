"""A client of event streams that knows nothing of ours: the format is https://html.spec.whatwg.org/multipage/server-sent-events.html."""

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import requests


@dataclass(frozen=True)
class Told:
    """One event; `id` is the last that was sent, with it or before it."""

    event: str
    data: Any
    id: str


def parsed(lines: Iterable[str], last_id: str = "") -> Iterator[Told]:
    event, data = "message", ""
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "event":
                event = value
            case "data":
                data += value
            case "id":
                last_id = value
            case "" if not line:
                if data:
                    yield Told(event, json.loads(data), last_id)
                event, data = "message", ""


@contextlib.contextmanager
def stream(url: str, token: str, last_id: str = "", timeout_s: float = 20) -> Iterator[requests.Response]:
    headers = {"Authorization": f"Bearer {token}", **({"Last-Event-ID": last_id} if last_id else {})}
    with requests.Session() as session, session.get(url, headers=headers, stream=True, timeout=timeout_s) as answer:
        yield answer


def told(answer: requests.Response) -> Iterator[Told]:
    return parsed(line.decode() for line in answer.iter_lines(chunk_size=None))
