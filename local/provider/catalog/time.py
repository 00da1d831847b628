"""The package `time`: waiting, once, between one resource and the next."""

import asyncio

from local.provider import refusals
from local.provider.names import now
from local.provider.records import State
from local.provider.schema import FIXED, at_least_one, mapping, text
from local.provider.types import Act, Room, Type

SLEEP = "time:index/sleep:Sleep"

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class _Sleeps(Room):
    async def put(self, act: Act) -> State:
        """Waits when it is made, never when it is changed."""
        if act.records.get(SLEEP, act.id) is None:
            await asyncio.sleep(_seconds(act.state.get("createDuration")))
        return {}

    async def delete(self, act: Act) -> None:
        await asyncio.sleep(_seconds(act.state.get("destroyDuration")))


def _seconds(duration: str | None) -> float:
    number = (duration or "0s").rstrip("msh")
    return float(number) * _UNITS[duration[len(number) :]] if duration else 0.0


TYPES = (
    Type(
        SLEEP,
        id="{_began}",
        properties={
            "createDuration": text(refuses=refusals.wait),
            "destroyDuration": text(refuses=refusals.wait),
            "triggers": mapping(FIXED),
        },
        groups=(at_least_one("createDuration", "destroyDuration"),),
        made={"_began": now},
        room=_Sleeps(),
    ),
)
