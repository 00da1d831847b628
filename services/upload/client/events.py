"""Server-sent events as a stream carries them: https://html.spec.whatwg.org/multipage/server-sent-events.html."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """`id` is the last that was sent, with it or before it."""

    event: str
    data: str
    id: str


def parsed(lines: Iterable[bytes], last_id: str = "") -> Iterator[Told]:
    event, data = "", []
    for line in lines:
        field, _, value = line.decode().partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            event = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            last_id = value
        elif not line:
            if data:
                yield Told(event or "message", "\n".join(data), last_id)
            event, data = "", []
